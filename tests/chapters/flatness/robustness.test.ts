import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { disposeToys, trainToys } from '#src/chapters/flatness/flat-toy.js';
import {
  measureRobustness,
  PERTURBATIONS,
  type Robustness,
  summarise,
  verdict,
} from '#src/chapters/flatness/robustness.js';
import { separation } from '#src/results/statistics.js';
import { blas, footprint } from '../../backend/support.js';
import { smallTask, variant } from './support.js';

const made = (rises: Record<string, number[]>): Robustness => ({
  kind: PERTURBATIONS.relative,
  variants: Object.keys(rises).map(variant),
  sizes: [0.5],
  draws: 2,
  rows: Object.entries(rises).flatMap(([id, list]) =>
    list.map((rise, s) => ({ variant: id, seed: s + 1, size: 0.5, rise, spread: 0.1 })),
  ),
});

describe('separation', () => {
  test('reference values', () => {
    const s = separation([1, 2, 3], [4, 6, 8]);
    assert.equal(s.order, -1);
    assert.equal(s.difference, -4);
    assert.ok(Math.abs(s.standardError - Math.sqrt(1 / 3 + 4 / 3)) < 1e-12);
    assert.ok(Math.abs(s.chance - 2 / 20) < 1e-15);
    assert.equal(separation([5, 6], [1, 2]).order, 1);
    assert.equal(separation([1, 3], [2, 4]).order, 0);
    assert.ok(Math.abs(separation([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).chance - 1 / 126) < 1e-15);
  });
});

describe('verdict', () => {
  test('is computed from the numbers', () => {
    const r = made({ baseline: [0.4, 0.5], 'g2-p1': [0.1, 0.2], sharpened: [0.3, 0.9] });
    assert.equal(verdict(r, 0.5, 'g2-p1', 'baseline').outcome, 'less');
    assert.equal(verdict(r, 0.5, 'baseline', 'g2-p1').outcome, 'more');
    assert.equal(verdict(r, 0.5, 'sharpened', 'baseline').outcome, 'undecided');
    assert.match(verdict(r, 0.5, 'g2-p1', 'baseline').text, /loses less .*0\.150 against 0\.450/);
    assert.throws(() => verdict(r, 0.5, 'nobody', 'baseline'), RangeError);
    const [base] = summarise(r);
    assert.ok(Math.abs(base!.mean - 0.45) < 1e-12);
    assert.ok(Math.abs(base!.deviation - Math.sqrt(0.005)) < 1e-12);
  });
});

describe('the toy experiment', () => {
  test('learns, is repeatable, and leaves nothing behind', async () => {
    const be = await blas();
    const task = smallTask();
    const training = {
      seeds: [1, 2],
      variants: [variant('baseline'), variant('g2-p1')],
      hidden: 10,
      epochs: 24,
    };
    const run = async () => {
      const toys = await trainToys(task, training);
      const losses = toys.map((t) => t.loss);
      const result = await measureRobustness(toys, task.test.ids, 'relative', [0, 0.6], 2);
      const names = toys.map((t) => `${t.variant.id} ${t.seed}`);
      disposeToys(toys);
      return { losses, rows: result.rows, names };
    };
    const first = await run();
    const footing = footprint(be);
    assert.deepEqual(await run(), first);
    assert.deepEqual(footprint(be), footing);
    assert.deepEqual(first.names, ['baseline 1', 'baseline 2', 'g2-p1 1', 'g2-p1 2']);
    for (const loss of first.losses)
      assert.ok(loss < (task.entropy + task.forgetful) / 2, `${loss} of ${task.forgetful}`);
    for (const row of first.rows.filter((r) => r.size === 0))
      assert.deepEqual([row.rise, row.spread], [0, 0]);
    assert.ok(first.rows.some((r) => r.size > 0 && r.rise > 0));
  });
});
