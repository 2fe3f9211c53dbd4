import {
  type AttentionDecoderOptions,
  type AttentionDecoderOutput,
  attentionDecoder,
} from '#src/cell/attention-decoder.js';
import type {
  AttentionDecoderParameters,
  AttentionMemory,
} from '#src/cell/attention-decoder-reference.js';
import { tf } from '#tfjs';
import { generator, uniform } from '../backend/support.js';

export interface Size {
  T: number;
  B: number;
  S: number;
  E: number;
  H: number;
  D: number;
  A: number;
  /** Two transitions. */
  conditional: boolean;
  /** Source sentences, where they are not one a row. */
  M?: number;
}

/** What gradients are asked for, in this order. */
export const NAMES = [
  ...(['x', 'annotations', 'keys', 'wx', 'wh', 'b', 'wc', 'query', 'score', 'h0', 'c0'] as const),
  ...(['wh2', 'b2'] as const),
];
export type Name = (typeof NAMES)[number];
export type Arrays = Record<Name, Float32Array>;

export function shapesOf({ T, B, S, E, H, D, A, M = B }: Size): Record<Name, number[]> {
  return {
    x: [T, B, E],
    annotations: [S, M, D],
    keys: [S, M, A],
    wx: [E, 4 * H],
    wh: [H, 4 * H],
    b: [4 * H],
    wc: [D, 4 * H],
    query: [H, A],
    score: [A],
    h0: [B, H],
    c0: [B, H],
    wh2: [H, 4 * H],
    b2: [4 * H],
  };
}

export const namesOf = (size: Size): Name[] =>
  NAMES.filter((name) => size.conditional || (name !== 'wh2' && name !== 'b2'));

export function inputs(size: Size, seed: number): Arrays {
  const random = generator(seed);
  const entries = Object.entries(shapesOf(size)).map(([name, shape]) => {
    // pre-activations and energies of about one, whatever the sizes
    const r = /^w|query|score/.test(name) ? 2 / Math.sqrt(shape[0]!) : 1;
    return [name, uniform(random, tf.util.sizeFromShape(shape), -r, r)];
  });
  return Object.fromEntries(entries) as Arrays;
}

/** Ragged lengths, the longest S and one of 1 among them. */
export function lengthsOf({ S, B, M = B }: Size): Int32Array {
  const random = generator(S + 100 * M);
  const lengths = Int32Array.from({ length: M }, () => 1 + Math.floor(random() * S));
  lengths[0] = S;
  if (M > 1) lengths[M - 1] = 1;
  return lengths;
}

export const SOURCES = [
  { seed: 11, stream: 0x2000, step: 5 },
  { seed: 11, stream: 0x2001, step: 5 },
] as const;

/** The layer's arguments from tensors by name. */
export function layer(
  t: Record<Name, tf.Tensor>,
  lengths: tf.Tensor1D,
  conditional: boolean,
  columns?: tf.Tensor1D,
): [tf.Tensor3D, AttentionMemory, AttentionDecoderParameters, tf.Tensor2D, tf.Tensor2D] {
  const { wx, wh, b, wc, query, score } = t;
  const memory = { annotations: t.annotations, keys: t.keys, lengths, ...(columns && { columns }) };
  const p = {
    ...{ wx, wh, b, wc, query, score },
    ...(conditional ? { second: { wh: t.wh2, b: t.b2 } } : {}),
  };
  return [t.x, memory, p, t.h0, t.c0] as never;
}

/** Random weights of h and of the context in the loss. */
export const lossWeights = ({ T, B, H, D }: Size): [Float32Array, Float32Array] => {
  const random = generator(77);
  return [uniform(random, T * B * H, -1, 1), uniform(random, T * B * D, -1, 1)];
};

export interface Result {
  outputs: Float32Array[];
  gradients: Float32Array[];
}

/** h, context and the gradients of all inputs. */
export function run(
  size: Size,
  arrays: Arrays,
  options: AttentionDecoderOptions,
  gradients = true,
): Result {
  return tf.tidy(() => {
    const shapes = shapesOf(size);
    const names = namesOf(size);
    const tensors = names.map((name) => tf.tensor(arrays[name], shapes[name]));
    const lengths = tf.tensor1d(lengthsOf(size), 'int32');
    const forward = (...ts: tf.Tensor[]): AttentionDecoderOutput => {
      const byName = Object.fromEntries(names.map((n, i) => [n, ts[i]])) as Record<Name, tf.Tensor>;
      return attentionDecoder(...layer(byName, lengths, size.conditional), options);
    };
    const out = forward(...tensors);
    const outputs = [out.h, out.context].map((t) => t.dataSync() as Float32Array);
    if (!gradients) return { outputs, gradients: [] } as never;
    const weights = lossWeights(size);
    const loss = (...ts: tf.Tensor[]) => {
      const { h, context } = forward(...ts);
      return tf.addN(
        [h, context].map((t, i) => tf.sum(tf.mul(t, tf.tensor(weights[i]!, t.shape)))),
      );
    };
    const grads = tf
      .grads(loss)(tensors)
      .map((t) => t.dataSync() as Float32Array);
    return { outputs, gradients: grads } as never;
  }) as unknown as Result;
}
