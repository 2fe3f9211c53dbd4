/** A trained run and a part of its corpus as something whose gates can be read. */

import type { GateLayer, GateSource, GateTextName } from '../../cell/gate-source.js';
import type { LanguageModelCorpus, SplitName } from '../../datasets/corpus.js';
import type { ParallelSplit } from '../../datasets/parallel.js';
import { UserError } from '../../errors.js';
import { languageModelGateLayers, languageModelGates } from '../../lm/gate-stream.js';
import type { LanguageModel } from '../../lm/model.js';
import type { EncodedPair } from '../../nmt/batches.js';
import { translationGateLayers, translationGates } from '../../nmt/gate-stream.js';
import { encodePairs } from '../../nmt/training-data.js';
import type { LoadedRun } from '../../runs/lm/load-run.js';
import { loadTranslationCorpus, parallelChecksums } from '../../runs/nmt/data.js';
import type { LoadedTranslation } from '../../runs/nmt/load-run.js';
import { dataWarnings } from '../../runs/trained.js';
import { madeBoundaries, madePairs, unitBoundaries } from './known-boundaries.js';

/** A model whose gates can be read: a trained run of either kind, or one in memory. */
export type GateModel = { kind: 'lm'; run: LanguageRun } | { kind: 'nmt'; run: TranslationRun };

type LanguageRun = Pick<LoadedRun, 'model' | 'corpus' | 'vocabulary' | 'warnings'>;
type TranslationRun = Pick<LoadedTranslation, 'model' | 'config' | 'units' | 'trainedOn'>;

/** A language model that was trained in memory, as a notebook does. */
export const inMemory = (model: LanguageModel, corpus: LanguageModelCorpus): GateModel => ({
  kind: 'lm',
  run: { model, corpus, vocabulary: corpus.vocabulary, warnings: [] },
});

/** Pairs of the paper's Figures 1 and 3. */
export const PAPER_PAIRS = 10_000;

/** What of a corpus is read. */
export interface GateTextChoice {
  /** Default: `train` for translation, as the paper, else `valid`. */
  split?: SplitName;
  /** Sentences from the beginning of it. Default: 10,000 pairs as the paper, else all. */
  sentences?: number;
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
}

/** One text as units. */
export interface ReadText {
  /** By position, as `GateText.ids`. */
  units: string[];
  /** `en`, `de`, ... */
  language: string;
  /** 1 at clause boundaries; only where the corpus knows them. */
  boundaries?: Uint8Array;
}

export interface RunGates {
  source: GateSource;
  texts: Partial<Record<GateTextName, ReadText>>;
  dataset: string;
  split: SplitName;
  sentences: number;
  /** SHA-256 of the texts read. */
  data: Record<string, string>;
  /** What is not as it was in training. */
  warnings: string[];
}

/** The layers whose gates can be read. */
export const gateLayersOf = ({ kind, run }: GateModel): GateLayer[] =>
  kind === 'lm' ? languageModelGateLayers(run.model.config) : translationGateLayers(run.config);

/** Ids up to the end of sentence `count`. */
function firstSentences(ids: Int32Array, end: number | undefined, count: number): Int32Array {
  let seen = 0;
  for (let p = 0; p < ids.length; p++)
    if (ids[p] === end && ++seen === count) return ids.slice(0, p + 1);
  return ids;
}

/**
 * The gates of a run over a part of its corpus, and the words they stand at. Pairs longer than the
 * run's `maxLength` are passed over, as in training.
 * @throws UserError as the loaders of texts, and where every pair is too long
 */
export function gatesOfRun(
  trained: GateModel,
  { split, sentences, dataFolder }: GateTextChoice = {},
): RunGates {
  return trained.kind === 'lm'
    ? ofText(trained.run, { split, sentences })
    : ofPairs(trained.run, { split, sentences, dataFolder });
}

function ofText(
  { model, corpus, vocabulary, warnings }: LanguageRun,
  { split = 'valid', sentences = Number.POSITIVE_INFINITY }: GateTextChoice,
): RunGates {
  const { ids: all, sha256 } = corpus[split];
  const end = vocabulary.endOfSentence;
  const ids = firstSentences(all, end, sentences);
  // Short texts do not fill ten streams.
  const batch = Math.max(1, Math.min(10, Math.floor(ids.length / 20)));
  const source = languageModelGates(model, ids, { sentenceEnd: end, batch });
  const boundaries = corpus.name === 'demo' ? madeBoundaries(split, sha256, ids.length) : undefined;
  return {
    source,
    texts: { text: { units: vocabulary.decode(ids), language: 'en', boundaries } },
    dataset: corpus.name,
    split,
    sentences: source.texts.text!.count,
    data: { [split]: sha256 },
    warnings,
  };
}

/** The first pairs of a part that are short enough, and the lines they stand in. */
function firstPairs(
  { units, config }: TranslationRun,
  part: ParallelSplit,
  most: number,
): { pairs: EncodedPair[]; lines: number[] } {
  const pairs: EncodedPair[] = [];
  const lines: number[] = [];
  // A thousand lines at a time: splitting all into sub-word units may take longer than the gates.
  for (let at = 0; at < part.source.length && pairs.length < most; at += 1000) {
    const [source, target] = [part.source, part.target].map((all) => all.slice(at, at + 1000));
    const encoded = encodePairs(units, { ...part, source: source!, target: target! });
    for (const [n, pair] of encoded.entries()) {
      const longest = Math.max(pair.source.length, pair.target.length);
      if (longest > config.maxLength || pairs.length === most) continue;
      pairs.push(pair);
      lines.push(at + n);
    }
  }
  return { pairs, lines };
}

function ofPairs(
  run: TranslationRun,
  { split = 'train', sentences = PAPER_PAIRS, dataFolder }: GateTextChoice,
): RunGates {
  const corpus = loadTranslationCorpus(run.config, { dataFolder });
  const part = corpus[split];
  const { pairs, lines } = firstPairs(run, part, sentences);
  if (pairs.length === 0)
    throw new UserError(
      `${corpus.name} ${split}: no pair has at most maxLength=${run.config.maxLength} units`,
    );
  const source = translationGates(run.model, pairs);
  const { sourceLanguage, targetLanguage } = corpus;
  const language = { source: sourceLanguage, target: targetLanguage };
  const sums = { [sourceLanguage]: part.sha256.source, [targetLanguage]: part.sha256.target };
  const made =
    corpus.name === 'demo-mt' ? madePairs(split, sums as { de: string; en: string }) : undefined;
  const text = (side: 'source' | 'target'): ReadText => {
    const { ids, sentences: numbers } = source.texts[side]!;
    const units = run.units[side].decode(ids);
    const written = made?.[language[side] as 'de' | 'en'];
    if (!written) return { units, language: language[side] };
    const read = lines.map((line) => written[line]!);
    return { units, language: language[side], boundaries: unitBoundaries(units, numbers, read) };
  };
  const checksums = parallelChecksums(corpus);
  return {
    source,
    texts: { source: text('source'), target: text('target') },
    dataset: corpus.name,
    split,
    sentences: pairs.length,
    data: Object.fromEntries(Object.entries(checksums).filter(([n]) => n.startsWith(`${split}.`))),
    warnings: dataWarnings(checksums, run.trainedOn),
  };
}
