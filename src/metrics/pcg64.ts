/**
 * NumPy's default random numbers: PCG64 (O'Neill 2014: a 128-bit linear congruential generator,
 * output XSL-RR), seeded by NumPy's SeedSequence. With the same seed a bootstrap draws the same
 * sentences as sacrebleu, so that p-values are equal and not only alike.
 */

import { UserError } from '../errors.js';

/** Mixes a seed of any length into 128 bits, and 128 bits into any number of words. */
function seedWords(seed: number, count: number): Uint32Array {
  const entropy = [seed >>> 0];
  if (seed >= 2 ** 32) entropy.push(Math.floor(seed / 2 ** 32));
  let constant = 0x43b0d7e5;
  const hash = (value: number): number => {
    const x = value ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const y = Math.imul(x, constant);
    return (y ^ (y >>> 16)) >>> 0;
  };
  const pool = [0, 1, 2, 3].map((i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) {
      if (from === to) continue;
      const x = Math.imul(0xca01f9dd, pool[to]!) - Math.imul(0x4973f715, hash(pool[from]!));
      pool[to] = (x ^ (x >>> 16)) >>> 0;
    }
  const words = new Uint32Array(count);
  constant = 0x8b51f9dd;
  for (let i = 0; i < count; i++) {
    const x = pool[i % 4]! ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    const y = Math.imul(x, constant);
    words[i] = y ^ (y >>> 16);
  }
  return words;
}

// The multiplier 0x2360ed051fc65da44385df649fccf645 in words of 32 bits, lowest first.
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;
const PER_WORD = 2 ** -32;

/** High 32 bits of `a` times a constant given by its halves: all steps are exact in a double. */
const high = (a: number, upper: number, lower: number): number =>
  Math.floor((a * upper + Math.floor(a * lower * 2 ** -16)) * 2 ** -16);

/** 128 bits, lowest first. */
type Words = [number, number, number, number];

/** `numpy.random.default_rng(seed)`, of its methods those that resampling needs. */
export class Pcg64 {
  /** State and increment, 128 bits each in words of 32, lowest first. */
  private state: Words;
  private readonly increment: Words;
  /** Draws made ahead; of 64 bits NumPy hands out the low half first. */
  private readonly block = new Uint32Array(1024);
  private next = this.block.length;

  /** @param seed whole number from 0 to 2^53 - 1 */
  constructor(seed: number) {
    // Four 64-bit words: state (high, low), sequence (high, low), each with its low half first.
    const words = [...seedWords(seed, 8)].map(BigInt);
    const join = (...at: number[]): bigint => at.reduce((sum, i) => (sum << 32n) | words[i]!, 0n);
    const word = (x: bigint, by: bigint): number => Number((x >> by) & 0xffffffffn);
    const split = (x: bigint): Words => [word(x, 0n), word(x, 32n), word(x, 64n), word(x, 96n)];
    const multiplier = 0x2360ed051fc65da44385df649fccf645n;
    const increment = ((join(5, 4, 7, 6) << 1n) | 1n) % 2n ** 128n;
    // From state 0: a step, the seed added, a step.
    this.state = split((increment + join(1, 0, 3, 2)) * multiplier + increment);
    this.increment = split(increment);
  }

  /** Makes a block of draws; everything in local variables, for half of a bootstrap is this. */
  private refill(): void {
    const { block } = this;
    let [s0, s1, s2, s3] = this.state;
    const [i0, i1, i2, i3] = this.increment;
    for (let i = 0; i < block.length; i += 2) {
      // state = state * multiplier + increment, modulo 2^128, by columns of 32 bits with carry.
      const r0 = (Math.imul(s0, M0) >>> 0) + i0;
      const r1 =
        high(s0, 0x9fcc, 0xf645) +
        (Math.imul(s0, M1) >>> 0) +
        (Math.imul(s1, M0) >>> 0) +
        i1 +
        Math.floor(r0 * PER_WORD);
      const r2 =
        high(s0, 0x4385, 0xdf64) +
        high(s1, 0x9fcc, 0xf645) +
        (Math.imul(s0, M2) >>> 0) +
        (Math.imul(s1, M1) >>> 0) +
        (Math.imul(s2, M0) >>> 0) +
        i2 +
        Math.floor(r1 * PER_WORD);
      const r3 =
        high(s0, 0x1fc6, 0x5da4) +
        high(s1, 0x4385, 0xdf64) +
        high(s2, 0x9fcc, 0xf645) +
        Math.imul(s0, M3) +
        Math.imul(s1, M2) +
        Math.imul(s2, M1) +
        Math.imul(s3, M0) +
        i3 +
        Math.floor(r2 * PER_WORD);
      s0 = r0 >>> 0;
      s1 = r1 >>> 0;
      s2 = r2 >>> 0;
      s3 = r3 >>> 0;
      // Fold the halves and rotate right by the uppermost 6 bits.
      const lo = s0 ^ s2;
      const hi = s1 ^ s3;
      const turn = s3 >>> 26;
      const a = turn & 32 ? hi : lo;
      const b = turn & 32 ? lo : hi;
      const by = turn & 31;
      // A shift by 32 is one by 0 in JavaScript: two shifts instead.
      block[i] = (a >>> by) | ((b << 1) << (31 - by));
      block[i + 1] = (b >>> by) | ((a << 1) << (31 - by));
    }
    this.state = [s0, s1, s2, s3];
    this.next = 0;
  }

  /** The next 32 bits. */
  next32(): number {
    if (this.next === this.block.length) this.refill();
    return this.block[this.next++]!;
  }

  /** Fills `out` with whole numbers from 0 to `below` - 1 (`rng.choice(below, out.length)`). */
  fillBelow(below: number, out: Int32Array): void {
    if (below <= 1) {
      out.fill(0);
      return;
    }
    // Lemire's method: the high half of a product; a few low halves are redrawn. The product must
    // be exact: below 2^53.
    if (below > 2 ** 21)
      throw new UserError(`resampling is limited to 2^21 lines; these are ${below}`);
    const threshold = (4294967296 - below) % below;
    for (let i = 0; i < out.length; i++) {
      let product = this.next32() * below;
      let whole = Math.floor(product * PER_WORD);
      while (product - whole * 4294967296 < threshold) {
        product = this.next32() * below;
        whole = Math.floor(product * PER_WORD);
      }
      out[i] = whole;
    }
  }

  /** A source of fair bits (`rng.integers(2, dtype=bool)`), 32 from every draw, lowest first. */
  bits(): () => number {
    let buffer = 0;
    let left = 0;
    return () => {
      if (left === 0) {
        buffer = this.next32();
        left = 31;
      } else {
        buffer >>>= 1;
        left--;
      }
      return buffer & 1;
    };
  }
}
