import { positive, unitInterval } from './check.js';
import { regularizedGammaQ } from './incomplete-gamma.js';

/** Pearson's chi-square test of counts against the probabilities they should follow. */
export interface ChiSquareTest {
  /** sum_i (observed_i - n p_i)^2 / (n p_i). */
  statistic: number;
  /** Categories - 1. */
  degreesOfFreedom: number;
  /** Chance of a statistic at least this large if the probabilities are right. */
  pValue: number;
}

/**
 * Pearson's chi-square test. That the statistic follows the chi-square law is a limit for many
 * draws; the usual rule wants every n p_i to be at least 5.
 *
 * @param counts how often each category was seen, [k], k >= 2.
 * @param probabilities the law to be tested, [k], all above 0, sum 1.
 * @throws RangeError if the lengths differ, nothing was counted, or the probabilities are no law.
 */
export function chiSquareTest(
  counts: readonly number[],
  probabilities: readonly number[],
): ChiSquareTest {
  const k = counts.length;
  if (k < 2 || k !== probabilities.length) {
    throw new RangeError(
      `need as many counts as probabilities, at least 2; got ${k} and ${probabilities.length}`,
    );
  }
  const n = positive('number of draws', sum(counts));
  if (Math.abs(sum(probabilities) - 1) > 1e-9) {
    throw new RangeError(`probabilities must sum to 1, got ${sum(probabilities)}`);
  }
  const terms = counts.map((count, i) => {
    const expected = n * positive(`probabilities[${i}]`, probabilities[i]!);
    return (count - expected) ** 2 / expected;
  });
  const statistic = sum(terms);
  const degreesOfFreedom = k - 1;
  return {
    statistic,
    degreesOfFreedom,
    pValue: regularizedGammaQ(degreesOfFreedom / 2, statistic / 2),
  };
}

/** Kolmogorov-Smirnov test of draws against the distribution function they should follow. */
export interface KolmogorovSmirnovTest {
  /** Number of draws. */
  n: number;
  /** D = sup_x |share of draws <= x - P(X <= x)|. */
  distance: number;
  /** Chance of a distance at least this large if the law is right: `kolmogorovSurvival(sqrt(n) D)`. */
  pValue: number;
}

/**
 * Kolmogorov-Smirnov test with the limit law of many draws; for some hundreds and more it is right
 * to a few per cent. For a law with point masses give `survival` too; the p-value is then too large,
 * never too small, so that a rejection stands.
 *
 * @param draws at least one number, in any order.
 * @param cdf P(X <= x).
 * @param survival P(X >= x); default 1 - `cdf`, right for every continuous law.
 * @throws RangeError if there are no draws.
 */
export function kolmogorovSmirnovTest(
  draws: readonly number[],
  cdf: (x: number) => number,
  survival: (x: number) => number = (x) => 1 - cdf(x),
): KolmogorovSmirnovTest {
  const n = positive('number of draws', draws.length);
  const sorted = Float64Array.from(draws).sort();
  let distance = 0;
  for (let i = 0, j = 0; i < n; i = j) {
    const x = sorted[i]!;
    while (j < n && sorted[j] === x) j++;
    // The empirical function jumps from i/n to j/n at x: both sides of the jump count.
    distance = Math.max(distance, Math.abs(j / n - cdf(x)), Math.abs(1 - i / n - survival(x)));
  }
  return { n, distance, pValue: kolmogorovSurvival(Math.sqrt(n) * distance) };
}

/**
 * P(K >= x) of Kolmogorov's law, the limit of sqrt(n) D:
 * 2 sum_{k>=1} (-1)^(k-1) exp(-2 k^2 x^2). 1 for x <= 0.
 */
export function kolmogorovSurvival(x: number): number {
  if (!(x > 0)) return 1;
  if (x < 1) {
    // Jacobi's transform of the same sum: below 1 its terms fall faster.
    let below = 0;
    for (let k = 1; k <= 9; k += 2) below += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let above = 0;
  for (let k = 5; k >= 1; k--) above = Math.exp(-2 * k * k * x * x) - above;
  return 2 * above;
}

/**
 * How far shares of `n` draws may lie from their probabilities, for all events {X <= x} and
 * {X >= x} of one sample at once: except with probability `falseAlarm`, every such share is within
 * sqrt(log(2 / falseAlarm) / (2n)) (Dvoretzky, Kiefer and Wolfowitz 1956, constant of Massart 1990).
 *
 * @param falseAlarm above 0, at most 1. Default 0.001.
 * @throws RangeError if an argument is out of range.
 */
export function dkwTolerance(n: number, falseAlarm = 1e-3): number {
  positive('falseAlarm', unitInterval('falseAlarm', falseAlarm));
  return Math.sqrt(Math.log(2 / falseAlarm) / (2 * positive('n', n)));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
