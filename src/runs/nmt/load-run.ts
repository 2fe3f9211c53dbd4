/** A trained translation run, read back from its folder: to translate with it, or to measure it. */
import type { SplitName } from '../../datasets/corpus.js';
import type { ParallelCorpus } from '../../datasets/parallel.js';
import { UserError } from '../../errors.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { TranslationModel } from '../../nmt/model.js';
import { encodePairs } from '../../nmt/training-data.js';
import type { TranslationUnits } from '../../nmt/units.js';
import { shownPath } from '../../terminal/shown-path.js';
import type { Snapshot } from '../checkpoint.js';
import { dataWarnings, type Loaded, type LoadOptions, loadTrained } from '../trained.js';
import {
  loadTranslationCorpus,
  parallelChecksums,
  readUnits,
  referencesOf,
  type TrainedText,
} from './data.js';
import { translationTask } from './presets.js';
import { scoreTranslations, type TranslationScores } from './scores.js';

export type LoadTranslationOptions = LoadOptions;

/** A run with its weights in tensors; dispose() it. */
export interface LoadedTranslation extends Loaded<TranslationConfig, TranslationModel> {
  units: TranslationUnits;
  /** The text it was trained on; undefined where the run does not say. */
  text: TrainedText | undefined;
}

/** Units and weights must be of the same run. */
function checkVocabulary(
  units: TranslationUnits,
  { tensors }: Snapshot,
  vocabFile: string,
  file: string,
): void {
  const sides = [
    ['encoder', 'source'],
    ['decoder', 'target'],
  ] as const;
  for (const [part, side] of sides) {
    const rows = tensors[`${part}.embedding.weight`]?.shape[0];
    if (rows === undefined || rows === units[side].size) continue;
    throw new UserError(
      `${vocabFile} has ${units[side].size} ${side} units, ${file} was trained with ${rows}: they are not of the same run. Put back the vocab.json that belongs to these weights.`,
    );
  }
}

/**
 * Reads a run of `train nmt`: configuration, units and weights.
 * @throws UserError when a part is missing, damaged or does not fit the others
 */
export async function loadTranslationRun(
  folder: string,
  options: LoadTranslationOptions = {},
): Promise<LoadedTranslation> {
  const { vocabulary, ...run } = await loadTrained(translationTask, folder, options, {
    vocabulary(file) {
      const read = readUnits(file);
      if (read === null) throw new UserError(`${shownPath(file)} is not there.`);
      return read;
    },
    check: ({ units }, snapshot, vocabFile, file) =>
      checkVocabulary(units, snapshot, vocabFile, file),
    model: (config, { units }, tensors, file) =>
      new TranslationModel(config, units.source.size, units.target.size, { tensors, file }),
  });
  const { units, text } = vocabulary;
  return { ...run, units, text };
}

export interface TranslationEvaluation extends TranslationScores {
  split: SplitName;
  /** SHA-256 of source and target text. */
  sha256: { source: string; target: string };
  seconds: number;
  /** What is not as it was in training, in words; empty when all is the same. */
  warnings: string[];
}

/** Scores one part of the corpus that the run names, as its summary does. */
export async function evaluateTranslationRun(
  run: Pick<LoadedTranslation, 'model' | 'units' | 'config' | 'trainedOn'>,
  options: {
    /** Default `test`. */
    split?: SplitName;
    /** Default: the run's own. */
    beam?: number;
    /** Folder to look for data in first (`--data`). */
    dataFolder?: string;
    /** The run's corpus, when it is in memory already. */
    corpus?: ParallelCorpus;
    /** Called now and then with the share done. */
    onProgress?: (done: number) => void;
  } = {},
): Promise<TranslationEvaluation> {
  const { model, units, config, trainedOn } = run;
  const { split = 'test', beam = config.beam, onProgress, dataFolder } = options;
  const corpus = options.corpus ?? loadTranslationCorpus(config, { dataFolder });
  const start = performance.now();
  const text = {
    pairs: encodePairs(units, corpus[split]),
    source: corpus[split].source,
    references: referencesOf(corpus, split),
  };
  const scores = await scoreTranslations(model, units, text, { beam, onProgress });
  return {
    split,
    ...scores,
    sha256: corpus[split].sha256,
    seconds: (performance.now() - start) / 1000,
    warnings: dataWarnings(parallelChecksums(corpus), trainedOn),
  };
}
