/** Rates of the matrix product that a backend multiplies with. */
import type { BlasBackend } from '../backend/backend.js';
import { type BackendInfo, blasBackend, useBackend } from '../backend/install.js';
import { UserError } from '../errors.js';
import { spread } from './statistics.js';

/** C[m, n] = op(A)[m, k] op(B)[k, n], float32. */
export interface GemmShape {
  /** What it is in a training step. */
  name: string;
  m: number;
  n: number;
  k: number;
  /** A is stored transposed, [k, m]. */
  ta?: boolean;
  /** B is stored transposed, [n, k]. */
  tb?: boolean;
}

/** Rate of one product in GF/s, 2 m n k floating-point operations each. */
export interface GemmRate {
  median: number;
  best: number;
  /** Runs that the median is of. */
  runs: number;
}

/** One line of `bench gemm`. */
export interface GemmLine extends GemmShape {
  /** Rank 0 alone. */
  one: GemmRate;
  /** All ranks, each with its share of C on one thread; null with a single rank. */
  all: GemmRate | null;
}

/** Sizes of a language model's training step. */
export interface StepSizes {
  hidden: number;
  batch: number;
  bptt: number;
  vocabulary: number;
}

/** The products of a training step: forward, backward in the sequence, and weight gradients. */
export function stepShapes({
  hidden: H,
  batch: B,
  bptt: T,
  vocabulary: V,
}: StepSizes): GemmShape[] {
  const N = T * B;
  return [
    { name: 'input projection, all steps', m: N, n: 4 * H, k: H },
    { name: 'recurrence, one step', m: B, n: 4 * H, k: H },
    { name: 'recurrence backward, one step', m: B, n: H, k: 4 * H },
    { name: 'softmax', m: N, n: V, k: H },
    { name: 'softmax backward', m: N, n: H, k: V, tb: true },
    { name: 'softmax weight gradient', m: H, n: V, k: N, ta: true },
    { name: 'LSTM weight gradient', m: H, n: 4 * H, k: N, ta: true },
  ];
}

/** The blas backend, started; another one has no products to measure. */
export async function requireBlasBackend(
  threads?: number,
): Promise<{ backend: BlasBackend; info: BackendInfo }> {
  const info = await useBackend({ threads });
  const backend = blasBackend();
  if (!backend)
    throw new UserError(
      'only our own backend can be measured here: unset G2_BACKEND or set it to blas',
    );
  return { backend, info };
}

/**
 * Measures one product; `seconds` is shared out over `runs` runs, each as many calls as fit.
 * @param ranks `one` = rank 0 alone, `all` = as kernels run it
 */
export function gemmRate(
  be: BlasBackend,
  shape: GemmShape,
  ranks: 'one' | 'all',
  { seconds = 0.3, runs = 7 }: { seconds?: number; runs?: number } = {},
): GemmRate {
  const { m, n, k, ta = false, tb = false } = shape;
  const sizes = [m * k, k * n, m * n];
  const places = sizes.map((size) => be.workspace(size));
  try {
    const [a, b, c] = places.map((s) => s.base) as [number, number, number];
    be.team.run('randomUniform', a, m * k, 1, 0, 0, 0);
    be.team.run('randomUniform', b, k * n, 2, 0, 0, 0);
    const args = [ta ? 1 : 0, tb ? 1 : 0, m, n, k, a, ta ? m : k, b, tb ? k : n, 0, c, n];
    const call = (): void =>
      ranks === 'one' ? be.team.runSolo('gemm', ...args) : be.team.run('gemm', ...args);
    const timed = (calls: number): number => {
      const start = performance.now();
      for (let i = 0; i < calls; i++) call();
      return (performance.now() - start) / 1000;
    };
    timed(1); // pages, caches, clock
    const calls = Math.max(1, Math.round(seconds / runs / Math.max(timed(1), 1e-7)));
    const rates = Array.from({ length: runs }, () => (2 * m * n * k * calls) / timed(calls) / 1e9);
    const { median, max } = spread(rates);
    return { median, best: max, runs };
  } finally {
    for (const place of places) place.drop();
  }
}

/** Measures a product with one rank and, where there are more, with all. */
export function gemmLine(be: BlasBackend, shape: GemmShape, seconds?: number): GemmLine {
  const one = gemmRate(be, shape, 'one', { seconds });
  const all = be.team.threads > 1 ? gemmRate(be, shape, 'all', { seconds }) : null;
  return { ...shape, one, all };
}

/**
 * The highest rate of all ranks together that was seen on square products, GF/s: what a training
 * step is held against. Rows of 1024 numbers share cache sets, so a BLAS may be faster on 1536 or 2000.
 */
export function peakRate(be: BlasBackend): number {
  const rates = [1024, 1536, 2000].map((size) => {
    const square = { name: 'square', m: size, n: size, k: size };
    return gemmRate(be, square, 'all', { seconds: 0.6, runs: 5 }).best;
  });
  return Math.max(...rates);
}
