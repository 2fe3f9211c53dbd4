/** A trained run, read back from its folder: to evaluate it, look into it, or go on from it. */
import path from 'node:path';
import { type BackendInfo, useBackend } from '../../backend/install.js';
import type { CorpusSplit, LanguageModelCorpus, SplitName } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UsageError, UserError } from '../../errors.js';
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
import { nearest } from '../../terminal/nearest.js';
import { shownPath } from '../../terminal/shown-path.js';
import { UNKNOWN_WORD, Vocabulary } from '../../text/vocabulary.js';
import { bindingOf, checkBinding } from '../binding.js';
import { type CheckpointName, checkpointFile, loadCheckpoint } from '../checkpoint.js';
import { RunFolder } from '../folder.js';
import { parseSet, resolve, type Schema, validateConfig } from '../schema.js';
import { trainedState } from '../stored-state.js';
import { checksums } from '../train-state.js';
import { EVALUATION_KEYS, languageModelSchema, laterDefaults } from './schema.js';

export interface LoadRunOptions {
  /** Checkpoint whose weights to take. Default `best`. */
  from?: CheckpointName;
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
  threads?: number;
  /** `key=value` texts with EVALUATION_KEYS. */
  sets?: readonly string[];
  /** The run's corpus, when it is in memory already. */
  corpus?: LanguageModelCorpus;
}

/** A run with its weights in tensors; dispose() it. */
export interface LoadedRun {
  folder: string;
  preset: string | null;
  /** As trained, with `sets` applied. */
  config: LanguageModelConfig;
  /** The run's own words; corpus ids refer to it. */
  vocabulary: Vocabulary;
  corpus: LanguageModelCorpus;
  model: LanguageModel;
  from: CheckpointName;
  /** Whole epochs that these weights were trained for. */
  epochs: number;
  /** SHA-256 of each part when the run was trained. */
  trainedOn: Record<string, string>;
  /** What is not as it was in training, in words; empty when all is the same. */
  warnings: string[];
  backend: BackendInfo;
  dispose(): void;
}

export interface RunEvaluation extends Evaluation {
  split: SplitName;
  /** Parallel streams. */
  batch: number;
  bitsPerWord: number;
  seconds: number;
  tokensPerSecond: number;
}

/**
 * The configuration of a run of `command`, with `sets` of EVALUATION_KEYS applied.
 * @param later what a stored configuration means by not having a key
 */
export function readRunConfig<C extends object>(
  run: RunFolder,
  command: string,
  schema: Schema<C>,
  sets: readonly string[],
  later: Partial<C> = {},
): C {
  const { command: made, config } = run.description;
  if (made !== command)
    throw new UserError(
      `${shownPath(run.path)} was made by "${made}"; only runs of "${command}" can be read here`,
    );
  for (const text of sets) {
    const { key } = parseSet(text);
    if ((EVALUATION_KEYS as readonly string[]).includes(key)) continue;
    const near = nearest(key, EVALUATION_KEYS);
    const hint = near ? `; did you mean ${near}?` : '';
    throw new UsageError(
      `--set ${text}: a trained run is evaluated as it is; only ${EVALUATION_KEYS.join(' and ')} can be set${hint}`,
    );
  }
  let stored: C;
  try {
    stored = validateConfig(schema, { ...later, ...config }, shownPath(run.configFile));
  } catch (error) {
    // A spoilt file is no wrong use of the command.
    throw error instanceof UsageError ? new UserError(error.message) : error;
  }
  return resolve(schema, [stored], sets);
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

/** What differs from the texts a run was trained on, by their SHA-256, in words. */
export const dataWarnings = (
  found: Record<string, string>,
  trainedOn: Record<string, string>,
): string[] =>
  Object.keys(found)
    .filter((part) => trainedOn[part] !== undefined && trainedOn[part] !== found[part])
    .map(
      (part) =>
        `the ${part} text is not the one this run was trained with (sha256 ${found[part]!.slice(0, 12)}, was ${trainedOn[part]!.slice(0, 12)})`,
    );

/**
 * Reads a run of `train lm`: configuration, vocabulary, weights and the data it names.
 * @throws UserError when a part is missing, damaged or does not fit the others
 */
export async function loadRun(folder: string, options: LoadRunOptions = {}): Promise<LoadedRun> {
  const { from = 'best', sets = [] } = options;
  const run = RunFolder.open(folder);
  const config = readRunConfig(run, 'train lm', languageModelSchema, sets, laterDefaults());
  const words = run.readJson(path.basename(run.vocabFile));
  const vocabulary = Vocabulary.fromJSON(words, shownPath(run.vocabFile));
  const snapshot = loadCheckpoint(folder, from, { finite: true });
  checkBinding(snapshot.state, bindingOf(run.description, words), checkpointFile(folder, from));
  const state = trainedState(snapshot.state, checkpointFile(folder, from));
  const found = options.corpus ?? loadCorpus(config.dataset, { dataFolder: options.dataFolder });
  const corpus = inVocabulary(found, vocabulary);
  const trainedOn = state.data;
  const backend = await useBackend({ threads: options.threads });
  const model = new LanguageModel(config, vocabulary.size);
  try {
    const file = shownPath(path.join(folder, `${from}.safetensors`));
    model.load(snapshot.tensors as never, file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return {
    folder,
    preset: run.description.preset,
    config,
    vocabulary,
    corpus,
    model,
    from,
    epochs: state.curve.length,
    trainedOn,
    warnings: dataWarnings(checksums(corpus), trainedOn),
    backend,
    dispose: () => model.dispose(),
  };
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
