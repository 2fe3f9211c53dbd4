/** How far gates are open or closed over a whole text: the paper's Figures 1 and 3 in four numbers. */
import * as tf from '@tensorflow/tfjs';
import type { LanguageModel, RecurrentState } from '../lm/model.js';
import { streams, window, windowCount } from '../text/language-model-batches.js';

/** Shares of a gate's values near the ends of (0, 1). */
export interface GateShare {
  /** Below 0.1. */
  closed: number;
  /** Above 0.9. */
  open: number;
}

/** Forget and input gate of one layer. */
export interface GateShares {
  forget: GateShare;
  input: GateShare;
  /** Gate values counted, each gate. */
  values: number;
}

export interface GateSharesOptions {
  /** With temperature and noise as in training. Default false. */
  training?: boolean;
  /** Layer, from 0. Default 0. */
  layer?: number;
  /** Parallel streams. Default 10. */
  batch?: number;
}

/** Time steps looked at together; memory only. */
const STEPS = 100;
const CLOSED = 0.1;
const OPEN = 0.9;

function count(into: GateShare, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < CLOSED) into.closed++;
    else if (values[i]! > OPEN) into.open++;
  }
}

/** Shares over a text of word ids, states carried on from start to end. */
export function gateShares(
  model: LanguageModel,
  ids: Int32Array,
  { training = false, layer = 0, batch = 10 }: GateSharesOptions = {},
): GateShares {
  const text = streams(ids, batch);
  const forget = { closed: 0, open: 0 };
  const input = { closed: 0, open: 0 };
  let values = 0;
  let state: RecurrentState = model.zeroState(batch);
  try {
    for (let w = 0; w < windowCount(text, STEPS); w++) {
      const before = state;
      const { x, T } = window(text, w * STEPS, STEPS);
      state = tf.tidy(() => {
        const pass = { training, step: w };
        const records = model.recordGates(tf.tensor1d(x, 'int32'), before, pass);
        const record = records[layer]!;
        count(forget, record.f.dataSync());
        count(input, record.i.dataSync());
        values += record.f.size;
        const last = (t: tf.Tensor3D) =>
          tf.keep(tf.reshape(tf.slice(t, [T - 1, 0, 0], [1, -1, -1]), [batch, -1])) as tf.Tensor2D;
        return { h: records.map((r) => last(r.h)), c: records.map((r) => last(r.c)) } as never;
      }) as unknown as RecurrentState;
      tf.dispose([before.h, before.c]);
    }
  } finally {
    tf.dispose([state.h, state.c]);
  }
  const share = ({ closed, open }: GateShare) => ({ closed: closed / values, open: open / values });
  return { forget: share(forget), input: share(input), values };
}
