import { LAYOUT } from '../memory.js';
import type { Rank } from '../ranks.js';

/** Reduction slot of the squared gradient norm. */
export const NORM_SLOT = 1;
/** i32 words a variable takes in the table: w, g, n, ids or 0, rows, width, two of its own or 0. */
export const ENTRY_WORDS = 8;

/** A row of the table; addresses are byte offsets in the shared memory. */
function entry(table: Int32Array, i: number) {
  const e = LAYOUT.table / 4 + i * ENTRY_WORDS;
  const address = (word: number) => (table[e + word] as number) >>> 0;
  return {
    w: address(0),
    g: address(1),
    n: table[e + 2] as number,
    ids: address(3),
    rows: table[e + 4] as number,
    width: table[e + 5] as number,
    /** Average (sgd) or first moment. */
    average: address(6),
    /** Second moment. */
    second: address(7),
  };
}

/** Norm over all gradients together, summed in float64; the same on every rank. */
function gradientNorm(r: Rank, count: number): number {
  const k = r.kernels;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const { g, n, ids, rows, width } = entry(r.i32, i);
    if (ids) {
      const [from, to] = r.part(rows, 1);
      if (to > from) sum += k.sumSquaresRows(g, ids + from * 4, to - from, width);
    } else {
      const [from, to] = r.part(n, 1024);
      if (to > from) sum += k.sumSquares(g + from * 4, to - from);
    }
  }
  r.setReduction(NORM_SLOT, sum);
  r.barrier();
  return Math.sqrt(r.reduction(NORM_SLOT));
}

/** What a gradient is multiplied by: the norm of scale * g is cut at `clip` (0 = no clipping). */
const clipped = (norm: number, scale: number, clip: number): number =>
  clip > 0 ? scale * Math.min(1, clip / (scale * norm + 1e-6)) : scale;

/**
 * For every variable of the table, with G = min(1, clip / (|g| + 1e-6)) * g + decay * w:
 * w -= lr * G, and where it has an average, average += mu * (w - average). |g| is the norm over all
 * of them, summed in float64. Gradients with a row list touch these rows alone where there is no decay.
 * A norm that is not finite leaves everything as it is: the caller sees it and decides.
 */
export function sgd(
  r: Rank,
  count: number,
  lr: number,
  clip: number,
  decay: number,
  mu: number,
): void {
  const table = r.i32;
  const k = r.kernels;
  const norm = gradientNorm(r, count);
  if (!Number.isFinite(norm)) return;
  const scale = clipped(norm, 1, clip);
  const step = -lr * scale;
  let late = false; // averages of variables whose rows were shared out otherwise
  for (let i = 0; i < count; i++) {
    const { w, g, n, ids, rows, width, average } = entry(table, i);
    if (ids && decay === 0) {
      const [from, to] = r.part(rows, 1);
      if (to > from) k.axpyRows(w, g, ids + from * 4, to - from, width, step);
      late ||= average !== 0;
      continue;
    }
    const [from, to] = r.part(n, 1024);
    const at = from * 4;
    if (to <= from) continue;
    if (decay === 0 && average === 0) k.axpy(w + at, g + at, to - from, step);
    else k.sgdStep(w + at, g + at, average && average + at, to - from, -lr, scale, decay, mu);
  }
  if (!late) return;
  r.barrier();
  for (let i = 0; i < count; i++) {
    const { w, n, ids, average } = entry(table, i);
    const [from, to] = r.part(n, 1024);
    if (ids && average && to > from) k.averageStep(w + from * 4, average + from * 4, to - from, mu);
  }
}

/** Work of every rank on its share of every variable, with the factor of the gradients. */
function everyVariable(
  r: Rank,
  count: number,
  [scale, clip]: [number, number],
  update: (factor: number, addresses: number[], n: number) => void,
): void {
  const norm = scale * gradientNorm(r, count);
  if (!Number.isFinite(norm)) return;
  const factor = clipped(norm / scale, scale, clip);
  for (let i = 0; i < count; i++) {
    const { w, g, n, average, second } = entry(r.i32, i);
    const [from, to] = r.part(n, 1024);
    const addresses = [w, g, average, second].map((address) => address + from * 4);
    if (to > from) update(factor, addresses, to - from);
  }
}

/** Adam on every variable of the table, gradients times `scale` and clipped together. */
export function adam(
  r: Rank,
  count: number,
  scale: number,
  clip: number,
  ...constants: number[]
): void {
  everyVariable(r, count, [scale, clip], (factor, addresses, n) => {
    const [w, g, mean, square] = addresses as [number, number, number, number];
    r.kernels.adamStep(w, g, mean, square, n, factor, ...constants);
  });
}

/** AdaDelta, the same way. */
export function adaDelta(
  r: Rank,
  count: number,
  scale: number,
  clip: number,
  ...constants: number[]
): void {
  everyVariable(r, count, [scale, clip], (factor, addresses, n) => {
    const [w, g, square, delta] = addresses as [number, number, number, number];
    r.kernels.adaDeltaStep(w, g, square, delta, n, factor, ...constants);
  });
}
