import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { GATE_MODES } from '#src/cell/gate-options.js';
import {
  groupPerplexities,
  RESULTS_FOLDER,
  storedPerplexities,
  storedSummaries,
} from '#src/results/stored-results.js';
import { scratch } from '../runs/helpers.js';

test('the committed results are found, each with its file', () => {
  const runs = storedPerplexities();
  const one = runs.find(({ file }) => file === 'ptb-unregularised/g2-seed1.json')!;
  const stored = JSON.parse(readFileSync(path.join(RESULTS_FOLDER, one.file), 'utf8'));
  assert.deepEqual(
    [one.experiment, one.dataset, one.algorithm, one.seed, one.valid, one.test],
    [
      'ptb-unregularised',
      'ptb',
      'g2',
      1,
      stored.result.validPerplexity,
      stored.result.testPerplexity,
    ],
  );
  const demo = runs.filter(({ experiment }) => experiment === 'demo');
  assert.deepEqual(
    new Set(demo.map((run) => run.algorithm)),
    new Set(['baseline', 'sharpened', 'g2']),
  );
});

test('runs are grouped by experiment and algorithm, with mean and deviation over seeds', () => {
  const run = { file: 'e/x.json', experiment: 'e', preset: null, dataset: 'd', valid: 1 };
  const groups = groupPerplexities([
    { ...run, algorithm: 'g2', seed: 2, test: 3 },
    { ...run, algorithm: 'baseline', seed: 1, test: 7 },
    { ...run, algorithm: 'g2', seed: 1, test: 5 },
  ]);
  assert.deepEqual(
    groups.map(({ algorithm, seeds, test: scores }) => [algorithm, seeds, scores]),
    [
      ['baseline', [1], { mean: 7, deviation: null }],
      ['g2', [1, 2], { mean: 4, deviation: Math.SQRT2 }],
    ],
  );
});

test('other files are passed over, broken summaries are named', (t) => {
  const folder = scratch(t);
  mkdirSync(path.join(folder, 'a'));
  cpSync(
    path.join(RESULTS_FOLDER, 'ptb-unregularised/baseline-seed1.json'),
    path.join(folder, 'a/baseline.json'),
  );
  writeFileSync(path.join(folder, 'a/speed.json'), '{"rows": []}');
  assert.deepEqual(
    storedPerplexities(folder).map(({ file }) => file),
    ['a/baseline.json'],
  );
  writeFileSync(path.join(folder, 'a/broken.json'), '{"format": "g2lstm-summary-1"}');
  assert.throws(() => storedPerplexities(folder), /broken\.json/);
});

test('summaries of an experiment in the order of algorithms and seeds', () => {
  const runs = storedSummaries('ptb-unregularised');
  const places = runs.map(({ config, seed }) => [
    GATE_MODES.indexOf(config['gates'] as never),
    seed,
  ]);
  assert.deepEqual(
    places,
    [...places].sort(([a, s], [b, t]) => a! - b! || s! - t!),
  );
  assert.deepEqual(new Set(places.map(([algorithm]) => algorithm)), new Set([0, 1, 2]));
  assert.ok(runs.every(({ curve }) => curve.length > 0));
  assert.deepEqual(storedSummaries('nothing-here'), []);
});
