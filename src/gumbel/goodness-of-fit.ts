import { nonNegative, positive, unitInterval } from './check.js';

/** Terms B_2k / (2k (2k - 1)) of Stirling's series, k = 1 to 5. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];

/**
 * log Gamma(x) for x > 0, to about 1e-14 (relative where it is above 1): Stirling's series, after
 * moving x above 15 by Gamma(x + 1) = x Gamma(x).
 *
 * @throws RangeError if `x` is not a finite number above 0.
 */
export function logGamma(x: number): number {
  let z = positive('x', x);
  let product = 1;
  for (; z < 15; z++) product *= z;
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series / (z * z) + STIRLING[k]!;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series / z - Math.log(product);
}

/**
 * Regularised upper incomplete gamma function
 * Q(a, x) = (1 / Gamma(a)) int_x^Infinity t^(a - 1) exp(-t) dt, falling from 1 at x = 0 to 0.
 * A chi-square variable with n degrees of freedom exceeds x with probability Q(n/2, x/2).
 *
 * @param a shape, finite and above 0.
 * @param x finite, 0 or above.
 * @throws RangeError if an argument is out of range.
 */
export function regularizedGammaQ(a: number, x: number): number {
  positive('a', a);
  if (nonNegative('x', x) === 0) return 1;
  const weight = Math.exp(a * Math.log(x) - x - logGamma(a));
  // The series converges fast below the mean a, the continued fraction above it, where it also
  // keeps the relative precision of a tiny Q.
  return x < a + 1 ? 1 - weight * lowerSeries(a, x) : weight * upperFraction(a, x);
}

/** sum_k x^k / (a (a + 1) ... (a + k)), the lower integral without its weight x^a exp(-x). */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/**
 * The upper integral without its weight: 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))), from
 * its convergents A_k / B_k, rescaled so that they stay in range.
 */
function upperFraction(a: number, x: number): number {
  let [before, now] = [
    { a: 0, b: 1 },
    { a: 1, b: x + 1 - a },
  ];
  let value = now.a / now.b;
  for (let k = 1; k < 10_000; k++) {
    const numerator = -k * (k - a);
    const denominator = x + 2 * k + 1 - a;
    const next = {
      a: denominator * now.a + numerator * before.a,
      b: denominator * now.b + numerator * before.b,
    };
    before = { a: now.a / next.b, b: now.b / next.b };
    now = { a: next.a / next.b, b: 1 };
    if (Math.abs(now.a - value) <= 4 * Number.EPSILON * Math.abs(now.a)) return now.a;
    value = now.a;
  }
  return value;
}

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
