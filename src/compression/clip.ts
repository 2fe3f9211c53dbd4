/** Eq 18: values between -c and c. */
import { type Floats, type RoundingVariant, round } from './round.js';

/** Eq 18: clip_c(x) = clip(x, -c, c), as a new array of the same precision. */
export function clip<T extends Floats>(x: T, limit: number): T {
  return x.map((value: number) => Math.max(-limit, Math.min(limit, value))) as T;
}

/** How many steps of r it is from 0 to c; null where c is no multiple of r (up to rounding). */
export function stepsTo(limit: number, step: number): number | null {
  const steps = Math.round(limit / step);
  return steps >= 1 && Math.abs(limit / step - steps) < 1e-9 ? steps : null;
}

/**
 * Eq 18 of Eq 17, clip_c(round_r(x)). Where c is a multiple of r all values lie on the grid 0, +-r, ...,
 * +-c, and clipping first gives the same (paper.DEPARTURES, row 11).
 */
export function roundClip<T extends Floats>(
  x: T,
  step: number,
  limit: number,
  variant: RoundingVariant = 'divide',
): T {
  return clip(round(x, step, variant), limit);
}
