// Copies, gathers, transposes. Row lengths in elements, copies in bytes.
import { axpy } from './elementwise';

export function copyRows(src: usize, dst: usize, rows: i32, bytes: usize, srcStride: usize, dstStride: usize): void {
  for (let r = 0; r < rows; r++) memory.copy(dst + <usize>r * dstStride, src + <usize>r * srcStride, bytes);
}

export function zeroBytes(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes);
}

/** out[r] = table[ids[r]]; an id outside [0, tableRows) gives a row of NaN. */
export function gatherRows(table: usize, ids: usize, out: usize, n: i32, width: i32, tableRows: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < n; r++) {
    const id = load<i32>(ids + ((<usize>r) << 2)), o = out + <usize>r * bytes;
    if (id < 0 || id >= tableRows) memory.fill(o, 0xff, bytes);
    else memory.copy(o, table + <usize>id * bytes, bytes);
  }
}

/** table[ids[r]] += x[r]; ids outside [0, tableRows) are skipped, as tfjs does. */
export function scatterAdd(table: usize, ids: usize, x: usize, n: i32, width: i32, tableRows: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < n; r++) {
    const id = load<i32>(ids + ((<usize>r) << 2));
    if (id >= 0 && id < tableRows) axpy(table + <usize>id * bytes, x + <usize>r * bytes, width, 1);
  }
}

export function zeroRows(table: usize, ids: usize, n: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < n; r++) memory.fill(table + <usize>load<i32>(ids + ((<usize>r) << 2)) * bytes, 0, bytes);
}

/** out[c, r] = a[r, c] for an [R, C] block; leading dimensions in elements. */
export function transpose(a: usize, out: usize, R: i32, C: i32, lda: i32, ldo: i32): void {
  const rowA = (<usize>lda) << 2, rowO = (<usize>ldo) << 2, R4 = R & ~3, C4 = C & ~3;
  for (let r = 0; r < R4; r += 4) {
    for (let c = 0; c < C4; c += 4) {
      const p = a + <usize>r * rowA + ((<usize>c) << 2), q = out + <usize>c * rowO + ((<usize>r) << 2);
      const v0 = v128.load(p), v1 = v128.load(p + rowA), v2 = v128.load(p + 2 * rowA), v3 = v128.load(p + 3 * rowA);
      const x = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5), y = v128.shuffle<i32>(v2, v3, 0, 4, 1, 5);
      const z = v128.shuffle<i32>(v0, v1, 2, 6, 3, 7), w = v128.shuffle<i32>(v2, v3, 2, 6, 3, 7);
      v128.store(q, v128.shuffle<i64>(x, y, 0, 2));
      v128.store(q + rowO, v128.shuffle<i64>(x, y, 1, 3));
      v128.store(q + 2 * rowO, v128.shuffle<i64>(z, w, 0, 2));
      v128.store(q + 3 * rowO, v128.shuffle<i64>(z, w, 1, 3));
    }
  }
  for (let r = 0; r < R; r++) {
    for (let c = r < R4 ? C4 : 0; c < C; c++) {
      store<f32>(out + <usize>c * rowO + ((<usize>r) << 2), load<f32>(a + <usize>r * rowA + ((<usize>c) << 2)));
    }
  }
}
