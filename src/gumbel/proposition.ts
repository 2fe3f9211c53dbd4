import { closeness, finite, positive } from './check.js';
import { sigmoid } from './gate.js';
import { probabilityNearOne, probabilityNearZero } from './gate-distribution.js';

/** One of the two statements of Proposition 3.1: lower <= exact <= upper. */
export interface PropositionSide {
  /** P(D) - (tau/4) log(1/eps); below 0 for a large tau or a small eps, where it says nothing. */
  lower: number;
  /** The gate's probability, exact. */
  exact: number;
  /** P(D), the probability of the Bernoulli variable. */
  upper: number;
}

/** Both statements of Proposition 3.1 for one (alpha, tau, eps). */
export interface Proposition {
  /** Eq 8: P(D=1) - (tau/4) log(1/eps) <= P(G >= 1 - eps) <= P(D=1). */
  open: PropositionSide;
  /** Eq 9: P(D=0) - (tau/4) log(1/eps) <= P(G <= eps) <= P(D=0). */
  closed: PropositionSide;
}

/**
 * Proposition 3.1 for D ~ Bernoulli(s(alpha)) and the paper's gate G(alpha, tau) (no epsilon, no
 * mask). The exact values are s(alpha - tau log(1/eps - 1)) and s(-alpha - tau log(1/eps - 1)); the
 * lower bounds follow since s is 1/4-Lipschitz and log(1/eps - 1) < log(1/eps).
 *
 * @param alpha pre-activation, finite.
 * @param tau temperature above 0.
 * @param eps distance to 0 or 1, strictly between 0 and 1/2.
 * @throws RangeError if an argument is out of range.
 */
export function proposition31(alpha: number, tau: number, eps: number): Proposition {
  const gap = propositionGap(tau, eps);
  const { open, closed } = propositionLimit(alpha);
  return {
    open: { lower: open - gap, exact: probabilityNearOne(alpha, tau, eps), upper: open },
    closed: { lower: closed - gap, exact: probabilityNearZero(alpha, tau, eps), upper: closed },
  };
}

/** Width of both bounds, (tau/4) log(1/eps) (Eq 8, 9). Errors as `proposition31`. */
export function propositionGap(tau: number, eps: number): number {
  return (-positive('tau', tau) / 4) * Math.log(closeness('eps', eps));
}

/**
 * Eq 10, tau to 0+: P(G >= 1 - eps) tends to P(D=1) = s(alpha), P(G <= eps) to P(D=0) = s(-alpha),
 * for every eps.
 *
 * @throws RangeError if `alpha` is not finite.
 */
export function propositionLimit(alpha: number): { open: number; closed: number } {
  finite('alpha', alpha);
  return { open: sigmoid(alpha), closed: sigmoid(-alpha) };
}

/**
 * Temperature below which the lower bound of Eq 8 is above 0 and so says something:
 * 4 s(alpha) / log(1/eps). For Eq 9 it is that of -alpha.
 *
 * @throws RangeError if an argument is out of range.
 */
export function informativeTau(alpha: number, eps: number): number {
  return sigmoid(finite('alpha', alpha)) / propositionGap(1, eps);
}
