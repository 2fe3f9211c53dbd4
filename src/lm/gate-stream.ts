/** Gates of a language model over a whole text, window by window, so that memory stays small. */
import * as tf from '@tensorflow/tfjs';
import type { LstmRecord } from '../nn/lstm-reference.js';
import { streams, window, windowCount } from '../text/language-model-batches.js';
import type { LanguageModel, RecurrentState } from './model.js';

export interface GateStreamOptions {
  /** With temperature, noise and dropouts as in training. Default false. */
  training?: boolean;
  /** Layer, from 0. Default 0. */
  layer?: number;
  /** Parallel streams. Default 10. */
  batch?: number;
}

/** Time steps looked at together; memory only. */
const STEPS = 100;

/**
 * Runs the model over a text of word ids, states carried on from start to end, and calls `visit` with
 * one layer's gates for every window; the tensors [T, B, H] live only during the call.
 */
export function streamGates(
  model: LanguageModel,
  ids: Int32Array,
  { training = false, layer = 0, batch = 10 }: GateStreamOptions,
  visit: (record: LstmRecord) => void,
): void {
  const text = streams(ids, batch);
  let state: RecurrentState = model.zeroState(batch);
  try {
    for (let w = 0; w < windowCount(text, STEPS); w++) {
      const before = state;
      const { x, T } = window(text, w * STEPS, STEPS);
      state = tf.tidy(() => {
        const pass = { training, step: w };
        const records = model.recordGates(tf.tensor1d(x, 'int32'), before, pass);
        visit(records[layer]!);
        const last = (t: tf.Tensor3D) =>
          tf.keep(tf.reshape(tf.slice(t, [T - 1, 0, 0], [1, -1, -1]), [batch, -1])) as tf.Tensor2D;
        return { h: records.map((r) => last(r.h)), c: records.map((r) => last(r.c)) } as never;
      }) as unknown as RecurrentState;
      tf.dispose([before.h, before.c]);
    }
  } finally {
    tf.dispose([state.h, state.c]);
  }
}
