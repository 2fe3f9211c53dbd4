// Sums and maxima over one axis block [outer, red, inner] -> [outer, inner].
import { madd } from './madd';
import { lanesMax, lanesSum, splat } from './math';

// @ts-ignore: decorator
@inline
function combine(isMax: i32, a: v128, b: v128): v128 {
  return isMax ? f32x4.max(a, b) : f32x4.add(a, b);
}

/** A row of `red` numbers. Sums run in float32 blocks of 4096, added in float64. */
function reduceRow(isMax: i32, a: usize, red: i32, scale: f32): f32 {
  let i = 0;
  if (isMax) {
    let m = splat(-Infinity), best: f32 = -Infinity;
    for (; i + 4 <= red; i += 4) m = f32x4.max(m, v128.load(a + ((<usize>i) << 2)));
    best = lanesMax(m);
    for (; i < red; i++) best = max(best, load<f32>(a + ((<usize>i) << 2)));
    return best;
  }
  let total: f64 = 0;
  while (i + 4 <= red) {
    const end = min(red, i + 4096);
    let s = splat(0);
    for (; i + 4 <= end; i += 4) s = f32x4.add(s, v128.load(a + ((<usize>i) << 2)));
    total += lanesSum(s);
  }
  for (; i < red; i++) total += <f64>load<f32>(a + ((<usize>i) << 2));
  return <f32>(total * <f64>scale);
}

/** Columns j0..j1 of the inner axis; `scale` multiplies sums (1 / red for a mean). */
export function reduce(isMax: i32, a: usize, out: usize, outer: i32, red: i32, inner: i32, j0: i32, j1: i32, scale: f32): void {
  for (let u = 0; u < outer; u++) {
    const A = a + ((<usize>u * <usize>red * <usize>inner) << 2);
    const O = out + ((<usize>u * <usize>inner) << 2);
    if (inner == 1) {
      store<f32>(O, reduceRow(isMax, A, red, scale));
      continue;
    }
    const k = splat(isMax ? 1 : scale), row = (<usize>inner) << 2;
    let j = j0;
    for (; j + 16 <= j1; j += 16) {
      let p = A + ((<usize>j) << 2);
      let x = v128.load(p), y = v128.load(p, 16), z = v128.load(p, 32), w = v128.load(p, 48);
      for (let r = 1; r < red; r++) {
        p += row;
        x = combine(isMax, x, v128.load(p));
        y = combine(isMax, y, v128.load(p, 16));
        z = combine(isMax, z, v128.load(p, 32));
        w = combine(isMax, w, v128.load(p, 48));
      }
      const d = O + ((<usize>j) << 2);
      v128.store(d, f32x4.mul(x, k));
      v128.store(d, f32x4.mul(y, k), 16);
      v128.store(d, f32x4.mul(z, k), 32);
      v128.store(d, f32x4.mul(w, k), 48);
    }
    for (; j < j1; j++) {
      let p = A + ((<usize>j) << 2), s = load<f32>(p);
      for (let r = 1; r < red; r++) {
        p += row;
        s = isMax ? max(s, load<f32>(p)) : s + load<f32>(p);
      }
      store<f32>(O + ((<usize>j) << 2), isMax ? s : s * scale);
    }
  }
}

/** Sum of squares in float64 over float32 blocks. */
export function sumSquares(p: usize, n: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i < n) {
    const end = min(n, i + 8192);
    let a = splat(0), b = splat(0), c = splat(0), d = splat(0);
    for (; i + 16 <= end; i += 16) {
      const q = p + ((<usize>i) << 2);
      const x = v128.load(q), y = v128.load(q, 16), z = v128.load(q, 32), w = v128.load(q, 48);
      a = madd(x, x, a);
      b = madd(y, y, b);
      c = madd(z, z, c);
      d = madd(w, w, d);
    }
    for (; i < end; i++) {
      const x = <f64>load<f32>(p + ((<usize>i) << 2));
      total += x * x;
    }
    total += lanesSum(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  return total;
}
