import { finite, nonNegative, positive, unitInterval } from './check.js';
import {
  binaryGate,
  binaryGateDerivative,
  type GateDraw,
  gateNoiseBound,
  sigmoid,
  sigmoidDerivative,
} from './gate.js';
import type { GateNoise } from './gate-distribution.js';
import { integrate } from './quadrature.js';

/** A loss as a function of one gate value in [0, 1], smooth. */
export interface GateLoss {
  value(gate: number): number;
  derivative(gate: number): number;
}

/** (g - target)^2. */
export function squaredLoss(target: number): GateLoss {
  finite('target', target);
  return { value: (g) => (g - target) ** 2, derivative: (g) => 2 * (g - target) };
}

/** Mean and variance of a one-draw estimate of dE[L]/dalpha. */
export interface GradientMoments {
  mean: number;
  variance: number;
}

/**
 * One draw of the gradient that backpropagation sees: dL(G)/dalpha = L'(G) dG/dalpha, the noise
 * held fixed.
 *
 * @param u uniform draw in [0, 1]; further arguments and errors as `binaryGate`.
 */
export function gateGradient(
  loss: GateLoss,
  alpha: number,
  tau: number,
  u: number,
  draw: GateDraw = {},
): number {
  const gate = binaryGate(alpha, tau, u, draw);
  return loss.derivative(gate) * binaryGateDerivative(alpha, tau, u, draw);
}

/**
 * Exact mean and variance of `gateGradient` over the noise, by quadrature. The mean is the gradient
 * of E[L(G)]. As tau goes to 0 it tends to `discreteGradient`, while the variance grows like
 * (s'(alpha) / tau) int_0^1 L'(x)^2 x (1 - x) dx.
 *
 * @throws RangeError as `gateCdf`.
 */
export function gateGradientMoments(
  loss: GateLoss,
  alpha: number,
  tau: number,
  noise: GateNoise = {},
): GradientMoments {
  const { e, p } = checked(alpha, tau, noise);
  const still = gradientAt(loss, alpha / tau, tau);
  const moment = (power: 1 | 2) =>
    p * noisyMoment(loss, alpha, tau, e, power) + (1 - p) * still ** power;
  const mean = moment(1);
  return { mean, variance: Math.max(0, moment(2) - mean * mean) };
}

/**
 * What the gate stands in for: the gradient of E[L(D)], D ~ Bernoulli(s(alpha)), which is
 * s'(alpha) (L(1) - L(0)). A gradient of E[L(G)] minus this is the bias of the relaxation.
 */
export function discreteGradient(loss: GateLoss, alpha: number): number {
  return sigmoidDerivative(finite('alpha', alpha)) * (loss.value(1) - loss.value(0));
}

/**
 * The gradient of the same gate without noise, L'(s(alpha/tau)) s'(alpha/tau) / tau: tau = 1 is the
 * baseline LSTM's gate, a smaller tau the sharpened sigmoid.
 */
export function noiselessGradient(loss: GateLoss, alpha: number, tau = 1): number {
  return gradientAt(loss, finite('alpha', alpha) / positive('tau', tau), tau);
}

/**
 * Mean and variance of the score-function estimate L(D) d log P(D)/dalpha = L(D) (D - s(alpha)),
 * which needs no relaxation and has no bias (REINFORCE, Williams 1992, without a baseline).
 */
export function scoreFunctionMoments(loss: GateLoss, alpha: number): GradientMoments {
  const open = sigmoid(finite('alpha', alpha));
  const closed = sigmoid(-alpha);
  const difference = loss.value(1) * closed + loss.value(0) * open;
  return { mean: discreteGradient(loss, alpha), variance: open * closed * difference ** 2 };
}

/**
 * The loss that training with noise sees: E[L(G(alpha, tau))], exact by quadrature; its derivative
 * in alpha is the mean of `gateGradientMoments`. Tends to E[L(D)] as tau goes to 0.
 *
 * @throws RangeError as `gateCdf`.
 */
export function expectedLoss(
  loss: GateLoss,
  alpha: number,
  tau: number,
  noise: GateNoise = {},
): number {
  const { e, p } = checked(alpha, tau, noise);
  const still = loss.value(sigmoid(alpha / tau));
  return p * noisyLoss(loss, alpha, tau, e) + (1 - p) * still;
}

/** The pre-activation that training with noise would settle at. */
export interface BestPreactivation {
  alpha: number;
  /** E[L(G)] there. */
  loss: number;
  /** Whether it is an end of the searched range: the loss still falls there, towards 0 or 1. */
  atEnd: boolean;
}

/**
 * Least `expectedLoss` over alpha in [-reach, reach]: the best point of a grid with step 0.05,
 * refined to 1e-4 between its neighbours.
 *
 * @param options.reach default 12, where s(alpha) is within 1e-5 of 0 or 1.
 * @throws RangeError as `gateCdf`.
 */
export function bestPreactivation(
  loss: GateLoss,
  tau: number,
  noise: GateNoise = {},
  { reach = 12 }: { reach?: number } = {},
): BestPreactivation {
  const at = (alpha: number) => expectedLoss(loss, alpha, tau, noise);
  const steps = Math.round(positive('reach', reach) / 0.05);
  const grid = Array.from({ length: 2 * steps + 1 }, (_, i) => (reach * (i - steps)) / steps);
  const losses = grid.map(at);
  const best = losses.indexOf(Math.min(...losses));
  if (best === 0 || best === 2 * steps) {
    return { alpha: grid[best]!, loss: losses[best]!, atEnd: true };
  }
  let [low, high] = [grid[best - 1]!, grid[best + 1]!];
  while (high - low > 1e-4) {
    const third = (high - low) / 3;
    if (at(low + third) < at(high - third)) high -= third;
    else low += third;
  }
  const alpha = (low + high) / 2;
  return { alpha, loss: at(alpha), atEnd: false };
}

/** L'(s(z)) s'(z) / tau, the gradient at the scaled and perturbed pre-activation z. */
function gradientAt(loss: GateLoss, z: number, tau: number): number {
  return (loss.derivative(sigmoid(z)) * sigmoidDerivative(z)) / tau;
}

/** E[gradient^power] of a gate that is not masked; weights beyond 40 are below 1e-17. */
function noisyMoment(loss: GateLoss, alpha: number, tau: number, e: number, power: 1 | 2): number {
  const bound = gateNoiseBound(e);
  if (tau > 1) {
    const reach = Math.min(bound, 40);
    const f = (n: number) =>
      gradientAt(loss, (alpha + n) / tau, tau) ** power * sigmoidDerivative(n);
    return (1 + 2 * e) * integrate(f, -reach, reach);
  }
  // In z = (alpha + noise) / tau, since in the noise the integrand is a peak of width tau.
  const low = Math.max((alpha - bound) / tau, -40);
  const high = Math.min((alpha + bound) / tau, 40);
  const f = (z: number) => gradientAt(loss, z, tau) ** power * sigmoidDerivative(tau * z - alpha);
  return (1 + 2 * e) * tau * integrate(f, low, high);
}

/** E[L(G)] of a gate that is not masked. */
function noisyLoss(loss: GateLoss, alpha: number, tau: number, e: number): number {
  const bound = gateNoiseBound(e);
  if (tau > 1) {
    const reach = Math.min(bound, 40);
    const f = (n: number) => loss.value(sigmoid((alpha + n) / tau)) * sigmoidDerivative(n);
    return (1 + 2 * e) * integrate(f, -reach, reach);
  }
  // L(G) = L(least G) + int P(G > s(z)) dL(s(z)): smooth in z also where the gate turns into a step.
  const low = Math.max((alpha - bound) / tau, -40);
  const high = Math.min((alpha + bound) / tau, 40);
  const above = (z: number) => Math.min(1, Math.max(0, (1 + 2 * e) * sigmoid(alpha - tau * z) - e));
  const f = (z: number) => loss.derivative(sigmoid(z)) * sigmoidDerivative(z) * above(z);
  return loss.value(sigmoid(low)) + integrate(f, low, high);
}

function checked(alpha: number, tau: number, noise: GateNoise): { e: number; p: number } {
  finite('alpha', alpha);
  positive('tau', tau);
  return {
    e: nonNegative('noiseEpsilon', noise.noiseEpsilon ?? 0),
    p: unitInterval('noiseProbability', noise.noiseProbability ?? 1),
  };
}
