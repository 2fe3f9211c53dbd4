/** What `g2lstm gates` measures on a trained run: histograms, heatmaps, boundaries. */

import type { GateMode } from '../../cell/gate-options.js';
import { finish, type GateTextName } from '../../cell/gate-source.js';
import {
  countGates,
  gateStatistics,
  type LayerGateStatistics,
} from '../../cell/gate-statistics.js';
import { languageModelGates } from '../../lm/gate-stream.js';
import type { LanguageModel } from '../../lm/model.js';
import type { GateHistogram } from '../../paper/figures.js';
import { storedMeasurements } from '../../results/measurement.js';
import {
  type BoundaryEffect,
  type BoundaryOptions,
  type BoundaryText,
  boundaryEffects,
} from './boundaries.js';
import type { GateModel, RunGates } from './gate-text.js';
import { WORD_LISTS, type WordLanguage } from './word-classes.js';
import { type LayerWordGates, sentenceGates, translationSentenceGates } from './word-gates.js';

/** Gates as in training (noise, temperature, dropouts) or as in evaluation. */
export type GatesMode = 'training' | 'evaluation';

/** What was read. */
export interface GatesText {
  dataset: string;
  split: string;
  sentences: number;
  /** Words or sub-word units, marks included, of each text. */
  words: Partial<Record<GateTextName, number>>;
}

/** Heatmaps of one sentence. */
export interface SentenceHeatmap {
  /** As given. */
  sentence: string;
  /** The translation it was read with, of a translation run. */
  target?: string;
  mode: GatesMode;
  layers: LayerWordGates[];
}

/** Content of a stored measurement of kind `gates`. */
export interface GatesResult {
  text: GatesText;
  histograms: Partial<Record<GatesMode, LayerGateStatistics[]>>;
  heatmaps: SentenceHeatmap[];
}

/** Content of a stored measurement of kind `boundaries`; gates in evaluation. */
export interface BoundariesResult {
  text: GatesText;
  /** Bootstrap samples of the intervals. */
  samples: number;
  effects: BoundaryEffect[];
}

const textOf = ({ dataset, split, sentences, source }: RunGates): GatesText => ({
  dataset,
  split,
  sentences,
  words: Object.fromEntries(
    Object.entries(source.texts).map(([name, { ids }]) => [name, ids.length]),
  ),
});

/** A sentence that heatmaps are made of; `target` for translation runs only. */
export interface GivenSentence {
  sentence: string;
  target?: string;
}

/** Heatmaps of one sentence in the given modes. @throws UserError for a sentence without words */
export async function sentenceHeatmaps(
  trained: GateModel,
  { sentence, target }: GivenSentence,
  modes: readonly GatesMode[],
): Promise<SentenceHeatmap[]> {
  const maps: SentenceHeatmap[] = [];
  for (const mode of modes) {
    const options = { training: mode === 'training' };
    if (trained.kind === 'lm') {
      const { model, vocabulary } = trained.run;
      maps.push({ sentence, mode, layers: sentenceGates(model, vocabulary, sentence, options) });
    } else {
      const { model, units } = trained.run;
      const layers = await translationSentenceGates(model, units, sentence, target, options);
      const read = layers.at(-1)!.words.slice(1).join(' ').replaceAll('@@ ', '');
      maps.push({ sentence, target: read, mode, layers });
    }
  }
  return maps;
}

/** Histograms of all layers, or of `layers`, in the given modes. */
export async function measureGates(
  gates: RunGates,
  {
    modes,
    layers,
    onProgress,
  }: {
    modes: readonly GatesMode[];
    layers?: readonly string[];
    onProgress?: (done: number) => void;
  },
): Promise<Omit<GatesResult, 'heatmaps'>> {
  const histograms: GatesResult['histograms'] = {};
  for (const [n, mode] of modes.entries()) {
    const steps = countGates(gates.source, { training: mode === 'training', layers });
    histograms[mode] = await finish(steps, (done) => onProgress?.((n + done) / modes.length));
  }
  return { text: textOf(gates), histograms };
}

/** Effects of boundaries on the mean gate of a word; texts in other languages are left out. */
export async function measureBoundaries(
  gates: RunGates,
  {
    onProgress,
    samples = 1000,
    ...options
  }: BoundaryOptions & { onProgress?: (done: number) => void } = {},
): Promise<BoundariesResult> {
  const texts: Partial<Record<GateTextName, BoundaryText>> = {};
  for (const [name, text] of Object.entries(gates.texts))
    if (text.language in WORD_LISTS)
      texts[name as GateTextName] = { ...text, language: text.language as WordLanguage };
  const steps = boundaryEffects(gates.source, texts, { ...options, samples });
  return { text: textOf(gates), samples, effects: await finish(steps, onProgress) };
}

// Gate values of a language model as the paper's Figures 1 and 3 count them.

/** Ten shares a gate, and the means that ten shares cannot tell. */
export interface MeasuredGates extends GateHistogram {
  /** Mean gate value. */
  mean: { input: number; forget: number };
  /** Gate values counted, each gate. */
  values: number;
}

/** A layer's statistics in the form of the paper's figures. */
export function histogramOf({ input, forget }: LayerGateStatistics): MeasuredGates {
  return {
    input: input.shares,
    forget: forget.shares,
    mean: { input: input.mean, forget: forget.mean },
    values: forget.values,
  };
}

export interface GateHistogramOptions {
  /** With temperature, noise and dropouts as in training. Default false. */
  training?: boolean;
  /** Layer, from 0. Default 0. */
  layer?: number;
  /** Parallel streams. Default 10. */
  batch?: number;
}

/**
 * Shares of one layer's input and forget gate values in [0, 0.1), ..., [0.9, 1] over a text of word
 * ids, counted window by window; with `training` the gates have their temperature and noise.
 */
export function gateHistogram(
  model: LanguageModel,
  ids: Int32Array,
  { training, layer = 0, batch }: GateHistogramOptions = {},
): MeasuredGates {
  const source = languageModelGates(model, ids, { batch });
  const [found] = gateStatistics(source, { training, layers: [`lstm.${layer}`] });
  if (!found) throw new RangeError(`the model has no layer ${layer}`);
  return histogramOf(found);
}

// Gates and boundaries of one experiment as they lie in `data/results`.

/** One run's gates, and its boundaries where they were measured. */
export interface StoredGates extends GatesResult {
  algorithm: GateMode;
  seed: number;
  effects: BoundaryEffect[];
}

/**
 * The runs of one experiment that gates were measured of, in the paper's order, then by seed; empty
 * where there are none.
 * @param folder default `data/results` of this project
 */
export function storedGates(experiment: string, folder?: string): StoredGates[] {
  const boundaries = storedMeasurements<BoundariesResult>('boundaries', experiment, folder);
  return storedMeasurements<GatesResult>('gates', experiment, folder).map(({ run, result }) => {
    const { algorithm, seed } = run;
    const own = boundaries.find((b) => b.run.algorithm === algorithm && b.run.seed === seed);
    return { algorithm, seed, ...result, effects: own?.result.effects ?? [] };
  });
}
