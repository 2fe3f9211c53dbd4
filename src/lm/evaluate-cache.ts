/** Perplexity with the continuous neural cache, and the search for its two numbers. */
import { tf } from '#tfjs';
import { breathe } from '../host.js';
import { perplexity } from '../metrics/perplexity.js';
import { streams, window, windowCount } from '../text/language-model-batches.js';
import type { Evaluation } from './evaluate.js';
import type { LanguageModel, RecurrentState } from './model.js';
import {
  type CacheBlock,
  type NeuralCacheOptions,
  NeuralCacheStream,
  neuralCacheOptions,
} from './neural-cache.js';

/** Called after every block with the share done; may return a promise to yield. */
type OnProgress = (done: number) => void | Promise<void>;

/** Perplexity with the cache, and what the model alone has on the same words. */
export interface CacheEvaluation extends Evaluation {
  withoutCache: Evaluation;
  /** Words whose prediction the cache took part in. */
  cached: number;
  cache: Required<NeuralCacheOptions>;
}

/** Positions computed at once: more waste products outside the window, fewer make them slow. */
const BLOCK = 256;

/**
 * One pass over a text in one unbroken context, as pointer.py: for every block the model's own
 * -log p of its targets, and p_cache for every theta.
 */
async function pass(
  model: LanguageModel,
  ids: Int32Array,
  cache: Pick<Required<NeuralCacheOptions>, 'window' | 'variant' | 'chunk'>,
  thetas: readonly number[],
  onBlock: (nll: Float32Array, block: CacheBlock) => void,
  onProgress?: OnProgress,
): Promise<void> {
  const text = streams(ids, 1);
  const count = windowCount(text, BLOCK);
  const stream = new NeuralCacheStream(cache, thetas);
  let state = model.zeroState(1);
  try {
    for (let w = 0; w < count; w++) {
      const { x, y } = window(text, w * BLOCK, BLOCK);
      const before: RecurrentState = state;
      tf.tidy(() => {
        const out = model.score(tf.tensor1d(x, 'int32'), tf.tensor1d(y, 'int32'), before);
        state = {
          h: out.state.h.map((t) => tf.keep(t)),
          c: out.state.c.map((t) => tf.keep(t)),
        };
        onBlock(out.nll.dataSync() as Float32Array, stream.next(out.y, y));
      });
      tf.dispose([before.h, before.c]);
      await onProgress?.((w + 1) / count);
      await breathe();
    }
  } finally {
    tf.dispose([state.h, state.c]);
    stream.dispose();
  }
}

const evaluation = (nll: number, tokens: number): Evaluation => ({
  perplexity: perplexity(nll, tokens),
  nll,
  tokens,
});

/**
 * Perplexity of a text when the cache is mixed into the model's softmax. Streams: memory does not
 * grow with the text. @throws UsageError for options out of range
 */
export async function evaluateWithCache(
  model: LanguageModel,
  ids: Int32Array,
  options: NeuralCacheOptions = {},
  onProgress?: OnProgress,
): Promise<CacheEvaluation> {
  const cache = neuralCacheOptions(options);
  let alone = 0;
  let mixed = 0;
  let tokens = 0;
  let cached = 0;
  await pass(
    model,
    ids,
    cache,
    [cache.theta],
    (nll, { p, used }) => {
      for (let n = 0; n < nll.length; n++) {
        alone += nll[n]!;
        mixed += used[n] ? mixture(cache.lambda, p[0]![n]!, nll[n]!) : nll[n]!;
        cached += used[n]!;
      }
      tokens += nll.length;
    },
    onProgress,
  );
  return { ...evaluation(mixed, tokens), withoutCache: evaluation(alone, tokens), cached, cache };
}

/** -log(lambda p_cache + (1 - lambda) p_softmax), exact where the cache has nothing to add. */
function mixture(lambda: number, pCache: number, nll: number): number {
  const share = lambda * pCache;
  if (share === 0) return nll - Math.log1p(-lambda);
  return -Math.log(share + (1 - lambda) * Math.exp(-nll));
}

export interface CacheSearchOptions
  extends Pick<NeuralCacheOptions, 'window' | 'variant' | 'chunk'> {
  /** Default CACHE_THETAS. */
  thetas?: readonly number[];
  /** Default CACHE_LAMBDAS. */
  lambdas?: readonly number[];
}

export const CACHE_THETAS: readonly number[] = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.3, 1.6, 2];
export const CACHE_LAMBDAS: readonly number[] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

export interface CacheSearch {
  /** perplexity[theta][lambda] on the text. */
  perplexities: number[][];
  thetas: readonly number[];
  lambdas: readonly number[];
  withoutCache: Evaluation;
  /** Options of the lowest perplexity. */
  best: Required<NeuralCacheOptions>;
  perplexity: number;
}

/**
 * Perplexity for every theta and lambda from one pass of the model over a text (valid, if the result
 * is to be used on test).
 */
export async function searchCache(
  model: LanguageModel,
  ids: Int32Array,
  options: CacheSearchOptions = {},
  onProgress?: OnProgress,
): Promise<CacheSearch> {
  const { thetas = CACHE_THETAS, lambdas = CACHE_LAMBDAS, ...rest } = options;
  const cache = neuralCacheOptions(rest);
  for (const theta of thetas) neuralCacheOptions({ theta });
  for (const lambda of lambdas) neuralCacheOptions({ lambda });
  const sums = thetas.map(() => new Float64Array(lambdas.length));
  let alone = 0;
  let tokens = 0;
  await pass(
    model,
    ids,
    cache,
    thetas,
    (nll, { p, used }) => {
      for (let n = 0; n < nll.length; n++) {
        alone += nll[n]!;
        for (let t = 0; t < thetas.length; t++)
          for (let l = 0; l < lambdas.length; l++)
            sums[t]![l]! += used[n] ? mixture(lambdas[l]!, p[t]![n]!, nll[n]!) : nll[n]!;
      }
      tokens += nll.length;
    },
    onProgress,
  );
  const perplexities = sums.map((row) => Array.from(row, (nll) => perplexity(nll, tokens)));
  const lowest = Math.min(...perplexities.flat());
  const t = perplexities.findIndex((row) => row.includes(lowest));
  const l = perplexities[t]!.indexOf(lowest);
  return {
    perplexities,
    thetas,
    lambdas,
    withoutCache: evaluation(alone, tokens),
    best: { ...cache, theta: thetas[t]!, lambda: lambdas[l]! },
    perplexity: lowest,
  };
}
