import assert from 'node:assert/strict';
import { test } from 'node:test';
import { informativeTau, proposition31 } from '#src/gumbel/proposition.js';
import { checkProposition } from '#src/gumbel/proposition-check.js';
import { closeTo } from './statistics.js';

const GRID = { alphas: [-2, 0, 1], taus: [0.1, 0.9], epsilons: [0.01, 0.1] };

test('a grid is looked at point by point', () => {
  const check = checkProposition(GRID, { draws: 4000, seed: 3 });
  assert.equal(check.rows.length, 12);
  assert.equal(check.statements, 24);
  assert.equal(check.violations, 0);
  assert.ok(check.worstDeviation > 0 && check.worstDeviation < check.tolerance);
  const row = check.rows.find((r) => r.alpha === 0 && r.tau === 0.9 && r.eps === 0.1)!;
  assert.deepEqual({ open: row.open, closed: row.closed }, proposition31(0, 0.9, 0.1));
  for (const [got, expected] of [
    [row.open.lower, -0.018],
    [row.open.exact, 0.122],
    [row.open.upper, 0.5],
  ] as const) {
    assert.ok(closeTo(got, expected, 0, 5e-4));
  }
  const vacuous = check.rows.flatMap((r) => [r.open, r.closed]).filter((s) => s.lower <= 0);
  assert.equal(check.vacuous, vacuous.length);
});

test('the same seed gives the same shares, another one others', () => {
  const at = (seed: number) => checkProposition(GRID, { draws: 500, seed }).worstDeviation;
  assert.equal(at(1), at(1));
  assert.notEqual(at(1), at(2));
});

test('the lower bound is zero at the informative temperature', () => {
  for (const [alpha, eps] of [
    [0, 0.1],
    [1.3, 0.01],
    [-2, 0.4],
  ] as const) {
    const tau = informativeTau(alpha, eps);
    assert.ok(Math.abs(proposition31(alpha, tau, eps).open.lower) < 1e-15);
    assert.ok(Math.abs(proposition31(-alpha, tau, eps).closed.lower) < 1e-15);
  }
  assert.ok(closeTo(informativeTau(0, 0.1), 2 / Math.log(10), 1e-14));
});
