/** A trained translation run, read back from its folder: to translate with it, or to measure it. */
import path from 'node:path';
import { type BackendInfo, useBackend } from '../../backend/install.js';
import type { SplitName } from '../../datasets/corpus.js';
import type { ParallelCorpus } from '../../datasets/parallel.js';
import { UserError } from '../../errors.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { TranslationModel } from '../../nmt/model.js';
import { encodePairs } from '../../nmt/training-data.js';
import type { TranslationUnits } from '../../nmt/units.js';
import { shownPath } from '../../terminal/shown-path.js';
import { bindingOf, checkBinding } from '../binding.js';
import {
  type CheckpointName,
  checkpointFile,
  loadCheckpoint,
  type Snapshot,
} from '../checkpoint.js';
import { RunFolder } from '../folder.js';
import { dataWarnings, readRunConfig } from '../lm/load-run.js';
import { trainedState } from '../stored-state.js';
import {
  loadTranslationCorpus,
  parallelChecksums,
  readUnits,
  referencesOf,
  type TrainedText,
} from './data.js';
import { laterTranslationDefaults, translationSchema } from './schema.js';
import { scoreTranslations, type TranslationScores } from './scores.js';

export interface LoadTranslationOptions {
  /** Checkpoint whose weights to take. Default `best`. */
  from?: CheckpointName;
  threads?: number;
  /** `key=value` texts with EVALUATION_KEYS. */
  sets?: readonly string[];
}

/** A run with its weights in tensors; dispose() it. */
export interface LoadedTranslation {
  folder: string;
  preset: string | null;
  /** As trained, with `sets` applied. */
  config: TranslationConfig;
  units: TranslationUnits;
  /** The text it was trained on; undefined where the run does not say. */
  text: TrainedText | undefined;
  model: TranslationModel;
  from: CheckpointName;
  /** Whole epochs that these weights were trained for. */
  epochs: number;
  /** SHA-256 of each file when the run was trained. */
  trainedOn: Record<string, string>;
  backend: BackendInfo;
  dispose(): void;
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
  { from = 'best', threads, sets = [] }: LoadTranslationOptions = {},
): Promise<LoadedTranslation> {
  const run = RunFolder.open(folder);
  const later = laterTranslationDefaults();
  const config = readRunConfig(run, 'train nmt', translationSchema, sets, later);
  const vocabFile = shownPath(run.vocabFile);
  const read = readUnits(run.vocabFile);
  if (read === null) throw new UserError(`${vocabFile} is not there.`);
  const { units, text, stored: content } = read;
  const snapshot = loadCheckpoint(folder, from, { finite: true });
  const file = shownPath(path.join(folder, `${from}.safetensors`));
  checkVocabulary(units, snapshot, vocabFile, file);
  checkBinding(snapshot.state, bindingOf(run.description, content), file);
  const state = trainedState(snapshot.state, checkpointFile(folder, from));
  const backend = await useBackend({ threads });
  const stored = { tensors: snapshot.tensors as never, file };
  const model = new TranslationModel(config, units.source.size, units.target.size, stored);
  return {
    folder,
    preset: run.description.preset,
    config,
    units,
    text,
    model,
    from,
    epochs: state.curve.length,
    trainedOn: state.data,
    backend,
    dispose: () => model.dispose(),
  };
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
