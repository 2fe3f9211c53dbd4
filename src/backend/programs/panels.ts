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

/** Rows j0..j1 of wh [H, 4H], transposed, as panels of one matrix [4H, j1 - j0]. */
export function packBackward(
  r: Rank,
  wh: number,
  panels: number,
  h: number,
  j0: number,
  j1: number,
): void {
  for (let from = j0; from < j1; from += r.skinny.width) {
    const width = Math.min(r.skinny.width, j1 - from);
    r.kernels.transpose(
      wh + from * 16 * h,
      panels + (from - j0) * 16 * h,
      width,
      4 * h,
      4 * h,
      width,
    );
  }
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
