/** Reads .tgz archives in one pass: ustar with prefix, GNU long names, pax paths and sizes. */
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../errors.js';

const BLOCK = 512;
/** Names and attributes are held in memory; real ones are some hundred bytes. */
const MOST_HEADER_DATA = 1 << 20;

/** A text field up to its first zero byte. */
const text = (block: Uint8Array, start: number, length: number): string =>
  Buffer.from(block.subarray(start, start + length))
    .toString('utf8')
    .split('\0')[0]!;

/** A number field: octal digits, or big-endian binary with the top bit of its first byte set. */
function number(block: Uint8Array, start: number, length: number): number {
  if (block[start]! & 0x80) {
    let value = block[start]! & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + block[i]!;
    return value;
  }
  const digits = text(block, start, length).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The header's checksum counts its own field as blanks. */
function checksumHolds(block: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  return sum === number(block, 148, 8);
}

/** `LENGTH key=value\n` records of a pax header. */
function paxRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(data.toString('latin1', at, blank));
    if (!(length > blank - at) || at + length > data.length) break;
    const record = data.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Takes exact amounts from a stream of pieces. */
class Reader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  /** Bytes handed out. */
  taken = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** At most `most` bytes, at least one; null at the end. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next();
      if (next.done) return null;
      this.#piece = next.value;
    }
    const part = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(part.length);
    this.taken += part.length;
    return part;
  }

  /** `length` bytes through `each`; false if the stream ends before. */
  async pass(length: number, each?: (part: Uint8Array) => void): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const part = await this.some(left);
      if (part === null) return false;
      each?.(part);
      left -= part.length;
    }
    return true;
  }

  async bytes(length: number): Promise<Buffer | null> {
    const parts: Uint8Array[] = [];
    return (await this.pass(length, (part) => parts.push(part))) ? Buffer.concat(parts) : null;
  }
}

/** Writes one entry's content, in pieces as they come. */
async function writeEntry(reader: Reader, size: number, target: string): Promise<boolean> {
  const handle = fs.openSync(target, 'w');
  try {
    const whole = await reader.pass(size, (part) => {
      for (let at = 0; at < part.length; ) at += fs.writeSync(handle, part, at);
    });
    fs.fsyncSync(handle);
    return whole;
  } finally {
    fs.closeSync(handle);
  }
}

async function readEntries(
  archive: string,
  reader: Reader,
  wanted: ReadonlyMap<string, string>,
  limits: UnpackLimits,
): Promise<Set<string>> {
  const found = new Set<string>();
  const cut = () => new UserError(`${archive}: the archive ends in the middle; fetch it again`);
  let long: { name?: string; size?: number } = {};
  for (;;) {
    limits.signal?.throwIfAborted();
    const header = await reader.bytes(BLOCK);
    // Some archives lack the two empty blocks at the end; the gzip checksum guards the content.
    if (header === null || header.every((byte) => byte === 0)) return found;
    const size = long.size ?? number(header, 124, 12);
    if (!checksumHolds(header) || !Number.isSafeInteger(size) || size < 0)
      throw new UserError(`${archive}: damaged, or no tar archive; fetch it again`);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (reader.taken + size > limits.mostBytes) throw tooLarge(archive, limits.mostBytes);
    const type = String.fromCharCode(header[156]!);
    if ('LKxg'.includes(type)) {
      if (size > MOST_HEADER_DATA) throw tooLarge(archive, MOST_HEADER_DATA);
      const data = await reader.bytes(size);
      if (data === null || !(await reader.pass(padding))) throw cut();
      if (type === 'L') long.name = data.toString('utf8').split('\0')[0]!;
      if (type === 'x') {
        const records = paxRecords(data);
        if (records.has('path')) long.name = records.get('path')!;
        if (records.has('size')) long.size = Number(records.get('size'));
      }
      continue;
    }
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const short = text(header, 0, 100);
    const name = entryName(archive, long.name ?? (prefix ? `${prefix}/${short}` : short));
    long = {};
    const target = wanted.get(name);
    if (target !== undefined) requireFile(archive, name, ['0', '\0', '7'].includes(type));
    // Links and folders have no content, whatever their size field says.
    const content = '12345'.includes(type) && type !== '' ? 0 : size;
    const whole =
      target === undefined ? await reader.pass(content) : await writeEntry(reader, content, target);
    if (!whole || !(await reader.pass(content === size ? padding : 0))) throw cut();
    if (target !== undefined) found.add(name);
  }
}

/**
 * Writes the wanted entries of a .tgz archive, each to the file it is wanted as; all others are
 * skipped, whatever they are. @returns the names that were there
 * @throws UserError for a damaged archive, one that leads out of its folder or grows past the limit
 */
export async function unpackTgz(
  archive: string,
  wanted: ReadonlyMap<string, string>,
  limits: UnpackLimits,
): Promise<Set<string>> {
  const gunzip = createGunzip();
  const feeding = pipeline(fs.createReadStream(archive), gunzip);
  feeding.catch(() => {});
  try {
    const reader = new Reader(gunzip);
    const found = await readEntries(archive, reader, wanted, limits);
    // The rest is read as well: at its end stands the checksum of everything.
    while ((await reader.some(1 << 20)) !== null) {
      if (reader.taken > limits.mostBytes) throw tooLarge(archive, limits.mostBytes);
    }
    await feeding;
    return found;
  } catch (error) {
    gunzip.destroy();
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_'))
      throw new UserError(`${archive}: damaged gzip data; fetch it again`, { cause: error });
    throw error;
  }
}

/**
 * The name of an archive's entry, without `./`. No entry is ever written under its own name (the
 * caller names the targets), but an archive that tries to leave its folder is not the one we want.
 * @throws UserError for absolute names, drive letters, `..` and control characters
 */
export function entryName(archive: string, raw: string): string {
  const name = raw.replaceAll('\\', '/');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (
    name.startsWith('/') ||
    /^[A-Za-z]:/.test(name) ||
    parts.includes('..') ||
    /[\x00-\x1f]/.test(name)
  )
    throw new UserError(
      `${archive}: the entry ${JSON.stringify(raw)} leads out of the archive's folder; nothing of it is used`,
    );
  return parts.join('/');
}

/** Refuses the wanted entry if it is a link, a folder or anything else without content. */
export function requireFile(archive: string, name: string, isFile: boolean): void {
  if (!isFile)
    throw new UserError(`${archive}: ${name} is not a plain file in it (a link?); not used`);
}

/** What unpacking may cost, against small archives that unfold without end. */
export interface UnpackLimits {
  /** Bytes of all entries together, wanted or not. */
  mostBytes: number;
  signal?: AbortSignal;
}

export function tooLarge(archive: string, limit: number): UserError {
  return new UserError(
    `${archive}: unfolds to more than ${(limit / 1e6).toFixed(0)} MB; this is not the archive that is expected`,
  );
}
