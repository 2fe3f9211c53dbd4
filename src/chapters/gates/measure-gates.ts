/** What `g2lstm gates` measures on a trained run: histograms, heatmaps, boundaries. */

import { finish, type GateTextName } from '../../cell/gate-source.js';
import { countGates, type LayerGateStatistics } from '../../cell/gate-statistics.js';
import type { BoundaryText } from './boundaries.js';
import { type BoundaryEffect, type BoundaryOptions, boundaryEffects } from './boundaries.js';
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
