import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pairedDifference, studentQuantile, welchDifference } from '#src/results/statistics.js';

const near = (a: number, b: number, tolerance = 1e-4) =>
  assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

describe('differences of means', () => {
  test("quantiles of Student's t are those of the printed tables", () => {
    near(studentQuantile(0.95, 1), 12.7062);
    near(studentQuantile(0.95, 2), 4.302653);
    near(studentQuantile(0.95, 10), 2.228139);
    near(studentQuantile(0.99, 5), 4.032143);
    near(studentQuantile(0.5, 2), 0.816497);
    near(studentQuantile(0.95, 1e6), 1.95997);
    assert.throws(() => studentQuantile(1, 3), RangeError);
  });

  test('paired: what both seeds share drops out', () => {
    // differences 1, 2, 3: mean 2, deviation 1, standard error 1 / sqrt 3
    const { difference, low, high, n, method } = pairedDifference([11, 22, 33], [10, 20, 30]);
    near(difference, 2);
    near(low, 2 - 4.302653 / Math.sqrt(3));
    near(high, 2 + 4.302653 / Math.sqrt(3));
    assert.deepEqual([n, method], [3, 'paired']);
    assert.throws(() => pairedDifference([1, 2], [1]), RangeError);
    assert.throws(() => pairedDifference([1], [1]), RangeError);
  });

  test('equal values have an interval of no width', () => {
    for (const of of [pairedDifference, welchDifference]) {
      const { low, high } = of([3, 3, 3], [3, 3, 3]);
      assert.deepEqual([low, high], [0, 0]);
    }
  });

  test('Welch: equal spreads and sizes give the degrees of freedom of the pooled test', () => {
    const { difference, low, high, method } = welchDifference([1, 2, 3], [11, 12, 13]);
    const half = studentQuantile(0.95, 4) * Math.sqrt(2 / 3);
    near(difference, -10);
    near(low, -10 - half);
    near(high, -10 + half);
    assert.equal(method, 'welch');
  });
});
