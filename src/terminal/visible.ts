/**
 * Text of others where people read it: words of a corpus, names of files and keys may hold control
 * characters that move a cursor, recolour a terminal or turn the direction of writing.
 */

/** C0, DEL, C1, marks of direction, separators of lines, byte-order marks and tags. */
export const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;

const NAMES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As JSON writes it, so that JSON stays JSON. */
const escaped = (unseen: string): string =>
  NAMES[unseen] ??
  [...Array(unseen.length).keys()]
    .map((i) => `\\u${unseen.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');

/** A word or a line: every control character as JSON writes it, a line break as `\n`. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** Text of several lines: line breaks and tabs stay. */
export const visibleText = (text: string): string =>
  text.replace(UNSEEN, (unseen) => (unseen === '\n' || unseen === '\t' ? unseen : escaped(unseen)));
