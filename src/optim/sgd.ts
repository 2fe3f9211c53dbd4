import { tf } from '#tfjs';
import type { BlasBackend } from '../backend/backend.js';
import { blasBackend } from '../backend/install.js';
import { NORM_SLOT } from '../backend/programs/optimizer.js';
import { writeVariableTable } from './variable-table.js';

export interface SgdOptions {
  learningRate: number;
  /** Largest global gradient norm; 0 = no clipping. */
  clip: number;
  /** This times the weight is added to the clipped gradient. Default 0. */
  weightDecay?: number;
  /** Running averages of the weights, one for each variable, moved after the step. */
  averages?: {
    tensors: tf.Variable[];
    /** How far: average += mu * (weight - average). */
    mu: number;
  };
}

function fusedSgd(
  be: BlasBackend,
  variables: tf.Variable[],
  grads: tf.Tensor[],
  { learningRate, clip, weightDecay = 0, averages }: SgdOptions,
): number {
  writeVariableTable(be, variables, grads, averages?.tensors);
  be.team.run('sgd', variables.length, learningRate, clip, weightDecay, averages?.mu ?? 0);
  return Math.sqrt(be.team.reduction(NORM_SLOT));
}

function plainSgd(variables: tf.Variable[], grads: tf.Tensor[], o: SgdOptions): number {
  return tf.tidy(() => {
    const squares = grads.map((g) => tf.sum(tf.square(g)).dataSync()[0]!);
    const norm = Math.sqrt(squares.reduce((a, b) => a + b, 0));
    if (!Number.isFinite(norm)) return norm;
    const scale = o.clip > 0 ? Math.min(1, o.clip / (norm + 1e-6)) : 1;
    const { learningRate, weightDecay = 0, averages } = o;
    variables.forEach((v, i) => {
      const step = tf.mul(grads[i]!, learningRate * scale);
      v.assign(tf.sub(v, weightDecay ? tf.add(step, tf.mul(v, learningRate * weightDecay)) : step));
      const average = averages?.tensors[i];
      if (averages && average)
        average.assign(tf.add(average, tf.mul(tf.sub(v, average), averages.mu)));
    });
    return norm;
  });
}

/**
 * w -= learningRate * (min(1, clip / (|g| + 1e-6)) * g + weightDecay * w), |g| over all gradients
 * together: PyTorch's clip_grad_norm_, then its SGD. With `averages` each follows its new weight.
 * In place on `blas`.
 *
 * @returns |g| before clipping; not finite = nothing was updated
 */
export function sgdStep(variables: tf.Variable[], grads: tf.Tensor[], options: SgdOptions): number {
  const { averages } = options;
  if (variables.length !== grads.length)
    throw new Error(`sgd: ${variables.length} variables, ${grads.length} gradients`);
  if (averages && averages.tensors.length !== variables.length)
    throw new Error(`sgd: ${variables.length} variables, ${averages.tensors.length} averages`);
  const be = blasBackend();
  return be ? fusedSgd(be, variables, grads, options) : plainSgd(variables, grads, options);
}
