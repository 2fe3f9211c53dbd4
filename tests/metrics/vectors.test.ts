import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bleu, bleuMetric, sentenceBleu } from '#src/metrics/bleu.js';
import { chrf, chrfMetric } from '#src/metrics/chrf.js';
import { sentenceScores } from '#src/metrics/metric.js';
import { ter, terMetric } from '#src/metrics/ter.js';
import { allCases, bleuOptions, chrfOptions, noShared, terOptions, unversioned } from './cases.js';

const near = (actual: number, expected: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9, `${what}: ${actual} instead of ${expected}`);

const close = (actual: readonly number[], expected: readonly number[], what: string): void => {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((e, i) => {
    near(actual[i]!, e, `${what}, number ${i}`);
  });
};

test('cases of texts that are not ours to give', { skip: noShared }, () => {
  assert.equal(allCases().length, 13);
});

for (const { name, load } of allCases()) {
  describe(`sacrebleu's numbers for ${name}`, () => {
    const c = load();

    test('BLEU of the corpus: score, counts, lengths, signature', () => {
      assert.ok(c.bleu_corpus.length > 10);
      for (const row of c.bleu_corpus) {
        const s = bleu(c.hypotheses, c.references, bleuOptions(row.args));
        const what = JSON.stringify(row.args);
        near(s.score, row.score, what);
        close(s.precisions, row.precisions, `${what} precisions`);
        assert.deepEqual(s.counts, row.counts, what);
        assert.deepEqual(s.totals, row.totals, what);
        near(s.brevityPenalty, row.bp, `${what} brevity penalty`);
        assert.deepEqual([s.hypothesisLength, s.referenceLength], [row.sys_len, row.ref_len], what);
        assert.equal(unversioned(s.signature), unversioned(row.signature));
      }
    });

    test('BLEU of sentences', () => {
      for (const row of c.bleu_sentence) {
        const options = bleuOptions(row.args);
        const metric = bleuMetric(options);
        const scores = sentenceScores(metric, metric.statistics(c.hypotheses, c.references));
        const first = scores.slice(0, c.n_sentence_scores).map((s) => s.score);
        close(first, row.scores, JSON.stringify(row.args));
        const own = c.references.flatMap((stream) => stream[0] ?? []);
        near(sentenceBleu(c.hypotheses[0]!, own, options).score, row.scores[0]!, 'by itself');
      }
    });

    test('chrF and chrF++', () => {
      for (const row of c.chrf) {
        const options = chrfOptions(row.args);
        const s = chrf(c.hypotheses, c.references, options);
        const what = JSON.stringify(row.args);
        assert.equal(s.name, row.name);
        near(s.score, row.score, what);
        assert.equal(unversioned(s.signature), unversioned(row.signature));
        const metric = chrfMetric(options);
        const scores = sentenceScores(metric, metric.statistics(c.hypotheses, c.references));
        const first = scores.slice(0, c.n_sentence_scores).map((x) => x.score);
        close(first, row.sentence_scores, what);
      }
    });

    test('TER', () => {
      for (const row of c.ter) {
        const options = terOptions(row.args);
        const s = ter(c.hypotheses, c.references, options);
        const what = JSON.stringify(row.args);
        assert.equal(s.edits, row.num_edits, what);
        near(s.referenceLength, row.ref_length, what);
        near(s.score, row.score, what);
        assert.equal(unversioned(s.signature), unversioned(row.signature));
        const metric = terMetric(options);
        const scores = sentenceScores(metric, metric.statistics(c.hypotheses, c.references));
        const first = scores.slice(0, c.n_sentence_scores).map((x) => x.score);
        close(first, row.sentence_scores, what);
      }
    });
  });
}
