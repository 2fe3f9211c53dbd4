import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DATA_SOURCES } from '#src/datasets/get/sources.js';
import {
  joinTexts,
  mapLines,
  measureText,
  segments,
  writeSegments,
} from '#src/datasets/get/texts.js';
import { sha256 } from '#src/files/hash.js';
import { folderOf } from '../folder.js';

test('a text is measured in pieces, plain and gzip', async (t) => {
  const text = 'ä b\n\nlast without its end';
  const folder = folderOf(t, {
    'a.txt': text,
    'b.gz': gzipSync(`${text}\n`),
    'cut.gz': gzipSync(text.repeat(99)).subarray(0, 40),
    empty: '',
  });
  const measure = (name: string) => measureText(path.join(folder, name));
  assert.deepEqual(await measure('a.txt'), { sha256: sha256(text), lines: 3 });
  assert.deepEqual(await measure('b.gz'), { sha256: sha256(`${text}\n`), lines: 3 });
  assert.equal((await measure('empty')).lines, 0);
  await assert.rejects(measure('cut.gz'), { name: 'UserError', message: /damaged gzip/ });
});

test('texts joined: every one ends with a line feed', async (t) => {
  const folder = folderOf(t, { a: '1\n2', b: '3\n', c: '', d: '4' });
  const file = (name: string) => path.join(folder, name);
  await joinTexts(['a', 'b', 'c', 'd'].map(file), file('all'));
  assert.equal(readFileSync(file('all'), 'utf8'), '1\n2\n3\n4\n');
});

test('a text changed line by line, across its pieces', async (t) => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `zeile ${i} über ${'ä'.repeat(i % 40)}`);
  const folder = folderOf(t, { a: `${lines.join('\r\n')}\r\nlast`, empty: '' });
  const file = (name: string) => path.join(folder, name);
  await mapLines(file('a'), file('b'), (line) => `<${line}>`);
  assert.equal(readFileSync(file('b'), 'utf8'), [...lines, 'last'].map((l) => `<${l}>\n`).join(''));
  await mapLines(file('empty'), file('b'), (line) => line);
  assert.equal(readFileSync(file('b'), 'utf8'), '');
});

test('sentences out of a test set’s markup', (t) => {
  const lines = [
    '<srcset setid="x" srclang="any">',
    '<doc docid="1"><p>',
    '<seg id="1">  One &amp; "two" </seg>',
    '<SEG ID="2"></SEG>',
    '<hl><seg id="3">A < b</seg></hl>',
  ];
  assert.deepEqual(segments(lines), ['One &amp; "two"', '', 'A < b']);
  // Tags without an end, over and over, take linear time.
  for (const tag of ['<seg', '<seg>', '<seg id="1">x</se'])
    assert.deepEqual(segments([tag.repeat(200_000)]), []);
  assert.deepEqual(segments(['<SEG>a</seg>b</seg> c']), ['a</seg>b']);
  const folder = folderOf(t, { 'a.sgm': lines.join('\n'), 'b.sgm': '<p>no</p>\n' });
  const file = (name: string) => path.join(folder, name);
  writeSegments(file('a.sgm'), file('a'));
  assert.equal(readFileSync(file('a'), 'utf8'), 'One &amp; "two"\n\nA < b\n');
  assert.throws(() => writeSegments(file('b.sgm'), file('b')), /no <seg> elements/);
});

test('wmt14: training texts in order, test sets by their sides', async (t) => {
  const source = DATA_SOURCES.find(({ name }) => name === 'wmt14')!;
  const entries = source.routes[0]!.flatMap((file) => Object.values(file.archive!.entries));
  assert.equal(entries.length, 12);
  const text = (name: string) =>
    name.endsWith('.sgm') ? `<seg id="1">${name}</seg>\n` : `Hello, ${name}\n`;
  const folder = folderOf(t, {
    ...Object.fromEntries(entries.map((n) => [`in/${n}`, text(n)])),
    'tok/keep': '',
  });
  await source.prepare!({
    fetched: (name) => path.join(folder, 'in', name),
    output: (name) => path.join(folder, name.replace('raw/', '')),
    onNote: () => {},
  });
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  assert.equal(
    read('train.de'),
    'Hello, europarl-v7.de-en.de\nHello, commoncrawl.de-en.de\nHello, training/news-commentary-v9.de-en.de\n',
  );
  assert.match(read('tok/train.de'), /^Hello , europarl/);
  assert.equal(read('newstest2012.en'), 'dev/newstest2012-src.en.sgm\n');
  assert.equal(read('newstest2014.de'), 'test-full/newstest2014-deen-ref.de.sgm\n');
});
