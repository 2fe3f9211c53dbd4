import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BlasBackend } from '#src/backend/backend.js';
import { UserError } from '#src/errors.js';
import { sourceBatch } from '#src/nmt/batches.js';
import { beamSearch } from '#src/nmt/beam-search.js';
import { TranslationTrainer } from '#src/nmt/trainer.js';
import { evaluatePairs } from '#src/nmt/translate.js';
import { blas, footprint } from '../backend/support.js';
import { reversedPairs, tinyConfig } from './support.js';

const PAIRS = reversedPairs(30, { words: 9 });
type Stored = Record<string, { shape: number[]; data: Float32Array }>;

const stored = (t: TranslationTrainer): Stored =>
  Object.fromEntries(
    Object.entries(t.tensors()).map(([name, v]) => [
      name,
      { shape: v.shape, data: (v.dataSync() as Float32Array).slice() },
    ]),
  );

const trainer = (overrides = {}) =>
  new TranslationTrainer(tinyConfig('g2', { dropout: 0.2, ...overrides }), PAIRS, 9, 9);

function run(t: TranslationTrainer, steps: number): void {
  for (let i = 0; i < steps && !t.finished; i++) {
    t.step();
    if (t.epochDone) t.endEpoch();
  }
}

describe('the trainer of translation models', () => {
  let be: BlasBackend;
  before(async () => {
    be = await blas();
  });

  for (const optimizer of ['adam', 'adadelta'] as const)
    test(`stopped after any step and put back it goes on bit for bit: ${optimizer}`, () => {
      const whole = trainer({ optimizer });
      run(whole, 12);
      for (const at of [1, 7, 8, 9]) {
        const first = trainer({ optimizer });
        run(first, at);
        const [tensors, position] = [stored(first), { ...first.position }];
        first.dispose();
        const second = trainer({ optimizer });
        second.restore(tensors, position);
        run(second, 12 - at);
        assert.deepEqual(stored(second), stored(whole), `at ${at}`);
        assert.deepEqual(second.position, whole.position);
        second.dispose();
      }
      whole.dispose();
    });

  test('tensors do not grow from step to step', () => {
    const t = trainer({ epochs: 5 });
    run(t, 3);
    const before = footprint(be);
    run(t, 20);
    assert.deepEqual(footprint(be).tensors, before.tensors);
    t.dispose();
  });

  test('the gradient norm is that of the loss summed over words, averaged over sentences', () => {
    // one sentence of one word and its end: twice the gradient of the mean
    const one = [{ source: Int32Array.of(4), target: Int32Array.of(5) }];
    const twice = [one[0]!, one[0]!];
    const norm = (pairs: typeof one) => {
      const t = new TranslationTrainer(tinyConfig(), pairs, 9, 9);
      const { gradientNorm, tokens } = t.step();
      t.dispose();
      return [gradientNorm, tokens];
    };
    const [a, b] = [norm(one), norm(twice)];
    assert.equal(b[1], 2 * a[1]!);
    assert.ok(Math.abs(a[0]! - b[0]!) < 1e-5 * a[0]!, 'two equal sentences have the mean of one');
  });

  test('the learning rate is lowered when asked', () => {
    const t = trainer();
    assert.equal(t.learningRate, 0.01);
    t.lowerLearningRate();
    assert.equal(t.learningRate, 0.005);
    t.dispose();
  });

  test('a diverged loss changes nothing and says where', () => {
    const t = trainer();
    t.step();
    t.model.parameters.get('output.bias')!.assign(t.model.parameters.get('output.bias')!.mul(NaN));
    const kept = stored(t);
    assert.throws(
      () => t.step(),
      (e: Error) => e instanceof UserError && /epoch 1, step 1.*diverged/.test(e.message),
    );
    assert.deepEqual(stored(t), kept);
    t.dispose();
  });

  test('it learns to turn a sentence round', async () => {
    const pairs = reversedPairs(60, { words: 9, longest: 4 });
    const config = tinyConfig('g2', {
      hidden: 24,
      embedding: 16,
      attention: 0,
      epochs: 130,
      batch: 12,
      learningRate: 0.01,
    });
    const t = new TranslationTrainer(config, pairs, 9, 9);
    // Smaller steps in the end: else the last ones decide, and with them how a machine rounds.
    run(t, 450);
    for (let i = 0; i < 3; i++) t.lowerLearningRate();
    run(t, Number.POSITIVE_INFINITY);
    const { perplexity } = await evaluatePairs(t.model, pairs);
    const found = beamSearch(t.model, sourceBatch(pairs.map(({ source }) => source)));
    const right = found.filter(
      ({ hypotheses }, i) => `${hypotheses[0]!.ids}` === `${pairs[i]!.target}`,
    ).length;
    assert.ok(right >= 57, `${right} of 60, perplexity ${perplexity}`);
    t.dispose();
  });
});
