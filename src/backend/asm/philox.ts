// Philox4x32-10 (Salmon et al. 2011) on four counters at a time. A counter-based generator: the
// numbers depend on (key, counter) alone, never on threads, call order or resume.

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}
// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/**
 * Encrypts two blocks of four counters, (x0, c1, c2, c3) and (y0, c1, c2, c3) lane by lane. Word w of
 * the first block goes to out + 16 w, of the second to out + 64 + 16 w, one counter a lane. Two at
 * once, because one waits for its own multiplications most of the time.
 */
export function philoxPair(x0: v128, y0: v128, c1: v128, c2: v128, c3: v128, key0: i32, key1: i32, out: usize): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let k0 = key0, k1 = key1;
  let x1 = c1, x2 = c2, x3 = c3, y1 = c1, y2 = c2, y3 = c3;
  for (let round = 0; round < 10; round++) {
    const key0v = i32x4.splat(k0), key1v = i32x4.splat(k1);
    const a = i64x2.extmul_low_i32x4_u(x0, m0), b = i64x2.extmul_high_i32x4_u(x0, m0);
    const c = i64x2.extmul_low_i32x4_u(x2, m1), d = i64x2.extmul_high_i32x4_u(x2, m1);
    const e = i64x2.extmul_low_i32x4_u(y0, m0), f = i64x2.extmul_high_i32x4_u(y0, m0);
    const g = i64x2.extmul_low_i32x4_u(y2, m1), h = i64x2.extmul_high_i32x4_u(y2, m1);
    x0 = v128.xor(v128.xor(high(c, d), x1), key0v);
    y0 = v128.xor(v128.xor(high(g, h), y1), key0v);
    x1 = low(c, d);
    y1 = low(g, h);
    x2 = v128.xor(v128.xor(high(a, b), x3), key1v);
    y2 = v128.xor(v128.xor(high(e, f), y3), key1v);
    x3 = low(a, b);
    y3 = low(e, f);
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  v128.store(out, x0);
  v128.store(out, x1, 16);
  v128.store(out, x2, 32);
  v128.store(out, x3, 48);
  v128.store(out, y0, 64);
  v128.store(out, y1, 80);
  v128.store(out, y2, 96);
  v128.store(out, y3, 112);
}

/** 32 random bits -> (k + 1/2) / 2^23, k = the upper 23: inside (0, 1), and 1 - U is exact. */
// @ts-ignore: decorator
@inline
export function toUniform(bits: v128): v128 {
  const one = v128.or(i32x4.shr_u(bits, 9), i32x4.splat(0x3f800000)); // [1, 2)
  return f32x4.add(f32x4.sub(one, f32x4.splat(1)), f32x4.splat(5.9604644775390625e-8));
}

/** Four words of four counters at `p`, as uniform numbers with the words of a counter side by side. */
// @ts-ignore: decorator
@inline
export function uniformBlock(p: usize): void {
  const w0 = v128.load(p), w1 = v128.load(p, 16), w2 = v128.load(p, 32), w3 = v128.load(p, 48);
  const a = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5), b = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7), d = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
  v128.store(p, toUniform(v128.shuffle<i64>(a, b, 0, 2)));
  v128.store(p, toUniform(v128.shuffle<i64>(a, b, 1, 3)), 16);
  v128.store(p, toUniform(v128.shuffle<i64>(c, d, 0, 2)), 32);
  v128.store(p, toUniform(v128.shuffle<i64>(c, d, 1, 3)), 48);
}

/**
 * out[i] = U for i in [start, start + n): element e is word (e & 3) of counter (e >> 2, 0, c2, c3).
 * `start` must be a multiple of 4; `scratch` holds 128 bytes of the caller's own.
 */
export function randomUniform(out: usize, start: i32, n: i32, key0: i32, key1: i32, c2: i32, c3: i32, scratch: usize): void {
  const zero = i32x4.splat(0), step = i32x4.splat(c2), stream = i32x4.splat(c3);
  for (let i = 0; i < n; i += 32) {
    const first = i32x4.add(i32x4.splat((start + i) >>> 2), i32x4(0, 1, 2, 3));
    philoxPair(first, i32x4.add(first, i32x4.splat(4)), zero, step, stream, key0, key1, scratch);
    uniformBlock(scratch);
    uniformBlock(scratch + 64);
    memory.copy(out + ((<usize>i) << 2), scratch, (<usize>min(32, n - i)) << 2);
  }
}
