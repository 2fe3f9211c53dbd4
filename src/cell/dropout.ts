/**
 * The dropouts of Zaremba et al. and of AWD-LSTM: each zeroes with probability p and scales what stays
 * by 1/(1-p).
 */
import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import { type RandomSource, randomUniform, randomWords } from './random.js';

/** A mask to be drawn: zero with probability `p` in [0, 1), else 1/(1-p). */
export interface DrawnMask {
  p: number;
  random: RandomSource;
}

/** A mask given by hand, scale included: for tests and teaching. */
export interface GivenMask {
  mask: tf.Tensor;
}

/** Where a dropout's mask comes from. */
export type Mask = DrawnMask | GivenMask;

function check(p: number): void {
  if (!(p >= 0 && p < 1)) throw new RangeError(`dropout probability must be in [0, 1), not ${p}`);
}

/** A mask as the kernels draw it; rounded as they do, so that backends agree on every element. */
function kernelAttributes(p: number, random: RandomSource) {
  return { ...randomWords(random), p: Math.fround(p), scale: Math.fround(1 / (1 - p)) };
}

/** A mask of this shape: 0 with probability p, else 1/(1-p). The same on every backend. */
export function dropoutMask(shape: number[], { p, random }: DrawnMask): tf.Tensor {
  check(p);
  const attrs = kernelAttributes(p, random);
  if (blasBackend())
    return tf.engine().runKernel('G2DropoutMask', {}, { shape, ...attrs }) as tf.Tensor;
  return tf.tidy(() =>
    tf.mul(tf.cast(tf.greater(randomUniform(shape, random), attrs.p), 'float32'), attrs.scale),
  );
}

/** True where nothing is dropped, so that the op is left out altogether. */
const isNothing = (source: Mask): boolean => 'p' in source && source.p === 0;

function maskOf(shape: number[], source: Mask, what: string): tf.Tensor {
  if ('p' in source) return dropoutMask(shape, source);
  if (!tf.util.arraysEqual(source.mask.shape, shape))
    throw new Error(`${what}: mask must be [${shape}], not [${source.mask.shape}]`);
  return source.mask;
}

/**
 * Locked (variational) dropout: one mask [1, B, H] for all time steps of x [T, B, H], so that a unit
 * is gone for a whole window.
 */
export function lockedDropout(x: tf.Tensor3D, source: Mask): tf.Tensor3D {
  if (isNothing(source)) return x;
  const [, B, H] = x.shape;
  return tf.mul(x, maskOf([1, B, H], source, 'lockedDropout'));
}

/**
 * Embedding dropout: embedded words [N, E] with whole rows of the embedding gone, one mask value for
 * each of the V words of the vocabulary, so that a word is gone wherever it occurs in the window.
 *
 * @param rows gathered rows [N, E]
 * @param ids the words they belong to, int32 [N]
 * @param source mask [V, 1]
 */
export function embeddingDropout(
  rows: tf.Tensor2D,
  ids: tf.Tensor1D,
  vocabulary: number,
  source: Mask,
): tf.Tensor2D {
  if (isNothing(source)) return rows;
  // the mask is gathered, not the masked embedding: no pass over all V rows
  const mask = maskOf([vocabulary, 1], source, 'embeddingDropout');
  return tf.mul(rows, tf.gather(mask, ids)) as tf.Tensor2D;
}

/** Single elements gone, each with a draw of its own; on `blas` without a mask in memory. */
function elementsDropped(
  x: tf.Tensor,
  source: Mask,
  what: string,
  path?: 'fused' | 'reference',
): tf.Tensor {
  if (isNothing(source)) return x;
  if ('p' in source && blasBackend() && path !== 'reference') {
    check(source.p);
    const attrs = kernelAttributes(source.p, source.random);
    return tf.engine().runKernel('G2WeightDrop', { w: x }, attrs) as tf.Tensor;
  }
  return tf.mul(x, maskOf(x.shape, source, what));
}

/**
 * Standard dropout (Zaremba et al., `paper.TRANSLATION`): a fresh mask for every element of x, of any
 * shape. On `blas` what is dropped is -0 instead of 0.
 */
export function dropout<T extends tf.Tensor>(x: T, source: Mask, path?: 'fused' | 'reference'): T {
  return elementsDropped(x, source, 'dropout', path) as T;
}

/**
 * Weight drop (DropConnect): hidden-to-hidden weights [H, 4H] with single entries gone for a window,
 * in all four blocks (paper.DEPARTURES, row 7). On `blas` without a mask in memory.
 */
export function weightDrop(
  w: tf.Tensor2D,
  source: Mask,
  path?: 'fused' | 'reference',
): tf.Tensor2D {
  return elementsDropped(w, source, 'weightDrop', path) as tf.Tensor2D;
}
