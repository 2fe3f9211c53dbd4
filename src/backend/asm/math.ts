// Elementary functions on four float32 lanes. Error against float64: exp 8e-8, log 1e-7,
// sigmoid 1.5e-7 relative; tanhFast 1.8e-7 absolute. Polynomials in the manner of Cephes.

import { madd } from './madd';

// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** exp, clamped to the range in which the result is a normal number; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expFast(x0: v128): v128 {
  // pmin/pmax compile to one instruction; min/max need several to treat NaN and -0.
  const x = f32x4.pmin(f32x4.pmax(x0, splat(-87.0)), splat(88.0));
  // Adding 1.5 * 2^23 rounds to an integer and leaves it, plus 127, in the low bits of the mantissa.
  const shifted = madd(x, splat(1.44269504088896341), splat(12583039.0));
  const n = f32x4.sub(shifted, splat(12583039.0));
  let r = madd(n, splat(-0.693359375), x);
  r = madd(n, splat(2.12194440e-4), r);
  let p = splat(1.9875691500e-4);
  p = madd(p, r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  p = madd(p, r, splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  // times 2^n; adding n to the exponent of p instead would turn some NaNs into numbers
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}

/** exp for every input: overflow to Infinity, underflow to 0, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expSafe(x: v128): v128 {
  let y = expFast(x);
  const far = f32x4.gt(f32x4.abs(x), splat(87.0));
  if (v128.any_true(far)) {
    const half = expFast(f32x4.mul(x, splat(0.5)));
    y = v128.bitselect(f32x4.mul(half, half), y, far);
  }
  return v128.bitselect(y, x, f32x4.eq(x, x));
}

/** log of positive normal lanes. */
// @ts-ignore: decorator
@inline
export function logFast(x: v128): v128 {
  let exponent = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)); // [0.5, 1)
  const low = f32x4.lt(m, splat(0.707106781186547524));
  exponent = i32x4.add(exponent, low); // a true lane is -1
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), splat(1));
  const z = f32x4.mul(m, m);
  let p = splat(7.0376836292e-2);
  p = madd(p, m, splat(-1.1514610310e-1));
  p = madd(p, m, splat(1.1676998740e-1));
  p = madd(p, m, splat(-1.2420140846e-1));
  p = madd(p, m, splat(1.4249322787e-1));
  p = madd(p, m, splat(-1.6668057665e-1));
  p = madd(p, m, splat(2.0000714765e-1));
  p = madd(p, m, splat(-2.4999993993e-1));
  p = madd(p, m, splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  const e = f32x4.convert_i32x4_s(exponent);
  p = madd(e, splat(-2.12194440e-4), p);
  p = madd(z, splat(-0.5), p);
  return madd(e, splat(0.693359375), f32x4.add(m, p));
}

/** log for every input: log(0) = -Infinity, negative and NaN give NaN, subnormals are right. */
// @ts-ignore: decorator
@inline
export function logSafe(x: v128): v128 {
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  if (!v128.any_true(tiny) && v128.any_true(f32x4.lt(x, splat(Infinity)))) {
    const special = v128.or(f32x4.eq(x, splat(Infinity)), f32x4.ne(x, x));
    return v128.bitselect(x, logFast(x), special);
  }
  const scaled = v128.bitselect(f32x4.mul(x, splat(16777216.0)), x, tiny);
  let y = f32x4.sub(logFast(scaled), v128.and(tiny, splat(16.635532333438687)));
  y = v128.bitselect(splat(-Infinity), y, f32x4.eq(x, splat(0)));
  y = v128.bitselect(splat(NaN), y, f32x4.lt(x, splat(0)));
  const special = v128.or(f32x4.eq(x, splat(Infinity)), f32x4.ne(x, x));
  return v128.bitselect(x, y, special);
}

// @ts-ignore: decorator
@inline
export function sigmoidFast(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), expFast(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
export function sigmoidSafe(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), expSafe(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
export function tanhFast(x: v128): v128 {
  return f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(splat(1), expFast(f32x4.add(x, x)))));
}

/** tanh with a small relative error near 0 too, where 1 - 2 / (1 + e^2x) cancels. */
// @ts-ignore: decorator
@inline
export function tanhSafe(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = madd(p, z, splat(2.06390887954e-2));
  p = madd(p, z, splat(-5.37397155531e-2));
  p = madd(p, z, splat(1.33314422036e-1));
  p = madd(p, z, splat(-3.33332819422e-1));
  const near = madd(x, f32x4.mul(p, z), x);
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(splat(1), expSafe(f32x4.add(x, x)))));
  return v128.bitselect(near, far, f32x4.lt(f32x4.abs(x), splat(0.625)));
}

/** Sum of the four lanes in float64. */
// @ts-ignore: decorator
@inline
export function lanesSum(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    <f64>f32x4.extract_lane(v, 2) +
    <f64>f32x4.extract_lane(v, 3)
  );
}

// @ts-ignore: decorator
@inline
export function lanesMax(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

// Partial vectors of n = 1..3 lanes, so that rows of any length work without padding.

/** Loads min(n, 4) lanes; the others are 0. */
// @ts-ignore: decorator
@inline
export function loadLanes(p: usize, n: i32): v128 {
  if (n >= 4) return v128.load(p);
  let v = v128.load32_zero(p);
  if (n > 1) v = v128.load_lane<f32>(p, v, 1, 4);
  if (n > 2) v = v128.load_lane<f32>(p, v, 2, 8);
  return v;
}

/** Stores min(n, 4) lanes. */
// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, v: v128, n: i32): void {
  if (n >= 4) {
    v128.store(p, v);
    return;
  }
  v128.store_lane<f32>(p, v, 0);
  if (n > 1) v128.store_lane<f32>(p, v, 1, 4);
  if (n > 2) v128.store_lane<f32>(p, v, 2, 8);
}
