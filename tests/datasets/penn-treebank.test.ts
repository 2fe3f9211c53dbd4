import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkDataset, loadCorpus } from '#src/datasets/registry.js';

const dataFolder = path.resolve(process.cwd(), '../shared/data');
const skip = !existsSync(path.join(dataFolder, 'ptb')) && `no Penn Treebank in ${dataFolder}`;

test('the real Penn Treebank has its known counts and checksums', { skip }, () => {
  const c = loadCorpus('ptb', { dataFolder });
  assert.deepEqual([c.train.tokens, c.valid.tokens, c.test.tokens], [929589, 73760, 82430]);
  assert.deepEqual([c.train.unknown, c.valid.unknown, c.test.unknown], [0, 0, 0]);
  assert.equal(c.vocabulary.size, 10000);
  assert.equal(c.matchesPublished, true);
  assert.ok(checkDataset('ptb', { dataFolder }).ok);
});
