import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLapack } from '#src/backend/platform/lapack.js';
import type { SingularValues } from '#src/backend/platform/platform.js';
import { jacobiSvd } from '#src/compression/jacobi.js';
import { lowRank, product } from '#src/compression/low-rank.js';
import { svd } from '#src/compression/svd.js';
import { assertClose, generator, uniform } from '../backend/support.js';

const lapack = findLapack();
const METHODS = {
  jacobi: jacobiSvd,
  ...(lapack ? { lapack: lapack.svd } : {}),
};

/** Largest deviation of the rows' inner products [K, K] from the identity. */
function offUnit(rows: Float64Array, K: number): number {
  const n = rows.length / K;
  let worst = 0;
  for (let p = 0; p < K; p++)
    for (let q = 0; q < K; q++) {
      let sum = p === q ? -1 : 0;
      for (let i = 0; i < n; i++) sum += rows[p * n + i]! * rows[q * n + i]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  return worst;
}

function columns({ u, s }: SingularValues): Float64Array {
  const K = s.length;
  const m = u.length / K;
  return Float64Array.from(u, (_, at) => u[(at % m) * K + Math.floor(at / m)]!);
}

function rebuilt({ u, s, vt }: SingularValues, m: number, n: number): Float64Array {
  const K = s.length;
  const a = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < K; k++) a[i * n + j]! += u[i * K + k]! * s[k]! * vt[k * n + j]!;
  return a;
}

const CASES: [string, number, number, (values: Float64Array) => Float64Array][] = [
  ['tall', 23, 9, (a) => a],
  ['wide', 9, 23, (a) => a],
  ['square', 16, 16, (a) => a],
  ['one row', 1, 6, (a) => a],
  ['one column', 6, 1, (a) => a],
  ['one number', 1, 1, (a) => a],
  ['all zero', 5, 4, (a) => a.fill(0)],
  ['rank 1', 8, 6, (a) => a.map((_, at) => (1 + Math.floor(at / 6)) * Math.cos(at % 6))],
  ['equal columns', 7, 5, (a) => a.map((_, at) => a[Math.floor(at / 5)]!)],
  ['wide range of sizes', 12, 12, (a) => a.map((x, at) => x * 10 ** -(at % 12))],
  ['tiny numbers', 6, 6, (a) => a.map((x) => x * 1e-150)],
];

for (const [name, decompose] of Object.entries(METHODS))
  describe(`svd by ${name}`, () => {
    for (const [what, m, n, change] of CASES)
      test(`${what}, ${m} x ${n}`, () => {
        const a = change(Float64Array.from(uniform(generator(m * 31 + n), m * n)));
        const kept = a.slice();
        const result = decompose(a, m, n);
        assert.deepEqual(a, kept, 'the matrix is left as it is');
        const K = Math.min(m, n);
        assert.deepEqual([result.u.length, result.s.length, result.vt.length], [m * K, K, K * n]);
        const largest = result.s[0]!;
        result.s.forEach((s, k) => {
          assert.ok(s >= 0 && s <= (result.s[k - 1] ?? s));
        });
        assertClose(rebuilt(result, m, n), a, { absolute: 1e-13 * largest }, 'U S V^T');
        assert.ok(offUnit(columns(result), K) < 1e-13, 'U');
        assert.ok(offUnit(result.vt, K) < 1e-13, 'V');
      });
  });

test('both ways agree', { skip: lapack === null }, () => {
  const [m, n] = [60, 41];
  const a = uniform(generator(3), m * n);
  const [one, other] = [svd(a, m, n, 'lapack'), svd(a, m, n, 'jacobi')];
  assert.deepEqual([one.method, other.method], ['lapack', 'jacobi']);
  assertClose(other.s, one.s, { relative: 1e-12 }, 's');
  for (const rank of [1, 7, 40]) {
    const products = (['lapack', 'jacobi'] as const).map((way) =>
      product(lowRank(a, m, n, rank, way)),
    );
    assertClose(products[1]!, products[0]!, { absolute: 2e-6 }, `rank ${rank}`);
  }
});

test('without a BLAS there is no LAPACK', () => {
  assert.equal(findLapack({ G2_BLAS: 'none' }), null);
});

test('what is no matrix is refused', () => {
  assert.throws(() => svd([1, 2, 3], 2, 2), RangeError);
});

describe('low rank', () => {
  const [m, n] = [20, 14];
  const a = uniform(generator(12), m * n);

  test('the error is the tail of the singular values (Eckart-Young)', () => {
    for (const rank of [1, 5, 13]) {
      const low = lowRank(a, m, n, rank);
      const near = product(low);
      const lost = Math.sqrt(a.reduce((sum, x, i) => sum + (x - near[i]!) ** 2, 0));
      const tail = Math.sqrt(low.singularValues.slice(rank).reduce((sum, s) => sum + s * s, 0));
      assertClose([lost, low.error], [tail, tail], { relative: 1e-5 }, `rank ${rank}`);
      assert.deepEqual([low.a.length, low.b.length], [m * rank, rank * n]);
    }
  });

  test('better than another matrix of that rank', () => {
    const low = lowRank(a, m, n, 4);
    const other = { ...low, a: low.a.map((x, i) => x + (i % 3) * 0.01) };
    const lost = (b: Float32Array) => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
    assert.ok(lost(product(other)) > lost(product(low)));
  });

  test('a matrix of low rank comes back', () => {
    const low = product(lowRank(a, m, n, 3));
    const again = lowRank(low, m, n, 3);
    assertClose(product(again), low, { absolute: 1e-5 }, 'rank 3 of rank 3');
    assert.ok(again.energyKept > 1 - 1e-9);
  });

  test('all singular values give the matrix; a rank beyond them is refused', () => {
    assertClose(product(lowRank(a, m, n, n)), a, { absolute: 1e-5 }, 'full rank');
    for (const rank of [0, 1.5, n + 1]) assert.throws(() => lowRank(a, m, n, rank), RangeError);
  });
});
