import type { Gemm } from '../gemm.js';
import type { Rank } from '../ranks.js';

// Programs: what every rank runs for one command, each on its own part. Arguments are numbers only;
// addresses are byte offsets.

/** C[M, N] = op(A) op(B) + beta C, cut along the longer side of C. */
export function gemm(
  r: Rank,
  ...[ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc]: Parameters<Gemm>
): void {
  if (m >= n) {
    const [from, to] = r.part(m, 8);
    if (to > from)
      r.gemm(
        ta,
        tb,
        to - from,
        n,
        k,
        a + (ta ? from : from * lda) * 4,
        lda,
        b,
        ldb,
        beta,
        c + from * ldc * 4,
        ldc,
      );
  } else {
    const [from, to] = r.part(n, 16);
    if (to > from)
      r.gemm(
        ta,
        tb,
        m,
        to - from,
        k,
        a,
        lda,
        b + (tb ? from * ldb : from) * 4,
        ldb,
        beta,
        c + from * 4,
        ldc,
      );
  }
}

/** Elementwise binary op over [rows, cols] with row strides and column steps (0 or 1). */
export function binary(
  r: Rank,
  op: number,
  a: number,
  b: number,
  out: number,
  rows: number,
  cols: number,
  rowA: number,
  stepA: number,
  rowB: number,
  stepB: number,
): void {
  if (rows === 1) {
    const [from, to] = r.part(cols, 64);
    if (to > from)
      r.kernels.binary(
        op,
        a + stepA * from * 4,
        b + stepB * from * 4,
        out + from * 4,
        1,
        to - from,
        0,
        stepA,
        0,
        stepB,
      );
  } else {
    const [from, to] = r.part(rows, 1);
    if (to > from)
      r.kernels.binary(
        op,
        a + from * rowA * 4,
        b + from * rowB * 4,
        out + from * cols * 4,
        to - from,
        cols,
        rowA,
        stepA,
        rowB,
        stepB,
      );
  }
}

export function unary(r: Rank, op: number, a: number, out: number, n: number): void {
  const [from, to] = r.part(n, 64);
  if (to > from) r.kernels.unary(op, a + from * 4, out + from * 4, to - from);
}

export function fill(r: Rank, out: number, n: number, value: number): void {
  const [from, to] = r.part(n, 1024);
  if (to > from) r.kernels.fill(out + from * 4, to - from, value);
}

/** [outer, red, inner] -> [outer, inner]. */
export function reduce(
  r: Rank,
  isMax: number,
  a: number,
  out: number,
  outer: number,
  red: number,
  inner: number,
  scale: number,
): void {
  if (inner === 1 || outer >= 8) {
    const [from, to] = r.part(outer, 1);
    if (to > from)
      r.kernels.reduce(
        isMax,
        a + from * red * inner * 4,
        out + from * inner * 4,
        to - from,
        red,
        inner,
        0,
        inner,
        scale,
      );
  } else {
    const [from, to] = r.part(inner, 16);
    if (to > from) r.kernels.reduce(isMax, a, out, outer, red, inner, from, to, scale);
  }
}

export function softmaxRows(
  r: Rank,
  x: number,
  out: number,
  rows: number,
  v: number,
  log: number,
): void {
  const [from, to] = r.part(rows, 1);
  if (to > from) r.kernels.softmaxRows(x + from * v * 4, out + from * v * 4, to - from, v, log);
}

export function logSoftmaxGrad(
  r: Rank,
  dy: number,
  y: number,
  dx: number,
  rows: number,
  v: number,
): void {
  const [from, to] = r.part(rows, 1);
  const at = from * v * 4;
  if (to > from) r.kernels.logSoftmaxGrad(dy + at, y + at, dx + at, to - from, v);
}

export function gather(
  r: Rank,
  table: number,
  ids: number,
  out: number,
  n: number,
  width: number,
  tableRows: number,
): void {
  const [from, to] = r.part(n, 1);
  if (to > from)
    r.kernels.gatherRows(
      table,
      ids + from * 4,
      out + from * width * 4,
      to - from,
      width,
      tableRows,
    );
}

export function zeroRows(r: Rank, table: number, ids: number, n: number, width: number): void {
  const [from, to] = r.part(n, 1);
  if (to > from) r.kernels.zeroRows(table, ids + from * 4, to - from, width);
}

/** out[i] = U(key, stream, step, i), i < n. */
export function randomUniform(
  r: Rank,
  out: number,
  n: number,
  key0: number,
  key1: number,
  step: number,
  stream: number,
): void {
  const [from, to] = r.part(n, 64);
  if (to > from)
    r.kernels.randomUniform(out + from * 4, from, to - from, key0, key1, step, stream, r.scratch);
}
