/**
 * White space and numbers as the published metrics see them: they were written in Python, whose
 * `split`, `rstrip` and `%.1f` differ from JavaScript's in a few characters and in exact ties.
 */

/** Whether Python's `str.isspace` holds: also U+001C to U+001F and U+0085, but not U+FEFF. */
export function isSpace(c: number): boolean {
  if (c < 0x80) return c === 0x20 || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
  if (c < 0x1680) return c === 0x85 || c === 0xa0;
  return (
    c === 0x1680 ||
    (c >= 0x2000 && c <= 0x200a) ||
    c === 0x2028 ||
    c === 0x2029 ||
    c === 0x202f ||
    c === 0x205f ||
    c === 0x3000
  );
}

/** The words of a line: maximal runs without white space. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i < line.length; i++) {
    if (isSpace(line.charCodeAt(i))) {
      if (start >= 0) words.push(line.slice(start, i));
      start = -1;
    } else if (start < 0) start = i;
  }
  if (start >= 0) words.push(line.slice(start));
  return words;
}

/** A line without white space at its end. */
export function trimRight(line: string): string {
  let end = line.length;
  while (end > 0 && isSpace(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
}

/** A line without white space at both ends. */
export function trimBoth(line: string): string {
  let start = 0;
  while (start < line.length && isSpace(line.charCodeAt(start))) start++;
  return trimRight(start === 0 ? line : line.slice(start));
}

/**
 * A number with `digits` decimals, as C's printf rounds it: an exact tie goes to the even digit
 * (66.25 becomes 66.2), where `toFixed` rounds up.
 */
export function fixed(x: number, digits: number): string {
  const scaled = Math.abs(x) * 10 ** digits;
  const low = Math.floor(scaled);
  // A tie is odd / (2 * 10^digits); a double can be one only if it is a multiple of 2^-(digits+1).
  const tie = scaled - low === 0.5 && Number.isInteger(x * 2 ** (digits + 1));
  if (!tie || low % 2 === 1) return x.toFixed(digits);
  const text = (low / 10 ** digits).toFixed(digits);
  return x < 0 ? `-${text}` : text;
}

/** Small whole numbers for words, in order of appearance: two words are equal iff these are. */
export class Interner {
  private readonly ids = new Map<string, number>();

  id(word: string): number {
    let id = this.ids.get(word);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(word, id);
    }
    return id;
  }

  idsOf(words: readonly string[]): Int32Array {
    const ids = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) ids[i] = this.id(words[i]!);
    return ids;
  }
}
