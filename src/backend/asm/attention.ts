// Additive attention of one target step: every row of the batch looks at its own source sentence.
// Annotations [S, M, D] and keys [S, M, A]: positions outside, sentences inside; behind a sentence's
// end nothing is read.
import { madd } from './madd';
import { expFast, lanesSum, loadLanes, splat, storeLanes, tanhFast } from './math';

/** Sum of a[i] * b[i]. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, n: i32): f32 {
  let w = splat(0), x = w, y = w, z = w, i = 0;
  for (; i + 16 <= n; i += 16) {
    const p = a + ((<usize>i) << 2), q = b + ((<usize>i) << 2);
    w = madd(v128.load(p), v128.load(q), w);
    x = madd(v128.load(p, 16), v128.load(q, 16), x);
    y = madd(v128.load(p, 32), v128.load(q, 32), y);
    z = madd(v128.load(p, 48), v128.load(q, 48), z);
  }
  for (; i < n; i += 4) w = madd(loadLanes(a + ((<usize>i) << 2), n - i), loadLanes(b + ((<usize>i) << 2), n - i), w);
  return <f32>lanesSum(f32x4.add(f32x4.add(w, x), f32x4.add(y, z)));
}

/** Energy of one position: v . tanh(key + query). */
// @ts-ignore: decorator
@inline
function energy(key: usize, query: usize, score: usize, A: i32): f32 {
  let x = splat(0), y = x, i = 0;
  for (; i + 8 <= A; i += 8) {
    const o = (<usize>i) << 2;
    x = madd(tanhFast(f32x4.add(v128.load(key + o), v128.load(query + o))), v128.load(score + o), x);
    y = madd(tanhFast(f32x4.add(v128.load(key + o, 16), v128.load(query + o, 16))), v128.load(score + o, 16), y);
  }
  for (; i < A; i += 4) {
    const o = (<usize>i) << 2, n = A - i; // lanes behind the end are tanh(0) * 0
    x = madd(tanhFast(f32x4.add(loadLanes(key + o, n), loadLanes(query + o, n))), loadLanes(score + o, n), x);
  }
  return <f32>lanesSum(f32x4.add(x, y));
}

/** Softmax of n numbers in place; NaN spreads to all. */
function softmax(p: usize, n: i32): void {
  let top: f32 = -Infinity;
  for (let s = 0; s < n; s++) top = max(top, load<f32>(p + ((<usize>s) << 2)));
  const topv = splat(top);
  let sum: f64 = 0;
  for (let s = 0; s < n; s += 4) {
    const q = p + ((<usize>s) << 2);
    storeLanes(q, expFast(f32x4.sub(loadLanes(q, n - s), topv)), n - s);
  }
  for (let s = 0; s < n; s++) sum += <f64>load<f32>(p + ((<usize>s) << 2));
  const k = splat(<f32>(1 / sum));
  for (let s = 0; s < n; s += 4) {
    const q = p + ((<usize>s) << 2);
    storeLanes(q, f32x4.mul(loadLanes(q, n - s), k), n - s);
  }
}

/** out = sum over s < n of w[s] * a[s], rows of `width` numbers `stride` bytes apart; four rows a pass. */
function mix(w: usize, a: usize, out: usize, n: i32, width: i32, stride: usize): void {
  memory.fill(out, 0, (<usize>width) << 2);
  let s = 0;
  for (; s + 4 <= n; s += 4) {
    const q = w + ((<usize>s) << 2), p = a + <usize>s * stride;
    const w0 = v128.load32_splat(q), w1 = v128.load32_splat(q, 4), w2 = v128.load32_splat(q, 8), w3 = v128.load32_splat(q, 12);
    for (let i = 0; i < width; i += 4) {
      const o = (<usize>i) << 2, m = width - i;
      const x = madd(w1, loadLanes(p + stride + o, m), f32x4.mul(w0, loadLanes(p + o, m)));
      const y = madd(w3, loadLanes(p + 3 * stride + o, m), f32x4.mul(w2, loadLanes(p + 2 * stride + o, m)));
      storeLanes(out + o, f32x4.add(loadLanes(out + o, m), f32x4.add(x, y)), m);
    }
  }
  for (; s < n; s++) {
    const ws = v128.load32_splat(w + ((<usize>s) << 2)), p = a + <usize>s * stride;
    for (let i = 0; i < width; i += 4) {
      const o = (<usize>i) << 2, m = width - i;
      storeLanes(out + o, madd(ws, loadLanes(p + o, m), loadLanes(out + o, m)), m);
    }
  }
}

/**
 * Rows r0..r1: query [B, A] -> weights [B, S] (0 behind the end) and context [B, D]. Row r looks at
 * sentence columns[r], or r where `columns` is 0.
 */
export function attentionForward(keys: usize, annotations: usize, lengths: usize, columns: usize, score: usize, query: usize, weights: usize, context: usize, r0: i32, r1: i32, S: i32, M: i32, A: i32, D: i32): void {
  const widthA: usize = (<usize>A) << 2, widthD: usize = (<usize>D) << 2;
  for (let r = r0; r < r1; r++) {
    const column = columns ? load<i32>(columns + ((<usize>r) << 2)) : r;
    const n = load<i32>(lengths + ((<usize>column) << 2));
    const w = weights + ((<usize>r * <usize>S) << 2), q = query + <usize>r * widthA;
    for (let s = 0; s < n; s++)
      store<f32>(w + ((<usize>s) << 2), energy(keys + (<usize>s * <usize>M + <usize>column) * widthA, q, score, A));
    softmax(w, n);
    memory.fill(w + ((<usize>n) << 2), 0, (<usize>(S - n)) << 2);
    mix(w, annotations + <usize>column * widthD, context + <usize>r * widthD, n, D, <usize>M * widthD);
  }
}

/**
 * Gradient of the step for rows r0..r1 of sentences of their own (M = B): dContext [B, D] -> dQuery
 * [B, A]; adds to dKeys [S, M, A] and to dScore [B, A], a part for each row. `energies` [B, S] is
 * workspace. The annotations' gradient is a product over all steps, which the caller makes.
 */
export function attentionBackward(keys: usize, annotations: usize, lengths: usize, score: usize, query: usize, weights: usize, dContext: usize, dQuery: usize, dKeys: usize, dScore: usize, energies: usize, r0: i32, r1: i32, S: i32, M: i32, A: i32, D: i32): void {
  const one = splat(1), widthA: usize = (<usize>A) << 2, widthD: usize = (<usize>D) << 2;
  for (let r = r0; r < r1; r++) {
    const n = load<i32>(lengths + ((<usize>r) << 2));
    const w = weights + ((<usize>r * <usize>S) << 2), de = energies + ((<usize>r * <usize>S) << 2);
    const dc = dContext + <usize>r * widthD, q = query + <usize>r * widthA;
    const dq = dQuery + <usize>r * widthA, dv = dScore + <usize>r * widthA;
    let sum: f64 = 0;
    for (let s = 0; s < n; s++) {
      const at = (<usize>s) << 2, x = dot(annotations + (<usize>s * <usize>M + <usize>r) * widthD, dc, D);
      store<f32>(de + at, x);
      sum += <f64>x * <f64>load<f32>(w + at);
    }
    const mean = <f32>sum;
    memory.fill(dq, 0, widthA);
    for (let s = 0; s < n; s++) {
      const at = (<usize>s) << 2, row = (<usize>s * <usize>M + <usize>r) * widthA;
      const e = splat(load<f32>(w + at) * (load<f32>(de + at) - mean)); // softmax
      for (let i = 0; i < A; i += 4) {
        const o = (<usize>i) << 2, m = A - i;
        const t = tanhFast(f32x4.add(loadLanes(keys + row + o, m), loadLanes(q + o, m)));
        const dz = f32x4.mul(f32x4.mul(e, loadLanes(score + o, m)), f32x4.sub(one, f32x4.mul(t, t)));
        storeLanes(dv + o, madd(e, t, loadLanes(dv + o, m)), m);
        storeLanes(dq + o, f32x4.add(loadLanes(dq + o, m), dz), m);
        storeLanes(dKeys + row + o, f32x4.add(loadLanes(dKeys + row + o, m), dz), m);
      }
    }
  }
}
