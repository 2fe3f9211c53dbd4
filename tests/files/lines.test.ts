import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sha256 } from '#src/files/hash.js';
import { readLines } from '#src/files/lines.js';
import { folderOf } from '../datasets/folder.js';

test('plain and gzip read the same, under either name', (t) => {
  const text = 'ein größerer\n\nzug\n';
  const folder = folderOf(t, {
    'a.txt': text,
    'b.txt.gz': gzipSync(text),
    'c.txt': gzipSync(text),
  });
  const read = ['a.txt', 'a.txt.gz', 'b.txt', 'b.txt.gz', 'c.txt'].map((name) =>
    readLines(path.join(folder, name)),
  );
  for (const { lines, sha256: sum, bytes } of read) {
    assert.deepEqual(lines, ['ein größerer', '', 'zug']);
    assert.equal(sum, sha256(text));
    assert.equal(bytes, Buffer.byteLength(text));
  }
  assert.equal(read[2]!.path, path.join(folder, 'b.txt.gz'));
});

test('line ends: \\r\\n, none at the end, byte-order mark; U+2028 stays inside', (t) => {
  const folder = folderOf(t, { 'a.txt': '\uFEFFa b\r\nc\u2028d' });
  assert.deepEqual(readLines(path.join(folder, 'a.txt')).lines, ['a b', 'c\u2028d']);
});

test('what cannot be read is named', (t) => {
  const folder = folderOf(t, {
    'bad.txt': Buffer.from([0x61, 0x0a, 0xc3, 0xa4, 0x0a, 0x62, 0xff, 0x0a, 0x63]),
    'bad2.txt.gz': gzipSync(Buffer.from([0x61, 0x0a, 0xe2, 0x82])),
    'empty.txt': '',
    'blank.txt': '\n \n',
    'cut.txt.gz': gzipSync('hello hello hello').subarray(0, 20),
    'plain.txt.gz': 'not gzip\n',
  });
  const wrong: [string, RegExp][] = [
    ['bad.txt', /bad\.txt, line 3: not UTF-8/],
    ['bad2.txt', /bad2\.txt\.gz, line 2: not UTF-8/],
    ['empty.txt', /empty\.txt: the file is empty/],
    ['blank.txt', /blank\.txt: the file is empty/],
    ['cut.txt', /cut\.txt\.gz: damaged gzip/],
    ['plain.txt.gz', /not gzip data/],
    ['none.txt', /none\.txt, .*none\.txt\.gz\n.*--data or G2_DATA/],
  ];
  for (const [name, message] of wrong) {
    assert.throws(() => readLines(path.join(folder, name)), { name: 'UserError', message });
  }
});
