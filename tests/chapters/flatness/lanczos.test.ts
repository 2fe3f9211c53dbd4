import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  dot,
  lanczos,
  norm,
  powerIteration,
  symmetricEigen,
} from '#src/chapters/flatness/lanczos.js';
import { generator } from '../../backend/support.js';

/** A symmetric matrix with these eigenvalues, turned by random reflections, as a product. */
function symmetric(values: readonly number[], seed = 1): (v: Float64Array) => Float64Array {
  const random = generator(seed);
  const mirrors = [0, 1, 2].map(() => {
    const u = Float64Array.from(values, () => random() - 0.5);
    const length = norm(u);
    return u.map((x) => x / length);
  });
  const reflect = (v: Float64Array, u: Float64Array) => {
    const along = 2 * dot(u, v);
    return v.map((x, i) => x - along * u[i]!);
  };
  return (v) => {
    const inside = mirrors.reduce(reflect, v).map((x, i) => x * values[i]!);
    return [...mirrors].reverse().reduce(reflect, inside);
  };
}

const SPECTRUM = Array.from({ length: 40 }, (_, k) => Math.sin(k)).concat([5, 4, -3]);

describe('power iteration', () => {
  test('finds the eigenvalue of largest magnitude, with its sign', async () => {
    for (const sign of [1, -1]) {
      const product = symmetric(SPECTRUM.map((x) => sign * x));
      const options = { size: SPECTRUM.length, iterations: 200, tolerance: 1e-3 };
      const found = await powerIteration(product, options);
      assert.ok(found.converged);
      // the quotient's error is of the residual's square
      assert.ok(Math.abs(found.eigenvalue - 5 * sign) < 1e-4, `${found.eigenvalue}`);
      assert.ok(Math.abs(norm(found.vector) - 1) < 1e-12);
      const { residual, quotient } = found.steps.at(-1)!;
      assert.ok(residual <= 1e-3 && Math.abs(5 * sign - quotient) <= residual * Math.abs(quotient));
    }
  });

  test('stalls between two ends of one magnitude, and says so', async () => {
    const product = symmetric([2, -2, 0.5, 0.1, 0.3]);
    const found = await powerIteration(product, { size: 5, iterations: 30 });
    assert.equal(found.converged, false);
    assert.equal(found.steps.length, 30);
    assert.ok(found.steps.at(-1)!.residual > 0.1);
  });
});

describe('symmetricEigen', () => {
  test('of [[2, 1], [1, 2]] is 1 and 3', () => {
    const { values, vectors } = symmetricEigen([
      [2, 1],
      [1, 2],
    ]);
    assert.deepEqual(values.map((v) => v.toFixed(12)).sort(), ['1.000000000000', '3.000000000000']);
    const [x, y] = vectors[values.findIndex((v) => v > 2)]!;
    assert.ok(Math.abs(x! - y!) < 1e-12 && Math.abs(x! ** 2 - 0.5) < 1e-12);
  });

  test('A v = value v for a random matrix', () => {
    const random = generator(4);
    const half = Array.from({ length: 9 }, () => Array.from({ length: 9 }, () => random() - 0.5));
    const a = half.map((row, i) => row.map((x, j) => x + half[j]![i]!));
    const { values, vectors } = symmetricEigen(a);
    vectors.forEach((v, k) => {
      a.forEach((row, i) => {
        assert.ok(Math.abs(dot(row, v) - values[k]! * v[i]!) < 1e-12);
      });
    });
    assert.deepEqual(symmetricEigen([[0]]).values, [0]);
  });
});

describe('lanczos', () => {
  test('finds both ends in fewer products than there are dimensions', async () => {
    const product = symmetric(SPECTRUM);
    const seen: number[] = [];
    const found = await lanczos(product, {
      size: SPECTRUM.length,
      tolerance: 1e-6,
      iterations: 40,
      onStep: ({ largest }) => seen.push(largest.value),
    });
    assert.ok(found.steps.length < 30);
    for (const [end, value] of [
      ['largest', 5],
      ['smallest', -3],
    ] as const) {
      const pair = found.steps.at(-1)![end];
      assert.ok(Math.abs(pair.value - value) < 1e-9, `${end} ${pair.value}`);
      const v = found[end];
      const image = product(v);
      const rest = norm(image.map((x, i) => x - pair.value * v[i]!));
      assert.ok(Math.abs(rest - pair.residual) < 1e-9, 'the residual is that of the vector');
    }
    // Ritz values of growing spaces only get better
    seen.slice(1).forEach((value, k) => {
      assert.ok(value >= seen[k]! - 1e-12);
    });
  });

  test('the ends that stall power iteration', async () => {
    const found = await lanczos(symmetric([2, -2, 0.5, 0.1, 0.3]), { size: 5 });
    const { largest, smallest } = found.steps.at(-1)!;
    assert.ok(Math.abs(largest.value - 2) < 1e-9 && Math.abs(smallest.value + 2) < 1e-9);
  });

  test('ends with a matrix of one value, of one row, of zeros', async () => {
    const same = await lanczos((v) => v.map((x) => 3 * x), { size: 10 });
    assert.equal(same.steps.length, 1);
    assert.ok(Math.abs(same.steps[0]!.largest.value - 3) < 1e-12);
    const one = await lanczos((v) => v.map((x) => -7 * x), { size: 1 });
    assert.ok(Math.abs(one.steps.at(-1)!.smallest.value + 7) < 1e-12);
    const zero = await lanczos((v) => v.map(() => 0), { size: 4 });
    assert.equal(zero.steps.at(-1)!.largest.value, 0);
  });
});
