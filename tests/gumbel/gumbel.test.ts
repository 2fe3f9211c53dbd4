import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryGate } from '#src/gumbel/gate.js';
import {
  GUMBEL_MEAN,
  GUMBEL_VARIANCE,
  gumbelCdf,
  gumbelDensity,
  gumbelMax,
  gumbelMaxSample,
  gumbelQuantile,
  gumbelSample,
  gumbelSoftmax,
  gumbelSoftmaxSample,
  softmax,
} from '#src/gumbel/gumbel.js';
import { integrate } from '#src/gumbel/quadrature.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { chiSquare, closeTo, kolmogorovSmirnov } from './statistics.js';

const INF = Number.POSITIVE_INFINITY;

test('quadrature is exact for polynomials up to degree 19', () => {
  for (const k of [0, 1, 7, 18, 19]) {
    assert.ok(
      closeTo(
        integrate((x) => x ** k, 0, 1),
        1 / (k + 1),
        1e-14,
      ),
      `degree ${k}`,
    );
  }
  assert.equal(
    integrate(() => 1, 3, 3),
    0,
  );
});

test('Gumbel density, CDF, quantile and moments belong together', () => {
  for (const x of [-3, -1, 0, 0.5, 2, 10]) {
    assert.ok(closeTo(integrate(gumbelDensity, -8, x, 0.25), gumbelCdf(x), 1e-12), `x = ${x}`);
    assert.ok(closeTo(gumbelQuantile(gumbelCdf(x)), x, 1e-10, 1e-10), `x = ${x}`);
  }
  const mean = integrate((x) => x * gumbelDensity(x), -8, 60, 0.25);
  const square = integrate((x) => x * x * gumbelDensity(x), -8, 60, 0.25);
  assert.ok(closeTo(mean, GUMBEL_MEAN, 1e-12));
  assert.ok(closeTo(square - mean * mean, GUMBEL_VARIANCE, 1e-12));
});

test('Gumbel functions reach their limits without NaN', () => {
  assert.equal(gumbelQuantile(0), -INF);
  assert.equal(gumbelQuantile(1), INF);
  assert.deepEqual([gumbelCdf(-INF), gumbelCdf(INF)], [0, 1]);
  assert.deepEqual([-INF, -1e3, 1e3, INF].map(gumbelDensity), [0, 0, 0, 0]);
  assert.throws(() => gumbelQuantile(1.1), RangeError);
});

test('Gumbel draws follow the Gumbel law', () => {
  const uniform = uniformSource(11);
  const draws = Array.from({ length: 20000 }, () => gumbelSample(uniform));
  const distance = kolmogorovSmirnov(draws, gumbelCdf, (x) => 1 - gumbelCdf(x));
  assert.ok(distance < 1.95, `KS ${distance}`);
});

test('Gumbel-Max frequencies are the softmax probabilities', () => {
  const logits = [0.3, -1.2, 2, 0, 1.1];
  const n = 50000;
  const counts = logits.map(() => 0);
  const uniform = uniformSource(12);
  for (let k = 0; k < n; k++) counts[gumbelMaxSample(logits, uniform)]!++;
  const statistic = chiSquare(
    counts,
    softmax(logits).map((p) => n * p),
  );
  assert.ok(statistic < 18.47, `chi-square(4) ${statistic}`);
});

test('Gumbel-Softmax is Eq 1, and its tau limits are one-hot and uniform', () => {
  const pi = [0.2, 0.5, 0.3];
  const q = [0.4, -0.7, 1.3];
  const tau = 0.7;
  const weights = pi.map((p, i) => Math.exp((Math.log(p) + q[i]!) / tau));
  const total = weights.reduce((a, b) => a + b, 0);
  gumbelSoftmax(pi.map(Math.log), q, tau).forEach((y, i) => {
    assert.ok(closeTo(y, weights[i]! / total, 1e-14));
  });
  assert.deepEqual(gumbelSoftmax(pi.map(Math.log), q, 1e-4), [0, 0, 1]);
  assert.equal(gumbelMax(pi.map(Math.log), q), 2);
  for (const y of gumbelSoftmax(pi.map(Math.log), q, 1e9)) assert.ok(closeTo(y, 1 / 3, 1e-8));
  const y = gumbelSoftmaxSample(pi.map(Math.log), tau, uniformSource(13));
  assert.ok(
    closeTo(
      y.reduce((a, b) => a + b, 0),
      1,
      1e-14,
    ),
  );
});

test('Gumbel-Softmax is stable for huge logits and zero probabilities', () => {
  assert.deepEqual(gumbelSoftmax([1e3, -1e3], [0, 0], 1e-4), [1, 0]);
  assert.deepEqual(gumbelSoftmax([1e308, -1e308], [0, 0], 1e-4), [1, 0]);
  assert.deepEqual(gumbelSoftmax([-INF, 0], [5, -5], 1), [0, 1]);
  assert.equal(gumbelMax([-INF, -2], [50, 0]), 1);
});

test('two categories with logits alpha and 0 are the binary gate', () => {
  for (const alpha of [-4, 0, 2.5]) {
    for (const tau of [0.2, 0.9, 2]) {
      const u = 0.83;
      // The difference of the two Gumbel draws plays the part of log U - log(1 - U).
      const difference = Math.log(u) - Math.log1p(-u);
      const [open] = gumbelSoftmax([alpha, 0], [difference, 0], tau);
      assert.ok(closeTo(open!, binaryGate(alpha, tau, u), 1e-13));
    }
  }
});

test('the difference of two Gumbel draws is Logistic', () => {
  const uniform = uniformSource(14);
  const draws = Array.from({ length: 20000 }, () => gumbelSample(uniform) - gumbelSample(uniform));
  const cdf = (x: number) => 1 / (1 + Math.exp(-x));
  const distance = kolmogorovSmirnov(draws, cdf, (x) => cdf(-x));
  assert.ok(distance < 1.95, `KS ${distance}`);
});

test('wrong arguments are RangeErrors that say which', () => {
  assert.throws(() => gumbelSoftmax([0, 1], [0, 0], 0), /RangeError: tau must be .*above 0, got 0/);
  assert.throws(() => gumbelSoftmax([0, 1], [0], 1), /2 logits need as many noise values, got 1/);
  assert.throws(() => gumbelSoftmax([0, Number.NaN], [0, 0], 1), RangeError);
  assert.throws(() => gumbelSoftmax([0, INF], [0, 0], 1), RangeError);
  assert.throws(() => gumbelSoftmax([0, 0], [0, INF], 1), /noise\[1\] must be a finite number/);
  assert.throws(() => softmax([-INF, -INF]), /at least one finite/);
  assert.throws(() => softmax([]), RangeError);
});
