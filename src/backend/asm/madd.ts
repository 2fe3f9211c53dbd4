// Multiply-add. Each module is compiled twice from the same source: rounded one by one, or with
// relaxed SIMD, which fuses where the processor can.

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** a * a + c as this build rounds it: relaxed SIMD may fuse or not, and the caller wants to know. */
export function probe(a: f32, c: f32): f32 {
  const x = f32x4.splat(a);
  return f32x4.extract_lane(madd(x, x, f32x4.splat(c)), 0);
}
