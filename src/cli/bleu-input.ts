/** Reads the texts that `g2lstm bleu` compares; whatever is wrong is told by file and line. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { isGzip } from '../files/lines.js';
import { systemReason } from '../files/system-errors.js';
import { notUtf8 } from '../files/utf8.js';
import { trimRight } from '../files/white-space.js';

/** A text and what it is called in messages. */
export interface InputText {
  name: string;
  lines: string[];
}

/** Tells of something odd that does not stop the work. */
export type Warn = (message: string) => void;

/** Lines of a UTF-8 text; a byte-order mark and carriage returns are dropped with a warning. */
function linesOf(name: string, bytes: Uint8Array, warn: Warn): string[] {
  if (bytes.length === 0) throw new UserError(`${name}: the file is empty`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notUtf8(bytes, name);
  }
  if (text.startsWith('\ufeff')) {
    warn(`${name}, line 1: dropped a byte-order mark`);
    text = text.slice(1);
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (!text.includes('\r\n')) return lines;
  const first = lines.findIndex((line) => line.endsWith('\r'));
  warn(`${name}, line ${first + 1}: dropped the carriage return of Windows line ends`);
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** Reads a file, gzip or plain. */
export async function readText(file: string, warn: Warn): Promise<InputText> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UserError(`file not found: ${file}`);
    if (code === 'EISDIR') throw new UserError(`${file} is a folder; name a text file`);
    throw new UserError(`${file}: cannot be read: ${systemReason(error)}`);
  }
  return { name: file, lines: linesOf(file, await unpacked(file, bytes), warn) };
}

async function unpacked(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UserError(`${name}: damaged gzip data (${(error as Error).message})`);
  }
}

/** Reads the standard input to its end. */
export async function readStdin(warn: Warn): Promise<InputText> {
  if (process.stdin.isTTY) warn('reading translations from the keyboard; Ctrl-D ends them');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const name = 'standard input';
  return { name, lines: linesOf(name, await unpacked(name, Buffer.concat(chunks)), warn) };
}

/** The text without white space at line ends, which is no part of a translation, as in sacrebleu's command. */
export const withoutEndBlanks = ({ name, lines }: InputText): InputText => ({
  name,
  lines: lines.map(trimRight),
});

/** Splits every line at tabs into so many references, a stream for each. */
export function splitReferences(text: InputText, count: number): InputText[] {
  if (count === 1) return [withoutEndBlanks(text)];
  const streams = Array.from({ length: count }, (_, k) => ({
    name: `${text.name}, column ${k + 1}`,
    lines: [] as string[],
  }));
  text.lines.forEach((line, i) => {
    const fields = line.split('\t');
    if (fields.length !== count)
      throw new UserError(
        `${text.name}, line ${i + 1}: ${fields.length} references between tabs instead of ${count}`,
      );
    fields.forEach((field, k) => {
      streams[k]!.lines.push(trimRight(field));
    });
  });
  return streams;
}

/** Refuses texts of different length: line n must translate the same sentence everywhere. */
export function sameLength(texts: readonly InputText[]): void {
  const [first, ...rest] = texts;
  for (const text of rest) {
    if (text.lines.length === first!.lines.length) continue;
    const [long, short] = text.lines.length > first!.lines.length ? [text, first!] : [first!, text];
    throw new UserError(
      `${long.name} has ${long.lines.length} lines, ${short.name} has ${short.lines.length}: line ${short.lines.length + 1} of ${long.name} has no counterpart`,
    );
  }
}
