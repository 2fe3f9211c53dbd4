/** Welch's t test: do two samples of possibly different spread have the same mean? */
import { logGamma } from '../gumbel/incomplete-gamma.js';
import { mean, standardDeviation } from './statistics.js';

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
