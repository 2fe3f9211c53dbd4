import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagingTheory, averagingToy } from '#src/chapters/language-model/averaging-toy.js';
import { mean } from '#src/results/statistics.js';

test('without noise the weights fall geometrically and the average is their mean from step 2 on', () => {
  const { path, averagePath } = averagingToy({ noise: 0, before: 2, averaged: 4, repeats: 1 });
  path.forEach(([a, b], k) => {
    assert.ok(Math.abs(a - 3 * 0.5 ** (k + 1)) < 1e-12);
    assert.ok(Math.abs(b - 3 * 0.9 ** (k + 1)) < 1e-12);
  });
  assert.ok(averagePath.slice(0, 2).every(([a]) => Number.isNaN(a)));
  // the library's average starts anew at its second step, as PyTorch's
  const expected = mean(path.slice(3).map(([a]) => a));
  assert.ok(Math.abs(averagePath.at(-1)![0] - expected) < 1e-12);
});

test('losses agree with theory within four standard errors, and half the rate halves the plateau', () => {
  const toy = averagingToy({ repeats: 300, seed: 5 });
  const theory = averagingTheory(toy);
  assert.ok(Math.abs(mean(toy.loss.slice(300)) / theory.loss - 1) < 0.05);
  const error = Math.sqrt(1.45 / 300); // weights 1 and 5 of two squares: 2 (1 + 25) / 36
  assert.ok(Math.abs(toy.averageLoss.at(-1)! / theory.averageLoss - 1) < 4 * error);
  const slow = averagingTheory({ options: { ...toy.options, learningRate: 1e-6 } });
  assert.ok(Math.abs(slow.loss / ((2 * 1e-6) / 4) - 1) < 1e-5);
});

test('the same seed gives the same numbers', () => {
  const options = { before: 3, averaged: 5, repeats: 2 };
  assert.deepEqual(averagingToy(options), averagingToy(options));
  assert.notDeepEqual(averagingToy(options).loss, averagingToy({ ...options, seed: 2 }).loss);
});
