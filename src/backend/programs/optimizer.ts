import { LAYOUT } from '../memory.js';
import type { Rank } from '../ranks.js';

/** Reduction slot of the squared gradient norm. */
export const NORM_SLOT = 1;
/** i32 words a variable takes in the table: w, g, n, ids or 0, rows, width. */
export const ENTRY_WORDS = 6;

/**
 * w -= lr * min(1, clip / (|g| + 1e-6)) * g for every variable of the table; |g| is the norm over all
 * of them, summed in float64. Gradients with a row list touch these rows alone. A norm that is not
 * finite leaves the weights as they are: the caller sees it and decides.
 */
export function sgd(r: Rank, count: number, lr: number, clip: number): void {
  const table = r.i32;
  const at = LAYOUT.table / 4;
  const k = r.kernels;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const e = at + i * ENTRY_WORDS;
    const g = (table[e + 1] as number) >>> 0;
    const ids = (table[e + 3] as number) >>> 0;
    if (ids) {
      const [from, to] = r.part(table[e + 4] as number, 1);
      if (to > from) sum += k.sumSquaresRows(g, ids + from * 4, to - from, table[e + 5] as number);
    } else {
      const [from, to] = r.part(table[e + 2] as number, 1024);
      if (to > from) sum += k.sumSquares(g + from * 4, to - from);
    }
  }
  r.setReduction(NORM_SLOT, sum);
  r.barrier();
  const norm = Math.sqrt(r.reduction(NORM_SLOT));
  if (!Number.isFinite(norm)) return;
  const step = -lr * (clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1);
  for (let i = 0; i < count; i++) {
    const e = at + i * ENTRY_WORDS;
    const w = (table[e] as number) >>> 0;
    const g = (table[e + 1] as number) >>> 0;
    const ids = (table[e + 3] as number) >>> 0;
    if (ids) {
      const [from, to] = r.part(table[e + 4] as number, 1);
      if (to > from) k.axpyRows(w, g, ids + from * 4, to - from, table[e + 5] as number, step);
    } else {
      const [from, to] = r.part(table[e + 2] as number, 1024);
      if (to > from) k.axpy(w + from * 4, g + from * 4, to - from, step);
    }
  }
}
