import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { unpackTgz } from '#src/datasets/get/tar.js';
import { crc32, unpackZip } from '#src/datasets/get/zip.js';
import { folderOf } from '../folder.js';
import { tar, tgz, zip } from './archives.js';

const LIMITS = { mostBytes: 1e6 };

function unpacker(t: TestContext, unpack: typeof unpackTgz) {
  const folder = folderOf(t, { 'out/keep': '' });
  const archive = path.join(folder, 'archive');
  const out = path.join(folder, 'out');
  const take = (bytes: Uint8Array, wanted: Record<string, string>, limits = LIMITS) => {
    writeFileSync(archive, bytes);
    const map = new Map(Object.entries(wanted).map(([n, file]) => [n, path.join(out, file)]));
    return unpack(archive, map, limits);
  };
  const read = (file: string) => readFileSync(path.join(out, file), 'utf8');
  /** Nothing was written but `names` and nothing outside. */
  const only = (...names: string[]) => {
    assert.deepEqual(readdirSync(out).sort(), [...names, 'keep'].sort());
    assert.deepEqual(readdirSync(folder).sort(), ['archive', 'out']);
  };
  return { take, read, only };
}

const pax = (key: string, value: string) => {
  const body = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(body);
  let length = size + 1;
  while (String(length).length + size !== length) length++;
  return `${length}${body}`;
};

describe('tgz', () => {
  test('wanted entries only, under our names; long names of three kinds', async (t) => {
    const { take, read, only } = unpacker(t, unpackTgz);
    const long = `a/${'b'.repeat(120)}/c.txt`;
    const big = 'line\n'.repeat(30_000);
    const bytes = tgz([
      { name: './a/', type: '5' },
      { name: './a/one.txt', data: 'one' },
      { name: 'a/unwanted.txt', data: 'no' },
      { name: 'c.txt', prefix: 'prefix/folder', data: 'two' },
      { name: '././@LongLink', type: 'L', data: `${long}\0` },
      { name: long.slice(0, 100), data: big },
      { name: 'PaxHeader', type: 'x', data: pax('path', 'ü/pax.txt') + pax('mtime', '1.5') },
      { name: 'short', data: 'four' },
      { name: 'empty.txt', data: '' },
    ]);
    const found = await take(bytes, {
      'a/one.txt': '1',
      'prefix/folder/c.txt': '2',
      [long]: '3',
      'ü/pax.txt': '4',
      'empty.txt': '5',
      'not/there': '6',
    });
    assert.equal(found.size, 5);
    assert.deepEqual([read('1'), read('2'), read('4'), read('5')], ['one', 'two', 'four', '']);
    assert.equal(read('3'), big);
    only('1', '2', '3', '4', '5');
  });

  test('no end blocks, and rubbish behind them', async (t) => {
    const { take, read } = unpacker(t, unpackTgz);
    await take(tgz([{ name: 'a', data: 'one' }], 0), { a: '1' });
    assert.equal(read('1'), 'one');
    const trailing = gzipSync(
      Buffer.concat([tar([{ name: 'a', data: 'two' }]), Buffer.alloc(9999, 7)]),
    );
    await take(trailing, { a: '1' });
    assert.equal(read('1'), 'two');
  });

  const climbing = ['../evil', 'a/../../evil', '/etc/evil', 'C:\\evil', '..\\evil', 'a\nb'];
  for (const name of climbing)
    test(`an entry ${JSON.stringify(name)} spoils the archive`, async (t) => {
      const { take, only } = unpacker(t, unpackTgz);
      const bytes = tgz([
        { name, data: 'x' },
        { name: 'a', data: 'x' },
      ]);
      await assert.rejects(take(bytes, { a: '1' }), { name: 'UserError', message: /leads out/ });
      only();
    });

  test('a link in the place of a file is not followed', async (t) => {
    const { take, only } = unpacker(t, unpackTgz);
    for (const type of ['1', '2', '3', '5', '6']) {
      const bytes = tgz([{ name: 'a', type, link: '/etc/passwd' }]);
      await assert.rejects(take(bytes, { a: '1' }), /not a plain file/);
    }
    only();
    // Elsewhere it does not matter, also with a size it does not have.
    await take(
      tgz([
        { name: 'l', type: '2', link: '../x', size: 5000 },
        { name: 'a', data: 'x' },
      ]),
      { a: '1' },
    );
    only('1');
  });

  const gzip = tgz([{ name: 'a', data: 'x'.repeat(9000) }]);
  const bad: [string, Uint8Array, RegExp][] = [
    ['a bomb', tgz([{ name: 'bomb', data: Buffer.alloc(3e6) }]), /unfolds to more than 1 MB/],
    [
      'a bomb behind the end',
      gzipSync(Buffer.concat([tar([]), Buffer.alloc(3e6)])),
      /unfolds to more/,
    ],
    [
      'a bomb of a header',
      tgz([{ name: 'h', type: 'x', size: 2 ** 31, data: '' }]),
      /unfolds to more/,
    ],
    ['a size beyond the end', tgz([{ name: 'a', data: 'x', size: 9e5 }]), /ends in the middle/],
    ['cut gzip data', gzip.subarray(0, gzip.length - 20), /damaged gzip|ends in the middle/],
    [
      'a wrong gzip checksum',
      Buffer.from(gzip).fill(1, gzip.length - 8, gzip.length - 4),
      /damaged gzip/,
    ],
    ['no gzip data', Buffer.from('<html>not found</html>'), /damaged gzip/],
    ['no tar inside', gzipSync(Buffer.alloc(600, 65)), /no tar archive/],
  ];
  for (const [what, bytes, message] of bad)
    test(what, async (t) => {
      const { take } = unpacker(t, unpackTgz);
      await assert.rejects(take(bytes, { a: '1' }), { name: 'UserError', message });
    });
});

describe('zip', () => {
  test('the checksum of the standard check text', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  });

  test('stored and deflated entries, a comment behind them', async (t) => {
    const { take, read, only } = unpacker(t, unpackZip);
    const big = 'line\n'.repeat(30_000);
    const entries = [
      { name: 'f/', data: '', mode: 0o040755 },
      { name: 'f/one', data: 'one', stored: true },
      { name: 'f/two', data: big },
      { name: 'f/made-elsewhere', data: 'x', mode: 0 },
    ];
    const found = await take(zip(entries, 'PK\x05\x06 comment'), {
      'f/one': '1',
      'f/two': '2',
      'f/made-elsewhere': '3',
      'f/no': '4',
    });
    assert.deepEqual([...found], ['f/one', 'f/two', 'f/made-elsewhere']);
    assert.deepEqual([read('1'), read('2')], ['one', big]);
    only('1', '2', '3');
  });

  const bad: [string, Uint8Array, RegExp][] = [
    [
      'climbs',
      zip([
        { name: '../evil', data: 'x' },
        { name: 'a', data: 'x' },
      ]),
      /leads out/,
    ],
    ['absolute', zip([{ name: '/evil', data: 'x' }]), /leads out/],
    ['a link', zip([{ name: 'a', data: '/etc/passwd', mode: 0o120777 }]), /not a plain file/],
    ['a bomb', zip([{ name: 'a', data: Buffer.alloc(3e6) }]), /unfolds to more than 1 MB/],
    [
      'a bomb that lies',
      zip([{ name: 'a', data: Buffer.alloc(3e6), size: 10 }]),
      /larger than the archive says/,
    ],
    ['shorter than it says', zip([{ name: 'a', data: 'x', size: 10 }]), /damaged/],
    ['a wrong checksum', zip([{ name: 'a', data: 'x', crc: 1 }]), /damaged/],
    ['encrypted', zip([{ name: 'a', data: 'x', flags: 1 }]), /encrypted/],
    ['cut', zip([{ name: 'a', data: 'x' }]).subarray(0, 60), /no zip archive/],
    ['cut in front', zip([{ name: 'a', data: 'x' }]).subarray(10), /damaged/],
    ['a page', Buffer.from('<html>not found</html>'), /no zip archive/],
    ['nothing', Buffer.alloc(0), /no zip archive/],
  ];
  for (const [what, bytes, message] of bad)
    test(what, async (t) => {
      const { take, only } = unpacker(t, unpackZip);
      await assert.rejects(take(bytes, { a: '1' }), { name: 'UserError', message });
      only();
    });
});
