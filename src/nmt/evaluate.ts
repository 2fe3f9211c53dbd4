import * as tf from '@tensorflow/tfjs';
import { breathe } from '../host.js';
import { perplexity } from '../metrics/perplexity.js';
import { type EncodedPair, pairBatch } from './batches.js';
import type { TranslationModel } from './model.js';

/** How well the model predicts given translations, word by word. */
export interface PairEvaluation {
  /** exp(nll / tokens), a target unit. */
  perplexity: number;
  /** Summed -log p, nats. */
  nll: number;
  /** Target units, end marks included. */
  tokens: number;
}

/**
 * Runs the model in evaluation mode over sentence pairs. Interrupting the notebook's cell ends it
 * with `Interrupted`.
 */
export async function evaluatePairs(
  model: TranslationModel,
  pairs: readonly EncodedPair[],
  options: {
    /** Pairs at once; memory only. Default 64. */
    batch?: number;
    /** Called after every batch with the share done. */
    onProgress?: (done: number) => void | Promise<void>;
  } = {},
): Promise<PairEvaluation> {
  const { batch = 64, onProgress } = options;
  const sorted = [...pairs].sort((a, b) => a.target.length - b.target.length);
  let nll = 0;
  let tokens = 0;
  for (let at = 0; at < sorted.length; at += batch) {
    const together = pairBatch(sorted.slice(at, at + batch));
    tf.tidy(() => {
      for (const value of model.score(together).dataSync()) nll += value;
    });
    tokens += together.targets.length;
    await onProgress?.(Math.min(1, (at + batch) / sorted.length));
    await breathe();
  }
  return { perplexity: perplexity(nll, tokens), nll, tokens };
}
