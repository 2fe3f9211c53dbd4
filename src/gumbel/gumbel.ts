import { finite, positive, unitInterval } from './check.js';
import type { UniformSource } from './uniform.js';

/** Mean of the standard Gumbel distribution: Euler's constant. */
export const GUMBEL_MEAN = 0.5772156649015329;

/** Variance of the standard Gumbel distribution: pi^2 / 6. */
export const GUMBEL_VARIANCE = Math.PI ** 2 / 6;

/** Standard Gumbel density exp(-(x + exp(-x))). */
export function gumbelDensity(x: number): number {
  // At -Infinity the exponent would be Infinity - Infinity; the limit is 0.
  return x === Number.NEGATIVE_INFINITY ? 0 : Math.exp(-(x + Math.exp(-x)));
}

/** Standard Gumbel distribution function exp(-exp(-x)). */
export function gumbelCdf(x: number): number {
  return Math.exp(-Math.exp(-x));
}

/**
 * Standard Gumbel quantile -log(-log q), the q_i of Eq 1 at U_i = `q`; -Infinity at 0, Infinity
 * at 1.
 *
 * @throws RangeError if `q` is outside [0, 1].
 */
export function gumbelQuantile(q: number): number {
  return -Math.log(-Math.log(unitInterval('q', q)));
}

/** One standard Gumbel draw -log(-log U). */
export function gumbelSample(uniform: UniformSource): number {
  return gumbelQuantile(uniform());
}

/**
 * Softmax exp(l_i / tau) / sum_j exp(l_j / tau), `tau` = 1 by default; a logit of -Infinity gets 0.
 *
 * @throws RangeError if `tau` <= 0, or if no logit is finite or one is NaN or Infinity.
 */
export function softmax(logits: readonly number[], tau = 1): number[] {
  positive('tau', tau);
  const top = largest(logits);
  // Subtracting before dividing keeps the exponent at or below 0 however small tau is.
  const weights = logits.map((l) => Math.exp((l - top) / tau));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/**
 * Eq 1, Gumbel-Softmax: y_i = exp((log pi_i + q_i) / tau) / sum_j exp((log pi_j + q_j) / tau).
 *
 * @param logits log pi_i, [k]; a constant added to all of them changes nothing.
 * @param noise the Gumbel draws q_i, [k], finite.
 * @param tau temperature above 0: towards 0 the result is one-hot, large makes it uniform.
 * @returns y, [k], a point of the simplex.
 * @throws RangeError if the lengths differ or an argument is out of range.
 */
export function gumbelSoftmax(
  logits: readonly number[],
  noise: readonly number[],
  tau: number,
): number[] {
  return softmax(perturb(logits, noise), tau);
}

/** Eq 1 with fresh noise: one draw of U for each category, in order. */
export function gumbelSoftmaxSample(
  logits: readonly number[],
  tau: number,
  uniform: UniformSource,
): number[] {
  return gumbelSoftmax(
    logits,
    logits.map(() => gumbelSample(uniform)),
    tau,
  );
}

/**
 * Gumbel-Max: argmax_i (log pi_i + q_i), with fresh q_i an exact draw from softmax(`logits`). The
 * limit of Eq 1 as tau goes to 0.
 *
 * @returns the index drawn, 0 to k - 1; the first one on ties.
 * @throws RangeError as `gumbelSoftmax`.
 */
export function gumbelMax(logits: readonly number[], noise: readonly number[]): number {
  const perturbed = perturb(logits, noise);
  return perturbed.indexOf(largest(perturbed));
}

/** Gumbel-Max with fresh noise: one draw of U for each category, in order. */
export function gumbelMaxSample(logits: readonly number[], uniform: UniformSource): number {
  return gumbelMax(
    logits,
    logits.map(() => gumbelSample(uniform)),
  );
}

function perturb(logits: readonly number[], noise: readonly number[]): number[] {
  if (logits.length !== noise.length) {
    throw new RangeError(`${logits.length} logits need as many noise values, got ${noise.length}`);
  }
  return logits.map((l, i) => l + finite(`noise[${i}]`, noise[i]!));
}

function largest(logits: readonly number[]): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const [i, l] of logits.entries()) {
    if (Number.isNaN(l) || l === Number.POSITIVE_INFINITY) {
      throw new RangeError(`logits[${i}] must be a number below Infinity, got ${l}`);
    }
    if (l > top) top = l;
  }
  if (top === Number.NEGATIVE_INFINITY) {
    throw new RangeError('logits must hold at least one finite number');
  }
  return top;
}
