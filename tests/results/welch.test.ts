import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { regularizedBeta, studentTwoSided, welch } from '#src/results/statistics.js';

const near = (actual: number, expected: number, relative = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, ${expected}`);

describe('Student’s t', () => {
  test('closed forms for 1, 2 and 4 degrees of freedom', () => {
    for (const t of [0.01, 0.3, 1, 2.5, 7, 40]) {
      near(studentTwoSided(t, 1), (2 / Math.PI) * Math.atan(1 / t), 1e-11);
      const s = Math.sqrt(2 + t * t);
      near(studentTwoSided(t, 2), 2 / (s * (s + t)), 1e-11);
      const u = t / Math.sqrt(4 + t * t);
      assert.ok(Math.abs(studentTwoSided(t, 4) - (1 - u * (1.5 - (u * u) / 2))) < 1e-13);
    }
    assert.equal(studentTwoSided(0, 3), 1);
    assert.equal(studentTwoSided(-2, 3), studentTwoSided(2, 3));
  });

  test('quantiles of printed tables', () => {
    near(studentTwoSided(2.776445, 4), 0.05, 1e-6);
    near(studentTwoSided(2.228139, 10), 0.05, 1e-6);
    near(studentTwoSided(3.169273, 10), 0.01, 1e-6);
  });

  test('degrees that are no whole number: the density integrated', () => {
    const degrees = 3.37;
    // P(|T| < 1.7) by Simpson; the constant by the same rule over x = tan(angle), so no gamma function
    const density = (x: number) => (1 + (x * x) / degrees) ** (-(degrees + 1) / 2);
    const simpson = (f: (x: number) => number, a: number, b: number, n: number) => {
      let sum = f(a) + f(b);
      for (let i = 1; i < n; i++) sum += f(a + ((b - a) * i) / n) * (i % 2 === 0 ? 2 : 4);
      return (sum * (b - a)) / (3 * n);
    };
    const all = simpson(
      (angle) => (angle >= Math.PI / 2 ? 0 : density(Math.tan(angle)) / Math.cos(angle) ** 2),
      0,
      Math.PI / 2,
      20_000,
    );
    near(studentTwoSided(1.7, degrees), 1 - simpson(density, 0, 1.7, 2000) / all, 1e-7);
  });

  test('the incomplete beta function at its ends and out of range', () => {
    assert.equal(regularizedBeta(0, 2, 3), 0);
    assert.equal(regularizedBeta(1, 2, 3), 1);
    near(regularizedBeta(0.3, 2, 1), 0.09);
    near(regularizedBeta(0.8, 1, 3), 1 - 0.2 ** 3);
    assert.throws(() => regularizedBeta(1.1, 1, 1), RangeError);
    assert.throws(() => studentTwoSided(1, 0), RangeError);
  });
});

describe('Welch’s test', () => {
  test('by hand: variances 1 and 4, three values each', () => {
    // u = 1/3, v = 4/3: error sqrt(5/3), degrees (5/3)^2 / (1/18 + 16/18) = 50/17
    const { difference, standardError, t, degrees, p } = welch([1, 2, 3], [4, 6, 8]);
    assert.equal(difference, -4);
    near(standardError, Math.sqrt(5 / 3));
    near(t, -4 / Math.sqrt(5 / 3));
    near(degrees, 50 / 17);
    near(p, studentTwoSided(4 / Math.sqrt(5 / 3), 50 / 17));
  });

  test('samples of equal size and spread: the ordinary t test', () => {
    near(welch([1, 2, 3], [2, 3, 4]).degrees, 4);
  });

  test('no spread, and too few values', () => {
    assert.equal(welch([1, 1], [2, 2]).p, 0);
    assert.equal(welch([1, 1], [1, 1]).p, 1);
    assert.throws(() => welch([1], [1, 2]), RangeError);
  });
});
