/** What noise alone does to a histogram of gates that were trained without it: the control of Figure 3. */

import { logit } from '../../gumbel/gate.js';
import {
  type GateNoise,
  probabilityNearOne,
  probabilityNearZero,
} from '../../gumbel/gate-distribution.js';

/** Values that stand for each bin. */
const POINTS = 50;
/** Values this near an end are near it with any noise. */
const EDGE = 1e-6;

/**
 * Shares below 0.1 and from 0.9 on after noise and temperature are put on gates with this histogram
 * (Eq 11, 12 on pre-activations that did not learn with them). Values are taken to be spread evenly in
 * each bin, which for trained gates is right to about .01.
 *
 * @param shares of equally wide bins over [0, 1]
 */
export function endsWithNoise(
  shares: readonly number[],
  tau: number,
  noise: GateNoise,
): { below: number; above: number } {
  let [below, above] = [0, 0];
  shares.forEach((share, bin) => {
    for (let k = 0; k < POINTS; k++) {
      const value = (bin + (k + 0.5) / POINTS) / shares.length;
      const alpha = logit(Math.min(1 - EDGE, Math.max(EDGE, value)));
      below += (share / POINTS) * probabilityNearZero(alpha, tau, 0.1, noise);
      above += (share / POINTS) * probabilityNearOne(alpha, tau, 0.1, noise);
    }
  });
  return { below, above };
}
