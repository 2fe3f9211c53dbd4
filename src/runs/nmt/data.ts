/** What a translation run reads and stores besides tensors: its corpus, its units. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { SPLITS, type SplitName } from '../../datasets/corpus.js';
import { loadParallelCorpus, type ParallelCorpus, type TextForm } from '../../datasets/parallel.js';
import { described, readJsonFile } from '../../files/json-file.js';
import type { TranslationConfig } from '../../nmt/config.js';
import type { TranslationData } from '../../nmt/training-data.js';
import { TranslationUnits } from '../../nmt/units.js';
import { shownPath } from '../../terminal/shown-path.js';
import { restoreBpe } from '../../text/bpe/index.js';

/** The text a run was trained on, as its vocab.json remembers it. */
export interface TrainedText {
  /** Corpus in the registry. */
  name: string;
  sourceLanguage: string;
  targetLanguage: string;
  form: TextForm;
}

/** What stands in vocab.json beside the units. */
const TEXTS: z.ZodType<{ text?: TrainedText }> = z.looseObject({
  text: z
    .looseObject({
      name: z.string(),
      sourceLanguage: z.string(),
      targetLanguage: z.string(),
      form: z.looseObject({
        tokenised: z.boolean(),
        lowercased: z.boolean(),
        segmented: z.boolean(),
      }),
    })
    .optional(),
});

/** The parallel corpus of a configuration. */
export function loadTranslationCorpus(
  { dataset, direction }: Pick<TranslationConfig, 'dataset' | 'direction'>,
  options: { dataFolder?: string } = {},
): ParallelCorpus {
  const [source, target] = direction.split('-');
  return loadParallelCorpus(dataset, { ...options, source, target });
}

/** SHA-256 of every file: `train.de`, `train.en`, `valid.de`... */
export function parallelChecksums(corpus: ParallelCorpus): Record<string, string> {
  const { sourceLanguage, targetLanguage } = corpus;
  return Object.fromEntries(
    SPLITS.flatMap((split) => [
      [`${split}.${sourceLanguage}`, corpus[split].sha256.source],
      [`${split}.${targetLanguage}`, corpus[split].sha256.target],
    ]),
  );
}

/** What the reader of a result must know of its data; files by their names alone. */
export function dataNotes({ corpus, tooLong, train }: TranslationData, maxLength: number) {
  const paths = SPLITS.flatMap((split) => Object.values(corpus[split].paths ?? {}));
  // Of `DIR/train.de` and `DIR/train.de + DIR/more.de` the longer name goes first.
  paths.sort((a, b) => b.length - a.length);
  const named = corpus.notes.map((note) =>
    paths.reduce((text, p) => text.replaceAll(p, path.basename(p)), note),
  );
  if (tooLong === 0) return named;
  const all = train.length + tooLong;
  return [
    ...named,
    `${tooLong} of ${all} training pairs have more than ${maxLength} units on a side and were left out`,
  ];
}

/** Reference translations of a part: its target text, sub-word units joined. */
export const referencesOf = ({ form, ...corpus }: ParallelCorpus, split: SplitName): string[] =>
  form.segmented ? corpus[split].target.map((line) => restoreBpe(line)) : corpus[split].target;

/** Content of vocab.json: the units, and the text they are of. */
export function unitsFile(units: TranslationUnits, corpus: ParallelCorpus): object {
  const { name, sourceLanguage, targetLanguage, form } = corpus;
  const text: TrainedText = { name, sourceLanguage, targetLanguage, form };
  return { ...units.toJSON(), text };
}

/** Reads vocab.json; null when there is none. */
export function readUnits(
  file: string,
): { units: TranslationUnits; text: TrainedText | undefined; content: unknown } | null {
  if (!existsSync(file)) return null;
  const value = readJsonFile(file);
  const units = TranslationUnits.fromJSON(value, shownPath(file));
  const { text } = described(
    value,
    TEXTS,
    `${shownPath(file)} is not the vocabulary of a translation run`,
  );
  return { units, text, content: value };
}
