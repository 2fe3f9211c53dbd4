/** Gates of a language model over a whole text, window by window, so that memory stays small. */
import { tf } from '#tfjs';
import type { GateLayer, GateSource, GateText } from '../cell/gate-source.js';
import { streams, window, windowCount } from '../text/language-model-batches.js';
import type { LanguageModel, RecurrentState } from './model.js';

export interface LanguageModelGatesOptions {
  /** Parallel streams. Default 10. */
  batch?: number;
  /** Id of `<eos>`, which ends a sentence; without it the text is one sentence. */
  sentenceEnd?: number;
}

/** Time steps looked at together; memory only. */
const STEPS = 100;

/** A text of word ids with its sentences numbered. */
function numbered(ids: Int32Array, end: number | undefined): GateText {
  const sentences = new Int32Array(ids.length);
  let sentence = 0;
  let open = false;
  ids.forEach((id, position) => {
    sentences[position] = sentence;
    open = id !== end;
    if (!open) sentence++;
  });
  return { ids, sentences, count: sentence + (open ? 1 : 0) };
}

/** The layers of a language model in the order in which they compute. */
export const languageModelGateLayers = ({ layers }: { layers: number }): GateLayer[] =>
  Array.from({ length: layers }, (_, l) => ({
    name: `lstm.${l}`,
    title: `layer ${l + 1}`,
    text: 'text',
  }));

/**
 * The gates of every layer over a text of word ids, states carried on from start to end. The text is
 * cut into parallel streams; their last words, and what does not fill a stream, are not read.
 */
export function languageModelGates(
  model: LanguageModel,
  ids: Int32Array,
  { batch = 10, sentenceEnd }: LanguageModelGatesOptions = {},
): GateSource {
  const layers = languageModelGateLayers(model.config);
  const text = streams(ids, batch);
  const count = windowCount(text, STEPS);
  return {
    layers,
    texts: { text: numbered(ids, sentenceEnd) },
    *walk({ training = false, step = 0 }, visit) {
      let state: RecurrentState = model.zeroState(batch);
      try {
        for (let w = 0; w < count; w++) {
          const before = state;
          const { x, T, start } = window(text, w * STEPS, STEPS);
          const rows = Int32Array.from(x, (_, row) => row);
          const positions = rows.map(
            (row) => (row % batch) * text.length + start + Math.floor(row / batch),
          );
          state = tf.tidy(() => {
            const pass = { training, step: step + w };
            const records = model.recordGates(tf.tensor1d(x, 'int32'), before, pass);
            records.forEach((gates, l) => {
              visit({ layer: layers[l]!, gates, rows, positions });
            });
            const last = (t: tf.Tensor3D) =>
              tf.keep(
                tf.reshape(tf.slice(t, [T - 1, 0, 0], [1, -1, -1]), [batch, -1]),
              ) as tf.Tensor2D;
            return { h: records.map((r) => last(r.h)), c: records.map((r) => last(r.c)) } as never;
          }) as unknown as RecurrentState;
          tf.dispose([before.h, before.c]);
          yield (w + 1) / count;
        }
      } finally {
        tf.dispose([state.h, state.c]);
      }
    },
  };
}
