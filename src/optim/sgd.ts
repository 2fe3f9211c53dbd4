import * as tf from '@tensorflow/tfjs';
import type { BlasBackend } from '../backend/backend.js';
import { blasBackend } from '../backend/install.js';
import { LAYOUT } from '../backend/memory.js';
import { ENTRY_WORDS, NORM_SLOT } from '../backend/programs/optimizer.js';

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

/**
 * An in-place update needs the variable's memory for itself: a clone or slice taken before must not
 * change under its holder.
 */
function ownMemory(be: BlasBackend, v: tf.Variable): void {
  const entry = be.entry(v);
  if (entry.refCount <= 1 && !entry.storage.shared) return;
  const copy = tf.tensor(v.dataSync(), v.shape);
  v.assign(copy);
  copy.dispose();
}

function fusedSgd(
  be: BlasBackend,
  variables: tf.Variable[],
  grads: tf.Tensor[],
  o: SgdOptions,
): number {
  if (variables.length * ENTRY_WORDS * 4 > LAYOUT.tableBytes)
    throw new Error(`sgd: ${variables.length} variables are more than the table holds`);
  const table = be.team.main.i32;
  let at = LAYOUT.table / 4;
  const { learningRate, clip, weightDecay = 0, averages } = o;
  for (let i = 0; i < variables.length; i++) {
    const v = variables[i]!;
    ownMemory(be, v);
    const average = averages?.tensors[i];
    if (average) ownMemory(be, average);
    const w = be.entry(v);
    const g = be.entry(grads[i]!);
    // The row list is about the whole buffer: a slice of it (a split table) goes the dense way.
    const whole = g.address === g.storage.base && g.length * 4 === g.storage.bytes;
    const rows = whole ? g.storage.sparse : null;
    const sparse = rows ? [rows.ids.base, rows.count, rows.width] : [0, 0, 0];
    const to = average ? be.entry(average).address : 0;
    table.set([w.address, g.address, w.length, ...sparse, to], at);
    at += ENTRY_WORDS;
  }
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
