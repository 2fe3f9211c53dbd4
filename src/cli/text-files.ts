/** Text through a command: lines in from a file or stdin, out to a file (atomically) or stdout. */
import { once } from 'node:events';
import nodeFs from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UserError } from '../errors.js';
import { commitFile, errorCode, removeQuietly, temporaryName, writeError } from '../runs/atomic.js';
import { notUtf8 } from '../text/utf8.js';

/** How a text's bytes become characters: `latin1` gives one character a byte. */
export type TextEncoding = 'utf8' | 'latin1';

export interface ReadOptions {
  /** Default utf8. */
  encoding?: TextEncoding;
  /** Say on stderr when the text is in Unicode normal form D. Default true for utf8. */
  warnDecomposed?: boolean;
}

/** Some lines of a text, without their ends. */
export interface LineBatch {
  lines: string[];
  /** Number (from 1) of the first of them. */
  first: number;
}

/** What a text is called in messages. */
export const inputName = (file: string | undefined): string =>
  file === undefined || file === '-' ? 'stdin' : file;

/**
 * Lines of a file (`.gz` is unpacked) or, without one, of stdin, as they come. Only \n ends a line;
 * a \r before it and a byte-order mark are dropped. Text in which letters and accents are separate
 * characters (Unicode normal form D) is passed on, with one warning on stderr.
 * @throws UserError naming file and line: not found, unreadable, not UTF-8, damaged gzip
 */
export async function* lineBatches(
  file: string | undefined,
  { encoding = 'utf8', warnDecomposed = encoding === 'utf8' }: ReadOptions = {},
): AsyncGenerator<LineBatch> {
  const name = inputName(file);
  const state = { line: 1, warned: !warnDecomposed };
  let rest: Buffer[] = [];
  for await (const chunk of chunks(file)) {
    const end = chunk.lastIndexOf(0x0a);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    yield batch(Buffer.concat([...rest, chunk.subarray(0, end)]), encoding, name, state);
    rest = [chunk.subarray(end + 1)];
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield batch(last, encoding, name, state);
}

/** The lines of a file or of stdin one by one. */
export async function* eachLine(
  file: string | undefined,
  options?: ReadOptions,
): AsyncGenerator<string> {
  for await (const { lines } of lineBatches(file, options)) yield* lines;
}

/** All lines of a file or of stdin. */
export async function allLines(file: string | undefined, options?: ReadOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of lineBatches(file, options))
    for (const line of batch.lines) lines.push(line);
  return lines;
}

async function* chunks(file: string | undefined): AsyncGenerator<Buffer> {
  const name = inputName(file);
  const fromFile = file !== undefined && file !== '-';
  const source = fromFile
    ? nodeFs.createReadStream(file, { highWaterMark: 1 << 18 })
    : process.stdin;
  const unpacked = fromFile && file.endsWith('.gz') ? createGunzip() : null;
  if (unpacked) source.on('error', (error: Error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    for await (const chunk of unpacked ?? source) yield chunk as Buffer;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof UserError) throw error;
    const words: Record<string, string> = {
      ENOENT: 'no such file',
      EISDIR: 'is a folder, not a file',
      EACCES: 'no permission to read it',
    };
    const damaged = code.startsWith('Z_') ? 'damaged gzip data; fetch the file again' : undefined;
    const why = words[code] ?? damaged ?? (error as Error).message;
    throw new UserError(`${name}: ${why}`, { cause: error });
  }
}

/** Letter and accent as two characters where there is one character for both. */
const DECOMPOSED = /\p{L}[\u0300-\u036f]/u;

function batch(
  bytes: Buffer,
  encoding: TextEncoding,
  name: string,
  state: { line: number; warned: boolean },
): LineBatch {
  const first = state.line;
  let text = decode(bytes, encoding, name, first);
  if (first === 1 && encoding === 'utf8' && text.startsWith('\uFEFF')) text = text.slice(1);
  const lines = text.split('\n');
  state.line += lines.length;
  if (text.includes('\r'))
    lines.forEach((line, i) => {
      if (line.endsWith('\r')) lines[i] = line.slice(0, -1);
    });
  if (!state.warned && DECOMPOSED.test(text)) {
    const at = lines.findIndex((line) => line.normalize('NFC') !== line);
    if (at >= 0) {
      state.warned = true;
      process.stderr.write(
        `g2lstm: ${name}, line ${first + at}: letters and accents are separate characters (Unicode normal ` +
          'form D); text in form C is another text to every step here: convert one of them\n',
      );
    }
  }
  return { lines, first };
}

function decode(bytes: Buffer, encoding: TextEncoding, name: string, first: number): string {
  if (encoding === 'latin1') return bytes.toString('latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notUtf8(bytes, name, first);
  }
}

/** Where a command's text goes: stdout, or a file that is replaced only when all is written. */
export class TextSink {
  readonly #encoding: TextEncoding;
  readonly #file: string | null;
  #staged: string | null = null;
  #handle = -1;

  /** @param file undefined or `-` = stdout */
  constructor(file: string | undefined, encoding: TextEncoding = 'utf8') {
    this.#encoding = encoding;
    this.#file = file === undefined || file === '-' ? null : file;
    if (this.#file === null) return;
    try {
      const staged = temporaryName(this.#file);
      this.#handle = nodeFs.openSync(staged, 'wx');
      this.#staged = staged;
    } catch (error) {
      throw writeError(error, this.#file);
    }
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, this.#encoding);
    if (this.#file === null) {
      if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
      return;
    }
    try {
      for (let at = 0; at < bytes.length; ) at += nodeFs.writeSync(this.#handle, bytes, at);
    } catch (error) {
      throw writeError(error, this.#file);
    }
  }

  /** Puts the file in its place. */
  finish(): void {
    if (this.#staged === null) return;
    nodeFs.fsyncSync(this.#handle);
    nodeFs.closeSync(this.#handle);
    commitFile(this.#staged, this.#file!);
    this.#staged = null;
  }

  /** Removes what was written unless `finish` came first. */
  discard(): void {
    if (this.#staged === null) return;
    nodeFs.closeSync(this.#handle);
    removeQuietly(this.#staged);
    this.#staged = null;
  }
}

/** Sends every line of the input through `change` to the output; returns the number of lines. */
export async function mapLines(
  input: string | undefined,
  output: string | undefined,
  change: (line: string) => string,
  options: ReadOptions = {},
): Promise<number> {
  const sink = new TextSink(output, options.encoding);
  let count = 0;
  try {
    for await (const { lines } of lineBatches(input, options)) {
      count += lines.length;
      let text = '';
      for (const line of lines) text += `${change(line)}\n`;
      await sink.write(text);
    }
    sink.finish();
  } finally {
    sink.discard();
  }
  return count;
}
