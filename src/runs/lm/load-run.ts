/** A trained run, read back from its folder: to evaluate it, look into it, or go on from it. */
import type { CorpusSplit, LanguageModelCorpus, SplitName } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UserError } from '../../errors.js';
import { readJsonFile } from '../../files/json-file.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { type Evaluation, evaluate } from '../../lm/evaluate.js';
import {
  type CacheEvaluation,
  type CacheSearch,
  type CacheSearchOptions,
  evaluateWithCache,
  searchCache,
} from '../../lm/evaluate-cache.js';
import { LanguageModel } from '../../lm/model.js';
import type { NeuralCacheOptions } from '../../lm/neural-cache.js';
import { bitsPerWord } from '../../metrics/perplexity.js';
import { shownPath } from '../../terminal/shown-path.js';
import { UNKNOWN_WORD, Vocabulary } from '../../text/vocabulary.js';
import { checksums } from '../train-state.js';
import { dataWarnings, type Loaded, type LoadOptions, loadTrained } from '../trained.js';
import { languageModelTask } from './presets.js';

export interface LoadRunOptions extends LoadOptions {
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
  /** The run's corpus, when it is in memory already. */
  corpus?: LanguageModelCorpus;
}

/** A run with its weights in tensors; dispose() it. */
export interface LoadedRun extends Loaded<LanguageModelConfig, LanguageModel> {
  /** The run's own words; corpus ids refer to it. */
  vocabulary: Vocabulary;
  corpus: LanguageModelCorpus;
  /** What is not as it was in training, in words; empty when all is the same. */
  warnings: string[];
}

export interface RunEvaluation extends Evaluation {
  split: SplitName;
  /** Parallel streams. */
  batch: number;
  bitsPerWord: number;
  seconds: number;
  tokensPerSecond: number;
}

/** A corpus in the ids of another vocabulary; words it does not have become its `<unk>`. */
export function inVocabulary(
  corpus: LanguageModelCorpus,
  vocabulary: Vocabulary,
): LanguageModelCorpus {
  const words = corpus.vocabulary.words;
  if (words.length === vocabulary.size && words.every((w, id) => vocabulary.id(w) === id))
    return corpus;
  const ids = words.map((word) => vocabulary.id(word) ?? vocabulary.unknown);
  const convert = (split: CorpusSplit): CorpusSplit => {
    const missing = split.ids.find((id) => ids[id] === undefined);
    if (missing !== undefined)
      throw new UserError(
        `${split.path ?? split.name}: "${words[missing]}" is not in the run's vocabulary, which has no ${UNKNOWN_WORD}; point --data at the text the run was trained on`,
      );
    return { ...split, ids: split.ids.map((id) => ids[id]!) };
  };
  const [train, valid, test] = [corpus.train, corpus.valid, corpus.test].map(convert);
  return { ...corpus, vocabulary, train: train!, valid: valid!, test: test! };
}

/**
 * Reads a run of `train lm`: configuration, vocabulary, weights and the data it names.
 * @throws UserError when a part is missing, damaged or does not fit the others
 */
export async function loadRun(folder: string, options: LoadRunOptions = {}): Promise<LoadedRun> {
  let corpus!: LanguageModelCorpus;
  const run = await loadTrained(languageModelTask, folder, options, {
    vocabulary(file) {
      const content = readJsonFile(file);
      return { content, words: Vocabulary.fromJSON(content, shownPath(file)) };
    },
    before({ words }, { dataset }) {
      const { dataFolder } = options;
      corpus = inVocabulary(options.corpus ?? loadCorpus(dataset, { dataFolder }), words);
    },
    model(config, { words }, tensors, file) {
      const model = new LanguageModel(config, words.size);
      try {
        model.load(tensors, file);
      } catch (error) {
        model.dispose();
        throw error;
      }
      return model;
    },
  });
  const warnings = dataWarnings(checksums(corpus), run.trainedOn);
  return { ...run, vocabulary: run.vocabulary.words, corpus, warnings };
}

/** Perplexity of one part of the run's corpus, as `evaluate` measures it. */
export async function evaluateRun(
  run: Pick<LoadedRun, 'model' | 'corpus'>,
  options: {
    /** Default `test`. */
    split?: SplitName;
    /** Parallel streams. Default 1: every word but the first, in one unbroken context. */
    batch?: number;
    /** Called after every window with the share done. */
    onProgress?: (done: number) => void | Promise<void>;
  } = {},
): Promise<RunEvaluation> {
  const { split = 'test', batch = 1, onProgress } = options;
  const start = performance.now();
  const result = await evaluate(run.model, run.corpus[split].ids, { batch, onProgress });
  const seconds = (performance.now() - start) / 1000;
  return {
    split,
    batch,
    ...result,
    bitsPerWord: bitsPerWord(result.nll, result.tokens),
    seconds,
    tokensPerSecond: result.tokens / seconds,
  };
}

// A trained run with the continuous neural cache on top.

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
