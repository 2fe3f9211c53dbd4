import { parsePythonRegex } from './parse.js';
import { compileProgram, type Program } from './program.js';

/** A search that takes more steps than this has lost itself in alternatives. */
const MOST_STEPS = 20_000_000;

/** Thrown by a search that takes too long. */
export class TooManySteps extends Error {}

/** What an entry of the trail is: a step and a place to try, or a register and its former value. */
const TRY = 0;
const UNDO = 1;

type Span = readonly [start: number, end: number];

/**
 * A regular expression as Python's `re` reads and matches it; texts are code points. What JavaScript's
 * own would do otherwise: `\b \w \s` of other scripts, `$` and `.`, groups that took part in an earlier
 * turn of a loop only, empty matches, references to groups without a match.
 */
export class PythonRegex {
  private readonly program: Program;
  private readonly groups: number;
  private readonly registers: number[];
  private readonly trail: number[] = [];
  private text: readonly number[] = [];
  private steps = 0;
  /** An empty match here does not count. */
  private notEmptyAt = -1;
  private end = 0;

  /** @throws Error in words, as `parsePythonRegex` */
  constructor(pattern: string, bytes = false) {
    const { node, groups } = parsePythonRegex(pattern, bytes);
    this.groups = groups;
    this.program = compileProgram(node, groups);
    this.registers = new Array<number>(this.program.registers).fill(-1);
  }

  /** `re.match`: whether it matches at the start of the text. */
  matches(text: readonly number[]): boolean {
    this.begin(text);
    return this.matchesAt(0);
  }

  /** `re.search`: whether it matches anywhere. */
  isIn(text: readonly number[]): boolean {
    this.begin(text);
    return this.search(0) >= 0;
  }

  /** `re.split`: what stands between the matches, and behind each the groups of the match. */
  split(text: readonly number[]): Span[] {
    this.begin(text);
    const parts: Span[] = [];
    let from = 0;
    for (let start = this.search(0); start >= 0; start = this.search(from)) {
      parts.push([from, start]);
      for (let group = 1; group <= this.groups; group++) {
        const [begin, end] = [this.registers[2 * group]!, this.registers[2 * group + 1]!];
        if (end >= 0) parts.push([begin, end]);
      }
      from = this.end;
      this.notEmptyAt = from;
    }
    parts.push([from, text.length]);
    return parts;
  }

  private begin(text: readonly number[]): void {
    this.text = text;
    this.steps = 0;
    this.notEmptyAt = -1;
  }

  /** Start of the first match from `from` on, -1 without one. */
  private search(from: number): number {
    for (let start = from; start <= this.text.length; start++)
      if (this.matchesAt(start)) return start;
    return -1;
  }

  private matchesAt(start: number): boolean {
    this.registers.fill(-1);
    this.trail.length = 0;
    return this.run(0, start);
  }

  /** Notes a value, and the former one on the trail. */
  private note(register: number, value: number): void {
    this.trail.push(register, this.registers[register]!, UNDO);
    this.registers[register] = value;
  }

  /** Takes back what was noted since `base`, up to something to try; whether there is such a thing. */
  private back(base: number): boolean {
    const { trail, registers } = this;
    while (trail.length > base) {
      const at = trail.length - 3;
      if (trail[at + 2] === TRY) return true;
      registers[trail[at]!] = trail[at + 1]!;
      trail.length = at;
    }
    return false;
  }

  /** Forgets what could be tried since `base`, but not what to undo. */
  private settle(base: number): void {
    const { trail } = this;
    let kept = base;
    for (let i = base; i < trail.length; i += 3) {
      if (trail[i + 2] === TRY) continue;
      for (let k = 0; k < 3; k++) trail[kept++] = trail[i + k]!;
    }
    trail.length = kept;
  }

  /** Runs from a step at a place of the text to `done` or `accept`; `end` is then the place reached. */
  private run(firstStep: number, place: number): boolean {
    const { trail, registers, text } = this;
    const { steps } = this.program;
    const base = trail.length;
    let pc = firstStep;
    let at = place;
    for (;;) {
      if (++this.steps > MOST_STEPS) throw new TooManySteps();
      const step = steps[pc++]!;
      let fits = true;
      switch (step.do) {
        case 'character':
          fits = at < text.length && step.test(text[at]!);
          at++;
          break;
        case 'place':
          fits = step.test(text, at);
          break;
        case 'jump':
          pc = step.to;
          break;
        case 'try':
          trail.push(step.other, at, TRY);
          break;
        case 'note':
          this.note(step.register, at);
          break;
        case 'same': {
          const [begin, end] = [registers[2 * step.group]!, registers[2 * step.group + 1]!];
          fits = end >= 0 && at + end - begin <= text.length;
          for (let i = begin; fits && i < end; i++) fits = step.equal(text[i]!, text[at++]!);
          break;
        }
        case 'enter':
          this.note(step.register, 0);
          this.note(step.register + 1, -1);
          break;
        case 'loop': {
          const { register, min, max, lazy, end } = step;
          const count = registers[register]!;
          if (count < min) {
            this.note(register, count + 1);
            pc++;
          } else if (count >= max || at === registers[register + 1]) pc = end;
          else if (lazy) {
            trail.push(pc, at, TRY);
            pc = end;
          } else trail.push(end, at, TRY);
          break;
        }
        case 'turn':
          this.note(step.register, registers[step.register]! + 1);
          this.note(step.register + 1, at);
          break;
        case 'look': {
          const start = at - (step.behind ?? 0);
          const inner = trail.length;
          const found = start >= 0 && this.run(pc, start);
          fits = found !== step.negated;
          if (found && !step.negated) this.settle(inner);
          else if (found) this.undo(inner);
          pc = step.end;
          break;
        }
        case 'atomic': {
          const inner = trail.length;
          fits = this.run(pc, at);
          if (fits) this.settle(inner);
          at = this.end;
          pc = step.end;
          break;
        }
        case 'if':
          if (registers[2 * step.group + 1]! < 0) pc = step.no;
          break;
        case 'done':
          this.end = at;
          return true;
        case 'accept':
          fits = at > place || place !== this.notEmptyAt;
          this.end = at;
          if (fits) return true;
      }
      if (fits) continue;
      if (!this.back(base)) return false;
      at = trail[trail.length - 2]!;
      pc = trail[trail.length - 3]!;
      trail.length -= 3;
    }
  }

  /** Takes back everything since `base`. */
  private undo(base: number): void {
    this.settle(base);
    this.back(base);
  }
}
