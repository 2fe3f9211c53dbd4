// Single-precision matrix product on 128-bit SIMD, row-major, one thread.
//
// Every element of C is summed the same way whatever M, N, the leading dimensions, the addresses
// and the path taken: blocks of KC terms in the order of k, each from zero, added up in order.
// So a product split by rows or columns over any number of ranks gives the same bits.
//
// The micro-kernel holds a 5 x 8 tile of C in ten registers. With two registers of B, one of A
// and one product that fits a 16-register machine beside V8's scratch register, and ten
// independent sums cover the latency of an addition. It reads A where it lies, by rows, and B
// from packed strips; unrolling over k makes V8 move registers about and is slower. B is packed
// even for few rows: read in place, its rows lie on different pages and nothing is prefetched.

import { madd } from './madd';

export { probe } from './madd';

/** Rows and columns of the register tile. */
const MR: i32 = 5;
const NR: i32 = 8;
/** Terms summed in registers before C is touched; part of the numerical contract above. */
const KC: i32 = 384;
/** Rows of A swept over one panel of B: MC * KC floats, 90 KiB, stay in any second-level cache. */
const MC: i32 = 60;
/** Columns of a packed panel of B. */
const NC: i32 = 512;
/** Columns packed at a time. */
const NP: i32 = 128;
/** Floats per row of a transposed block of A: odd in cache lines, so that rows spread over sets. */
const A_STRIDE: i32 = KC + 16;
const STRIP_BYTES: usize = <usize>NR << 2;
/** Bytes from one packed strip to the next: again odd in cache lines. */
const STRIP_STRIDE: usize = <usize>KC * STRIP_BYTES + 64;

const PANEL_BYTES: usize = <usize>(NC / NR) * STRIP_STRIDE;
const BLOCK_BYTES: usize = <usize>(MC * A_STRIDE) << 2;
const TILE_BYTES: usize = <usize>(MR * NR) << 2;

/** Scratch memory one caller needs, in bytes; any 16-byte aligned address will do. */
export function workspaceBytes(): usize {
  return PANEL_BYTES + BLOCK_BYTES + TILE_BYTES;
}

// @ts-ignore: decorator
@inline
function finish(c: usize, x: v128, y: v128, add: bool): void {
  if (add) {
    v128.store(c, f32x4.add(v128.load(c), x));
    v128.store(c, f32x4.add(v128.load(c, 16), y), 16);
  } else {
    v128.store(c, x);
    v128.store(c, y, 16);
  }
}

/**
 * C[rows x 8] (+)= A[rows x kc] B[kc x 8]; lda and ldc are bytes. `rows` (1 to 5) is a constant
 * of the caller, so that only the lines in use remain.
 */
// @ts-ignore: decorator
@inline
function tile(rows: i32, kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  let x0 = f32x4.splat(0), y0 = x0, x1 = x0, y1 = x0, x2 = x0, y2 = x0, x3 = x0, y3 = x0, x4 = x0, y4 = x0;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
  for (let k = 0; k < kc; k++) {
    const u = v128.load(b), v = v128.load(b, 16);
    let s = v128.load32_splat(a0);
    x0 = madd(s, u, x0);
    y0 = madd(s, v, y0);
    a0 += 4;
    if (rows > 1) {
      s = v128.load32_splat(a1);
      x1 = madd(s, u, x1);
      y1 = madd(s, v, y1);
      a1 += 4;
    }
    if (rows > 2) {
      s = v128.load32_splat(a2);
      x2 = madd(s, u, x2);
      y2 = madd(s, v, y2);
      a2 += 4;
    }
    if (rows > 3) {
      s = v128.load32_splat(a3);
      x3 = madd(s, u, x3);
      y3 = madd(s, v, y3);
      a3 += 4;
    }
    if (rows > 4) {
      s = v128.load32_splat(a4);
      x4 = madd(s, u, x4);
      y4 = madd(s, v, y4);
      a4 += 4;
    }
    b += STRIP_BYTES;
  }
  finish(c, x0, y0, add);
  if (rows > 1) finish((c += ldc), x1, y1, add);
  if (rows > 2) finish((c += ldc), x2, y2, add);
  if (rows > 3) finish((c += ldc), x3, y3, add);
  if (rows > 4) finish((c += ldc), x4, y4, add);
}

function tile1(kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  tile(1, kc, a, lda, b, c, ldc, add);
}
function tile2(kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  tile(2, kc, a, lda, b, c, ldc, add);
}
function tile3(kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  tile(3, kc, a, lda, b, c, ldc, add);
}
function tile4(kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  tile(4, kc, a, lda, b, c, ldc, add);
}
function tile5(kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  tile(5, kc, a, lda, b, c, ldc, add);
}
function tileOf(rows: i32, kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool): void {
  if (rows == 5) tile5(kc, a, lda, b, c, ldc, add);
  else if (rows == 4) tile4(kc, a, lda, b, c, ldc, add);
  else if (rows == 3) tile3(kc, a, lda, b, c, ldc, add);
  else if (rows == 2) tile2(kc, a, lda, b, c, ldc, add);
  else tile1(kc, a, lda, b, c, ldc, add);
}

/** A tile at the right edge, `columns` < 8 wide: summed in `scratch`, then copied. */
function edgeTile(rows: i32, columns: i32, kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool, scratch: usize): void {
  tileOf(rows, kc, a, lda, b, scratch, STRIP_BYTES, false);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = c + (<usize>j << 2);
      const sum = load<f32>(scratch + (<usize>j << 2));
      store<f32>(at, add ? load<f32>(at) + sum : sum);
    }
    c += ldc;
    scratch += STRIP_BYTES;
  }
}

/**
 * C (+)= A B for one strip of at most 8 columns and all `m` rows. Tiles get 5 or 4 rows wherever
 * m allows, since thinner ones wait for their additions.
 */
function column(m: i32, columns: i32, kc: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, add: bool, scratch: usize): void {
  for (let left = (m + MR - 1) / MR; left > 0; left--) {
    const rows = (m + left - 1) / left;
    if (columns == NR) tileOf(rows, kc, a, lda, b, c, ldc, add);
    else edgeTile(rows, columns, kc, a, lda, b, c, ldc, add, scratch);
    a += <usize>rows * lda;
    c += <usize>rows * ldc;
    m -= rows;
  }
}

/** to[j][i] = from[i][j] for i < rows, j < columns; strides in bytes. */
function transpose(from: usize, fromStride: usize, rows: i32, columns: i32, to: usize, toStride: usize): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let p = from + <usize>i * fromStride, q = to + (<usize>i << 2), j = 0;
    for (; j + 4 <= columns; j += 4) {
      const p2 = p + (fromStride << 1);
      const r0 = v128.load(p), r1 = v128.load(p + fromStride), r2 = v128.load(p2), r3 = v128.load(p2 + fromStride);
      const l01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), l23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
      const h01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), h23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      const q2 = q + (toStride << 1);
      v128.store(q, v128.shuffle<i64>(l01, l23, 0, 2));
      v128.store(q + toStride, v128.shuffle<i64>(l01, l23, 1, 3));
      v128.store(q2, v128.shuffle<i64>(h01, h23, 0, 2));
      v128.store(q2 + toStride, v128.shuffle<i64>(h01, h23, 1, 3));
      p += 16;
      q = q2 + (toStride << 1);
    }
    for (; j < columns; j++) {
      for (let r: usize = 0; r < 4; r++) store<f32>(q + (r << 2), load<f32>(p + r * fromStride));
      p += 4;
      q += toStride;
    }
  }
  for (; i < rows; i++) {
    let p = from + <usize>i * fromStride, q = to + (<usize>i << 2);
    for (let j = 0; j < columns; j++) {
      store<f32>(q, load<f32>(p));
      p += 4;
      q += toStride;
    }
  }
}

/**
 * Rows of B, `columns` wide, to strips of [kc][8], the missing columns of the last one zero. It
 * goes along the rows, as the machine's prefetching does, a few strips at a time.
 */
function packRows(b: usize, ldb: usize, columns: i32, kc: i32, to: usize): void {
  for (let k = 0; k < kc; k++) {
    let p = b, q = to, j = columns;
    for (; j >= NR; j -= NR) {
      v128.store(q, v128.load(p));
      v128.store(q, v128.load(p, 16), 16);
      p += STRIP_BYTES;
      q += STRIP_STRIDE;
    }
    if (j > 0) {
      const zero = f32x4.splat(0);
      v128.store(q, zero);
      v128.store(q, zero, 16);
      for (; j > 0; j--) {
        store<f32>(q, load<f32>(p));
        p += 4;
        q += 4;
      }
    }
    b += ldb;
    to += STRIP_BYTES;
  }
}

/** The same from columns of B, that is rows of the stored matrix when it is used transposed. */
function packColumns(b: usize, ldb: usize, columns: i32, kc: i32, to: usize): void {
  for (let j = 0; j < columns; j += NR) {
    const n = min(NR, columns - j);
    if (n < NR) memory.fill(to, 0, <usize>kc * STRIP_BYTES);
    transpose(b, ldb, n, kc, to, STRIP_BYTES);
    b += <usize>NR * ldb;
    to += STRIP_STRIDE;
  }
}

/**
 * C = op(A) op(B) + beta C, with op(X) = X or its transpose where ta or tb is not 0; op(A) is
 * [M x K], op(B) [K x N], and the leading dimensions count floats of the rows as stored. beta is
 * 0 (C is not read) or 1. `work`: workspaceBytes() bytes that nobody else uses meanwhile.
 * A B that is one strip already (N = ldb = 8, not transposed) is used where it lies, unpacked:
 * weights used again and again are best kept as strips and multiplied strip by strip.
 */
export function sgemm(ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, beta: i32, C: usize, ldc: i32, work: usize): void {
  const as = <usize>lda << 2, bs = <usize>ldb << 2, cs = <usize>ldc << 2;
  const block = work + PANEL_BYTES, scratch = block + BLOCK_BYTES;
  let panel = work;
  if (K <= 0 && beta == 0) for (let i = 0; i < M; i++) memory.fill(C + <usize>i * cs, 0, <usize>N << 2);
  const width = M <= MC ? NP : NC, isStrip = tb == 0 && N == NR && ldb == NR;
  for (let k0 = 0; k0 < K; k0 += KC) {
    const kc = min(KC, K - k0), add = beta != 0 || k0 > 0;
    const Ak = A + (ta ? <usize>k0 * as : <usize>k0 << 2), Bk = B + (tb ? <usize>k0 << 2 : <usize>k0 * bs);
    for (let j0 = 0; j0 < N; j0 += width) {
      const nc = min(width, N - j0);
      if (isStrip) panel = Bk;
      else if (tb) packColumns(Bk + <usize>j0 * bs, bs, nc, kc, panel);
      else {
        for (let j = 0; j < nc; j += NP) {
          packRows(Bk + (<usize>(j0 + j) << 2), bs, min(NP, nc - j), kc, panel + <usize>(j / NR) * STRIP_STRIDE);
        }
      }
      for (let i0 = 0; i0 < M; i0 += MC) {
        const mc = min(MC, M - i0);
        let a = Ak + <usize>i0 * as, stride = as;
        if (ta) {
          a = block;
          stride = <usize>A_STRIDE << 2;
          if (j0 == 0 || M > MC) transpose(Ak + (<usize>i0 << 2), as, kc, mc, a, stride);
        }
        let c = C + <usize>i0 * cs + (<usize>j0 << 2), b = panel;
        for (let j = 0; j < nc; j += NR) {
          column(mc, min(NR, nc - j), kc, a, stride, b, c, cs, add, scratch);
          b += STRIP_STRIDE;
          c += STRIP_BYTES;
        }
      }
    }
  }
}
