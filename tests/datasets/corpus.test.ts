import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkDataset, listDatasets, loadCorpus } from '#src/datasets/registry.js';
import { folderOf } from './folder.js';

const SMALL = {
  'train.txt': ' the cat <unk> \n\n the dog sat \n',
  'valid.txt': 'the bird sat\n',
  'test.txt.gz': gzipSync('dog\tcat <unk>'),
};
const under = (folder: string, files: Record<string, string | Uint8Array>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

test('a folder of three texts: every line end is <eos>, unseen words are <unk>', (t) => {
  const dataFolder = folderOf(t, SMALL);
  const c = loadCorpus('ptb', { dataFolder });
  assert.deepEqual(c.vocabulary.words, ['<eos>', '<unk>', 'the', 'cat', 'dog', 'sat']);
  assert.deepEqual([...c.train.ids], [2, 3, 1, 0, 0, 2, 4, 5, 0]);
  assert.deepEqual([...c.valid.ids], [2, 1, 5, 0]);
  assert.deepEqual([...c.test.ids], [4, 3, 1, 0]);
  assert.deepEqual([c.train.lines, c.valid.lines, c.test.lines], [3, 1, 1]);
  assert.deepEqual([c.train.unknown, c.valid.unknown, c.test.unknown], [0, 1, 0]);
  assert.equal(c.train.tokens, 9);
  assert.equal(c.matchesPublished, false);
  const report = checkDataset('ptb', { dataFolder });
  assert.equal(report.ok, false);
  assert.match(report.problems[0]!, /train\.txt: SHA-256/);
});

test('search order: --data/ptb, --data, G2_DATA/ptb, G2_DATA, data/ptb', (t) => {
  const both = folderOf(t, { ...SMALL, ...under('ptb', SMALL) });
  const env = { G2_DATA: folderOf(t, SMALL) };
  const root = folderOf(t, under('data/ptb', SMALL));
  const from = (options: object) => path.dirname(loadCorpus('ptb', options).train.path!);
  assert.equal(from({ dataFolder: both, env, root }), path.join(both, 'ptb'));
  assert.equal(from({ env, root }), env.G2_DATA);
  assert.equal(from({ env: {}, root }), path.join(root, 'data/ptb'));
  assert.equal(from({ env: { G2_DATA: folderOf(t) }, root }), path.join(root, 'data/ptb'));
});

test('a wrong --data or G2_DATA is an error, never skipped', (t) => {
  const root = folderOf(t, under('data/ptb', SMALL));
  const env = {};
  const none = path.join(root, 'none');
  const message = /no such folder/;
  assert.throws(() => loadCorpus('ptb', { dataFolder: none, env, root }), { message });
  assert.throws(
    () => loadCorpus('ptb', { dataFolder: root, env, root }),
    /--data: ptb .*neither in/,
  );
  assert.throws(() => loadCorpus('ptb', { env: { G2_DATA: none }, root }), { message });
  assert.throws(() => loadCorpus('ptb', { env, root: none }), /not found in .*\n.*--data/);
});

test('a missing part is named with what was tried', (t) => {
  const dataFolder = folderOf(t, { 'train.txt': 'a\n', 'valid.txt': 'a\n' });
  assert.throws(() => loadCorpus('ptb', { dataFolder }), {
    name: 'UserError',
    message: /test\.txt, .*test\.txt\.gz/,
  });
});

test('words outside the vocabulary', (t) => {
  const load = (files: Record<string, string>) =>
    loadCorpus('ptb', { dataFolder: folderOf(t, { ...SMALL, ...files }) });
  assert.throws(
    () => load({ 'train.txt': 'the cat sat\n', 'valid.txt': 'the cat\nthe bird sat\n' }),
    {
      name: 'UserError',
      message: /valid\.txt, line 2: "bird" is not in the training text/,
    },
  );
  assert.throws(() => load({ 'valid.txt': 'the\neine katze hund\n' }), {
    message: /valid\.txt, line 2: "eine" is the first of 3 words \(75%\).*right file/,
  });
  assert.throws(() => load({ 'train.txt': 'a <eos>\n' }), /train\.txt, line 1: <eos>/);
});

test('wikitext-2: titles are lines, a blank line is one <eos>', (t) => {
  const files = {
    'wiki.train.tokens': ' \n = Whales = \n \n a whale <unk> \n',
    'wiki.valid.tokens': ' \n a whale \n',
    'wiki.test.tokens': ' \n = a = \n',
  };
  const expected = ['', '= Whales =', '', 'a whale <unk>']
    .join(' <eos> ')
    .split(' ')
    .filter(Boolean);
  for (const folder of ['', 'wikitext-2/wikitext-2']) {
    const dataFolder = folderOf(t, folder === '' ? files : under(folder, files));
    const c = loadCorpus('wikitext-2', { dataFolder });
    assert.deepEqual(c.vocabulary.decode(c.train.ids), [...expected, '<eos>']);
    assert.deepEqual([c.train.tokens, c.valid.tokens, c.test.tokens], [10, 4, 5]);
    assert.equal(c.matchesPublished, null);
  }
  assert.match(
    checkDataset('wikitext-2', { dataFolder: folderOf(t, files) }).problems[0]!,
    /2088628/,
  );
});

test('a translation corpus is not read as a text for language models', () => {
  assert.throws(() => loadCorpus('multi30k'), {
    name: 'UserError',
    message: /multi30k is a translation corpus; .* demo, ptb, wikitext-2/,
  });
});

test('the registry lists, and knows the nearest name', (t) => {
  const list = listDatasets({ env: {}, root: folderOf(t) });
  assert.deepEqual(list.map((d) => [d.name, d.status, d.found]).slice(0, 3), [
    ['demo', 'made', null],
    ['ptb', 'missing', null],
    ['wikitext-2', 'missing', null],
  ]);
  const root = folderOf(t, under('data/ptb', SMALL));
  assert.equal(listDatasets({ env: {}, root })[1]!.found, path.join(root, 'data/ptb'));
  assert.throws(() => loadCorpus('pbt'), {
    name: 'UserError',
    message: /unknown data set "pbt"; did you mean "ptb"/,
  });
});

test('the demo corpus is what the registry says it is', () => {
  const report = checkDataset('demo');
  assert.deepEqual(report.problems, []);
  const facts = listDatasets()[0]!;
  for (const split of report.splits) assert.equal(split.lines, facts.sentences![split.name]);
});
