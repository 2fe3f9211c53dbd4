import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadParallelCorpus } from '#src/datasets/parallel.js';
import { checkDataset } from '#src/datasets/registry.js';
import { folderOf } from './folder.js';

const SIX = {
  'train.de': 'der hund schläft .\nein kind lacht .\n',
  'train.en': 'the dog sleeps .\na child laughs .\n',
  'valid.de': 'der hund lacht .\n',
  'valid.en': 'the dog laughs .\n',
  'test.de': 'ein hund schläft .\n',
  'test.en': 'a dog sleeps .\n',
};
const own = (t: Parameters<typeof folderOf>[0], files: Record<string, string | Uint8Array> = {}) =>
  folderOf(t, { ...SIX, ...files });

describe('files of one’s own', () => {
  test('both directions, plain or gzip, with byte-order mark and CRLF', (t) => {
    const dataFolder = own(t, {
      'train.de': '\uFEFFder hund schläft .\r\nein kind lacht .',
      'train.en': gzipSync(SIX['train.en']),
    });
    const c = loadParallelCorpus('own', { dataFolder });
    assert.deepEqual(c.train.source, ['der hund schläft .', 'ein kind lacht .']);
    assert.deepEqual(c.train.target, ['the dog sleeps .', 'a child laughs .']);
    assert.deepEqual([c.sourceLanguage, c.targetLanguage, c.name], ['de', 'en', 'own']);
    assert.deepEqual(c.form, { tokenised: true, lowercased: true, segmented: false });
    assert.deepEqual([c.notes, c.matchesPublished], [[], null]);
    const back = loadParallelCorpus('own', { dataFolder, source: 'en' });
    assert.deepEqual([back.sourceLanguage, back.targetLanguage], ['en', 'de']);
    assert.deepEqual(back.test.source, ['a dog sleeps .']);
  });

  test('other languages; what the text looks like', (t) => {
    const files = Object.entries(SIX).map(([name, text]) => [
      name.replace('.de', '.fr'),
      text.replaceAll('schläft .', 'schlä@@ ft.').replaceAll(' d', ' D'),
    ]);
    const dataFolder = folderOf(t, Object.fromEntries(files));
    const c = loadParallelCorpus('own', { dataFolder, source: 'fr', target: 'en' });
    assert.deepEqual(c.form, { tokenised: false, lowercased: false, segmented: true });
    assert.throws(
      () => loadParallelCorpus('own', { dataFolder, source: 'de' }),
      /not found|neither/,
    );
  });

  test('they stand in for a named corpus, under their own name', (t) => {
    const c = loadParallelCorpus('iwslt14', { dataFolder: own(t) });
    assert.deepEqual([c.name, c.matchesPublished, c.train.source.length], ['own', null, 2]);
  });

  test('letters are brought to one Unicode form, and it is said', (t) => {
    const dataFolder = own(t, { 'test.de': 'ein hund schläft .\n'.normalize('NFD') });
    const c = loadParallelCorpus('own', { dataFolder });
    assert.equal(c.test.source[0], 'ein hund schläft .');
    assert.match(c.notes.join(), /test\.de: 1 lines .*normal form C .*line 1/);
  });

  test('an empty side: left out of train and said, refused elsewhere', (t) => {
    const train = own(t, { 'train.en': ' \na child laughs .\n' });
    const c = loadParallelCorpus('own', { dataFolder: train });
    assert.deepEqual(c.train.source, ['ein kind lacht .']);
    assert.match(c.notes.join(), /train\.en, line 1: the line is empty; 1 pairs/);
    const test = own(t, { 'test.de': '\n', 'test.en': 'a\n' });
    assert.throws(
      () => loadParallelCorpus('own', { dataFolder: test }),
      /test\.de: the file is empty/,
    );
    const valid = own(t, { 'valid.de': 'a\n\nb\n', 'valid.en': 'a\nb\nc\n' });
    assert.throws(() => loadParallelCorpus('own', { dataFolder: valid }), {
      name: 'UserError',
      message: /valid\.de, line 2: the line is empty/,
    });
  });

  const wrong: [string, Record<string, string | Uint8Array>, RegExp][] = [
    ['unequal line counts', { 'test.en': 'a\nb\n' }, /test\.en has 2 lines, .*test\.de has 1/],
    ['not UTF-8', { 'train.de': Buffer.from([97, 10, 0xff, 10]) }, /train\.de, line 2: not UTF-8/],
    ['damaged gzip', { 'train.de': Buffer.from([0x1f, 0x8b, 8]) }, /train\.de: damaged gzip/],
  ];
  for (const [what, files, message] of wrong)
    test(what, (t) => {
      const dataFolder = own(t, files);
      assert.throws(() => loadParallelCorpus('own', { dataFolder }), {
        name: 'UserError',
        message,
      });
    });

  test('wrong names', (t) => {
    const dataFolder = own(t);
    assert.throws(() => loadParallelCorpus('multi3k', {}), /did you mean "multi30k"/);
    assert.throws(() => loadParallelCorpus('own', {}), /--data/);
    assert.throws(
      () => loadParallelCorpus('multi30k', { dataFolder, source: 'fr' }),
      /no language "fr"/,
    );
    assert.throws(
      () => loadParallelCorpus('own', { dataFolder, source: 'de', target: 'de' }),
      /both "de"/,
    );
    assert.throws(() => loadParallelCorpus('multi30k', { dataFolder, form: 'bpe-10k' }), /no form/);
  });
});

test('wmt14: newstest2012 and 2013 together are the validation text', (t) => {
  const both = (stem: string, text: string) => ({
    [`tok/${stem}.en`]: text,
    [`tok/${stem}.de`]: text,
  });
  const dataFolder = folderOf(t, {
    ...both('train', 'A\nB\n'),
    ...both('newstest2012', 'C\n'),
    ...both('newstest2013', 'D\nE\n'),
    ...both('newstest2014', 'F\n'),
  });
  const c = loadParallelCorpus('wmt14', { dataFolder });
  assert.deepEqual([c.sourceLanguage, c.targetLanguage], ['en', 'de']);
  assert.deepEqual(c.valid.source, ['C', 'D', 'E']);
  assert.match(c.valid.paths!.source, /newstest2012\.en \+ .*newstest2013\.en/);
  assert.equal(c.matchesPublished, null);
});

test('demo-mt is made in memory, either way', () => {
  const c = loadParallelCorpus('demo-mt');
  assert.deepEqual([c.name, c.sourceLanguage, c.targetLanguage], ['demo-mt', 'de', 'en']);
  assert.deepEqual(
    [c.train, c.valid, c.test].map((s) => s.paths),
    [null, null, null],
  );
  const back = loadParallelCorpus('demo-mt', { target: 'de' });
  assert.deepEqual([back.sourceLanguage, back.targetLanguage], ['en', 'de']);
  assert.deepEqual(back.valid.target, c.valid.source);
  assert.equal(back.valid.sha256.source, c.valid.sha256.target);
  const report = checkDataset('demo-mt');
  assert.deepEqual([report.ok, report.splits.length], [true, 6]);
});

const shared = path.resolve(process.cwd(), '../shared/data');
const skip = !existsSync(path.join(shared, 'multi30k')) && `no Multi30k in ${shared}`;

describe('the real corpora', { skip }, () => {
  test('multi30k: published counts and checksums, both forms', () => {
    for (const form of ['tokenised', 'raw'] as const) {
      const c = loadParallelCorpus('multi30k', { dataFolder: shared, form });
      assert.deepEqual(
        [c.train, c.valid, c.test].map((s) => s.source.length),
        [29000, 1014, 1000],
      );
      assert.equal(c.matchesPublished, true);
      assert.deepEqual(c.notes, []);
      assert.equal(c.form.tokenised, form === 'tokenised');
    }
  });

  test('iwslt14: the sample says that it is one, and is joined', () => {
    const c = loadParallelCorpus('iwslt14', { dataFolder: shared });
    assert.equal(c.name, 'iwslt14-sample');
    assert.match(c.notes[0]!, /only a sample of 4600 of 160239/);
    assert.deepEqual(
      [c.train, c.valid, c.test].map((s) => s.source.length),
      [4600, 7283, 6750],
    );
    assert.ok(!c.train.source.some((line) => line.includes('@@')));
    assert.equal(c.matchesPublished, true);
    const units = loadParallelCorpus('iwslt14', {
      dataFolder: shared,
      form: 'bpe-30k',
      source: 'en',
    });
    assert.deepEqual([units.form.segmented, units.targetLanguage], [true, 'de']);
  });
});
