import { tf } from '#tfjs';
import { breathe } from '../host.js';
import { perplexity } from '../metrics/perplexity.js';
import { streams, window, windowCount } from '../text/language-model-batches.js';
import type { LanguageModel, RecurrentState } from './model.js';

/** Perplexity of a text and what it is made of. */
export interface Evaluation {
  /** exp(nll / tokens). */
  perplexity: number;
  /** Summed -log p, nats. */
  nll: number;
  /** Words predicted. */
  tokens: number;
}

export interface EvaluationOptions {
  /** Parallel streams; 1 (default) predicts every word but the first, in one unbroken context. */
  batch?: number;
  /** Called after every window with the share done; may return a promise to yield. */
  onProgress?: (done: number) => void | Promise<void>;
}

/** Rows of logits computed at once; memory only, no influence on the result. */
const ROWS = 1000;

function disposeState(state: RecurrentState): void {
  tf.dispose([state.h, state.c]);
}

/**
 * Runs the model in evaluation mode over a text, state carried on from start to end. Interrupting
 * the notebook's cell ends it with `Interrupted`.
 */
export async function evaluate(
  model: Pick<LanguageModel, 'zeroState' | 'score'>,
  ids: Int32Array,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const batch = options.batch ?? 1;
  const text = streams(ids, batch);
  const steps = Math.max(1, Math.floor(ROWS / batch));
  const count = windowCount(text, steps);
  let state = model.zeroState(batch);
  let nll = 0;
  let tokens = 0;
  try {
    for (let w = 0; w < count; w++) {
      const { x, y } = window(text, w * steps, steps);
      const before = state;
      tf.tidy(() => {
        const scored = model.score(tf.tensor1d(x, 'int32'), tf.tensor1d(y, 'int32'), before);
        state = {
          h: scored.state.h.map((t) => tf.keep(t)),
          c: scored.state.c.map((t) => tf.keep(t)),
        };
        for (const value of scored.nll.dataSync()) nll += value;
      });
      disposeState(before);
      tokens += y.length;
      await options.onProgress?.((w + 1) / count);
      await breathe();
    }
  } finally {
    disposeState(state);
  }
  return { perplexity: perplexity(nll, tokens), nll, tokens };
}
