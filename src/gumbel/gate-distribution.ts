import { closeness, finite, nonNegative, positive, unitInterval } from './check.js';
import {
  binaryGate,
  gateNoiseBound,
  logit,
  logitOfComplement,
  logSigmoid,
  sigmoid,
  sigmoidDerivative,
} from './gate.js';
import { integrate } from './quadrature.js';
import type { UniformSource } from './uniform.js';

/**
 * Law of a gate's noise. With probability p the noise is log(U + e) - log(1 + e - U), with
 * probability 1 - p there is none, and the gate is then exactly s(alpha / tau): a point mass.
 * The published code's special rule that p = 0 also switches tau off is not applied here; ask for
 * tau = 1 to get it.
 */
export interface GateNoise {
  /** e, 0 or above. Default 0 (the paper); 1e-3 in the published code. */
  noiseEpsilon?: number;
  /** p in [0, 1]. Default 1 (the paper's text); 0.2 in the published code's runs. */
  noiseProbability?: number;
}

/**
 * P(G <= x) = p F(z) + (1 - p) [s(alpha / tau) <= x], z = tau logit(x) - alpha, where F is the
 * distribution function of the noise: F(z) = s(z) for e = 0, so that the paper's gate has
 * P(G <= x) = 1 - s(alpha - tau logit(x)). For e > 0, (U + e) / (1 + 2e) is uniform between
 * e / (1 + 2e) and (1 + e) / (1 + 2e), hence F(z) = (1 + 2e) s(z) - e, cut to [0, 1].
 *
 * @param x gate value; 0 below the interval [0, 1], 1 above it.
 * @param alpha pre-activation, finite.
 * @param tau temperature above 0.
 * @throws RangeError if an argument is out of range.
 */
export function gateCdf(x: number, alpha: number, tau: number, noise: GateNoise = {}): number {
  const { e, p } = checked(alpha, tau, noise);
  if (outside(x)) return x < 0 ? 0 : 1;
  const atom = sigmoid(alpha / tau) <= x ? 1 - p : 0;
  return p * noiseCdf(tau * logit(x) - alpha, e) + atom;
}

/**
 * P(G >= x), point mass at x included; equals 1 - `gateCdf` except at the point mass, but keeps
 * its relative precision where it is tiny. For the paper's gate: s(alpha - tau logit(x)).
 */
export function gateSurvival(x: number, alpha: number, tau: number, noise: GateNoise = {}): number {
  const { e, p } = checked(alpha, tau, noise);
  if (outside(x)) return x < 0 ? 1 : 0;
  const atom = sigmoid(alpha / tau) >= x ? 1 - p : 0;
  return p * noiseCdf(alpha - tau * logit(x), e) + atom;
}

/**
 * Density of the continuous part: p (1 + 2e) tau s(z) s(-z) / (x (1 - x)), z = tau logit(x) - alpha,
 * zero where |z| > log((1 + e) / e). It integrates to p; the rest is `gateAtom`. At x = 0 and 1 with
 * e = 0 it is the limit: Infinity for tau < 1, 0 for tau > 1.
 */
export function gateDensity(x: number, alpha: number, tau: number, noise: GateNoise = {}): number {
  const { e, p } = checked(alpha, tau, noise);
  if (outside(x) || p === 0) return 0;
  const z = tau * logit(x) - alpha;
  if (Math.abs(z) > gateNoiseBound(e)) return 0;
  if (x === 0 || x === 1) {
    // Here the density behaves as tau exp(-+alpha) d^(tau - 1), d the distance to the end.
    if (tau !== 1) return tau < 1 ? Number.POSITIVE_INFINITY : 0;
    return p * Math.exp(x === 0 ? -alpha : alpha);
  }
  // In logarithms, because s(z) and x may both underflow while their ratio does not.
  const log = Math.log(tau) + logSigmoid(z) + logSigmoid(-z) - Math.log(x) - Math.log1p(-x);
  return p * (1 + 2 * e) * Math.exp(log);
}

/** The point mass of a masked gate: value s(alpha / tau), probability 1 - p. */
export function gateAtom(
  alpha: number,
  tau: number,
  noise: GateNoise = {},
): { value: number; probability: number } {
  const { p } = checked(alpha, tau, noise);
  return { value: sigmoid(alpha / tau), probability: 1 - p };
}

/**
 * Smallest x with P(G <= x) >= q. G grows with U, so without point mass this is G at U = q; the
 * point mass takes the q from p/2 to 1 - p/2, because zero noise is the noise's median.
 *
 * @throws RangeError if `q` is outside [0, 1] or another argument is out of range.
 */
export function gateQuantile(q: number, alpha: number, tau: number, noise: GateNoise = {}): number {
  const { e, p } = checked(alpha, tau, noise);
  unitInterval('q', q);
  const draw = { noiseEpsilon: e };
  if (q < p / 2) return binaryGate(alpha, tau, q / p, draw);
  if (1 - q < p / 2) return binaryGate(alpha, tau, 1 - (1 - q) / p, draw);
  return sigmoid(alpha / tau);
}

/**
 * Mean E[G], between s(alpha) (tau to 0) and 1/2 (tau to infinity) for the paper's gate, to an
 * absolute error below 1e-13. Arguments and errors as `gateCdf`.
 */
export function gateMean(alpha: number, tau: number, noise: GateNoise = {}): number {
  const { e, p } = checked(alpha, tau, noise);
  return p * Math.min(1, noisyMean(alpha, tau, e)) + (1 - p) * sigmoid(alpha / tau);
}

/** P(G >= 1 - eps): the gate is open within eps. Exact; s(alpha - tau log(1/eps - 1)) for the paper. */
export function probabilityNearOne(
  alpha: number,
  tau: number,
  eps: number,
  noise: GateNoise = {},
): number {
  const { e, p } = checked(alpha, tau, noise);
  // From eps itself: the rounding of 1 - eps would spoil small eps.
  const threshold = tau * logitOfComplement(closeness('eps', eps));
  return p * noiseCdf(alpha - threshold, e) + (alpha >= threshold ? 1 - p : 0);
}

/** P(G <= eps): the gate is closed within eps, 0 < eps < 1/2. By symmetry that of -alpha at 1. */
export function probabilityNearZero(
  alpha: number,
  tau: number,
  eps: number,
  noise: GateNoise = {},
): number {
  return probabilityNearOne(-alpha, tau, eps, noise);
}

/** P(G <= eps or G >= 1 - eps): the gate is binary within eps, 0 < eps < 1/2. */
export function probabilityNearBinary(
  alpha: number,
  tau: number,
  eps: number,
  noise: GateNoise = {},
): number {
  return probabilityNearZero(alpha, tau, eps, noise) + probabilityNearOne(alpha, tau, eps, noise);
}

/**
 * One draw of the gate. Takes two numbers from `uniform`, for the mask and for U, whatever p is, so
 * that runs with different p see the same U.
 */
export function sampleGate(
  alpha: number,
  tau: number,
  uniform: UniformSource,
  noise: GateNoise = {},
): number {
  const { e, p } = checked(alpha, tau, noise);
  const mask = uniform() < p ? 1 : 0;
  return binaryGate(alpha, tau, uniform(), { noiseEpsilon: e, mask });
}

function checked(alpha: number, tau: number, noise: GateNoise): { e: number; p: number } {
  finite('alpha', alpha);
  positive('tau', tau);
  return {
    e: nonNegative('noiseEpsilon', noise.noiseEpsilon ?? 0),
    p: unitInterval('noiseProbability', noise.noiseProbability ?? 1),
  };
}

function outside(x: number): boolean {
  if (Number.isNaN(x)) throw new RangeError('x must be a number, got NaN');
  return x < 0 || x > 1;
}

/** P(noise <= z) of a gate that is not masked. */
function noiseCdf(z: number, e: number): number {
  return Math.min(1, Math.max(0, (1 + 2 * e) * sigmoid(z) - e));
}

/** E[G] of a gate that is not masked; the logistic weight s' is below 1e-17 beyond 40. */
function noisyMean(alpha: number, tau: number, e: number): number {
  const bound = gateNoiseBound(e);
  if (tau > 1) {
    const reach = Math.min(bound, 40);
    const f = (n: number) => sigmoid((alpha + n) / tau) * sigmoidDerivative(n);
    return (1 + 2 * e) * integrate(f, -reach, reach);
  }
  // E[G] = int P(G > x) dx with x = s(t): for small tau the integrand above turns into a step,
  // while this one stays smooth. P(G > s(t)) is 1 up to `low` and 0 from `high` on.
  const low = (alpha - bound) / tau;
  const high = (alpha + bound) / tau;
  const f = (t: number) => noiseCdf(alpha - tau * t, e) * sigmoidDerivative(t);
  return sigmoid(low) + integrate(f, Math.max(low, -40), Math.min(high, 40));
}
