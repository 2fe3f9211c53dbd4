import { logGamma } from '../gumbel/goodness-of-fit.js';

/** The little statistics that tables of seeds and draws need. */

/** Arithmetic mean; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Standard deviation of a sample (n - 1 in the denominator); NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

/** Mean and sample standard deviation; the latter null for a single number. */
export function meanAndDeviation(values: readonly number[]): {
  mean: number;
  deviation: number | null;
} {
  return { mean: mean(values), deviation: values.length < 2 ? null : standardDeviation(values) };
}

/** `12.34 ± 0.56`, or the single number. */
export function withDeviation(values: readonly number[], digits: number): string {
  const { mean: centre, deviation } = meanAndDeviation(values);
  return deviation === null
    ? centre.toFixed(digits)
    : `${centre.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

/** How two samples lie to each other. */
export interface Separation {
  /** -1: every value of `a` below every value of `b`; 1: above; 0: they overlap. */
  order: -1 | 0 | 1;
  /** Mean of a minus mean of b. */
  difference: number;
  /** Standard error of the difference, sqrt(var a / n + var b / m). */
  standardError: number;
  /**
   * Probability of a complete separation in either direction if all orders of the n + m values were
   * equally likely: 2 / C(n + m, n). 1 in 126 for 5 against 5.
   */
  chance: number;
}

/** Compares two samples without assuming a distribution. Each needs at least two values. */
export function separation(a: readonly number[], b: readonly number[]): Separation {
  const [n, m] = [a.length, b.length];
  let orders = 1;
  for (let k = 1; k <= n; k++) orders = (orders * (m + k)) / k;
  const below = Math.max(...a) < Math.min(...b);
  const above = Math.min(...a) > Math.max(...b);
  return {
    order: below ? -1 : above ? 1 : 0,
    difference: mean(a) - mean(b),
    standardError: Math.sqrt(standardDeviation(a) ** 2 / n + standardDeviation(b) ** 2 / m),
    chance: 2 / orders,
  };
}

// Welch's t test: do two samples of possibly different spread have the same mean?

/** Outcome of Welch's test. */
export interface Welch {
  /** Mean of a minus mean of b. */
  difference: number;
  /** Standard error of the difference, sqrt(var a / n + var b / m). */
  standardError: number;
  /** difference / standardError; infinite where both samples have no spread and differ. */
  t: number;
  /** Degrees of freedom after Welch and Satterthwaite; NaN where neither sample has any spread. */
  degrees: number;
  /** Two-sided: probability of a |t| at least as large if the means are the same and values normal. */
  p: number;
}

/** @throws RangeError unless both samples have at least two values. */
export function welch(a: readonly number[], b: readonly number[]): Welch {
  if (a.length < 2 || b.length < 2)
    throw new RangeError('Welch’s test needs two values of each sample');
  const [u, v] = [standardDeviation(a) ** 2 / a.length, standardDeviation(b) ** 2 / b.length];
  const difference = mean(a) - mean(b);
  const standardError = Math.sqrt(u + v);
  if (standardError === 0) {
    const t = difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    return { difference, standardError, t, degrees: Number.NaN, p: difference === 0 ? 1 : 0 };
  }
  const t = difference / standardError;
  const degrees = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1));
  return { difference, standardError, t, degrees, p: studentTwoSided(t, degrees) };
}

/** P(|T| >= |t|) for Student's t with `degrees` > 0 degrees of freedom, whole or not. */
export function studentTwoSided(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`degrees of freedom must be above 0, not ${degrees}`);
  return regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Regularised incomplete beta function I_x(a, b), 0 <= x <= 1, a and b above 0. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`x must be from 0 to 1, not ${x}`);
  if (x === 0 || x === 1) return x;
  // The fraction converges fast below the mean; above it the other tail is computed.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const logs = logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(logs + a * Math.log(x) + b * Math.log1p(-x)) / a) * betaFraction(x, a, b);
}

/** The continued fraction 1 / (1 + d1 / (1 + d2 / ...)) of I_x(a, b), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let factor = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      factor = c * d;
      product *= factor;
    }
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return product;
}

// How far apart two means are, with an interval: paired where values belong together.

/** A difference of means with its confidence interval; the bounds are equal where nothing scatters. */
export interface MeanDifference {
  /** Mean of a minus mean of b. */
  difference: number;
  low: number;
  high: number;
  /** Probability that such an interval covers the true difference, for normal values. */
  confidence: number;
  method: 'paired' | 'welch';
  /** Pairs, or values of the smaller sample. */
  n: number;
}

/** The t with P(|T| <= t) = confidence for Student's t with `degrees` degrees of freedom. */
export function studentQuantile(confidence: number, degrees: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be between 0 and 1, not ${confidence}`);
  let [low, high] = [0, 1];
  while (studentTwoSided(high, degrees) > 1 - confidence) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, degrees) > 1 - confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Student's t test of a mean against a threshold, with an interval for the mean. */
export interface MeanTest {
  n: number;
  mean: number;
  /** Of the sample. */
  deviation: number;
  /** Bounds of the interval of the mean. */
  low: number;
  high: number;
  confidence: number;
  /** Two-sided. 0 or 1 where nothing scatters. */
  p: number;
}

/** @throws RangeError for fewer than two values */
export function meanTest(values: readonly number[], threshold = 0, confidence = 0.95): MeanTest {
  const n = values.length;
  if (n < 2) throw new RangeError('the test of a mean needs two values or more');
  const centre = mean(values);
  const deviation = standardDeviation(values);
  const error = deviation / Math.sqrt(n);
  const half = studentQuantile(confidence, n - 1) * error;
  const away = centre - threshold;
  const p = error > 0 ? studentTwoSided(away / error, n - 1) : away === 0 ? 1 : 0;
  return { n, mean: centre, deviation, low: centre - half, high: centre + half, confidence, p };
}

/** Differences a[i] - b[i] of values that belong together, as of the same seed. @throws RangeError for fewer than two pairs */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): MeanDifference {
  if (a.length !== b.length || a.length < 2)
    throw new RangeError('paired differences need two pairs or more');
  const differences = a.map((value, i) => value - b[i]!);
  const { mean: difference, low, high, n } = meanTest(differences, 0, confidence);
  return { difference, low, high, confidence, method: 'paired', n };
}

/** Welch's interval, of samples that are independent. @throws RangeError for fewer than two values of either */
export function welchDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): MeanDifference {
  const { difference, standardError, degrees } = welch(a, b);
  const half = standardError === 0 ? 0 : studentQuantile(confidence, degrees) * standardError;
  const bounds = { low: difference - half, high: difference + half };
  const n = Math.min(a.length, b.length);
  return { difference, ...bounds, confidence, method: 'welch', n };
}

/** How far two groups of values lie apart, in units of their spread. */

/** Count, sum and sum of squares of a group of values. */
export interface Moments {
  n: number;
  sum: number;
  squares: number;
}

/** The moments of a list. */
export function momentsOf(values: Iterable<number>): Moments {
  const moments = { n: 0, sum: 0, squares: 0 };
  for (const value of values) {
    moments.n++;
    moments.sum += value;
    moments.squares += value * value;
  }
  return moments;
}

/**
 * Hedges' g (1981): (mean of a - mean of b) / pooled standard deviation, times 1 - 3 / (4 df - 1) with
 * df = n + m - 2, which takes away the bias of Cohen's d in small samples. NaN where a group has fewer
 * than two values, or nothing varies.
 */
export function hedgesG(a: Moments, b: Moments): number {
  const df = a.n + b.n - 2;
  if (a.n < 2 || b.n < 2) return Number.NaN;
  const spread = (m: Moments) => m.squares - (m.sum * m.sum) / m.n;
  const pooled = Math.sqrt((spread(a) + spread(b)) / df);
  if (!(pooled > 0)) return Number.NaN;
  return ((a.sum / a.n - b.sum / b.n) / pooled) * (1 - 3 / (4 * df - 1));
}
