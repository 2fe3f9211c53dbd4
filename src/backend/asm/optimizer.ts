// In-place updates, dense and by touched rows (embeddings).
import { axpy } from './elementwise';
import { madd } from './madd';
import { splat } from './math';
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
