/**
 * White space as the original tools see it. They were written in Python and Perl, whose `\s`, `split`
 * and `strip` differ from JavaScript's: U+FEFF is no white space to them, U+0085 is.
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

/** What is white space to Perl in Unicode text (Python's but for U+001C to U+001F), to put in a class. */
export const PERL_SPACE = String.raw`\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Runs of Perl's white space. */
export const PERL_SPACES = new RegExp(`[${PERL_SPACE}]+`, 'g');
