/** Singular values without LAPACK: one-sided Jacobi rotations (Hestenes), in float64. */
import type { SingularValues } from '../backend/platform/platform.js';

const MOST_SWEEPS = 60;

/** Row-major [m, n] as row-major [n, m]. */
export function transposed(a: ArrayLike<number>, m: number, n: number): Float64Array {
  const turned = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) turned[j * m + i] = a[i * n + j]!;
  return turned;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** x <- c x - s y, y <- s x + c y */
function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!];
    x[i] = c * a - s * b;
    y[i] = s * a + c * b;
  }
}

/** Rotates pairs of columns until all are orthogonal; `turns` gets the same rotations. */
function orthogonalise(columns: Float64Array[], turns: Float64Array[]): void {
  const n = columns.length;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const squares = columns.map((c) => dot(c, c)); // afresh, as updates gather errors
    // What is left of a column in the span of others is rounding error and has no direction.
    const nothing = Math.max(...squares) * (n * Number.EPSILON) ** 2;
    let rotated = false;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const [alpha, beta] = [squares[p]!, squares[q]!];
        if (alpha <= nothing || beta <= nothing) continue;
        const gamma = dot(columns[p]!, columns[q]!);
        if (Math.abs(gamma) <= 4 * Number.EPSILON * Math.sqrt(alpha * beta)) continue;
        rotated = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(columns[p]!, columns[q]!, c, c * t);
        rotate(turns[p]!, turns[q]!, c, c * t);
        squares[p] = alpha - t * gamma;
        squares[q] = beta + t * gamma;
      }
    if (!rotated) return;
  }
}

/** A unit vector orthogonal to all of `others`. */
function anotherDirection(others: readonly Float64Array[], length: number): Float64Array {
  for (let axis = 0; ; axis++) {
    const x = new Float64Array(length);
    x[axis % length] = 1;
    for (let twice = 0; twice < 2; twice++)
      for (const y of others) {
        const share = dot(x, y);
        for (let i = 0; i < length; i++) x[i]! -= share * y[i]!;
      }
    const size = Math.sqrt(dot(x, x));
    if (size > 0.5 / Math.sqrt(length)) return x.map((value) => value / size);
  }
}

/**
 * The decomposition of a row-major [m, n] matrix, exact to a few units of float64. Time grows as
 * m n^2 for each of about ten sweeps (n the smaller side): a second for 250 x 250, minutes for 1150.
 */
export function jacobiSvd(a: ArrayLike<number>, m: number, n: number): SingularValues {
  if (m < n) {
    const { u, s, vt } = jacobiSvd(transposed(a, m, n), n, m);
    return { u: transposed(vt, m, m), s, vt: transposed(u, n, m) };
  }
  const turned = transposed(a, m, n);
  const columns = Array.from({ length: n }, (_, j) => turned.slice(j * m, (j + 1) * m));
  const turns = Array.from({ length: n }, (_, j) => {
    const unit = new Float64Array(n);
    unit[j] = 1;
    return unit;
  });
  orthogonalise(columns, turns);
  const sizes = columns.map((column) => Math.sqrt(dot(column, column)));
  const order = sizes.map((_, j) => j).sort((p, q) => sizes[q]! - sizes[p]!);
  const nothing = (sizes[order[0]!] ?? 0) * n * Number.EPSILON;
  const left: Float64Array[] = [];
  const s = new Float64Array(n);
  const vt = new Float64Array(n * n);
  order.forEach((j, k) => {
    const none = sizes[j]! <= nothing;
    s[k] = none ? 0 : sizes[j]!;
    left.push(none ? anotherDirection(left, m) : columns[j]!.map((x) => x / sizes[j]!));
    vt.set(turns[j]!, k * n);
  });
  const ut = new Float64Array(n * m);
  left.forEach((column, k) => {
    ut.set(column, k * m);
  });
  return { u: transposed(ut, n, m), s, vt };
}
