/** What preparing a corpus needs: texts measured, joined and taken out of markup. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { trimBoth } from '../../files/white-space.js';

/** Larger than any text here unfolds to; a bomb is larger. */
const MOST_BYTES = 10e9;

/**
 * SHA-256 of a text, uncompressed, and its lines (a last one without its line feed counts), read in
 * pieces. @throws UserError for damaged gzip data
 */
export async function measureText(file: string): Promise<{ sha256: string; lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  let bytes = 0;
  let last = 0x0a;
  const measure = async (source: AsyncIterable<Uint8Array>) => {
    for await (const piece of source) {
      hash.update(piece);
      for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) lines++;
      last = piece.at(-1) ?? last;
      bytes += piece.length;
      if (bytes > MOST_BYTES) throw new UserError(`${file}: unfolds to more than 10 GB`);
    }
  };
  const stream = fs.createReadStream(file);
  try {
    if (file.endsWith('.gz')) await pipeline(stream, createGunzip(), measure);
    else await measure(stream);
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw new UserError(`${file}: damaged gzip data; fetch it again`, { cause: error });
  }
  return { sha256: hash.digest('hex'), lines: lines + (last === 0x0a ? 0 : 1) };
}

/** Writes texts one after the other into `target`; each ends with a line feed there. */
export async function joinTexts(files: readonly string[], target: string): Promise<void> {
  const handle = fs.openSync(target, 'w');
  const write = (piece: Uint8Array) => {
    for (let at = 0; at < piece.length; ) at += fs.writeSync(handle, piece, at);
  };
  try {
    for (const file of files) {
      let last = 0x0a;
      for await (const piece of fs.createReadStream(file) as AsyncIterable<Uint8Array>) {
        write(piece);
        last = piece.at(-1) ?? last;
      }
      if (last !== 0x0a) write(Uint8Array.of(0x0a));
    }
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Writes `change` of every line (ended by \n, \r\n too) to `target`; the text never is in memory whole. */
export async function mapLines(
  file: string,
  target: string,
  change: (line: string) => string,
): Promise<void> {
  const handle = fs.openSync(target, 'w');
  try {
    let rest = '';
    const options = { encoding: 'utf8', highWaterMark: 1 << 20 } as const;
    for await (const piece of fs.createReadStream(file, options) as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      const changed = lines.map((line) => `${change(line.replace(/\r$/, ''))}\n`);
      fs.writeFileSync(handle, changed.join(''));
    }
    if (rest !== '') fs.writeFileSync(handle, `${change(rest)}\n`);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * The sentences of a test set's markup, `<seg id="1">text</seg>` one a line, without blanks around
 * them and otherwise as they are (entities too, as the scorers of the workshops read them).
 */
export function segments(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const tag = line.search(/<seg\b/i);
    const start = tag < 0 ? 0 : line.indexOf('>', tag) + 1;
    if (start === 0) return [];
    const ends = [...line.slice(start).matchAll(/<\/seg>/gi)];
    const end = ends.at(-1);
    return end ? [trimBoth(line.slice(start, start + end.index))] : [];
  });
}

/** The sentences of a marked-up file as plain lines. @throws UserError when it has none */
export function writeSegments(file: string, target: string): void {
  const found = segments(readLines(file).lines);
  if (found.length === 0) throw new UserError(`${file}: has no <seg> elements; not a test set`);
  fs.writeFileSync(target, found.map((line) => `${line}\n`).join(''));
}
