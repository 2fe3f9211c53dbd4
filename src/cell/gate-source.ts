/** The gates of any model over any text, window by window: what everything that counts gates reads. */
import { breathe } from '../host.js';
import type { LstmRecord } from './lstm-reference.js';

/** Which words a layer reads: a language model's text, or a side of sentence pairs. */
export type GateTextName = 'text' | 'source' | 'target';

/** A layer whose gates can be read. */
export interface GateLayer {
  /** As its parameters are named: `lstm.0`, `encoder.0.forward`, `decoder.0`, `decoder.0.second`. */
  name: string;
  /** In words, counted from 1. */
  title: string;
  text: GateTextName;
}

/** A text as the model reads it. */
export interface GateText {
  /** Word ids by position, marks of the model's own included. */
  ids: Int32Array;
  /** Number of the sentence at each position. */
  sentences: Int32Array;
  /** How many sentences. */
  count: number;
}

/** One layer's gates over one window; its tensors live during the visit only. */
export interface GateWindow {
  layer: GateLayer;
  /** Each [T, B, units]. */
  gates: Pick<LstmRecord, 'f' | 'i' | 'o'>;
  /** Rows of [T * B] that hold words; the others are padding. */
  rows: Int32Array;
  /** Where in the layer's text those words stand. */
  positions: Int32Array;
}

export interface GateWalk {
  /** With temperature, noise and dropouts as in training. Default false. */
  training?: boolean;
  /** Number of the first window, which decides the noise. Default 0. */
  step?: number;
}

/** A model and a text. */
export interface GateSource {
  layers: readonly GateLayer[];
  texts: Partial<Record<GateTextName, GateText>>;
  /**
   * Reads the whole text once and calls `visit` for every layer of every window; yields the share done
   * after each window. Memory does not grow with the text.
   */
  walk(options: GateWalk, visit: (window: GateWindow) => void): Generator<number, void, void>;
}

/** Takes all steps of something that yields its share done; interrupting a notebook's cell ends it. */
export async function finish<T>(
  steps: Generator<number, T, void>,
  onProgress?: (done: number) => void,
): Promise<T> {
  try {
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value;
      onProgress?.(next.value);
      await breathe();
    }
  } finally {
    // An interruption leaves tensors to the walk's own end.
    steps.return(undefined as never);
  }
}

/** The same at once. */
export function finishNow<T>(steps: Generator<number, T, void>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}
