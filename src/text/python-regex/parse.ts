/** Reads regular expressions as Python's `re` (3.11) does, quirks included. */
import { anyCase, type CharacterTest, category } from './characters.js';
import { readClass, readEscape } from './escapes.js';
import { type Node, type PlaceTest, widthOf } from './nodes.js';
import { type Flags, isAsciiDigit, Source } from './source.js';

export interface Parsed {
  node: Node;
  /** Number of groups, the whole match not counted. */
  groups: number;
}

const NO_FLAGS: Flags = {
  ascii: false,
  ignoreCase: false,
  multiline: false,
  dotAll: false,
  verbose: false,
};

const FLAG_NAMES: Record<string, keyof Flags> = {
  a: 'ascii',
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
};

/**
 * @param bytes a pattern of bytes (one character each): only ASCII has letters and digits
 * @throws Error in words when Python refuses the expression, or it has a part that is not known here
 */
export function parsePythonRegex(pattern: string, bytes = false): Parsed {
  return new Parser(new Source(pattern), bytes).whole();
}

const isLineFeed = (code: number | undefined): boolean => code === 0x0a;

class Parser {
  private groups = 0;
  private readonly names = new Map<string, number>();
  /** Widths of the groups that are closed; others cannot be referred to. */
  private readonly widths = new Map<number, [number, number]>();
  /** Groups from this one on belong to the look-behind that is being read. */
  private behindFrom = Number.POSITIVE_INFINITY;
  /** Largest group that a conditional asks for; it may come later. */
  private asked = 0;

  constructor(
    private readonly source: Source,
    private readonly bytes: boolean,
  ) {}

  whole(): Parsed {
    const node = this.either({ ...NO_FLAGS, ascii: this.bytes });
    if (!this.source.ended) throw this.source.error('unbalanced parenthesis');
    if (this.asked > this.groups)
      throw this.source.error(`(?(${this.asked}): there is no group ${this.asked}`);
    return { node, groups: this.groups };
  }

  private either(flags: Flags): Node {
    const branches = [this.sequence(flags)];
    while (this.source.take('|')) branches.push(this.sequence(flags));
    return branches.length === 1 ? branches[0]! : { kind: 'either', branches };
  }

  private sequence(flags: Flags): Node {
    const { source } = this;
    const nodes: Node[] = [];
    while (!source.ended && !'|)'.includes(source.next)) {
      if (flags.verbose && source.skipBlank()) continue;
      const quantifier = this.quantifier();
      if (quantifier) {
        const last = nodes.pop();
        if (last === undefined || last.kind === 'place') throw source.error('nothing to repeat');
        if (last.kind === 'repeat') throw source.error('multiple repeat');
        nodes.push({ kind: 'repeat', node: last, ...quantifier });
        continue;
      }
      const node = this.atom(flags);
      if (node) nodes.push(node);
    }
    return { kind: 'sequence', nodes };
  }

  /** `*`, `+`, `?` or `{m,n}`, with `?` or `+` behind it; null where a brace means itself. */
  private quantifier(): Omit<Extract<Node, { kind: 'repeat' }>, 'kind' | 'node'> | null {
    const { source } = this;
    const start = source.at;
    const most = Number.POSITIVE_INFINITY;
    let [min, max] = [0, most];
    if (source.take('?')) max = 1;
    else if (source.take('+')) min = 1;
    else if (source.take('{')) {
      const braced = source.next === '}' ? null : this.bounds();
      if (braced === null) {
        source.at = start;
        return null;
      }
      [min, max] = braced;
      if (max < min) throw source.error('min repeat greater than max repeat');
    } else if (!source.take('*')) return null;
    const how = source.take('?') ? 'lazy' : source.take('+') ? 'possessive' : 'greedy';
    return { min, max, how };
  }

  private bounds(): [number, number] | null {
    const { source } = this;
    const low = source.takeWhile(isAsciiDigit);
    const high = source.take(',') ? source.takeWhile(isAsciiDigit) : low;
    if (!source.take('}')) return null;
    return [Number(low), high === '' ? Number.POSITIVE_INFINITY : Number(high)];
  }

  private atom(flags: Flags): Node | null {
    const { source, bytes } = this;
    const character = source.get();
    if (character === '\\') return this.escape(flags);
    if (character === '[') return { kind: 'character', test: readClass(source, flags, bytes) };
    if (character === '(') return this.parenthesis(flags);
    if (character === '.')
      return { kind: 'character', test: flags.dotAll ? () => true : (c) => !isLineFeed(c) };
    if (character === '^')
      return place((text, at) => at === 0 || (flags.multiline && isLineFeed(text[at - 1])));
    if (character === '$')
      return place(
        (text, at) =>
          at === text.length ||
          (isLineFeed(text[at]) && (flags.multiline || at === text.length - 1)),
      );
    return literal(character.codePointAt(0)!, flags);
  }

  private escape(flags: Flags): Node {
    const { source } = this;
    const letter = source.next;
    if (/^[AZbB]$/.test(letter)) {
      source.get();
      if (letter === 'A') return place((_, at) => at === 0);
      if (letter === 'Z') return place((text, at) => at === text.length);
      const isWord = category('w', flags.ascii);
      const word = (text: readonly number[], at: number) =>
        at >= 0 && at < text.length && isWord(text[at]!);
      return place((text, at) => (word(text, at - 1) !== word(text, at)) === (letter === 'b'));
    }
    const number = source.groupNumber();
    if (number !== null) return this.same(number, `\\${number}`, flags);
    const found = readEscape(source, flags, this.bytes);
    return typeof found === 'number' ? literal(found, flags) : { kind: 'character', test: found };
  }

  /** A reference to a group that stands before. */
  private same(group: number, written: string, { ignoreCase, ascii }: Flags): Node {
    if (group > this.groups || group === 0)
      throw this.source.error(`${written}: there is no group ${group} before it`);
    if (!this.widths.has(group))
      throw this.source.error(
        `${written} refers to a group that is still open (glossaries are put in a group: name yours, (?P<x>...) and (?P=x))`,
      );
    this.notInLookBehind(group, written);
    const equal = ignoreCase
      ? (a: number, b: number) => anyCase(a, ascii).includes(b)
      : (a: number, b: number) => a === b;
    return { kind: 'same', group, equal };
  }

  private notInLookBehind(group: number, written: string): void {
    if (group >= this.behindFrom)
      throw this.source.error(`${written} refers to a group of the same look-behind`);
  }

  private named(name: string, written: string): number {
    const group = this.names.get(name);
    if (group === undefined) throw this.source.error(`${written}: unknown group name`);
    return group;
  }

  private parenthesis(flags: Flags): Node | null {
    const { source } = this;
    if (!source.take('?')) return this.group(null, flags);
    if (source.take('P')) {
      if (source.take('<')) return this.group(source.name('>'), flags);
      if (source.take('=')) {
        const name = source.name(')');
        return this.same(this.named(name, `(?P=${name})`), `(?P=${name})`, flags);
      }
      throw source.error(`unknown extension (?P${source.next}`);
    }
    if (source.take('#')) {
      while (!source.take(')')) {
        if (source.ended) throw source.error('missing ), unterminated comment');
        source.get();
      }
      return null;
    }
    if (source.take(':')) return this.closed(flags);
    if (source.take('>')) return { kind: 'atomic', node: this.closed(flags) };
    if (source.take('=')) return this.look(null, false, flags);
    if (source.take('!')) return this.look(null, true, flags);
    if (source.take('<')) {
      if (source.take('=')) return this.look('behind', false, flags);
      if (source.take('!')) return this.look('behind', true, flags);
      throw source.error(
        `unknown extension (?<${source.next} (Python names a group (?P<name>...))`,
      );
    }
    if (source.take('(')) return this.conditional(flags);
    return this.closed(this.changed(flags));
  }

  /** What stands up to the closing parenthesis, kept together: a repetition inside is no double one. */
  private closed(flags: Flags): Node {
    const node = this.either(flags);
    if (!this.source.take(')')) throw this.source.error('missing ), unterminated subpattern');
    return { kind: 'sequence', nodes: [node] };
  }

  private group(name: string | null, flags: Flags): Node {
    const number = ++this.groups;
    if (name !== null) {
      if (this.names.has(name)) throw this.source.error(`the group name "${name}" stands twice`);
      this.names.set(name, number);
    }
    const node = this.closed(flags);
    this.widths.set(number, widthOf(node, this.widths));
    return { kind: 'group', number, node };
  }

  private look(side: 'behind' | null, negated: boolean, flags: Flags): Node {
    if (side === null) return { kind: 'look', node: this.closed(flags), behind: null, negated };
    const outer = this.behindFrom;
    this.behindFrom = Math.min(outer, this.groups + 1);
    const node = this.closed(flags);
    this.behindFrom = outer;
    const [least, most] = widthOf(node, this.widths);
    if (least !== most) throw this.source.error('look-behind requires fixed-width pattern');
    return { kind: 'look', node, behind: least, negated };
  }

  /** `(?(1)yes|no)` or `(?(name)yes|no)`. */
  private conditional(flags: Flags): Node {
    const name = this.source.name(')', true);
    const group = /^\d+$/.test(name) ? Number(name) : this.named(name, `(?(${name})`);
    if (group === 0) throw this.source.error('(?(0): groups are numbered from 1');
    this.notInLookBehind(group, `(?(${name})`);
    this.asked = Math.max(this.asked, group);
    const yes = this.sequence(flags);
    const no: Node = this.source.take('|') ? this.sequence(flags) : { kind: 'sequence', nodes: [] };
    if (this.source.next === '|')
      throw this.source.error('conditional backref with more than two branches');
    if (!this.source.take(')')) throw this.source.error('missing ), unterminated subpattern');
    return { kind: 'if', group, yes, no };
  }

  /** The flags of `(?i-s:`; `(?i)`, for the whole expression, may only stand at its start, which `^` is. */
  private changed(flags: Flags): Flags {
    const { source } = this;
    const result = { ...flags };
    let on = true;
    let written = '';
    while (source.next !== ':') {
      const letter = source.ended ? '' : source.get();
      written += letter;
      if (letter === ')' && written !== ')')
        throw source.error(
          `(?${written} is a flag for all, which Python takes only at the very start of an expression: write (?${written.slice(0, -1)}:...)`,
        );
      if (letter === '-' && on && source.next !== ':') on = false;
      else if (letter === 'u' && on && !this.bytes) result.ascii = false;
      else if (letter === 'a' && !on)
        throw source.error('bad inline flags: a cannot be turned off');
      else if (FLAG_NAMES[letter] !== undefined) result[FLAG_NAMES[letter]] = on;
      else throw source.error(`unknown extension or flag (?${written}`);
    }
    source.get();
    return result;
  }
}

const place = (test: PlaceTest): Node => ({ kind: 'place', test });

function literal(code: number, { ignoreCase, ascii }: Flags): Node {
  let test: CharacterTest = (c) => c === code;
  if (ignoreCase) {
    const family = anyCase(code, ascii);
    test = (c) => family.includes(c);
  }
  return { kind: 'character', test };
}
