/** Where a gate's sigmoid is flat: section 3.2 and Figure 2 of the paper as functions. */
import { logit, sigmoid, sigmoidDerivative } from '../../gumbel/gate.js';

function temperature(tau: number): number {
  if (!(tau > 0 && Number.isFinite(tau)))
    throw new RangeError(`tau must be a finite number above 0, got ${tau}`);
  return tau;
}

/** Sharpened sigmoid s(a / tau), section 3.2; the plain sigmoid for tau = 1 (default). */
export function sharpenedSigmoid(a: number, tau = 1): number {
  return sigmoid(a / temperature(tau));
}

/** Its slope in the pre-activation, d s(a / tau) / da = s(z) s(-z) / tau with z = a / tau; at most 1 / (4 tau). */
export function sharpenedSlope(a: number, tau = 1): number {
  return sigmoidDerivative(a / temperature(tau)) / tau;
}

/**
 * The same slope read off the gate's value: ds/da = s (1 - s) / tau. It is the factor by which a small
 * change of a pre-activation reaches the gate, and through it the loss.
 *
 * @throws RangeError if `gate` is outside [0, 1] or tau is not above 0
 */
export function slopeOfGate(gate: number, tau = 1): number {
  if (!(gate >= 0 && gate <= 1)) throw new RangeError(`a gate lies in [0, 1], got ${gate}`);
  return (gate * (1 - gate)) / temperature(tau);
}

/**
 * Where saturation begins: the |a| beyond which the slope is below `share` of its maximum 1 / (4 tau).
 * From 4 s (1 - s) = share: s = (1 + sqrt(1 - share)) / 2, a = tau logit(s). The paper's Figure 2 marks
 * such an area without a number; a share of 0.1 (|a| > 3.64 for tau = 1) is our choice.
 *
 * @throws RangeError if `share` is not strictly between 0 and 1 or tau is not above 0
 */
export function saturationEdge(share = 0.1, tau = 1): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`share must be in (0, 1), got ${share}`);
  return temperature(tau) * logit((1 + Math.sqrt(1 - share)) / 2);
}
