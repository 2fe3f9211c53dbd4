// In-place updates, dense and by touched rows (embeddings).
import { axpy } from './elementwise';
import { madd } from './madd';
import { loadLanes, splat, storeLanes } from './math';
import { sumSquares } from './reduce';

/** Sum of squares over the listed rows of [.., width]. */
export function sumSquaresRows(g: usize, ids: usize, n: i32, width: i32): f64 {
  let s: f64 = 0;
  for (let r = 0; r < n; r++) s += sumSquares(g + ((<usize>load<i32>(ids + ((<usize>r) << 2)) * <usize>width) << 2), width);
  return s;
}

/** w[id] += s * g[id] for the listed rows. */
export function axpyRows(w: usize, g: usize, ids: usize, n: i32, width: i32, s: f32): void {
  for (let r = 0; r < n; r++) {
    const o = (<usize>load<i32>(ids + ((<usize>r) << 2)) * <usize>width) << 2;
    axpy(w + o, g + o, width, s);
  }
}

/**
 * One step with weight decay and averaging in a single pass:
 * w += s * (scale * g + decay * w), then, unless `average` is 0, average += mu * (w - average).
 */
export function sgdStep(w: usize, g: usize, average: usize, n: i32, s: f32, scale: f32, decay: f32, mu: f32): void {
  const sv = splat(s), scaleV = splat(scale), decayV = splat(decay), muV = splat(mu);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = (<usize>i) << 2;
    const x = v128.load(w + o);
    const y = madd(sv, madd(scaleV, v128.load(g + o), f32x4.mul(decayV, x)), x);
    v128.store(w + o, y);
    if (average) {
      const a = v128.load(average + o);
      v128.store(average + o, madd(muV, f32x4.sub(y, a), a));
    }
  }
  for (; i < n; i++) {
    const o = (<usize>i) << 2;
    const x = load<f32>(w + o);
    const y = x + s * (scale * load<f32>(g + o) + decay * x);
    store<f32>(w + o, y);
    if (average) {
      const a = load<f32>(average + o);
      store<f32>(average + o, a + mu * (y - a));
    }
  }
}

/** average += mu * (w - average) */
export function averageStep(w: usize, average: usize, n: i32, mu: f32): void {
  const muV = splat(mu);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = (<usize>i) << 2;
    const a = v128.load(average + o);
    v128.store(average + o, madd(muV, f32x4.sub(v128.load(w + o), a), a));
  }
  for (; i < n; i++) {
    const o = (<usize>i) << 2;
    const a = load<f32>(average + o);
    store<f32>(average + o, a + mu * (load<f32>(w + o) - a));
  }
}

/**
 * Adam, with G = k * g + decay * w: mean += (1 - beta1) (G - mean), square = beta2 square + rest2 G^2,
 * w -= rate * mean / (sqrt(square) * root + eps); `rate` and `root` hold the bias corrections,
 * rest1 = 1 - beta1, rest2 = 1 - beta2.
 */
export function adamStep(w: usize, g: usize, mean: usize, square: usize, n: i32, k: f32, decay: f32, rest1: f32, beta2: f32, rest2: f32, rate: f32, root: f32, eps: f32): void {
  const kv = splat(k), decayV = splat(decay), r1 = splat(rest1), b2 = splat(beta2), r2 = splat(rest2);
  const rateV = splat(-rate), rootV = splat(root), epsV = splat(eps);
  for (let i = 0; i < n; i += 4) {
    const o = (<usize>i) << 2, l = n - i;
    const x = loadLanes(w + o, l), m0 = loadLanes(mean + o, l);
    const G = madd(decayV, x, f32x4.mul(kv, loadLanes(g + o, l)));
    const m = madd(r1, f32x4.sub(G, m0), m0);
    const v = madd(f32x4.mul(r2, G), G, f32x4.mul(b2, loadLanes(square + o, l)));
    storeLanes(mean + o, m, l);
    storeLanes(square + o, v, l);
    const step = f32x4.div(m, madd(f32x4.sqrt(v), rootV, epsV));
    storeLanes(w + o, madd(rateV, step, x), l);
  }
}

/**
 * AdaDelta, with G = k * g + decay * w: square = rho square + rest G^2,
 * D = sqrt(delta + eps) / sqrt(square + eps) * G, delta = rho delta + rest D^2, w -= rate * D;
 * rest = 1 - rho.
 */
export function adaDeltaStep(w: usize, g: usize, square: usize, delta: usize, n: i32, k: f32, decay: f32, rho: f32, rest: f32, eps: f32, rate: f32): void {
  const kv = splat(k), decayV = splat(decay), rhoV = splat(rho), restV = splat(rest), epsV = splat(eps), rateV = splat(-rate);
  for (let i = 0; i < n; i += 4) {
    const o = (<usize>i) << 2, l = n - i;
    const x = loadLanes(w + o, l), d0 = loadLanes(delta + o, l);
    const G = madd(decayV, x, f32x4.mul(kv, loadLanes(g + o, l)));
    const v = madd(f32x4.mul(restV, G), G, f32x4.mul(rhoV, loadLanes(square + o, l)));
    const D = f32x4.mul(f32x4.sqrt(f32x4.div(f32x4.add(d0, epsV), f32x4.add(v, epsV))), G);
    storeLanes(square + o, v, l);
    storeLanes(delta + o, madd(f32x4.mul(restV, D), D, f32x4.mul(rhoV, d0)), l);
    storeLanes(w + o, madd(rateV, D, x), l);
  }
}
