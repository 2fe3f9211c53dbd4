import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gateHistogram } from '#src/chapters/gates/measure-gates.js';
import { madeCorpus } from '#src/datasets/made/corpus.js';
import { setNotebookHost } from '#src/host.js';
import { LanguageModelTrainer, trainSteps } from '#src/lm/trainer.js';
import { gateShares } from '#src/results/gate-shares.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { tf } from '#tfjs';
import { blas } from '../../backend/support.js';

const corpus = madeCorpus({ sentences: { train: 120, valid: 40, test: 10 } });
const sum = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0);
const trainer = (sets: string[] = []): LanguageModelTrainer => {
  const all = ['hidden=8', 'batch=4', 'initRange=1', 'noiseProbability=1', ...sets];
  return new LanguageModelTrainer(resolveLanguageModelConfig({ gates: 'g2', sets: all }), corpus);
};

describe('gate histograms of a language model', () => {
  before(async () => {
    await blas();
  });

  for (const training of [false, true])
    test(`ten shares that agree with the counted ends, training ${training}`, () => {
      const { model } = trainer();
      const histogram = gateHistogram(model, corpus.valid.ids, { training });
      const ends = gateShares(model, corpus.valid.ids, { training });
      const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} ${b}`);
      for (const gate of ['input', 'forget'] as const) {
        assert.equal(histogram[gate].length, 10);
        near(sum(histogram[gate]), 1);
        near(histogram[gate][0]!, ends[gate].closed);
        near(histogram[gate][9]!, ends[gate].open);
        // A value lies within 0.05 of the middle of its bin.
        const middle = sum(histogram[gate].map((share, bin) => share * (bin + 0.5) * 0.1));
        assert.ok(Math.abs(histogram.mean[gate] - middle) < 0.05);
      }
      assert.equal(histogram.values, ends.values);
      assert.ok(histogram.forget[9]! > 0.01 && histogram.forget[0]! > 0.01);
    });

  test('training mode moves gates outwards, and no tensor is left', () => {
    const { model } = trainer();
    const { numTensors } = tf.memory();
    const ends = (training: boolean) => {
      const { forget } = gateHistogram(model, corpus.valid.ids, { training });
      return forget[0]! + forget[9]!;
    };
    assert.ok(ends(true) > ends(false) + 0.05);
    assert.equal(tf.memory().numTensors, numTensors);
  });
});

describe('trainSteps', () => {
  before(async () => {
    await blas();
  });

  test('is the same as stepping by hand, epochs closed', async () => {
    const [one, two] = [trainer(['epochs=3']), trainer(['epochs=3'])];
    const steps = one.windowsPerEpoch + 2;
    const loss = await trainSteps(one, steps);
    const losses: number[] = [];
    for (let s = 0; s < steps; s++) {
      losses.push(two.step().loss);
      if (two.epochDone) two.endEpoch();
    }
    assert.deepEqual(one.position, two.position);
    assert.equal(one.position.epoch, 1);
    const last = losses.slice(-Math.floor(steps / 10));
    assert.ok(Math.abs(loss - sum(last) / last.length) < 1e-9);
  });

  test('ends with the epochs of the run', async () => {
    const one = trainer(['epochs=1']);
    await trainSteps(one, 10_000);
    assert.ok(one.finished);
    assert.equal(one.position.step, one.windowsPerEpoch);
  });

  test('an interrupted cell ends it between two steps', async () => {
    const one = trainer();
    const host = { depth: 0, display() {}, enter() {}, leave() {}, orderly() {} };
    let asked = 0;
    setNotebookHost({ ...host, interruption: () => (++asked > 2 ? 1 : 0) });
    try {
      await assert.rejects(trainSteps(one, 10), { name: 'Interrupted' });
    } finally {
      setNotebookHost(undefined);
    }
    assert.ok(one.position.step >= 1 && one.position.step <= 3);
  });
});
