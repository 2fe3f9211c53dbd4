import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  absoluteNoise,
  lossUnder,
  meanLoss,
  relativeNoise,
} from '#src/chapters/flatness/perturbation.js';
import { compareRescaling, plainTwin, proportion } from '#src/chapters/flatness/rescaling.js';
import { streams, window } from '#src/text/language-model-batches.js';
import { blas, footprint } from '../../backend/support.js';
import { model, parameters, smallTask } from './support.js';

describe('the plain twin of a sharpened model', () => {
  test('has the same loss, feels relative noise alike and absolute noise tau times less', async () => {
    await blas();
    const task = smallTask();
    const sharp = model('sharpened', task);
    const twin = plainTwin(sharp);
    const { ids } = task.test;
    const pairs: [number, number][] = [
      [await meanLoss(sharp, ids), await meanLoss(twin, ids)],
      [
        await lossUnder(sharp, ids, relativeNoise(0.5, 1)),
        await lossUnder(twin, ids, relativeNoise(0.5, 1)),
      ],
      [
        await lossUnder(sharp, ids, absoluteNoise(0.1, 1)),
        await lossUnder(twin, ids, absoluteNoise(0.5, 1)),
      ],
    ];
    for (const [a, b] of pairs) assert.ok(Math.abs(a - b) < 1e-5, `${a} and ${b}`);
    assert.ok(Math.abs(pairs[0]![0] - pairs[1]![0]) > 1e-3, 'the noise does something');
    sharp.dispose();
    twin.dispose();
  });

  test('gets gradients tau times as large and effective steps tau^2 times as large', async () => {
    const be = await blas();
    const task = smallTask();
    const sharp = model('sharpened', task);
    const before = parameters(sharp);
    const first = window(streams(task.train.ids, 20), 0, 20);
    compareRescaling(sharp, first, 0.5);
    const footing = footprint(be);
    const r = compareRescaling(sharp, first, 0.5);
    assert.deepEqual(footprint(be), footing);
    assert.deepEqual(parameters(sharp), before);
    assert.ok(Math.abs(r.loss.sharpened - r.loss.twin) < 1e-5);
    assert.ok(Math.abs(r.gradient.factor - 5) < 1e-4 && r.gradient.misfit < 1e-4);
    // a step is a small difference of float32 parameters
    assert.ok(Math.abs(r.effectiveStep.factor - 25) < 0.02 && r.effectiveStep.misfit < 5e-3);
    assert.notEqual(r.lossAfterStep.sharpened.toFixed(4), r.lossAfterStep.twin.toFixed(4));
    sharp.dispose();
  });

  test('is refused where there is none', async () => {
    await blas();
    const task = smallTask();
    const plain = model('baseline', task);
    assert.throws(() => plainTwin(plain), RangeError);
    plain.dispose();
  });
});

describe('proportion', () => {
  test('a multiple, and a list that is none', () => {
    assert.deepEqual(proportion([2, 4], [1, 2]), { factor: 2, misfit: 0 });
    const { factor, misfit } = proportion([1, 1], [1, 0]);
    assert.equal(factor, 1);
    assert.ok(Math.abs(misfit - Math.SQRT1_2) < 1e-15);
  });
});
