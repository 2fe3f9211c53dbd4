import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { storedTable1 } from '#src/chapters/language-model/stored-table1.js';
import { RESULTS_FOLDER, storedPerplexities } from '#src/results/stored-results.js';
import { scratch } from '../../runs/helpers.js';

/** A folder with one summary, made from a committed one, and a function that writes beside it. */
function withSummary(t: TestContext, config: object, result: object) {
  const folder = scratch(t);
  mkdirSync(path.join(folder, 'ptb-awd-small'));
  const file = path.join(RESULTS_FOLDER, 'ptb-unregularised/g2-seed1.json');
  const summary = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(summary.config, config);
  Object.assign(summary.result, result);
  const write = (name: string, value: object) =>
    writeFileSync(path.join(folder, 'ptb-awd-small', name), JSON.stringify(value));
  write('g2-seed1.json', summary);
  return { folder, write };
}

const scores = {
  validPerplexity: 80,
  testPerplexity: 77,
  mainValidPerplexity: 84,
  mainTestPerplexity: 81,
};
const evaluation = (split: string, perplexity: number, mixed: number) => ({
  dataset: 'ptb',
  split,
  perplexity,
  cache: { theta: 1, lambda: 0.1, perplexity: mixed },
  gates: 'g2',
});

test('a run without finetuning is one row', (t) => {
  const { folder } = withSummary(t, {}, {});
  const [run, ...more] = storedTable1(folder);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [run!.experiment, run!.algorithm, run!.seed, run!.finetuned, run!.cache],
    ['ptb-awd-small', 'g2', 1, false, false],
  );
});

test('a finetuned run is two rows, and a third with its cache', (t) => {
  const { folder, write } = withSummary(t, { finetuneEpochs: 10 }, scores);
  const numbers = () => storedTable1(folder).map((r) => [r.finetuned, r.cache, r.valid, r.test]);
  const two = [
    [false, false, 84, 81],
    [true, false, 80, 77],
  ];
  assert.deepEqual(numbers(), two);
  write('g2-seed1.cache-valid.json', evaluation('valid', 80.01, 72));
  assert.deepEqual(numbers(), two, 'a row needs test');
  write('g2-seed1.cache-test.json', evaluation('test', 77.01, 70));
  assert.deepEqual(numbers(), [...two, [true, true, 72, 70]]);
  assert.equal(storedTable1(folder)[2]!.file, 'ptb-awd-small/g2-seed1.cache-test.json');
  // those files are no summaries: other readers of the folder pass them over
  assert.equal(storedPerplexities(folder).length, 1);
});

test('an evaluation that is not of the run beside it is an error', (t) => {
  const { folder, write } = withSummary(t, { finetuneEpochs: 10 }, scores);
  for (const [found, why] of [
    [evaluation('valid', 77, 70), /split is valid/],
    [evaluation('test', 79, 70), /79 without cache, is not g2, 77/],
    [evaluation('test', 77.07, 70), /77\.07 without cache, is not g2, 77/], // another seed
    [{ ...evaluation('test', 77, 70), seed: 2 }, /it is of seed 2, not 1/],
    [{ ...evaluation('test', 77, 70), gates: 'baseline' }, /baseline/],
    [{ ...evaluation('test', 77, 70), cache: undefined }, /cache must be an object, found nothing/],
  ] as const) {
    write('g2-seed1.cache-test.json', found);
    assert.throws(() => storedTable1(folder), why);
  }
});

test('the committed results are read', () => {
  const runs = storedTable1();
  assert.ok(runs.some((r) => r.experiment === 'ptb-unregularised' && r.algorithm === 'baseline'));
  for (const run of runs) assert.ok(run.test > 1, run.file);
});
