/** A source of numbers from Uniform(0, 1), ends excluded. */
export type UniformSource = () => number;

// Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators": the increment is
// 2^64 / golden ratio, the multipliers are their variant 13 of the mixing function.
const GAMMA = 0x9e3779b97f4a7c15n;
const MIX_1 = 0xbf58476d1ce4e5b9n;
const MIX_2 = 0x94d049bb133111ebn;

/**
 * Number `index` (0, 1, ...) of the SplitMix64 sequence that starts at `seed`: 64 random bits that
 * depend on (seed, index) alone, so draws may be asked for in any order.
 *
 * @throws RangeError if `seed` or `index` is not an integer from 0 to 2^53 - 1.
 */
export function splitmix64(seed: number, index: number): bigint {
  for (const [name, value] of [
    ['seed', seed],
    ['index', index],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`${name} must be an integer from 0 to 2^53 - 1, got ${value}`);
    }
  }
  let z = BigInt.asUintN(64, BigInt(seed) + (BigInt(index) + 1n) * GAMMA);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * MIX_1);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * MIX_2);
  return z ^ (z >> 31n);
}

/**
 * Draw number `index` of stream `seed`: (k + 1/2) / 2^52 with k the top 52 bits of `splitmix64`.
 * The half keeps 0 and 1 out, so that log U and log(1 - U) are always finite.
 */
export function uniformAt(seed: number, index: number): number {
  // With 53 bits the largest (k + 1/2) / 2^53 would round to 1.
  return (Number(splitmix64(seed, index) >> 12n) + 0.5) / 2 ** 52;
}

/**
 * The stream `uniformAt(seed, 0), uniformAt(seed, 1), ...`. For lessons and tests, at about a
 * million draws a second; training uses the backend's own counter-based generator.
 */
export function uniformSource(seed: number): UniformSource {
  let index = 0;
  splitmix64(seed, index);
  return () => uniformAt(seed, index++);
}
