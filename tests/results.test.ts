import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PENN_TREEBANK_SHA256 } from '#src/datasets/penn-treebank.js';
import { readSummary } from '#src/runs/summary.js';

const folder = 'data/results/ptb-unregularised';

test('the tables of README.md are those of data/results', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/readme-results.mjs', '--check'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
});

test('committed summaries are whole and of the published Penn Treebank', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  assert.ok(files.length >= 2);
  for (const file of files) {
    const summary = readSummary(path.join(folder, file));
    assert.deepEqual(summary.data, PENN_TREEBANK_SHA256, file);
    assert.equal(file, `${summary.config['gates']}-seed${summary.seed}.json`);
    assert.equal(summary.curve.length, summary.config['epochs']);
    assert.equal(summary.commit?.dirty, false, `${file}: trained from committed code`);
  }
});
