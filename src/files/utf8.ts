import { UserError } from '../errors.js';

/** Line (the first is `first`) of the first byte sequence that is not UTF-8. */
function badLine(bytes: Uint8Array, first: number): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let start = 0, line = first; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}

/**
 * The beginning of a text to be written. One that begins with U+FEFF gets a second one in front: readers
 * take the first for a byte-order mark.
 */
export const startOfText = (text: string): string =>
  text.startsWith('\uFEFF') ? `\uFEFF${text}` : text;

/** What to say of bytes that are not UTF-8: the text's name, the line, what to do. */
export const notUtf8 = (bytes: Uint8Array, name: string, first = 1): UserError =>
  new UserError(
    `${name}, line ${badLine(bytes, first)}: not UTF-8; convert the file (iconv -t UTF-8)`,
  );
