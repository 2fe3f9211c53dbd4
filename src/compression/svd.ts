/** Singular value decomposition: LAPACK's where the BLAS in use brings it, else our own. */
import { platform } from '../backend/platform/node.js';
import type { SingularValues } from '../backend/platform/platform.js';
import { jacobiSvd } from './jacobi.js';

export type SvdMethod = 'lapack' | 'jacobi';

/** Singular values and what computed them. */
export interface Svd extends SingularValues {
  method: SvdMethod;
}

/**
 * A = U diag(s) V^T of a row-major [m, n] matrix, in float64, singular values descending, K = min(m, n)
 * of them. U [m, K] has orthonormal columns, V^T [K, n] orthonormal rows; the sign of each pair of them
 * is the library's choice.
 * @param method default: LAPACK where there is one (1150 x 1150 in about a second), else Jacobi rotations
 */
export function svd(a: ArrayLike<number>, m: number, n: number, method?: SvdMethod): Svd {
  if (m < 1 || n < 1 || a.length !== m * n)
    throw new RangeError(`svd: ${a.length} values are no ${m} x ${n} matrix`);
  const lapack = method === 'jacobi' ? null : platform.findLapack();
  if (method === 'lapack' && !lapack) throw new Error('svd: the BLAS in use brings no LAPACK');
  if (lapack) return { ...lapack.svd(a, m, n), method: 'lapack' };
  return { ...jacobiSvd(a, m, n), method: 'jacobi' };
}
