import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  firstOrderChange,
  gateGradient,
  gateSlopes,
  lossParts,
  noiseCurvature,
} from '#src/chapters/flatness/gate-sensitivity.js';
import { absoluteNoise, meanLoss, relativeNoise } from '#src/chapters/flatness/perturbation.js';
import { scaleGates } from '#src/chapters/flatness/rescaling.js';
import { gateBlocks, setGateBlocks, withGateChange } from '#src/compression/gate-parameters.js';
import { type Backend, blas, footprint, on } from '../../backend/support.js';
import { model, smallTask } from './support.js';

describe('gateGradient', () => {
  for (const id of ['baseline', 'sharpened', 'g2-p1'])
    test(`${id}: predicts the change of the loss for small sigma`, async () => {
      await blas();
      const task = smallTask();
      const m = model(id, task);
      const gradient = gateGradient(m, task.test.ids);
      assert.ok(Math.abs(gradient.loss - (await meanLoss(m, task.test.ids))) < 1e-5);
      for (const noise of [relativeNoise, absoluteNoise]) {
        const parts = await lossParts(m, task.test.ids, 0.01, 2, noise);
        // third order is 1e-6, float32 losses carry about 1e-6
        const error = Math.abs(parts.slope - parts.predictedSlope);
        assert.ok(error < 1e-5 + 0.02 * Math.abs(parts.slope), JSON.stringify(parts));
        assert.ok(Math.abs(parts.slope) > 1e-4, 'a slope that can be told from rounding');
        assert.equal(
          firstOrderChange(m, gradient, noise(0.01, 2)).toFixed(9),
          parts.predictedSlope.toFixed(9),
        );
      }
      m.dispose();
    });

  test('leaves no tensor behind', async () => {
    const be = await blas();
    const task = smallTask();
    const m = model('baseline', task);
    gateGradient(m, task.test.ids);
    const footing = footprint(be);
    gateGradient(m, task.test.ids);
    gateSlopes(m, task.test.ids);
    assert.deepEqual(footprint(be), footing);
    m.dispose();
  });

  test('is the same on the cpu backend', async () => {
    const task = smallTask();
    const results: number[][] = [];
    for (const backend of ['blas', 'cpu'] as Backend[]) {
      await on(backend);
      const m = model('sharpened', task);
      const { blocks } = gateGradient(m, task.test.ids.slice(0, 200));
      results.push(blocks.flatMap((b) => [...b.values]));
      m.dispose();
    }
    results[0]!.forEach((g, i) => {
      assert.ok(Math.abs(g - results[1]![i]!) < 1e-5);
    });
  });
});

describe('noiseCurvature', () => {
  test('of a loss that gates do not change is zero', async () => {
    await blas();
    const task = smallTask();
    const m = model('baseline', task);
    // all gate parameters 0: relative noise has nothing to move
    scaleGates(m, 0);
    const flat = await noiseCurvature(m, task.test.ids, 0.3, 3);
    assert.deepEqual(flat, { mean: 0, standardError: 0 });
    m.dispose();
  });

  test('is the mean second difference of the draws', async () => {
    await blas();
    const task = smallTask();
    const m = model('baseline', task);
    const parts = [];
    for (const draw of [1, 2, 3]) parts.push(await lossParts(m, task.test.ids, 0.2, draw));
    const want = parts.reduce((sum, p) => sum + (2 * p.curvature) / 0.04, 0) / 3;
    const { mean } = await noiseCurvature(m, task.test.ids, 0.2, 3);
    assert.ok(Math.abs(mean - want) < 1e-9);
    m.dispose();
  });
});

describe('gateSlopes', () => {
  test('gates of one half: slope 1 / (4 tau); saturated gates: no slope', async () => {
    await blas();
    const task = smallTask();
    for (const [id, slope] of [
      ['baseline', 0.25],
      ['g2-p1', 0.25], // evaluation has no tau
      ['sharpened', 1.25],
    ] as const) {
      const m = model(id, task);
      scaleGates(m, 0);
      const half = gateSlopes(m, task.test.ids);
      assert.ok(Math.abs(half.mean - slope) < 1e-6, `${id}: ${half.mean}`);
      assert.equal(half.saturated, 0);
      const open = gateBlocks(m).map((b) => ({
        ...b,
        values: b.values.map(() => (b.tensor.endsWith('bias') ? 40 : 0)),
      }));
      setGateBlocks(m, open);
      const full = gateSlopes(m, task.test.ids);
      assert.ok(full.mean < 1e-6);
      assert.equal(full.saturated, 1);
      const loss = await meanLoss(m, task.test.ids);
      const moved = await withGateChange(m, relativeNoise(0.1, 1), () =>
        meanLoss(m, task.test.ids),
      );
      assert.ok(Math.abs(moved - loss) < 1e-6, 'saturated gates do not feel their parameters');
      m.dispose();
    }
  });
});
