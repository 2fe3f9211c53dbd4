/** One step of splitmix32: scrambles a 32-bit counter into 32 random bits. */
function splitmix32(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/** FNV-1a hash of a label, so that streams with different purposes are independent. */
function hash(label: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  return h;
}

/**
 * Random choices for the made corpora: xoshiro128** seeded through splitmix32. Only integer
 * arithmetic, additions and divisions, so every platform makes the same text from the same seed.
 */
export class Random {
  readonly #state: Int32Array;

  /** @param seed whole number @param purpose names the stream; other purposes are independent */
  constructor(seed: number, purpose = '') {
    const state = new Int32Array(4);
    let z = splitmix32(seed | 0) ^ hash(purpose);
    for (let i = 0; i < 4; i++) {
      state[i] = splitmix32(z);
      z = (z + 0x9e3779b9) | 0;
    }
    this.#state = state;
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    const s = this.#state;
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return (result >>> 0) / 4294967296;
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** Whole number in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One item, all equally likely. */
  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** One item, the first the most likely: weight 1 / (position + 2), as in Zipf's law. */
  zipf<T>(items: readonly T[]): T {
    let total = 0;
    for (let i = 0; i < items.length; i++) total += 1 / (i + 2);
    let rest = this.next() * total;
    for (let i = 0; i < items.length; i++) {
      rest -= 1 / (i + 2);
      if (rest < 0) return items[i]!;
    }
    return items[items.length - 1]!;
  }

  /** One key of a table of weights. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys = Object.keys(weights) as K[];
    let total = 0;
    for (const key of keys) total += weights[key];
    let rest = this.next() * total;
    for (const key of keys) {
      rest -= weights[key];
      if (rest < 0) return key;
    }
    return keys[keys.length - 1]!;
  }
}
