/** Decoding word by word: what beam search asks of a model, on any backend. */
import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import { topLogProbabilities } from '../cell/top-k.js';
import type { SourceBatch } from './batches.js';
import type { DecoderState, EncodedSource, TranslationModel } from './model.js';
import { PreparedDecoder } from './prepared-decoder.js';

/** The best next words of every row. */
export interface NextWords {
  /** Log-probabilities in nats from the largest, [N * k]. Valid until the next step. */
  values: Float32Array;
  /** Their units, [N * k]. */
  ids: Int32Array;
  /** Attention weights [N * S]; null where they were not asked for. */
  weights: Float32Array | null;
}

/** What to look for. */
export interface DecodingOptions {
  /** Most rows of a step. */
  rows: number;
  /** Words wanted for each row. */
  k: number;
  attention: boolean;
}

/** A batch of sentences being decoded; dispose of it. */
export interface Decoding {
  /**
   * One step of N rows: each goes on from row `parents` of the step before (at first: from a sentence)
   * with word `words`, and looks at sentence `columns`.
   */
  step(words: Int32Array, columns: Int32Array, parents: Int32Array): NextWords;
  dispose(): void;
}

/** A model made ready for many batches; dispose of it. Its weights must not change meanwhile. */
export interface Decoder {
  begin(source: SourceBatch, options: DecodingOptions): Decoding;
  dispose(): void;
}

/**
 * The model as a decoder: with all its weights prepared where the backend can do a step in one go.
 * @param rows about how many rows will go through, steps together; for many, more is prepared
 */
export function decoderOf(model: TranslationModel, rows: number): Decoder {
  const backend = blasBackend();
  return backend ? new PreparedDecoder(backend, model, rows) : plainDecoder(model);
}

/** Rows of the state; the old state is disposed. */
function takeRows(state: DecoderState, rows: Int32Array): DecoderState {
  const next = tf.tidy(() => {
    const index = tf.tensor1d(rows, 'int32');
    const take = (t: tf.Tensor2D): tf.Tensor2D => tf.gather(t, index);
    return { h: state.h.map(take), c: state.c.map(take) } as never;
  }) as unknown as DecoderState;
  tf.dispose([state.h, state.c]);
  return next;
}

/** Sentences encoded, and the decoder's first state with a tensor of its own for each layer. */
export function startDecoding(
  model: TranslationModel,
  source: SourceBatch,
): { memory: EncodedSource; start: DecoderState } {
  return tf.tidy(() => {
    const memory = model.encode(source, { training: false, step: 0 });
    const state = model.initialDecoderState(memory);
    const own = (list: tf.Tensor2D[]) => list.map((t) => tf.clone(t));
    return { memory, start: { h: own(state.h), c: own(state.c) } } as never;
  }) as unknown as { memory: EncodedSource; start: DecoderState };
}

export const disposeMemory = ({ annotations, keys, lengths, initial }: EncodedSource): void =>
  tf.dispose([annotations, keys, lengths, initial]);

/** Step by step with the model's own operations: for any backend, and what the other must equal. */
export function plainDecoder(model: TranslationModel): Decoder {
  const begin = (source: SourceBatch, { k, attention }: DecodingOptions): Decoding => {
    const { memory, start } = startDecoding(model, source);
    let state = start;
    return {
      step(words, columns, parents) {
        state = takeRows(state, parents);
        const before = state;
        const { top, next, weights } = tf.tidy(() => {
          const out = model.decodeStep(
            words,
            { ...memory, columns: tf.tensor1d(columns, 'int32') },
            before,
          );
          const keep = (list: tf.Tensor2D[]) => list.map((t) => tf.keep(t));
          return {
            top: topLogProbabilities(out.logits, out.bias, k),
            next: { h: keep(out.state.h), c: keep(out.state.c) },
            weights: attention ? (out.weights.dataSync() as Float32Array).slice() : null,
          } as never;
        }) as unknown as {
          top: { values: Float32Array; ids: Int32Array };
          next: DecoderState;
          weights: Float32Array | null;
        };
        tf.dispose([before.h, before.c]);
        state = next;
        return { ...top, weights };
      },
      dispose() {
        tf.dispose([state.h, state.c]);
        disposeMemory(memory);
      },
    };
  };
  return { begin, dispose: () => {} };
}
