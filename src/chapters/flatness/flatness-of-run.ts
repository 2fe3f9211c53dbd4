/** Flatness of a trained run of either kind, on a part of its own text. */
import type { SplitName } from '../../datasets/corpus.js';
import { encodePairs } from '../../nmt/training-data.js';
import type { TrainedRun } from '../../results/open-run.js';
import { loadTranslationCorpus } from '../../runs/nmt/data.js';
import { type Flatness, type FlatnessOptions, measureFlatness } from './flatness.js';
import { preactivationRows } from './gate-gradient.js';
import {
  type LossModel,
  languageModelLoss,
  pairsOf,
  segmentsOf,
  translationLoss,
} from './loss-model.js';

/** What a stored measurement `flatness` holds. */
export interface RunFlatness extends Flatness {
  split: SplitName;
  /** What the text was cut into, in words: `20 segments of 100 words`. */
  text: string;
}

export interface RunFlatnessOptions extends Omit<FlatnessOptions, 'preactivations'> {
  /** Default `valid`. */
  split?: SplitName;
  /** About so many tokens are predicted. Default 2000. */
  words?: number;
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
}

/** A run's loss on part of its text. */
interface RunLoss {
  loss: LossModel;
  text: string;
  /** SHA-256 of what was read. */
  data: Record<string, string>;
  preactivations?: FlatnessOptions['preactivations'];
}

function lossOfRun(
  trained: TrainedRun,
  { split, words, dataFolder }: { split: SplitName; words: number; dataFolder?: string },
): RunLoss {
  if (trained.kind === 'lm') {
    const { model, corpus } = trained.run;
    const { ids, sha256 } = corpus[split];
    const { x, steps } = segmentsOf(ids, { words });
    return {
      loss: languageModelLoss(model, ids, { words }),
      text: `${x.length} segments of ${steps} words`,
      data: { [split]: sha256 },
      preactivations: () => preactivationRows(model, ids, { words }),
    };
  }
  const { model, units, config } = trained.run;
  const corpus = loadTranslationCorpus(config, { dataFolder });
  const pairs = encodePairs(units, corpus[split]);
  const { source, target } = corpus[split].sha256;
  return {
    loss: translationLoss(model, pairs, { words }),
    text: `${pairsOf(pairs, words).length} pairs`,
    data: {
      [`${split}.${corpus.sourceLanguage}`]: source,
      [`${split}.${corpus.targetLanguage}`]: target,
    },
  };
}

/** Measures a run; `data` has the SHA-256 of the texts read. */
export async function measureRunFlatness(
  trained: TrainedRun,
  options: RunFlatnessOptions = {},
): Promise<{ result: RunFlatness; data: Record<string, string> }> {
  const { split = 'valid', words = 2000, dataFolder } = options;
  const { loss, text, data, preactivations } = lossOfRun(trained, { split, words, dataFolder });
  const measured = await measureFlatness(loss, { ...options, preactivations });
  return { result: { split, text, ...measured }, data };
}
