import type { Rank } from '../ranks.js';

// The recurrence multiplies a few rows by the same weights at every time step. Copied once a window
// into contiguous panels of a fixed width, that product runs up to twice as fast (a BLAS does not pack
// them again, our GEMM reads them in place). A matrix [K, N] becomes panels [K, w] one behind the
// other, w = the rank's panel width, less in the last.

/** Columns j0..j1 of every gate of wh [H, 4H] as panels of one matrix [H, 4 * (j1 - j0)]. */
export function packForward(
  r: Rank,
  wh: number,
  panels: number,
  h: number,
  j0: number,
  j1: number,
): void {
  const hj = j1 - j0;
  const columns = 4 * hj;
  for (let from = 0; from < columns; from += r.skinny.width) {
    const width = Math.min(r.skinny.width, columns - from);
    const panel = panels + from * h * 4;
    for (let at = from; at < from + width; ) {
      const gate = Math.floor(at / hj);
      const end = Math.min(from + width, (gate + 1) * hj); // a panel may run over into the next gate
      const source = wh + (gate * h + j0 + at - gate * hj) * 4;
      r.kernels.copyRows(source, panel + (at - from) * 4, h, (end - at) * 4, 16 * h, width * 4);
      at = end;
    }
  }
}

/** Columns j0..j1 of w [k, n] as panels of one matrix [k, j1 - j0]. */
export function packColumns(
  r: Rank,
  w: number,
  panels: number,
  k: number,
  n: number,
  j0: number,
  j1: number,
): void {
  for (let from = j0; from < j1; from += r.skinny.width) {
    const width = Math.min(r.skinny.width, j1 - from);
    const panel = panels + (from - j0) * k * 4;
    r.kernels.copyRows(w + from * 4, panel, k, width * 4, n * 4, width * 4);
  }
}

/** Rows j0..j1 of w [k, n], transposed, as panels of one matrix [n, j1 - j0]. */
export function packRows(
  r: Rank,
  w: number,
  panels: number,
  n: number,
  j0: number,
  j1: number,
): void {
  for (let from = j0; from < j1; from += r.skinny.width) {
    const width = Math.min(r.skinny.width, j1 - from);
    r.kernels.transpose(w + from * n * 4, panels + (from - j0) * n * 4, width, n, n, width);
  }
}

/** Rows j0..j1 of wh [H, 4H], transposed, as panels of one matrix [4H, j1 - j0]. */
export function packBackward(
  r: Rank,
  wh: number,
  panels: number,
  h: number,
  j0: number,
  j1: number,
): void {
  packRows(r, wh, panels, 4 * h, j0, j1);
}

/** C[m, n] = A[m, k] W + beta C, W [k, n] in panels; lda and ldc in elements. */
export function skinnyProduct(
  r: Rank,
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  panels: number,
  beta: number,
  c: number,
  ldc: number,
): void {
  const { width, work } = r.skinny;
  const parts = Math.max(1, Math.ceil((m * Math.min(width, n) * k) / work));
  for (let from = 0; from < n; from += width) {
    const w = Math.min(width, n - from);
    const panel = panels + from * k * 4;
    for (let part = 0; part < parts; part++) {
      const k0 = Math.floor((k * part) / parts);
      const k1 = Math.floor((k * (part + 1)) / parts);
      r.gemm(
        0,
        0,
        m,
        w,
        k1 - k0,
        a + k0 * 4,
        lda,
        panel + k0 * w * 4,
        w,
        part === 0 ? beta : 1,
        c + from * 4,
        ldc,
      );
    }
  }
}

/** A weight matrix [k, n] in panels. */
export interface Factor {
  at: number;
  k: number;
  n: number;
}

/**
 * Rows from..to of C = A W + beta C, A [.., k] and C [.., n] without gaps, in calls of a fixed number of
 * rows: `from` must be a multiple of it. Every rank makes the calls of its own rows, and no bit of them
 * depends on how many ranks there are.
 */
export function rowsProduct(
  r: Rank,
  from: number,
  to: number,
  { at, k, n }: Factor,
  a: number,
  beta: number,
  c: number,
  block: number,
): void {
  const width = Math.min(r.skinny.width, n);
  const parts = Math.max(1, Math.ceil((block * width * k) / r.skinny.work));
  for (let column = 0; column < n; column += width) {
    const w = Math.min(width, n - column);
    const panel = at + column * k * 4;
    for (let row = from; row < to; row += block) {
      const m = Math.min(block, to - row);
      for (let part = 0; part < parts; part++) {
        const k0 = Math.floor((k * part) / parts);
        const k1 = Math.floor((k * (part + 1)) / parts);
        const rest = [part === 0 ? beta : 1, c + (row * n + column) * 4, n] as const;
        r.gemm(0, 0, m, w, k1 - k0, a + (row * k + k0) * 4, k, panel + k0 * w * 4, w, ...rest);
      }
    }
  }
}
