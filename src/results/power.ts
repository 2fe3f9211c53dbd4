/** How small a difference a t test over a few seeds can see. */
import { logGamma, regularizedGammaQ } from '../gumbel/goodness-of-fit.js';
import { integrate } from '../gumbel/quadrature.js';
import { studentQuantile } from './statistics.js';

/** P(Z > z) of a standard normal variable. */
function normalTail(z: number): number {
  const half = regularizedGammaQ(0.5, (z * z) / 2) / 2;
  return z < 0 ? 1 - half : half;
}

/**
 * Power of Student's two-sided t test of a mean: the chance to decide when the true mean lies `distance`
 * standard deviations from the threshold. n values, at least 2.
 */
export function meanTestPower(distance: number, n: number, level: number): number {
  const degrees = n - 1;
  const t = studentQuantile(1 - level, degrees);
  const shift = distance * Math.sqrt(n);
  // T = (Z + shift) / S with S^2 = chi^2 / degrees: the mean over S of P(|Z + shift| > t S).
  const logs = Math.log(2) + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  const density = (s: number) =>
    Math.exp(logs + (degrees - 1) * Math.log(s) - (degrees * s * s) / 2);
  const decided = (s: number) => normalTail(t * s - shift) + normalTail(t * s + shift);
  // Beyond 1 + 8 / sqrt(degrees) the density is below 1e-14.
  return integrate((s) => density(s) * decided(s), 0, 1 + 8 / Math.sqrt(degrees), 0.05);
}

/** The distance, in standard deviations, that is decided with the chance `power`. */
export function visibleDistance(n: number, level = 0.05, power = 0.8): number {
  let [low, high] = [0, 1];
  while (meanTestPower(high, n, level) < power) high *= 2;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (meanTestPower(middle, n, level) < power) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
