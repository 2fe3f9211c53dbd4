/** Masks of locked and of ordinary dropout, for looking at. */
import { tf } from '#tfjs';
import { dropoutMask, lockedDropout } from '../../cell/dropout.js';
import { STREAM } from '../../cell/random.js';

/** Which units are kept at which time step: 0 or 1/(1-p), [units][steps]. */
export interface DropoutMasks {
  p: number;
  /** A fresh mask at every step. */
  ordinary: number[][];
  /** One mask for all steps of the window. */
  locked: number[][];
}

/** Masks as training draws them for one window of one stream. */
export function dropoutMasks({
  p = 0.4,
  units = 16,
  steps = 35,
  seed = 1,
}: {
  p?: number;
  units?: number;
  steps?: number;
  seed?: number;
} = {}): DropoutMasks {
  const source = { p, random: { seed, stream: STREAM.outputDropout, step: 0 } };
  const rows = (t: tf.Tensor): number[][] => {
    const byStep = tf.reshape(t, [steps, units]);
    const columns = byStep.arraySync() as number[][];
    byStep.dispose();
    return Array.from({ length: units }, (_, u) => columns.map((column) => column[u]!));
  };
  return tf.tidy(() => ({
    p,
    ordinary: rows(dropoutMask([steps, 1, units], source)),
    locked: rows(lockedDropout(tf.ones([steps, 1, units]) as tf.Tensor3D, source)),
  }));
}
