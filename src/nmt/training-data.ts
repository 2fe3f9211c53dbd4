import type { ParallelCorpus, ParallelSplit } from '../datasets/parallel.js';
import { UserError } from '../errors.js';
import type { EncodedPair } from './batches.js';
import type { TranslationConfig } from './config.js';
import { TranslationUnits } from './units.js';

/** A parallel corpus as training needs it. */
export interface TranslationData {
  corpus: ParallelCorpus;
  units: TranslationUnits;
  /** Training pairs, none longer than `maxLength` on either side. */
  train: EncodedPair[];
  /** Validation pairs, all of them. */
  valid: EncodedPair[];
  /** Training pairs that were too long. */
  tooLong: number;
}

/** Ids of the pairs of one part. */
export function encodePairs(units: TranslationUnits, split: ParallelSplit): EncodedPair[] {
  return split.source.map((line, i) => ({
    source: units.encodeSource(line),
    target: units.encodeTarget(split.target[i]!),
  }));
}

/**
 * Learns units on the training part (or takes those of a run) and turns both texts into ids.
 * @throws UserError when no pair is short enough
 */
export function trainingData(
  config: TranslationConfig,
  corpus: ParallelCorpus,
  stored?: TranslationUnits,
): TranslationData {
  const { bpeMerges, vocabularyLimit, maxLength } = config;
  const merges = corpus.form.segmented ? 0 : bpeMerges;
  const units =
    stored ??
    TranslationUnits.learn(corpus.train.source, corpus.train.target, {
      merges,
      limit: vocabularyLimit,
    });
  const all = encodePairs(units, corpus.train);
  // "sentences over 64 sub-word units removed from training" (section 3 of the paper)
  const train = all.filter(
    ({ source, target }) => source.length <= maxLength && target.length <= maxLength,
  );
  if (train.length === 0)
    throw new UserError(
      `${corpus.name}: all ${all.length} training pairs are longer than maxLength=${maxLength} units; raise it`,
    );
  const valid = encodePairs(units, corpus.valid);
  return { corpus, units, train, valid, tooLong: all.length - train.length };
}
