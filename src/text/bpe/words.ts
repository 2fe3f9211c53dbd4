/**
 * What a word is for BPE, as in subword-nmt: a line's blanks, \r and \n at both ends are dropped and
 * only U+0020 separates words. A tab or a no-break space is part of a word. A \r by itself ends a line,
 * as it does in Python's text files: inside a word it would make codes that nobody can read.
 */

const isEdge = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d;

/** Where a line's words begin and end: blanks, \r and \n around them are outside. */
export function innerRange(line: string): { start: number; end: number } {
  let start = 0;
  let end = line.length;
  while (start < end && isEdge(line.charCodeAt(start))) start++;
  while (end > start && isEdge(line.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** Whether a line ends inside. */
export const hasLineEnd = (text: string): boolean => text.includes('\r') || text.includes('\n');

/** The words of a line. */
export function splitWords(line: string): string[] {
  const { start, end } = innerRange(line);
  const inner = line.slice(start, end);
  return inner.split(hasLineEnd(inner) ? /[ \r\n]/ : ' ').filter((word) => word !== '');
}

/** Order of two strings by code points (`<` compares UTF-16 units: emoji would precede U+FB00). */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all other units. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
