import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PENN_TREEBANK_SHA256 } from '#src/datasets/penn-treebank.js';
import { storedConfig } from '#src/runs/config-hash.js';
import { readSummary } from '#src/runs/summary.js';

const EXPERIMENTS = readdirSync('data/results')
  .filter((name) => name.startsWith('ptb-'))
  .map((name) => path.join('data/results', name));

test('the tables of README.md and docs/results.md are those of data/results', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/readme-results.mjs', '--check'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
});

for (const folder of EXPERIMENTS)
  test(`summaries in ${folder} are whole and of the published Penn Treebank`, () => {
    const files = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name));
    assert.ok(files.length >= 1);
    for (const file of files) {
      const summary = readSummary(path.join(folder, file));
      assert.deepEqual(summary.data, PENN_TREEBANK_SHA256, file);
      assert.equal(file, `${summary.config['gates']}-seed${summary.seed}.json`);
      const { epochs, finetuneEpochs = 0 } = summary.config as Record<string, number>;
      // finetuning may end before its last epoch
      assert.ok(
        summary.curve.length >= epochs! && summary.curve.length <= epochs! + finetuneEpochs,
      );
      assert.equal(summary.commit?.dirty, false, `${file}: trained from committed code`);
    }
  });

test('runs of an experiment differ in what they are named for, and in nothing else', () => {
  for (const folder of EXPERIMENTS) {
    const configs = readdirSync(folder)
      .filter((name) => /^[^.]+\.json$/.test(name))
      // Keys that a configuration is too old to have are as they are by default.
      .map((name) => storedConfig(readSummary(path.join(folder, name))));
    const named = ['gates', 'tau', 'evalTemperature', 'seed'];
    const shared = configs.map((config) =>
      Object.fromEntries(Object.entries(config).filter(([key]) => !named.includes(key))),
    );
    for (const config of shared) assert.deepEqual(config, shared[0], folder);
  }
});
