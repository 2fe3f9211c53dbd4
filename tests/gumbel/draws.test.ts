import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countIndices, draws, sampleMoments } from '#src/gumbel/draws.js';
import { gumbelSample } from '#src/gumbel/gumbel.js';
import { uniformAt, uniformSource } from '#src/gumbel/uniform.js';
import { closeTo } from './statistics.js';

test('draws come in order', () => {
  assert.deepEqual(
    draws(3, uniformSource(7)),
    [0, 1, 2].map((k) => uniformAt(7, k)),
  );
  assert.deepEqual(draws(0, uniformSource(7)), []);
});

test('indices are counted', () => {
  assert.deepEqual(countIndices([2, 0, 2, 2], 4), [1, 0, 3, 0]);
  for (const wrong of [4, -1, 0.5, Number.NaN]) {
    assert.throws(() => countIndices([0, wrong], 4), /index from 0 to 3/);
  }
});

test('moments by hand', () => {
  const { n, mean, variance, standardError, varianceError } = sampleMoments([1, 2, 3, 6]);
  assert.deepEqual([n, mean], [4, 3]);
  // Squares 4, 1, 0, 9; fourth powers 16, 1, 0, 81.
  assert.ok(closeTo(variance, 14 / 3, 1e-15));
  assert.ok(closeTo(standardError, Math.sqrt(14 / 12), 1e-15));
  assert.ok(closeTo(varianceError, Math.sqrt((98 / 4 - 3.5 ** 2) / 4), 1e-15));
  assert.throws(() => sampleMoments([1]), RangeError);
});

test('standard errors are those of the mean and the variance over many samples', () => {
  const uniform = uniformSource(44);
  const samples = Array.from({ length: 400 }, () =>
    sampleMoments(draws(400, () => gumbelSample(uniform))),
  );
  const spread = (values: number[]) => Math.sqrt(sampleMoments(values).variance);
  const average = (values: number[]) => sampleMoments(values).mean;
  const mean = spread(samples.map((s) => s.mean));
  const claimed = average(samples.map((s) => s.standardError));
  // A standard deviation of 400 values is known to 1/sqrt(800) = 3.5 %: four of these.
  assert.ok(closeTo(mean, claimed, 0.14), `${mean} ${claimed}`);
  const variance = spread(samples.map((s) => s.variance));
  const claimedVariance = average(samples.map((s) => s.varianceError));
  // The variance's own error rests on fourth moments and comes out some per cent low.
  assert.ok(closeTo(variance, claimedVariance, 0.2), `${variance} ${claimedVariance}`);
});
