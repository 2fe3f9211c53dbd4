import { finite, nonNegative, positive, unitInterval } from './check.js';

/** One realisation of the noise as the published code draws it (paper.DEPARTURES, rows 1 and 3). */
export interface GateDraw {
  /** e of log(U + e) - log(1 + e - U), 0 or above. Default 0 (the paper); 1e-3 in the code. */
  noiseEpsilon?: number;
  /** 1: this gate gets noise, 0: it gets none, but is still divided by tau. Default 1 (the paper). */
  mask?: 0 | 1;
}

/**
 * Noise added to a pre-activation: mask * (log(U + e) - log(1 + e - U)).
 * With e = 0 this is a standard Logistic draw, the difference of two Gumbel draws; with e > 0 it is
 * a Logistic cut off at +-`gateNoiseBound(e)`.
 *
 * @param u uniform draw in [0, 1]; with e = 0 the ends give -Infinity and Infinity.
 * @throws RangeError if `u`, e or the mask is out of range.
 */
export function gateNoise(u: number, { noiseEpsilon = 0, mask = 1 }: GateDraw = {}): number {
  unitInterval('u', u);
  nonNegative('noiseEpsilon', noiseEpsilon);
  if (mask !== 0 && mask !== 1) throw new RangeError(`mask must be 0 or 1, got ${mask}`);
  // Not a product: 0 * Infinity would be NaN.
  if (mask === 0) return 0;
  // (1 - u) + e, not 1 + e - u: near u = 1 the former is exact up to one rounding.
  return Math.log(u + noiseEpsilon) - Math.log(1 - u + noiseEpsilon);
}

/**
 * Largest |noise|: log((1 + e) / e), reached at U = 0 and U = 1. 6.91 for the code's e = 1e-3,
 * Infinity for e = 0.
 *
 * @throws RangeError if e is negative or not finite.
 */
export function gateNoiseBound(noiseEpsilon: number): number {
  return Math.log1p(1 / nonNegative('noiseEpsilon', noiseEpsilon));
}

/**
 * Binary gate G(alpha, tau) = s((alpha + log U - log(1 - U)) / tau), the case k = 2 of Eq 1 with
 * logits alpha and 0; the input and forget gates of Eq 11-16.
 *
 * @param alpha pre-activation, finite.
 * @param tau temperature above 0; 0.9 for G2-LSTM.
 * @param u uniform draw in [0, 1]; with e = 0 the gate is exactly 0 at u = 0 and 1 at u = 1.
 * @param draw the code's epsilon and mask; by default the paper's noise.
 * @throws RangeError if an argument is out of range.
 */
export function binaryGate(alpha: number, tau: number, u: number, draw: GateDraw = {}): number {
  return sigmoid(sharpened(alpha, tau, u, draw));
}

/**
 * Derivative dG/dalpha = s(z) s(-z) / tau with z = (alpha + noise) / tau, the noise held fixed. It
 * is at most 1 / (4 tau), and 0 where the noise is infinite. Arguments and errors as `binaryGate`.
 */
export function binaryGateDerivative(
  alpha: number,
  tau: number,
  u: number,
  draw: GateDraw = {},
): number {
  return sigmoidDerivative(sharpened(alpha, tau, u, draw)) / tau;
}

function sharpened(alpha: number, tau: number, u: number, draw: GateDraw): number {
  return (finite('alpha', alpha) + gateNoise(u, draw)) / positive('tau', tau);
}

/**
 * Logistic sigmoid s(z) = 1 / (1 + exp(-z)). Never overflows: s(-Infinity) = 0, s(Infinity) = 1,
 * and its small values keep full relative precision.
 */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log s(z) = min(z, 0) - log(1 + exp(-|z|)); linear, not -Infinity, where s(z) underflows. */
export function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}

/** Derivative s'(z) = s(z) s(-z); written so because s(z) (1 - s(z)) loses its digits for large z. */
export function sigmoidDerivative(z: number): number {
  return sigmoid(z) * sigmoid(-z);
}

/** logit(x) = log x - log(1 - x), the inverse of `sigmoid`; -Infinity at 0, Infinity at 1. */
export function logit(x: number): number {
  return Math.log(x) - Math.log1p(-x);
}

/** logit(1 - x) = -logit(x), without the rounding of 1 - x. */
export function logitOfComplement(x: number): number {
  return Math.log1p(-x) - Math.log(x);
}
