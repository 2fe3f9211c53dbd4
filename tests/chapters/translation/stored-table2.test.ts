import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { storedTable1 } from '#src/chapters/language-model/stored-table1.js';
import { storedTable2 } from '#src/chapters/translation/stored-table2.js';
import { bleu, bleuMetric } from '#src/metrics/bleu.js';
import { RESULTS_FOLDER, storedPerplexities } from '#src/results/stored-results.js';
import { writeStatistics } from '#src/runs/nmt/scores.js';
import { scratch } from '../../runs/helpers.js';

const hypotheses = ['the cook washed the old plate .', 'a guest arrived .'];
const references = ['the cook washed an old plate .', 'a guest arrived today .'];
const score = bleu(hypotheses, [references]);
const statistics = bleuMetric().statistics(hypotheses, [references]);

/** A folder with the summary of a translation run, made from a committed one. */
function withSummary(t: TestContext, result: object = {}) {
  const folder = scratch(t);
  mkdirSync(path.join(folder, 'multi30k-small'));
  const committed = path.join(RESULTS_FOLDER, 'ptb-unregularised/g2-seed1.json');
  const summary = JSON.parse(readFileSync(committed, 'utf8'));
  Object.assign(summary, { command: 'train nmt', signatures: { testBleu: score.signature } });
  Object.assign(summary.config, { dataset: 'multi30k', direction: 'de-en' });
  Object.assign(summary.result, {
    validBleu: 40,
    testBleu: score.score,
    testMultiBleu: 38,
    testSentences: 2,
    ...result,
  });
  const file = path.join(folder, 'multi30k-small/g2-seed1.json');
  writeFileSync(file, JSON.stringify(summary));
  return { folder, counts: file.replace(/\.json$/, '.scores.json') };
}

test('a translation run is read from its summary, with counts where they are stored', (t) => {
  const { folder, counts } = withSummary(t);
  const [run, ...more] = storedTable2(folder);
  assert.equal(more.length, 0);
  const { statistics: none, ...rest } = run!;
  assert.equal(none, null);
  assert.deepEqual(rest, {
    experiment: 'multi30k-small',
    file: 'multi30k-small/g2-seed1.json',
    dataset: 'multi30k',
    direction: 'de-en',
    algorithm: 'g2',
    temperatureLost: false,
    seed: 1,
    valid: 40,
    test: score.score,
    multiBleu: 38,
    signature: score.signature,
  });
  writeStatistics(counts, { statistics, bleu: score });
  const [counted] = storedTable2(folder);
  assert.deepEqual([...counted!.statistics!.statistics.values], [...statistics.values]);
  // neither file is a language model
  assert.deepEqual([storedTable1(folder), storedPerplexities(folder)], [[], []]);
});

test('counts that are not of the run beside them are an error', (t) => {
  for (const [result, why] of [
    [{ testBleu: 12 }, /BLEU is .*, not 12/],
    [{ testSentences: 1000 }, /2 sentences, not 1000/],
  ] as const) {
    const { folder, counts } = withSummary(t, result);
    writeStatistics(counts, { statistics, bleu: score });
    assert.throws(() => storedTable2(folder), why);
  }
  const { folder, counts } = withSummary(t);
  const signature = score.signature.replace('13a', 'none');
  writeStatistics(counts, { statistics, bleu: { ...score, signature } });
  assert.throws(() => storedTable2(folder), /measured as .*tok:none/);
});

test('the committed results are read; language models are passed over', () => {
  for (const run of storedTable2()) {
    assert.ok(run.test > 0 && run.test <= 100, run.file);
    assert.notEqual(run.dataset, 'ptb');
  }
});
