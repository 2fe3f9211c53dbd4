import { positive } from './check.js';

/** `n` draws: [sample(), sample(), ...], in this order. */
export function draws<T>(n: number, sample: () => T): T[] {
  return Array.from({ length: n }, () => sample());
}

/** How often each index 0 to k - 1 occurs, [k]. Throws a RangeError on any other value. */
export function countIndices(indices: readonly number[], k: number): number[] {
  const counts = new Array<number>(k).fill(0);
  for (const index of indices) {
    if (!(Number.isInteger(index) && index >= 0 && index < k)) {
      throw new RangeError(`expected an index from 0 to ${k - 1}, got ${index}`);
    }
    counts[index]!++;
  }
  return counts;
}

/** What a sample says about its mean and variance. */
export interface SampleMoments {
  n: number;
  mean: number;
  /** Unbiased: divided by n - 1. */
  variance: number;
  /** Standard deviation of `mean`: sqrt(variance / n). */
  standardError: number;
  /** Standard deviation of `variance`, from the fourth moment of the sample. */
  varianceError: number;
}

/**
 * Mean and variance of a sample, each with its standard error.
 *
 * @throws RangeError for fewer than two values.
 */
export function sampleMoments(values: readonly number[]): SampleMoments {
  const n = values.length;
  positive('number of values - 1', n - 1);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  let second = 0;
  let fourth = 0;
  for (const value of values) {
    const square = (value - mean) ** 2;
    second += square;
    fourth += square * square;
  }
  const variance = second / (n - 1);
  return {
    n,
    mean,
    variance,
    standardError: Math.sqrt(variance / n),
    varianceError: Math.sqrt(Math.max(0, fourth / n - (second / n) ** 2) / n),
  };
}
