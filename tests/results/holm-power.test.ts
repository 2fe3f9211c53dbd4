import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { storedGates } from '#src/chapters/gates/measure-gates.js';
import { endsWithNoise } from '#src/chapters/gates/noisy-histogram.js';
import { holm } from '#src/results/holm.js';
import { meanTestPower, visibleDistance } from '#src/results/power.js';
import { meanTest } from '#src/results/statistics.js';

const near = (a: number, b: number, tolerance: number) =>
  assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

describe('tests of means', () => {
  test("Holm's corrected p values are those of R's p.adjust", () => {
    // R 4: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
      near(corrected[i]!, p, 1e-12);
    });
    assert.deepEqual(holm([]), []);
    assert.deepEqual(holm([0.7, 0.9]), [1, 1]);
  });

  test('p and interval of a mean against a threshold', () => {
    // t = (2 - 1) / (1 / sqrt 3), two degrees: p = 1 - t / sqrt(2 + t^2)
    const { p, low, high, n } = meanTest([1, 2, 3], 1);
    const t = Math.sqrt(3);
    near(p, 1 - t / Math.sqrt(2 + t * t), 1e-9);
    near((low + high) / 2, 2, 1e-9);
    near(high - 2, 4.302653 / Math.sqrt(3), 1e-5);
    assert.equal(n, 3);
    assert.deepEqual([meanTest([2, 2], 2).p, meanTest([2, 2], 1).p], [1, 0]);
    assert.throws(() => meanTest([1]), RangeError);
  });

  test('power: at the threshold the level, and the table of the decision rules', () => {
    near(meanTestPower(0, 3, 0.05), 0.05, 1e-6);
    // scipy 1 (chi-square quantiles and normal tails), as in data/preregistration.md
    const table = [
      [1, 3, 0.05, 0.18],
      [2, 5, 0.05, 0.91],
      [2, 8, 0.0125, 0.96],
      [5, 3, 0.0125, 0.61],
    ] as const;
    for (const [distance, n, level, power] of table)
      near(meanTestPower(distance, n, level), power, 0.006);
    near(visibleDistance(3), 3.26, 0.01);
    near(visibleDistance(8, 0.0125), 1.53, 0.01);
  });
});

describe('noise put on a histogram', () => {
  test("a model's own noise leads from its evaluation histogram to that of training mode", () => {
    const noise = { noiseProbability: 0.2, noiseEpsilon: 1e-3 };
    for (const { algorithm, histograms } of storedGates('ptb-awd-small')) {
      if (algorithm !== 'g2') continue;
      const [first, trained] = [histograms.evaluation![0]!, histograms.training![0]!];
      for (const gate of ['input', 'forget'] as const) {
        const { below, above } = endsWithNoise(first[gate].shares, 0.9, noise);
        near(below + above, trained[gate].below + trained[gate].above, 0.02);
      }
    }
  });

  test('without noise, at temperature 1, a histogram stays as it is', () => {
    const shares = [0.3, 0, 0, 0, 0.2, 0.2, 0, 0, 0, 0.3];
    const { below, above } = endsWithNoise(shares, 1, { noiseProbability: 0 });
    near(below, 0.3, 1e-9);
    near(above, 0.3, 1e-9);
  });
});
