/** Characters as Python's regular expressions sort them. Tests take code points. */
import { isSpace } from '../../files/white-space.js';

/** Whether a character (a code point) belongs. */
export type CharacterTest = (code: number) => boolean;

const WORD = /^[\p{L}\p{N}_]$/u;
const DIGIT = /^\p{Nd}$/u;

/** `\w`: letters and numbers of every script and `_`; with flag `a` those of ASCII. */
const isWord: CharacterTest = (c) =>
  c < 0x80 ? isAsciiWord(c) : WORD.test(String.fromCodePoint(c));
const isAsciiWord: CharacterTest = (c) =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f;
const isDigit: CharacterTest = (c) => DIGIT.test(String.fromCodePoint(c));
const isAsciiDigit: CharacterTest = (c) => c >= 0x30 && c <= 0x39;
const isAsciiSpace: CharacterTest = (c) => c === 0x20 || (c >= 0x09 && c <= 0x0d);

/** The test of `w`, `d` or `s`. */
export function category(letter: 'w' | 'd' | 's', ascii: boolean): CharacterTest {
  if (letter === 'w') return ascii ? isAsciiWord : isWord;
  if (letter === 'd') return ascii ? isAsciiDigit : isDigit;
  return ascii ? isAsciiSpace : isSpace;
}

/** `İ` has a small letter of its own only together with a dot. */
const small = (c: number): string => (c === 0x130 ? 'i' : String.fromCodePoint(c).toLowerCase());

/** Two characters are equal without regard to case iff these are: i, I, ı and İ are, as in Python. */
const foldedText = (c: number): string => small(c).toUpperCase();

const isAsciiLetter: CharacterTest = (c) => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

let families: ReadonlyMap<string, readonly number[]> | undefined;

/** Characters that have another case, by what they are without regard to case. */
function familiesOfLetters(): ReadonlyMap<string, readonly number[]> {
  if (families) return families;
  const found = new Map<string, number[]>();
  for (let c = 0; c < 0x20000; c++) {
    if (!/\p{Changes_When_Casemapped}/u.test(String.fromCodePoint(c))) continue;
    const key = foldedText(c);
    const family = found.get(key);
    if (family) family.push(c);
    else found.set(key, [c]);
  }
  families = found;
  return found;
}

/** A character and those that differ from it in case only. */
export function anyCase(c: number, ascii: boolean): readonly number[] {
  if (ascii) return isAsciiLetter(c) ? [c, c ^ 0x20] : [c];
  return familiesOfLetters().get(foldedText(c)) ?? [c];
}
