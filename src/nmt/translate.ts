import { tf } from '#tfjs';
import { breathe } from '../host.js';
import { perplexity } from '../metrics/perplexity.js';
import { type EncodedPair, pairBatch, sourceBatch } from './batches.js';
import { type BeamOptions, type BeamResult, beamSearch, expectedRows } from './beam-search.js';
import { decoderOf } from './decoding.js';
import type { TranslationModel } from './model.js';
import type { TranslationUnits } from './units.js';

export interface TranslateOptions extends BeamOptions {
  /** Sentences searched together; memory and speed only. Default 50. */
  batch?: number;
  /** Called after every batch with the number of lines done. */
  onProgress?: (done: number) => void | Promise<void>;
}

/** A translated line. */
export interface Translation extends BeamResult {
  /** Best translation; empty for an empty line. */
  text: string;
  /** Units of the source, as the model read them. */
  sourceUnits: string[];
}

/**
 * Translates lines and returns them in their order. Lines of similar length are searched together;
 * that changes speed, not translations. An empty line stays empty.
 */
export async function translate(
  model: TranslationModel,
  units: TranslationUnits,
  lines: readonly string[],
  options: TranslateOptions = {},
): Promise<Translation[]> {
  const { batch = 50, onProgress, ...beam } = options;
  const sources = lines.map((line) => units.segmentSource(line));
  const out: Translation[] = sources.map((sourceUnits) => ({
    text: '',
    sourceUnits,
    hypotheses: [],
  }));
  const order = sources.flatMap((s, i) => (s.length > 0 ? [i] : []));
  order.sort((a, b) => sources[a]!.length - sources[b]!.length || a - b);
  if (order.length === 0) return out;
  const rows = expectedRows(
    sources.map((s) => s.length),
    beam.beam,
  );
  const decoder = decoderOf(model, rows);
  try {
    for (let at = 0; at < order.length; at += batch) {
      const together = order.slice(at, at + batch);
      const ids = together.map((i) => units.source.encode(sources[i]!));
      beamSearch(model, sourceBatch(ids), beam, decoder).forEach((result, j) => {
        const i = together[j]!;
        const best = result.hypotheses[0];
        const text = best ? units.decodeTarget(best.ids) : '';
        out[i] = { ...result, sourceUnits: sources[i]!, text };
      });
      await onProgress?.(Math.min(order.length, at + batch));
      await breathe();
    }
  } finally {
    decoder.dispose();
  }
  return out;
}

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
