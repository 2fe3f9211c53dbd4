import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../errors.js';
import { sha256 } from './hash.js';
import { statIfThere, systemReason } from './system-errors.js';
import { notUtf8 } from './utf8.js';
import { trimRight } from './white-space.js';

/** A text file in memory. */
export interface TextFile {
  /** The file that was read, `.gz` included. */
  path: string;
  /** SHA-256 of the uncompressed bytes, hexadecimal. */
  sha256: string;
  /** Uncompressed size in bytes. */
  bytes: number;
  /** Lines without their ends. */
  lines: string[];
}

/** What to do when data is nowhere: the same advice in every message. */
export const HOW_TO_POINT = 'point --data or G2_DATA at the folder that holds it';

const isFile = (path: string) => statIfThere(path)?.isFile() ?? false;

/** The file itself, or its twin with `.gz` added or taken away; null when neither exists. */
export function findTextFile(path: string): string | null {
  const twin = path.endsWith('.gz') ? path.slice(0, -3) : `${path}.gz`;
  return [path, twin].find(isFile) ?? null;
}

/** Every path `readLines` would try for these files, for messages. */
export function triedPaths(paths: readonly string[]): string[] {
  return paths.flatMap((p) => (p.endsWith('.gz') ? [p, p.slice(0, -3)] : [p, `${p}.gz`]));
}

/** Whether bytes begin as gzip data do; no text in UTF-8 begins so. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Bytes unpacked where they are gzip data. */
export const unpackedBytes = (bytes: Uint8Array): Uint8Array =>
  isGzip(bytes) ? gunzipSync(bytes) : bytes;

/** The bytes of a file, unpacked where they are gzip data. @throws UserError that names the file */
export function uncompressed(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`${path}: cannot be read: ${systemReason(error)}`, { cause: error });
  }
  if (!isGzip(bytes)) {
    if (path.endsWith('.gz') && bytes.length > 0) {
      throw new UserError(
        `${path}: not gzip data in spite of its name; rename it or fetch it again`,
      );
    }
    return bytes;
  }
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UserError(
      `${path}: damaged gzip data (${(error as Error).message}); fetch the file again`,
      { cause: error },
    );
  }
}

/**
 * Lines of UTF-8 bytes. Each is a string of its own: one string cannot hold the largest corpora, and
 * pieces of a shared one would all take two bytes a character for the sake of a single dash.
 */
function splitLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const lines: string[] = [];
  let start = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  while (start < text.length) {
    const newline = text.indexOf(0x0a, start);
    const end = newline < 0 ? text.length : newline;
    const carriage = newline > start && text[end - 1] === 0x0d ? 1 : 0;
    lines.push(text.toString('utf8', start, end - carriage));
    start = end + 1;
  }
  return lines;
}

/**
 * Reads a UTF-8 text file, plain or gzip (told apart by content; `train.txt` also finds
 * `train.txt.gz` and the other way round). Lines end at \n, a \r before it and a final \n are not
 * part of any line, a byte-order mark is dropped.
 * @param paths the file, or several names to try in order
 * @throws UserError when no path exists, or the file is unreadable, empty, damaged or not UTF-8
 */
export function readLines(paths: string | readonly string[]): TextFile {
  const wanted = typeof paths === 'string' ? [paths] : paths;
  const path = wanted.map(findTextFile).find((found) => found !== null);
  if (!path) {
    throw new UserError(`file not found: ${triedPaths(wanted).join(', ')}\n${HOW_TO_POINT}`);
  }
  const bytes = uncompressed(path);
  if (!isUtf8(bytes)) throw notUtf8(bytes, path);
  const lines = splitLines(bytes);
  if (lines.every((line) => trimRight(line) === '')) {
    throw new UserError(`${path}: the file is empty; fetch it again`);
  }
  return { path, sha256: sha256(bytes), bytes: bytes.length, lines };
}
