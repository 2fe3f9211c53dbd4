import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { factorSize, lowRank, product } from '#src/compression/low-rank.js';
import { clip, gridNumbers, round, roundClip } from '#src/compression/round.js';
import { svd } from '#src/compression/svd.js';
import { assertClose } from '../backend/support.js';

interface Rounding {
  r: number;
  divide_half_even: number[];
  original_mul_reciprocal_half_even: number[];
  half_away: number[];
  k_divide_half_even: number[];
  float32_divide_half_even: number[];
}
const vectors = JSON.parse(readFileSync('tests/vectors/nn/compression.json', 'utf8')) as {
  x: number[];
  rounding: Rounding[];
  clipping: {
    c: number;
    r: number;
    clamp: number[];
    round_then_clamp: number[];
    clamp_then_round: number[];
  }[];
  svd: {
    matrix: number[][];
    singular_values: number[];
    rank_k: {
      k: number;
      approx: number[][];
      frobenius_error: number;
      energy_kept: number;
      n_params_factored: number;
    }[];
  };
};
const x = Float64Array.from(vectors.x);
const differ = (a: number[], b: number[]) => a.some((value, i) => value !== b[i]);
/** The vectors keep -0; whole numbers have none. */
const plain = (values: number[]) => values.map((v) => v + 0);

for (const v of vectors.rounding)
  describe(`Eq 17, r = ${v.r}, as PyTorch`, () => {
    test('by division, halves to even', () => {
      assert.deepEqual([...gridNumbers(x, v.r)], plain(v.k_divide_half_even));
      assert.deepEqual([...round(x, v.r)], plain(v.divide_half_even));
    });
    test('by the reciprocal, as the published code', () => {
      const ours = [...round(x, v.r, 'reciprocal')];
      assert.deepEqual(ours, plain(v.original_mul_reciprocal_half_even));
    });
    test('in float32: the same choice of grid point, and the float32 nearest to it', () => {
      const ours = round(Float32Array.from(x), v.r);
      const k = v.float32_divide_half_even.map((value) => Math.round(value / v.r));
      assert.deepEqual([...ours], [...Float32Array.from(k, (n) => n * v.r + 0)]);
      assertClose(ours, v.float32_divide_half_even, { relative: 2 ** -23 }, 'PyTorch in float32');
    });
  });

test('the vectors tell the variants apart, and halves to even from halves away', () => {
  assert.ok(
    vectors.rounding.some((v) => differ(v.divide_half_even, v.original_mul_reciprocal_half_even)),
  );
  assert.ok(vectors.rounding.some((v) => differ(v.divide_half_even, v.half_away)));
});

for (const v of vectors.clipping)
  test(`Eq 18, c = ${v.c}`, () => {
    assert.deepEqual([...clip(x, v.c)], v.clamp);
    assert.deepEqual([...roundClip(x, v.r, v.c)], plain(v.round_then_clamp));
    const same = v.c === 2 * v.r; // a multiple: then the order does not matter
    assert.equal(!differ(plain(v.clamp_then_round), plain(v.round_then_clamp)), same);
  });

for (const method of ['jacobi', undefined] as const)
  describe(`svd, ${method ?? 'the default method'}`, () => {
    const [m, n] = [vectors.svd.matrix.length, vectors.svd.matrix[0]!.length];
    const a = Float64Array.from(vectors.svd.matrix.flat());
    test('singular values', () => {
      const { s } = svd(a, m, n, method);
      assertClose(s, vectors.svd.singular_values, { relative: 1e-12 }, 's');
    });
    for (const v of vectors.svd.rank_k)
      test(`rank ${v.k}`, () => {
        const low = lowRank(a, m, n, v.k, method);
        assertClose(product(low), v.approx.flat(), { absolute: 3e-6 }, 'approximation in float32');
        const tolerance = { relative: 1e-10, absolute: 1e-12 };
        assertClose([low.error], [v.frobenius_error], tolerance, 'error');
        assertClose([low.energyKept], [v.energy_kept], tolerance, 'energy');
        assert.equal(factorSize(m, n, v.k), v.n_params_factored);
        assert.equal(low.a.length + low.b.length, v.n_params_factored);
      });
  });
