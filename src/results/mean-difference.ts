/** How far apart two means are, with an interval: paired where values belong together. */
import { mean, standardDeviation } from './statistics.js';
import { studentTwoSided, welch } from './welch.js';

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
