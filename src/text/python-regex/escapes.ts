/** Escapes and character classes of Python's regular expressions. */
import { anyCase, type CharacterTest, category } from './characters.js';
import type { Flags, Source } from './source.js';

const CONTROLS: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** What stands behind a backslash: a character, or a class of them. References and places come before. */
export function readEscape(source: Source, flags: Flags, bytes: boolean): number | CharacterTest {
  if (/^[0-7]$/.test(source.next)) return source.octal(3);
  const letter = source.get();
  if (letter === '') throw source.error('bad escape: the expression ends with \\');
  if (/^[wdsWDS]$/.test(letter)) {
    const test = category(letter.toLowerCase() as 'w' | 'd' | 's', flags.ascii);
    return letter < 'a' ? (c) => !test(c) : test;
  }
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  if (letter === 'x') return source.hexadecimal('x', 2);
  if (letter === 'u' && !bytes) return source.hexadecimal('u', 4);
  if (letter === 'U' && !bytes) return source.hexadecimal('U', 8);
  if (letter === 'N' && !bytes)
    throw source.error(
      '\\N{...} names of characters are not known here: write the character itself',
    );
  if (/^[A-Za-z0-9]$/.test(letter)) throw source.error(`bad escape \\${letter}`);
  return letter.codePointAt(0)!;
}

type Range = readonly [low: number, high: number];

/** A class behind its `[`: a `]` that stands first means itself, so does `-` at an edge. */
export function readClass(source: Source, flags: Flags, bytes: boolean): CharacterTest {
  const negated = source.take('^');
  const ranges: Range[] = [];
  const tests: CharacterTest[] = [];
  const item = (): number | CharacterTest => {
    if (source.ended) throw source.error('unterminated character set');
    const character = source.get();
    if (character !== '\\') return character.codePointAt(0)!;
    if (source.take('b')) return 8;
    return readEscape(source, flags, bytes);
  };
  for (let first = true; first || source.next !== ']'; first = false) {
    const from = item();
    if (source.take('-')) {
      if (source.next === ']') {
        add(from);
        add(0x2d);
        break;
      }
      const to = item();
      if (typeof from !== 'number' || typeof to !== 'number' || to < from)
        throw source.error('bad character range');
      ranges.push([from, to]);
    } else add(from);
  }
  source.get();

  function add(found: number | CharacterTest): void {
    if (typeof found === 'number') ranges.push([found, found]);
    else tests.push(found);
  }
  const within = (c: number): boolean => ranges.some(([low, high]) => c >= low && c <= high);
  const plain = flags.ignoreCase ? (c: number) => anyCase(c, flags.ascii).some(within) : within;
  return (c) => (plain(c) || tests.some((test) => test(c))) !== negated;
}
