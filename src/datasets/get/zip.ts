/** Reads .zip archives: stored and deflated entries, no encryption, no zip64. */
import fs from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { UserError } from '../../errors.js';
import { entryName, requireFile, tooLarge, type UnpackLimits } from './tar.js';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as zip files store it. */
export function crc32(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) value = CRC_TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

interface Entry {
  name: string;
  method: number;
  encrypted: boolean;
  plainFile: boolean;
  crc: number;
  stored: number;
  size: number;
  /** Where its local header begins. */
  offset: number;
}

const damaged = (archive: string) =>
  new UserError(`${archive}: damaged, or no zip archive; fetch it again`);

/** The end record lies within the last 64 KB; its comment must reach exactly to the end. */
function endRecord(data: Buffer): number {
  for (let at = data.length - 22; at >= Math.max(0, data.length - 22 - 0xffff); at--) {
    if (
      data.readUInt32LE(at) === 0x06054b50 &&
      at + 22 + data.readUInt16LE(at + 20) === data.length
    )
      return at;
  }
  return -1;
}

function directory(archive: string, data: Buffer): Entry[] {
  const end = endRecord(data);
  if (end < 0) throw damaged(archive);
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff)
    throw new UserError(`${archive}: a zip64 archive, which is not read here; unpack it by hand`);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || data.readUInt32LE(at) !== 0x02014b50) throw damaged(archive);
    const nameLength = data.readUInt16LE(at + 28);
    const raw = data.toString('utf8', at + 46, at + 46 + nameLength);
    // In the upper half of the outer attributes Unix systems store the file type; 0: made elsewhere.
    const kind = (data.readUInt32LE(at + 38) >>> 16) & 0o170000;
    entries.push({
      name: entryName(archive, raw),
      encrypted: (data.readUInt16LE(at + 8) & 1) !== 0,
      method: data.readUInt16LE(at + 10),
      plainFile: !raw.endsWith('/') && (kind === 0 || kind === 0o100000),
      crc: data.readUInt32LE(at + 16),
      stored: data.readUInt32LE(at + 20),
      size: data.readUInt32LE(at + 24),
      offset: data.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return entries;
}

function content(archive: string, data: Buffer, entry: Entry): Buffer {
  const { name, method, offset, stored, size } = entry;
  if (entry.encrypted || (method !== 0 && method !== 8))
    throw new UserError(`${archive}: ${name} is encrypted or packed in an unknown way`);
  if (offset + 30 > data.length || data.readUInt32LE(offset) !== 0x04034b50) throw damaged(archive);
  const start = offset + 30 + data.readUInt16LE(offset + 26) + data.readUInt16LE(offset + 28);
  if (start + stored > data.length) throw damaged(archive);
  const packed = data.subarray(start, start + stored);
  let bytes = packed;
  if (method === 8) {
    try {
      // One byte more than promised is enough to see that the size is a lie.
      bytes = inflateRawSync(packed, { maxOutputLength: size + 1 });
    } catch (error) {
      throw new UserError(
        (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? `${archive}: ${name} is larger than the archive says; not used`
          : `${archive}: ${name} is damaged; fetch the archive again`,
        { cause: error },
      );
    }
  }
  if (bytes.length !== size || crc32(bytes) !== entry.crc)
    throw new UserError(
      `${archive}: ${name} is damaged (size or checksum); fetch the archive again`,
    );
  return bytes;
}

/** As `unpackTgz`, for .zip archives of at most some hundred megabytes: they are read whole. */
export async function unpackZip(
  archive: string,
  wanted: ReadonlyMap<string, string>,
  limits: UnpackLimits,
): Promise<Set<string>> {
  const data = fs.readFileSync(archive);
  const entries = directory(archive, data);
  if (entries.reduce((sum, entry) => sum + entry.size, 0) > limits.mostBytes)
    throw tooLarge(archive, limits.mostBytes);
  const found = new Set<string>();
  for (const entry of entries) {
    limits.signal?.throwIfAborted();
    const target = wanted.get(entry.name);
    if (target === undefined) continue;
    requireFile(archive, entry.name, entry.plainFile);
    fs.writeFileSync(target, content(archive, data, entry), { flush: true } as fs.WriteFileOptions);
    found.add(entry.name);
  }
  return found;
}
