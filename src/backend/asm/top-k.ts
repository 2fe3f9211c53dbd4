// The k most probable entries of softmax(logits + bias), row by row.
import { expFast, lanesSum, splat } from './math';

/** Puts (x, id) into a list of `count` pairs sorted by falling x; an equal x stays behind. */
// @ts-ignore: decorator
@inline
function insert(values: usize, ids: usize, count: i32, x: f32, id: i32): void {
  let at = count;
  while (at > 0) {
    const before = (<usize>(at - 1)) << 2, y = load<f32>(values + before);
    if (y >= x) break;
    store<f32>(values + before, y, 4);
    store<i32>(ids + before, load<i32>(ids + before), 4);
    at--;
  }
  store<f32>(values + ((<usize>at) << 2), x);
  store<i32>(ids + ((<usize>at) << 2), id);
}

/**
 * values, ids [rows, k]: log-probabilities from the largest, equal ones by their ids. 1 <= k <= V. A row
 * with NaN or +Infinity gives NaN.
 */
export function topLogProbabilities(logits: usize, bias: usize, values: usize, ids: usize, rows: i32, V: i32, k: i32): void {
  const width: usize = (<usize>k) << 2, last = width - 4;
  for (let r = 0; r < rows; r++) {
    const l = logits + ((<usize>r * <usize>V) << 2), top = values + <usize>r * width, id = ids + <usize>r * width;
    let i = 0;
    for (; i < k; i++) insert(top, id, i, load<f32>(l + ((<usize>i) << 2)) + load<f32>(bias + ((<usize>i) << 2)), i);
    let least = load<f32>(top + last), leastV = splat(least);
    while (i < V) {
      if (i + 8 <= V) {
        const o = (<usize>i) << 2;
        const a = f32x4.gt(f32x4.add(v128.load(l + o), v128.load(bias + o)), leastV);
        const b = f32x4.gt(f32x4.add(v128.load(l + o, 16), v128.load(bias + o, 16)), leastV);
        if (!v128.any_true(v128.or(a, b))) {
          i += 8;
          continue;
        }
      }
      for (const end = min(i + 8, V); i < end; i++) {
        const x = load<f32>(l + ((<usize>i) << 2)) + load<f32>(bias + ((<usize>i) << 2));
        if (x > least) {
          insert(top, id, k - 1, x, i);
          least = load<f32>(top + last);
        }
      }
      leastV = splat(least);
    }
    const best = load<f32>(top), bestV = splat(best);
    let s0 = splat(0), s1 = splat(0);
    for (i = 0; i + 8 <= V; i += 8) {
      const o = (<usize>i) << 2;
      s0 = f32x4.add(s0, expFast(f32x4.sub(f32x4.add(v128.load(l + o), v128.load(bias + o)), bestV)));
      s1 = f32x4.add(s1, expFast(f32x4.sub(f32x4.add(v128.load(l + o, 16), v128.load(bias + o, 16)), bestV)));
    }
    let sum = lanesSum(f32x4.add(s0, s1));
    for (; i < V; i++) {
      const o = (<usize>i) << 2;
      sum += <f64>f32x4.extract_lane(expFast(splat(load<f32>(l + o) + load<f32>(bias + o) - best)), 0);
    }
    const log = Math.log(sum);
    for (let j: usize = 0; j < width; j += 4) store<f32>(top + j, <f32>(<f64>load<f32>(top + j) - <f64>best - log));
  }
}
