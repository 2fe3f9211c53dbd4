/** The best approximation of a matrix by one of rank k, as two thin factors. */
import { type SvdMethod, svd } from './svd.js';

/** A [m, k] times B [k, n], float32, row-major: what is stored in place of [m, n]. */
export interface Factors {
  rank: number;
  m: number;
  n: number;
  /** U diag(s), the first k columns. */
  a: Float32Array;
  /** The first k rows of V^T. */
  b: Float32Array;
}

/** Factors and how good they are; both figures come from the singular values. */
export interface LowRank extends Factors {
  /** Share of the sum of squares that the first k singular values hold. */
  energyKept: number;
  /** Frobenius norm of what is lost, sqrt of the sum of squares of the other singular values. */
  error: number;
  /** All of them, descending. */
  singularValues: Float64Array;
}

/** Numbers that factors hold, k (m + n). */
export const factorSize = (m: number, n: number, rank: number): number => rank * (m + n);

/**
 * The factors of rank k of a row-major [m, n] matrix: the nearest matrix of that rank (Eckart-Young).
 * @param rank from 1 to min(m, n)
 */
export function lowRank(
  values: ArrayLike<number>,
  m: number,
  n: number,
  rank: number,
  method?: SvdMethod,
): LowRank {
  const K = Math.min(m, n);
  if (!Number.isInteger(rank) || rank < 1 || rank > K)
    throw new RangeError(`low rank: ${rank} of a ${m} x ${n} matrix`);
  const { u, s, vt } = svd(values, m, n, method);
  const a = new Float32Array(m * rank);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < rank; k++) a[i * rank + k] = u[i * K + k]! * s[k]!;
  const b = Float32Array.from(vt.subarray(0, rank * n));
  const squares = (from: number, to: number) =>
    s.subarray(from, to).reduce((sum, x) => sum + x * x, 0);
  const [kept, lost] = [squares(0, rank), squares(rank, K)];
  const energyKept = kept + lost === 0 ? 1 : kept / (kept + lost);
  return { rank, m, n, a, b, energyKept, error: Math.sqrt(lost), singularValues: s };
}

/**
 * A B as float32 [m, n], summed in float64 in a fixed order: the same factors give the same bits
 * everywhere, whatever BLAS there is.
 */
export function product({ a, b, m, n, rank }: Factors): Float32Array {
  const values = new Float32Array(m * n);
  const row = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    row.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = a[i * rank + k]!;
      const from = k * n;
      for (let j = 0; j < n; j++) row[j]! += factor * b[from + j]!;
    }
    values.set(row, i * n);
  }
  return values;
}
