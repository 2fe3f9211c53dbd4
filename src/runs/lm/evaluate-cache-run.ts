/** A trained run with the continuous neural cache on top. */
import type { SplitName } from '../../datasets/corpus.js';
import {
  type CacheEvaluation,
  type CacheSearch,
  type CacheSearchOptions,
  evaluateWithCache,
  searchCache,
} from '../../lm/evaluate-cache.js';
import type { NeuralCacheOptions } from '../../lm/neural-cache.js';
import { bitsPerWord } from '../../metrics/perplexity.js';
import type { LoadedRun, RunEvaluation } from './load-run.js';

/** The model alone, as `evaluateRun`, and with the cache. */
export interface CacheRunEvaluation extends RunEvaluation {
  cache: Required<NeuralCacheOptions> &
    Pick<CacheEvaluation, 'perplexity' | 'nll' | 'cached'> & { bitsPerWord: number };
}

export interface CacheRunOptions {
  /** Default `test`. */
  split?: SplitName;
  cache?: NeuralCacheOptions;
  onProgress?: (done: number) => void | Promise<void>;
}

/** Perplexity of one part of the run's corpus without and with the cache, in one pass. */
export async function evaluateRunWithCache(
  run: Pick<LoadedRun, 'model' | 'corpus'>,
  options: CacheRunOptions = {},
): Promise<CacheRunEvaluation> {
  const { split = 'test', cache, onProgress } = options;
  const start = performance.now();
  const result = await evaluateWithCache(run.model, run.corpus[split].ids, cache, onProgress);
  const seconds = (performance.now() - start) / 1000;
  const { withoutCache, perplexity, nll, tokens, cached } = result;
  return {
    split,
    batch: 1,
    ...withoutCache,
    bitsPerWord: bitsPerWord(withoutCache.nll, tokens),
    seconds,
    tokensPerSecond: tokens / seconds,
    cache: { ...result.cache, perplexity, nll, cached, bitsPerWord: bitsPerWord(nll, tokens) },
  };
}

export interface CacheRunSearch {
  /** The grid, measured on valid. */
  search: CacheSearch & { seconds: number };
  /** Another part at the best of it. */
  evaluation: CacheRunEvaluation;
}

/** Chooses theta and lambda on valid, then measures `split` (default `test`) with them. */
export async function searchRunCache(
  run: Pick<LoadedRun, 'model' | 'corpus'>,
  options: CacheSearchOptions & {
    split?: SplitName;
    onProgress?: (part: 'search' | 'evaluation', done: number) => void | Promise<void>;
  } = {},
): Promise<CacheRunSearch> {
  const { split, onProgress, ...grid } = options;
  const start = performance.now();
  const search = await searchCache(run.model, run.corpus.valid.ids, grid, (done) =>
    onProgress?.('search', done),
  );
  const seconds = (performance.now() - start) / 1000;
  const evaluation = await evaluateRunWithCache(run, {
    split,
    cache: search.best,
    onProgress: (done) => onProgress?.('evaluation', done),
  });
  return { search: { ...search, seconds }, evaluation };
}
