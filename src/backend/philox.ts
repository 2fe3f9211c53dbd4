// Philox4x32-10 in plain JavaScript: the reference for asm/philox.ts, and what other backends use.

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;

/** High 32 bits of the 64-bit product. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16);
  const mid2 = al * bh + (mid & 0xffff);
  return (ah * bh + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/**
 * Four random 32-bit words of a counter under a key (Salmon et al. 2011, 10 rounds). The same
 * counter and key always give the same words, in any order and on any machine.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [x0, x1, x2, x3] = counter.map((c) => c >>> 0) as [number, number, number, number];
  let k0 = key[0] >>> 0;
  let k1 = key[1] >>> 0;
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(x0, M0);
    const l0 = Math.imul(x0, M0) >>> 0;
    const h1 = mulHigh(x2, M1);
    const l1 = Math.imul(x2, M1) >>> 0;
    x0 = (h1 ^ x1 ^ k0) >>> 0;
    x1 = l1;
    x2 = (h0 ^ x3 ^ k1) >>> 0;
    x3 = l0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [x0, x1, x2, x3];
}

/** 32 random bits -> (k + 1/2) / 2^23 with k the upper 23 bits: inside (0, 1), exact in float32. */
export const toUniform = (bits: number): number => ((bits >>> 9) + 0.5) / 8388608;

/** The same numbers as the SIMD kernel: element e is word (e & 3) of counter (e >> 2, 0, step, stream). */
export function philoxUniform(
  n: number,
  key: readonly [number, number],
  step: number,
  stream: number,
): Float32Array {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i += 4) {
    const words = philox4x32([i / 4, 0, step, stream], key);
    for (let w = 0; w < 4 && i + w < n; w++) out[i + w] = toUniform(words[w] as number);
  }
  return out;
}
