// Softmax over rows, and softmax cross-entropy with its gradient in one pass over the logits.
import { expFast, lanesMax, lanesSum, loadLanes, splat, storeLanes } from './math';

/**
 * Cross-entropy of rows [rows, V] with bias [V]: writes (softmax - onehot) * scale to `grad` (may be
 * `logits`), adds its column sums to `gradBias`, returns the sum of -log p(target) in float64.
 * A target outside [0, V) makes the loss NaN instead of touching memory.
 */
export function softmaxCrossEntropy(logits: usize, grad: usize, bias: usize, gradBias: usize, targets: usize, rows: i32, V: i32, scale: f32): f64 {
  let loss: f64 = 0;
  const bytes: usize = (<usize>V) << 2;
  for (let r = 0; r < rows; r++) {
    const l = logits + <usize>r * bytes, p = grad + <usize>r * bytes;
    const target = load<i32>(targets + ((<usize>r) << 2));
    if (target < 0 || target >= V) return NaN;
    let m0 = splat(-Infinity), m1 = m0, o: usize = 0;
    for (; o + 32 <= bytes; o += 32) {
      const a = f32x4.add(v128.load(l + o), v128.load(bias + o)), b = f32x4.add(v128.load(l + o, 16), v128.load(bias + o, 16));
      v128.store(p + o, a);
      v128.store(p + o, b, 16);
      m0 = f32x4.pmax(m0, a);
      m1 = f32x4.pmax(m1, b);
    }
    let top = lanesMax(f32x4.pmax(m0, m1));
    for (; o < bytes; o += 4) {
      const a = load<f32>(l + o) + load<f32>(bias + o);
      store<f32>(p + o, a);
      top = max(top, a);
    }
    const topv = splat(top), at: usize = (<usize>target) << 2, targetLogit = load<f32>(p + at);
    let s0 = splat(0), s1 = splat(0);
    for (o = 0; o + 32 <= bytes; o += 32) {
      const a = expFast(f32x4.sub(v128.load(p + o), topv)), b = expFast(f32x4.sub(v128.load(p + o, 16), topv));
      v128.store(p + o, a);
      v128.store(p + o, b, 16);
      s0 = f32x4.add(s0, a);
      s1 = f32x4.add(s1, b);
    }
    let sum = lanesSum(f32x4.add(s0, s1));
    for (; o < bytes; o += 4) {
      const a = f32x4.extract_lane(expFast(splat(load<f32>(p + o) - top)), 0);
      store<f32>(p + o, a);
      sum += <f64>a;
    }
    loss += Math.log(sum) + <f64>top - <f64>targetLogit;
    const k = <f32>(<f64>scale / sum), kv = splat(k);
    for (o = 0; o + 16 <= bytes; o += 16) {
      const a = f32x4.mul(v128.load(p + o), kv);
      v128.store(p + o, a);
      v128.store(gradBias + o, f32x4.add(v128.load(gradBias + o), a));
    }
    for (; o < bytes; o += 4) {
      const a = load<f32>(p + o) * k;
      store<f32>(p + o, a);
      store<f32>(gradBias + o, load<f32>(gradBias + o) + a);
    }
    store<f32>(p + at, load<f32>(p + at) - scale);
    store<f32>(gradBias + at, load<f32>(gradBias + at) - scale);
  }
  return loss;
}

/**
 * -log p(target) per row to `nll` [rows], without gradients (evaluation); logits are left alone.
 */
export function negativeLogLikelihood(logits: usize, bias: usize, targets: usize, nll: usize, rows: i32, V: i32): void {
  const bytes: usize = (<usize>V) << 2;
  for (let r = 0; r < rows; r++) {
    const l = logits + <usize>r * bytes, target = load<i32>(targets + ((<usize>r) << 2));
    const q = nll + ((<usize>r) << 2);
    if (target < 0 || target >= V) {
      store<f32>(q, NaN);
      continue;
    }
    let m = splat(-Infinity), o: usize = 0;
    for (; o + 16 <= bytes; o += 16) m = f32x4.pmax(m, f32x4.add(v128.load(l + o), v128.load(bias + o)));
    let top = lanesMax(m);
    for (; o < bytes; o += 4) top = max(top, load<f32>(l + o) + load<f32>(bias + o));
    const topv = splat(top);
    let s = splat(0), sum: f64 = 0;
    for (o = 0; o + 16 <= bytes; o += 16) s = f32x4.add(s, expFast(f32x4.sub(f32x4.add(v128.load(l + o), v128.load(bias + o)), topv)));
    for (; o < bytes; o += 4) sum += <f64>f32x4.extract_lane(expFast(splat(load<f32>(l + o) + load<f32>(bias + o) - top)), 0);
    sum += lanesSum(s);
    const at: usize = (<usize>target) << 2;
    store<f32>(q, <f32>(Math.log(sum) + <f64>top - <f64>(load<f32>(l + at) + load<f32>(bias + at))));
  }
}

/** softmax (log = 0) or log-softmax (log = 1) of rows [rows, V]. */
export function softmaxRows(x: usize, out: usize, rows: i32, V: i32, log: i32): void {
  const bytes: usize = (<usize>V) << 2;
  for (let r = 0; r < rows; r++) {
    const l = x + <usize>r * bytes, p = out + <usize>r * bytes;
    let m = splat(-Infinity), o: usize = 0;
    for (; o + 16 <= bytes; o += 16) m = f32x4.pmax(m, v128.load(l + o));
    let top = lanesMax(m);
    for (; o < bytes; o += 4) top = max(top, load<f32>(l + o));
    const topv = splat(top);
    let s = splat(0), sum: f64 = 0;
    for (o = 0; o < bytes; o += 16) {
      const n = <i32>((bytes - o) >> 2), e = expFast(f32x4.sub(loadLanes(l + o, n), topv));
      if (n >= 4) s = f32x4.add(s, e);
      else {
        sum += <f64>f32x4.extract_lane(e, 0);
        if (n > 1) sum += <f64>f32x4.extract_lane(e, 1);
        if (n > 2) sum += <f64>f32x4.extract_lane(e, 2);
      }
      if (!log) storeLanes(p + o, e, n);
    }
    sum += lanesSum(s);
    const z = log ? splat(top + <f32>Math.log(sum)) : splat(<f32>(1.0 / sum));
    for (o = 0; o < bytes; o += 16) {
      const n = <i32>((bytes - o) >> 2);
      storeLanes(p + o, log ? f32x4.sub(loadLanes(l + o, n), z) : f32x4.mul(loadLanes(p + o, n), z), n);
    }
  }
}

/** dx = dy - exp(y) * rowsum(dy), the gradient of y = log-softmax(x). */
export function logSoftmaxGrad(dy: usize, y: usize, dx: usize, rows: i32, V: i32): void {
  const bytes: usize = (<usize>V) << 2;
  for (let r = 0; r < rows; r++) {
    const a = dy + <usize>r * bytes, b = y + <usize>r * bytes, c = dx + <usize>r * bytes;
    let s = splat(0), sum: f64 = 0, o: usize = 0;
    for (; o + 16 <= bytes; o += 16) s = f32x4.add(s, v128.load(a + o));
    for (; o < bytes; o += 4) sum += <f64>load<f32>(a + o);
    const z = splat(<f32>(sum + lanesSum(s)));
    for (o = 0; o < bytes; o += 16) {
      const n = <i32>((bytes - o) >> 2);
      storeLanes(c + o, f32x4.sub(loadLanes(a + o, n), f32x4.mul(expFast(loadLanes(b + o, n)), z)), n);
    }
  }
}
