import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  absoluteNoise,
  blockNoise,
  gaussian,
  lossAlong,
  lossesUnder,
  lossUnder,
  meanLoss,
  relativeNoise,
  rootMeanSquare,
  roundTo,
} from '#src/chapters/flatness/perturbation.js';
import type { GateBlock } from '#src/compression/gate-parameters.js';
import { blas, footprint } from '../../backend/support.js';
import { model, parameters, smallTask } from './support.js';

const block = (values: number[], gate: 'f' | 'i' = 'f'): GateBlock => ({
  tensor: 'lstm.0.bias',
  gate,
  rows: 1,
  columns: values.length,
  values: Float32Array.from(values),
});

describe('perturbations of one block', () => {
  test('gaussian: mean 0, variance 1, another for each gate and seed', () => {
    const n = 40_000;
    const big = { tensor: 'lstm.0.weight_hh', gate: 'f' as const, rows: 200, columns: 200 };
    const eps = gaussian(big, 7);
    const mean = eps.reduce((a, b) => a + b) / n;
    const square = eps.reduce((a, b) => a + b * b, 0) / n;
    const cubed = eps.reduce((a, b) => a + b ** 4, 0) / n;
    // 4.5 standard errors; a normal variable's square has variance 2, its fourth power 96
    assert.ok(Math.abs(mean) < 4.5 / Math.sqrt(n));
    assert.ok(Math.abs(square - 1) < 4.5 * Math.sqrt(2 / n));
    assert.ok(Math.abs(cubed - 3) < 4.5 * Math.sqrt(96 / n));
    assert.deepEqual(gaussian(big, 7), eps);
    assert.notDeepEqual(gaussian(big, 8), eps);
    assert.notDeepEqual(gaussian({ ...big, gate: 'i' }, 7), eps);
  });

  test('noise: the formulas', () => {
    const b = block([0.5, -2, 0, 1]);
    const eps = gaussian(b, 5);
    const rms = rootMeanSquare(b.values);
    assert.ok(Math.abs(rms - Math.sqrt(5.25 / 4)) < 1e-12);
    for (const [change, scale] of [
      [relativeNoise(0.3, 5), (w: number) => w],
      [blockNoise(0.3, 5), () => rms],
      [absoluteNoise(0.3, 5), () => 1],
    ] as const)
      change(b).forEach((w, i) => {
        const want = b.values[i]! + 0.3 * scale(b.values[i]!) * eps[i]!;
        assert.ok(Math.abs(w - want) < 1e-6, `${w} instead of ${want}`);
      });
    assert.deepEqual([...b.values], [0.5, -2, 0, 1]);
    assert.throws(() => relativeNoise(Number.NaN, 1), RangeError);
  });

  test('rounding, Eq 17; halves to even', () => {
    const rounded = roundTo(0.5)(block([0.24, 0.26, -0.26, -0.24, 1.9]));
    assert.deepEqual([...rounded], [0, 0.5, -0.5, -0, 2]);
    const halves = roundTo(1)(block([0.5, 1.5, 2.5, -0.5, -1.5]));
    assert.deepEqual([...halves].map(Math.abs), [0, 2, 2, 0, 2]);
    assert.throws(() => roundTo(0), RangeError);
  });
});

describe('loss under perturbation', () => {
  test('none changes nothing, in loss and in parameters', async () => {
    const be = await blas();
    const task = smallTask();
    const m = model('g2-p1', task);
    const before = parameters(m);
    const clean = await meanLoss(m, task.test.ids);
    const losses = await lossAlong(m, task.test.ids, [0, 0.5, 0], 1);
    assert.equal(losses[0], clean);
    assert.equal(losses[2], clean);
    assert.notEqual(losses[1], clean);
    assert.deepEqual(parameters(m), before);
    const footing = footprint(be);
    await lossUnder(m, task.test.ids, relativeNoise(0.5, 1));
    assert.deepEqual(footprint(be), footing);
    m.dispose();
  });

  test('draws are repeatable and differ', async () => {
    await blas();
    const task = smallTask();
    const m = model('baseline', task);
    const all = () => lossesUnder(m, task.test.ids, (d) => blockNoise(0.4, d), 3);
    const losses = await all();
    assert.deepEqual(await all(), losses);
    assert.equal(new Set(losses).size, 3);
    m.dispose();
  });
});
