// Dropout masks from the numbers of randomUniform: element i is kept where U_i > p.
import { loadLanes, splat, storeLanes } from './math';
import { philoxPair, uniformBlock } from './philox';

/**
 * out[i] = kept ? scale : 0 for i in [start, start + n); `start` must be a multiple of 4, `scratch` holds
 * 128 bytes of the caller's own.
 */
export function dropoutMask(out: usize, start: i32, n: i32, key0: i32, key1: i32, c2: i32, c3: i32, p: f32, scale: f32, scratch: usize): void {
  const zero = i32x4.splat(0), step = i32x4.splat(c2), stream = i32x4.splat(c3);
  const pv = f32x4.splat(p), kept = f32x4.splat(scale);
  for (let i = 0; i < n; i += 32) {
    const first = i32x4.add(i32x4.splat((start + i) >>> 2), i32x4(0, 1, 2, 3));
    philoxPair(first, i32x4.add(first, i32x4.splat(4)), zero, step, stream, key0, key1, scratch);
    uniformBlock(scratch);
    uniformBlock(scratch + 64);
    for (let o: usize = 0; o < 128; o += 16) v128.store(scratch + o, v128.and(kept, f32x4.gt(v128.load(scratch + o), pv)));
    memory.copy(out + ((<usize>i) << 2), scratch, (<usize>min(32, n - i)) << 2);
  }
}

/**
 * out[i] = kept ? w[i] * scale : -0, same numbers as dropoutMask; `scratch` holds 256 bytes. A kept value
 * is never -0, so that weightDropGrad can tell the two apart without the mask.
 */
export function weightDrop(w: usize, out: usize, start: i32, n: i32, key0: i32, key1: i32, c2: i32, c3: i32, p: f32, scale: f32, scratch: usize): void {
  const zero = i32x4.splat(0), step = i32x4.splat(c2), stream = i32x4.splat(c3);
  const pv = splat(p), kept = splat(scale), gone = splat(-0.0), values = scratch + 128;
  for (let i = 0; i < n; i += 32) {
    const first = i32x4.add(i32x4.splat((start + i) >>> 2), i32x4(0, 1, 2, 3));
    philoxPair(first, i32x4.add(first, i32x4.splat(4)), zero, step, stream, key0, key1, scratch);
    uniformBlock(scratch);
    uniformBlock(scratch + 64);
    const at = (<usize>i) << 2, bytes = (<usize>min(32, n - i)) << 2;
    memory.copy(values, w + at, bytes); // whole blocks below, whatever n
    for (let o: usize = 0; o < 128; o += 16) {
      const value = f32x4.add(f32x4.mul(v128.load(values + o), kept), splat(0)); // -0 + 0 = 0
      v128.store(values + o, v128.bitselect(value, gone, f32x4.gt(v128.load(scratch + o), pv)));
    }
    memory.copy(out + at, values, bytes);
  }
}

/** out[i] = dy[i] * scale, 0 where `dropped` (what weightDrop wrote) is -0; `out` may be `dy`. */
export function weightDropGrad(dropped: usize, dy: usize, out: usize, n: i32, scale: f32): void {
  const kept = splat(scale), gone = splat(-0.0);
  for (let i = 0; i < n; i += 4) {
    const o = (<usize>i) << 2, m = n - i;
    const isGone = i32x4.eq(loadLanes(dropped + o, m), gone);
    storeLanes(out + o, v128.andnot(f32x4.mul(loadLanes(dy + o, m), kept), isGone), m);
  }
}
