/** Text through a command: lines in from a file or stdin, out to a file (atomically) or stdout. */
import { once } from 'node:events';
import nodeFs from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { UsageError, UserError } from '../errors.js';
import { FileWriter } from '../files/file-writer.js';
import { isGzip } from '../files/lines.js';
import { placeOf } from '../files/real-file.js';
import { errorCode, systemReason } from '../files/system-errors.js';
import { notUtf8, startOfText } from '../files/utf8.js';
import { writeError } from '../files/write-error.js';
import { stopSignals } from '../runs/interrupt.js';

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

/** Whether a name stands for stdin or stdout. */
const isDash = (file: string | undefined): file is undefined | '-' =>
  file === undefined || file === '-';

/** What a text is called in messages. */
export const inputName = (file: string | undefined): string => (isDash(file) ? 'stdin' : file);

/**
 * Lines of a file or, without one, of stdin, as they come; gzip data are unpacked. Only \n ends a line;
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

/**
 * The bytes of a text, unpacked where they are gzip data.
 * @throws UserError where the name says that they are and they are not
 */
export async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  const next = async () => (await pieces.next()).value as Uint8Array | undefined;
  let head = Buffer.alloc(0);
  for (let more = await next(); more !== undefined; more = await next()) {
    head = Buffer.concat([head, more]);
    if (head.length > 1) break;
  }
  async function* whole() {
    yield head;
    for (let more = await next(); more !== undefined; more = await next()) yield more;
  }
  try {
    // The error of either side comes out of the unpacker.
    if (isGzip(head)) yield* pipeline(Readable.from(whole()), createGunzip(), () => {});
    else if (head.length > 0 && name.endsWith('.gz'))
      throw new UserError(
        `${name}: not gzip data in spite of its name; rename it or fetch it again`,
      );
    else if (head.length > 0) yield* whole();
  } finally {
    await pieces.return?.();
  }
}

async function* chunks(file: string | undefined): AsyncGenerator<Buffer> {
  const name = inputName(file);
  const source = isDash(file)
    ? process.stdin
    : nodeFs.createReadStream(file, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of unpacked(source, name)) yield chunk as Buffer;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof UserError) throw error;
    const damaged = code.startsWith('Z_') ? 'damaged gzip data; fetch the file again' : undefined;
    throw new UserError(`${name}: ${damaged ?? systemReason(error)}`, { cause: error });
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

/** What a name stands for, so that two names of one file are seen to be one; null: may be named twice. */
function identity(file: string | undefined, standard: 0 | 1): string | null {
  const plain = (stats: nodeFs.Stats | null) =>
    stats?.isFile() ? `${stats.dev}:${stats.ino}` : null;
  try {
    const place = placeOf(isDash(file) ? `/dev/fd/${standard}` : file);
    if (place.kind === 'file') return plain(place.old) ?? place.file;
    if (place.kind === 'special') return null;
    return plain(nodeFs.fstatSync(place.handle)) ?? `descriptor ${place.handle}`;
  } catch {
    return null; // Whoever opens it says what is wrong.
  }
}

/**
 * Refuses words by which texts would be lost: an output that is named twice, or read as well, and a
 * standard input for two texts.
 * @throws UsageError
 */
export function refuseClashes(
  command: string,
  inputs: readonly (string | undefined)[],
  outputs: readonly (string | undefined)[],
): void {
  const written = new Set<string | null>();
  for (const file of outputs) {
    const key = identity(file, 1);
    if (key !== null && written.has(key))
      throw new UsageError(
        `${command}: ${isDash(file) ? 'stdout' : file} is named for two outputs; give each a file of its own`,
      );
    written.add(key);
  }
  written.delete(null);
  for (const file of inputs)
    if (written.has(identity(file, 0)))
      throw new UsageError(
        `${command}: ${inputName(file)} would be read and written; give the output another name`,
      );
  if (inputs.filter(isDash).length > 1)
    throw new UsageError(
      `${command}: standard input (-) is named twice and can be read only once; name a file`,
    );
}

/** Whether an output is stdout: not given, `-`, or one of its names. */
function isStdout(file: string | undefined): file is undefined | '-' {
  if (isDash(file)) return true;
  try {
    const place = placeOf(file);
    return place.kind === 'descriptor' && place.handle === 1;
  } catch (error) {
    throw writeError(error, file);
  }
}

/** Data on stdout: as they are, but on a terminal as visible text. */
export const printData = (bytes: Buffer): boolean =>
  process.stdout.write(process.stdout.isTTY ? bytes.toString() : bytes);

/** Where a command's text goes: stdout, or a file that is replaced only when all is written; `.gz` is packed. */
export class TextSink {
  readonly #encoding: TextEncoding;
  readonly #file: FileWriter | null;
  readonly #gzip: Gzip | null = null;
  #failure: unknown;

  /** @param file undefined or `-` = stdout */
  constructor(file: string | undefined, encoding: TextEncoding = 'utf8') {
    this.#encoding = encoding;
    this.#file = isStdout(file) ? null : new FileWriter(file);
    if (this.#file !== null) begin(this);
    if (!file?.endsWith('.gz')) return;
    this.#gzip = createGzip();
    this.#gzip.on('data', (bytes: Buffer) => {
      try {
        this.#file?.write(bytes);
      } catch (error) {
        this.#failure ??= error;
      }
    });
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, this.#encoding);
    if (this.#gzip !== null) {
      if (!this.#gzip.write(bytes)) await once(this.#gzip, 'drain');
      if (this.#failure !== undefined) throw this.#failure;
    } else if (this.#file !== null) this.#file.write(bytes);
    else if (!printData(bytes)) await once(process.stdout, 'drain');
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    if (this.#gzip !== null) {
      this.#gzip.end();
      await once(this.#gzip, 'end');
      if (this.#failure !== undefined) throw this.#failure;
    }
    this.#file?.commit();
    end(this);
  }

  /** Removes what was written unless `finish` came first. */
  discard(): void {
    this.#gzip?.destroy();
    this.#file?.discard();
    end(this);
  }
}

/** Sinks whose file is begun and not yet in its place: nothing of it stays when the process ends. */
const begun = new Set<TextSink>();

const discardAll = (): void => {
  for (const sink of begun) sink.discard();
};

/** Ends the process by the signal, as if nobody had listened. */
const discardAndEnd = (signal: NodeJS.Signals): void => {
  discardAll();
  process.kill(process.pid, signal);
};

function begin(sink: TextSink): void {
  if (begun.size === 0) {
    process.on('exit', discardAll);
    for (const signal of stopSignals()) process.on(signal, discardAndEnd);
  }
  begun.add(sink);
}

function end(sink: TextSink): void {
  if (!begun.delete(sink) || begun.size > 0) return;
  process.off('exit', discardAll);
  for (const signal of stopSignals()) process.off(signal, discardAndEnd);
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
    for await (const { lines, first } of lineBatches(input, options)) {
      count += lines.length;
      let text = '';
      for (const line of lines) text += `${change(line)}\n`;
      await sink.write(first === 1 && options.encoding !== 'latin1' ? startOfText(text) : text);
    }
    await sink.finish();
  } finally {
    sink.discard();
  }
  return count;
}
