/** LAPACK's singular value decomposition, where the BLAS in use brings it (OpenBLAS and MKL do). */
import koffi from 'koffi';
import { findBlas } from './blas.js';
import type { Lapack, SingularValues } from './platform.js';

type Native = (...args: unknown[]) => unknown;

/** dgesdd by divide and conquer, in float64. */
function decompose(gesdd: Native, a: ArrayLike<number>, m: number, n: number): SingularValues {
  const K = Math.min(m, n);
  const int = (x: number) => Int32Array.of(x);
  // Fortran reads columns, so it sees A^T = V diag(s) U^T, and what it calls U and V^T are ours turned.
  const work = Float64Array.from(a);
  const [s, u, vt] = [K, m * K, K * n].map((size) => new Float64Array(size));
  const integers = new Int32Array(8 * K);
  const info = int(0);
  const call = (scratch: Float64Array, size: number) => {
    const turned = [int(n), int(m), work, int(n), s, vt, int(n), u, int(K)];
    gesdd('S', ...turned, scratch, int(size), integers, info);
    if (info[0] !== 0) throw new Error(`LAPACK's dgesdd failed (info ${info[0]})`);
  };
  const best = new Float64Array(1);
  call(best, -1); // asks for the size of its scratch
  call(new Float64Array(best[0]!), best[0]!);
  return { u: u!, s: s!, vt: vt! };
}

/** A small case, so that a library of another calling convention is not believed. */
function isRight({ u, s, vt }: SingularValues, a: readonly number[], n: number): boolean {
  return a.every((x, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < s.length; k++) sum += u[row * s.length + k]! * s[k]! * vt[k * n + column]!;
    return Math.abs(sum - x) < 1e-12;
  });
}

function open(env: NodeJS.ProcessEnv): Lapack | null {
  const blas = findBlas(env);
  if (!blas) return null;
  try {
    const pointers = Array.from({ length: 13 }, () => 'void *');
    const gesdd = koffi
      .load(blas.library.path)
      .func('dgesdd_', 'void', ['const char *', ...pointers]);
    const svd: Lapack['svd'] = (a, m, n) => decompose(gesdd, a, m, n);
    const sample = [3, -1, 2, 0.5, 4, 1];
    return isRight(svd(sample, 2, 3), sample, 3) ? { library: blas.library, svd } : null;
  } catch {
    return null; // this BLAS comes without LAPACK
  }
}

const opened = new Map<string, Lapack | null>();

/** LAPACK of the BLAS that `findBlas` finds (`G2_BLAS`), on one thread; null where it has none. */
export function findLapack(env: NodeJS.ProcessEnv = process.env): Lapack | null {
  const key = env['G2_BLAS'] ?? '';
  if (!opened.has(key)) opened.set(key, open(env));
  return opened.get(key)!;
}
