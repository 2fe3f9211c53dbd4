import type { CharacterTest } from './characters.js';
import type { Node, PlaceTest } from './nodes.js';

/** One step of a matcher that tries the alternatives of an expression in turn. */
export type Step =
  | { do: 'character'; test: CharacterTest }
  | { do: 'place'; test: PlaceTest }
  | { do: 'jump'; to: number }
  /** Go on with the next step; `other` is tried when that leads nowhere. */
  | { do: 'try'; other: number }
  /** Note the place in a register. */
  | { do: 'note'; register: number }
  | { do: 'same'; group: number; equal: (a: number, b: number) => boolean }
  /** A loop begins: its counter is `register`, the place of its last turn the register behind. */
  | { do: 'enter'; register: number }
  /** A turn of a loop (the next step) or its end. */
  | { do: 'loop'; register: number; min: number; max: number; lazy: boolean; end: number }
  /** One more turn of a lazy loop. */
  | { do: 'turn'; register: number }
  /** The steps behind this one, up to their `done`, by themselves; then on at `end`. */
  | { do: 'look'; behind: number | null; negated: boolean; end: number }
  | { do: 'atomic'; end: number }
  | { do: 'if'; group: number; no: number }
  | { do: 'done' }
  | { do: 'accept' };

export interface Program {
  steps: Step[];
  /** Two for every group (its begin and end), from 2 on, then those of loops. */
  registers: number;
}

/** Turns a tree into steps. */
export function compileProgram(node: Node, groups: number): Program {
  const steps: Step[] = [];
  let registers = 2 * (groups + 1);

  /** Puts a step whose target is known only later. */
  const later = <S extends Step>(step: S): S => {
    steps.push(step);
    return step;
  };

  const write = (part: Node): void => {
    switch (part.kind) {
      case 'character':
        steps.push({ do: 'character', test: part.test });
        return;
      case 'place':
        steps.push({ do: 'place', test: part.test });
        return;
      case 'same':
        steps.push({ do: 'same', group: part.group, equal: part.equal });
        return;
      case 'sequence':
        part.nodes.forEach(write);
        return;
      case 'group':
        steps.push({ do: 'note', register: 2 * part.number });
        write(part.node);
        steps.push({ do: 'note', register: 2 * part.number + 1 });
        return;
      case 'either': {
        const ends = part.branches.map((branch, i) => {
          if (i === part.branches.length - 1) {
            write(branch);
            return null;
          }
          const choice = later({ do: 'try' as const, other: 0 });
          write(branch);
          const end = later({ do: 'jump' as const, to: 0 });
          choice.other = steps.length;
          return end;
        });
        for (const end of ends) if (end) end.to = steps.length;
        return;
      }
      case 'repeat':
        repeat(part);
        return;
      case 'look': {
        const { behind, negated } = part;
        const look = later({ do: 'look' as const, behind, negated, end: 0 });
        write(part.node);
        steps.push({ do: 'done' });
        look.end = steps.length;
        return;
      }
      case 'atomic':
        atomic(() => write(part.node));
        return;
      case 'if': {
        const choice = later({ do: 'if' as const, group: part.group, no: 0 });
        write(part.yes);
        const end = later({ do: 'jump' as const, to: 0 });
        choice.no = steps.length;
        write(part.no);
        end.to = steps.length;
      }
    }
  };

  const atomic = (inside: () => void): void => {
    const step = later({ do: 'atomic' as const, end: 0 });
    inside();
    steps.push({ do: 'done' });
    step.end = steps.length;
  };

  const repeat = (part: Extract<Node, { kind: 'repeat' }>): void => {
    if (part.how === 'possessive') {
      atomic(() => repeat({ ...part, how: 'greedy' }));
      return;
    }
    const { min, max } = part;
    const register = registers;
    registers += 2;
    steps.push({ do: 'enter', register });
    const start = steps.length;
    const lazy = part.how === 'lazy';
    const loop = later({ do: 'loop' as const, register, min, max, lazy, end: 0 });
    steps.push({ do: 'turn', register });
    write(part.node);
    steps.push({ do: 'jump', to: start });
    loop.end = steps.length;
  };

  write(node);
  steps.push({ do: 'accept' });
  return { steps, registers };
}
