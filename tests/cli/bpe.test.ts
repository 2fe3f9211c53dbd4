import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { formatBpeCodes } from '#src/text/bpe/codes.js';
import { countVocabulary, formatVocabulary } from '#src/text/bpe/counts.js';
import { learnBpe, learnJointBpe } from '#src/text/bpe/learn.js';
import { type Finished, g2lstm, scratch, start } from './cli.js';

const DE = 'der hund sieht den hund\nder hund sieht die katze\n';
const EN = 'the dog sees the dog\nthe dog sees the cat\n';

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

function piped(args: string[], input: string | Buffer): Promise<Finished> {
  const { child, finished } = start(args);
  child.stdin!.end(input);
  return finished;
}

/** A folder with the two texts; returns paths in it. */
function folderWith(t: Parameters<typeof scratch>[0]) {
  const folder = scratch(t);
  const at = (name: string): string => path.join(folder, name);
  writeFileSync(at('de'), DE);
  writeFileSync(at('en'), EN);
  return { folder, at, read: (name: string): string => readFileSync(at(name), 'utf8') };
}

describe('bpe learn', () => {
  const expected = formatBpeCodes(learnBpe(linesOf(DE + EN), 8));

  test('from stdin, from several files, packed or not, to stdout or a file', async (t) => {
    const { at, read } = folderWith(t);
    writeFileSync(at('de.gz'), gzipSync(DE));
    assert.equal((await piped(['bpe', 'learn', '-s', '8'], DE + EN)).stdout, expected);
    const many = ['bpe', 'learn', '-i', at('de.gz'), at('en'), '-s', '8', '-o', at('codes')];
    assert.deepEqual(await g2lstm(many), { status: 0, stdout: '', stderr: '' });
    assert.equal(read('codes'), expected);
    const json = await g2lstm([...many, '--json']);
    assert.equal((JSON.parse(json.stdout) as { merges: number }).merges, 8);
  });

  test('lines WORD COUNT, least frequency', async (t) => {
    const { at } = folderWith(t);
    writeFileSync(at('dict'), formatVocabulary(countVocabulary(linesOf(DE))));
    const args = ['bpe', 'learn', '-s', '99', '--min-frequency', '3'];
    const { stdout, stderr } = await g2lstm([...args, '--dict-input', '-i', at('dict')]);
    assert.equal(stdout, formatBpeCodes(learnBpe(linesOf(DE), 99, { minFrequency: 3 })));
    assert.match(stderr, /^no pair has frequency >= 3: \d+ merges learned\n$/);
  });

  test('joint, with a vocabulary for each text', async (t) => {
    const { at, read } = folderWith(t);
    const { status } = await g2lstm([
      ...['bpe', 'learn-joint', '-s', '8', '-i', at('de'), at('en'), '-o', at('codes')],
      ...['--write-vocabulary', at('v.de'), at('v.en')],
    ]);
    assert.equal(status, 0);
    assert.equal(read('codes'), expected);
    const { vocabularies } = learnJointBpe([linesOf(DE), linesOf(EN)], 8);
    assert.equal(read('v.de'), formatVocabulary(vocabularies[0]!));
    assert.equal(read('v.en'), formatVocabulary(vocabularies[1]!));
  });
});

describe('bpe apply, bpe vocab', () => {
  const CODES = '#version: 0.2\nh u\nhu n\nhun d</w>\ne r</w>\n';

  test('stdin to stdout, line by line: empty lines, CRLF, byte-order mark, no final line end', async (t) => {
    const { at } = folderWith(t);
    writeFileSync(at('codes'), CODES);
    const input = '\uFEFFhund hunde\r\n\r\n  der  hund\nende';
    const { status, stdout, stderr } = await piped(['bpe', 'apply', '-c', at('codes')], input);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.equal(stdout, 'hund hun@@ d@@ e\n\n  d@@ er hund\ne@@ n@@ d@@ e\n');
  });

  test('options of subword-nmt', async (t) => {
    const { at } = folderWith(t);
    writeFileSync(at('codes'), CODES);
    writeFileSync(at('vocab'), 'hund 1\ner 9\nhun@@ 5\n');
    const apply = async (...more: string[]): Promise<string> =>
      (await piped(['bpe', 'apply', '-c', at('codes'), ...more], 'hund er\n')).stdout;
    const threshold = ['--vocabulary', at('vocab'), '--vocabulary-threshold'];
    assert.equal(await apply(...threshold, '1'), 'hund er\n');
    assert.equal(await apply(...threshold, '2'), 'hun@@ d er\n');
    assert.equal(await apply('-m', '1', '-s', '_'), 'hu_ n_ d e_ r\n');
    assert.equal(await apply('-m', '0', '--glossaries', 'h[a-z]*', 'xyz'), 'hund e@@ r\n');
    const counted = await piped(['bpe', 'vocab'], await apply('-m', '1'));
    assert.equal(counted.stdout, 'hu@@ 1\nn@@ 1\nd 1\ne@@ 1\nr 1\n');
  });

  test('byte-level codes cut inside a character', async (t) => {
    const { at } = folderWith(t);
    // ü, ä, ö begin with the byte C3: the pair t C3 occurs three times, every other once.
    writeFileSync(at('text'), 'tür tät töt\n');
    await g2lstm(['bpe', 'learn', '-b', '-s', '1', '-i', at('text'), '-o', at('codes')]);
    await g2lstm(['bpe', 'apply', '-c', at('codes'), '-i', at('text'), '-o', at('out')]);
    assert.equal(readFileSync(at('codes'), 'latin1'), '#version: 0.2 byte\nt \u00c3\n');
    assert.equal(
      readFileSync(at('out'), 'latin1'),
      't\u00c3@@ \u00bc@@ r t\u00c3@@ \u00a4@@ t t\u00c3@@ \u00b6@@ t\n',
    );
  });
});

describe('what is wrong is said in a line, and no file is left behind', () => {
  test('files', async (t) => {
    const { folder, at, read } = folderWith(t);
    writeFileSync(at('codes'), '#version: 0.2\na b\n');
    writeFileSync(at('bad'), '#version: 0.2\na b\nabc\n');
    writeFileSync(at('latin1'), Buffer.from('hund\nt\u00fcr\n', 'latin1'));
    writeFileSync(at('cut.gz'), gzipSync(DE).subarray(0, 20));
    writeFileSync(at('vocab'), 'a 1\nb\n');
    writeFileSync(at('out'), 'old\n');
    const before = readdirSync(folder);
    const apply = ['bpe', 'apply', '-o', at('out'), '-c'];
    const cases: [string[], RegExp, number?][] = [
      [[...apply, at('bad'), '-i', at('de')], /bad, line 3: expected two symbols/],
      [[...apply, at('none'), '-i', at('de')], /none: cannot be read/],
      [[...apply, at('codes'), '-i', at('none')], /none: no such file/],
      [[...apply, at('codes'), '-i', folder], /is a folder/],
      [[...apply, at('codes'), '-i', at('latin1')], /latin1, line 2: not UTF-8/],
      [[...apply, at('codes'), '-i', at('cut.gz')], /cut\.gz: damaged gzip data/],
      [
        [...apply, at('codes'), '-i', at('de'), '--vocabulary', at('vocab')],
        /vocab, line 2: expected a word, one blank and its count/,
      ],
      [[...apply, at('codes'), '--glossaries', '(a'], /glossary "\(a"/],
      [[...apply, at('codes'), '--vocabulary-threshold', '5'], /needs --vocabulary/, 2],
      [['bpe', 'apply'], /give the codes: --codes FILE/, 2],
      [['bpe', 'learn', '-s', 'x'], /--symbols x: give a whole number/, 2],
      [['bpe', 'learn', '--json', '-i', at('de')], /give --output FILE/, 2],
      [['bpe', 'learn-joint', '-i', at('de'), '-o', at('c')], /1 texts and 0 vocabularies/, 2],
    ];
    for (const [args, message, expected = 1] of cases) {
      const { status, stdout, stderr } = await piped(args, '');
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(status, expected, stderr);
      assert.equal(stdout, '');
    }
    assert.deepEqual(readdirSync(folder), before);
    assert.equal(read('out'), 'old\n');
  });

  test('text in normal form D is noticed, once, and passed on', async (t) => {
    const { at } = folderWith(t);
    writeFileSync(at('codes'), '#version: 0.2\na b\n');
    const input = 'hund\na\u0308\nu\u0308\n';
    const { status, stdout, stderr } = await piped(['bpe', 'apply', '-c', at('codes')], input);
    assert.equal(status, 0);
    assert.match(stderr, /^g2lstm: stdin, line 2: .*normal form D.*\n$/);
    assert.equal(stdout, 'h@@ u@@ n@@ d\na@@ \u0308\nu@@ \u0308\n');
  });

  test('nothing to learn from', async () => {
    const { status, stderr } = await piped(['bpe', 'learn'], '\n \n');
    assert.equal(status, 1);
    assert.match(stderr, /^g2lstm: stdin: the text has no words\n$/);
  });
});
