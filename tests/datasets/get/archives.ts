/** Archives for tests, good and bad. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { crc32 } from '#src/datasets/get/zip.js';

export interface TarEntry {
  name: string;
  data?: string | Uint8Array;
  /** Type flag; default '0', a plain file. */
  type?: string;
  /** Size field if it is to differ from the data's. */
  size?: number;
  prefix?: string;
  link?: string;
}

/** A tar header and the padded data. */
function tarEntry({ name, data = '', type = '0', size, prefix = '', link = '' }: TarEntry): Buffer {
  const content = Buffer.from(data);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export const tar = (entries: readonly TarEntry[], end = 1024): Buffer =>
  Buffer.concat([...entries.map(tarEntry), Buffer.alloc(end)]);

export const tgz = (entries: readonly TarEntry[], end = 1024): Buffer =>
  gzipSync(tar(entries, end));

export interface ZipEntry {
  name: string;
  data: string | Uint8Array;
  stored?: boolean;
  /** Lies about the uncompressed size or checksum. */
  size?: number;
  crc?: number;
  /** Unix mode; a link is 0o120777. */
  mode?: number;
  flags?: number;
}

export function zip(entries: readonly ZipEntry[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const { name, data, stored, size, crc, mode = 0o100644, flags = 0 } of entries) {
    const content = Buffer.from(data);
    const packed = stored ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size ?? content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 3]);
    records.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, common, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, directory, end, Buffer.from(comment)]);
}
