import { nonNegative, positive } from './check.js';

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
