import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import { philoxUniform } from '../backend/philox.js';

/**
 * Where random numbers come from: they depend on (seed, stream, step) and the element's place alone,
 * never on threads, call order or resume. 2^40 steps and 2^53 seeds do not repeat.
 */
export interface RandomSource {
  /** Whole number from 0 to 2^53 - 1. */
  seed: number;
  /** Which use: see STREAM. */
  stream: number;
  /** Training step, from 0. */
  step: number;
}

/** Streams of one seed; a layer or parameter number is added. */
export const STREAM = {
  /** Initial weights; + parameter number. */
  init: 0x1000,
  /** Gate noise; + layer. */
  gates: 0x2000,
  /** Dropout masks of the outputs between layers; + layer they come from. */
  dropout: 0x3000,
  /** Dropout masks of the embedded words. */
  inputDropout: 0x4000,
  /** Dropout masks of the last layer's output. */
  outputDropout: 0x5000,
  /** Words of the vocabulary that are dropped. */
  embeddingDropout: 0x6000,
  /** Hidden-to-hidden weights that are dropped; + layer. */
  weightDrop: 0x7000,
  /** Lengths of training windows; `step` is the epoch. */
  windows: 0xf000,
  /** Order of sentence pairs; `step` is the epoch. */
  pairs: 0xf001,
} as const;

/** The generator's words: 64-bit key from the seed, step and stream in the counter. */
export function randomWords(source: RandomSource): {
  key0: number;
  key1: number;
  step: number;
  stream: number;
} {
  const { seed, stream, step } = source;
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed must be a whole number >= 0, not ${seed}`);
  // The step's upper bits go above the stream's 16; bit 30 belongs to the output gate (asm/lstm.ts).
  const high = Math.floor(step / 2 ** 32);
  return {
    key0: (seed % 2 ** 32) | 0,
    key1: Math.floor(seed / 2 ** 32) | 0,
    step: (step % 2 ** 32) | 0,
    stream: stream | (high << 16) | 0,
  };
}

/** Uniform(0, 1) numbers; the same on every backend. */
export function randomUniform(shape: number[], source: RandomSource): tf.Tensor {
  const words = randomWords(source);
  if (blasBackend())
    return tf.engine().runKernel('G2RandomUniform', {}, { shape, ...words }) as tf.Tensor;
  const n = tf.util.sizeFromShape(shape);
  return tf.tensor(philoxUniform(n, [words.key0, words.key1], words.step, words.stream), shape);
}
