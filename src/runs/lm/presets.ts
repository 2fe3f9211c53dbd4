/** Named settings of language-model runs: small overrides of the schema's defaults. */

import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { type NamedSetting, presetNamed, type RunChoice, resolveChoice } from '../choice.js';
import type { Task } from '../task.js';
import { languageModelSchema, laterDefaults } from './schema.js';

export type { Departures } from '../choice.js';

/** A named setting. */
export type Preset = NamedSetting<LanguageModelConfig>;

/** What every AWD-LSTM here shares: the recipe of Merity et al. but for sizes, dropouts, rate and length. */
const AWD: Partial<LanguageModelConfig> = {
  tied: true,
  initialisation: 'awd',
  initRange: 0.1,
  activationRegularisation: 2,
  temporalRegularisation: 1,
  batch: 20,
  randomBptt: true,
  optimizer: 'nt-asgd',
  learningRateDecay: 1,
  lossReduction: 'token',
  clip: 0.25,
  weightDecay: 1.2e-6,
  validBatch: 10,
  seed: 1,
};

/** Presets of `train lm`, by name. */
export const languageModelPresets: Readonly<Record<string, Preset>> = {
  'ptb-unregularised': {
    doc: 'Penn Treebank, 2 x 200 units without dropout: the small LSTM in front of Table 1',
    config: {
      dataset: 'ptb',
      layers: 2,
      hidden: 200,
      initRange: 0.1,
      batch: 20,
      bptt: 20,
      epochs: 13,
      learningRate: 1,
      learningRateDecay: 0.5,
      decayAfter: 4,
      lossReduction: 'stream',
      clip: 5,
      validBatch: 10,
      seed: 1,
    },
  },
  'ptb-awd-paper': {
    doc: 'Penn Treebank, AWD-LSTM of Table 1: 3 layers of 1150, 24M parameters, 500 + 500 epochs',
    config: {
      ...AWD,
      dataset: 'ptb',
      layers: 3,
      hidden: 1150,
      embedding: 400,
      dropoutOutput: 0.4,
      dropoutHidden: 0.25,
      dropoutInput: 0.4,
      dropoutEmbedding: 0.1,
      weightDrop: 0.5,
      bptt: 70,
      nonmonotone: 5,
      epochs: 500,
      finetuneEpochs: 500,
      learningRate: 30,
    },
  },
  'ptb-awd-small': {
    doc: 'Penn Treebank, AWD-LSTM of 2 layers of 256, 3.6M parameters: under an hour on two cores',
    config: {
      ...AWD,
      dataset: 'ptb',
      layers: 2,
      hidden: 256,
      embedding: 256,
      dropoutOutput: 0.2,
      dropoutHidden: 0.15,
      dropoutInput: 0.2,
      dropoutEmbedding: 0.05,
      weightDrop: 0.2,
      bptt: 70,
      nonmonotone: 5,
      epochs: 12,
      finetuneEpochs: 4,
      learningRate: 20,
    },
  },
  'demo-awd': {
    doc: 'the corpus this project makes, AWD-LSTM of 2 layers of 64, a minute or two',
    config: {
      ...AWD,
      dataset: 'demo',
      layers: 2,
      hidden: 64,
      embedding: 64,
      dropoutOutput: 0.1,
      dropoutHidden: 0.1,
      dropoutInput: 0.1,
      dropoutEmbedding: 0.05,
      weightDrop: 0.2,
      bptt: 35,
      nonmonotone: 2,
      epochs: 6,
      finetuneEpochs: 2,
      learningRate: 20,
    },
  },
  'demo-deep': {
    doc: 'the corpus this project makes, 4 x 64 units that can be deeper: residual connections, forget bias, Adam',
    config: {
      dataset: 'demo',
      layers: 4,
      hidden: 64,
      initialisation: 'awd',
      initRange: 0.1,
      forgetBias: 1,
      residual: true,
      optimizer: 'adam',
      batch: 20,
      bptt: 35,
      epochs: 4,
      learningRate: 0.003,
      learningRateDecay: 0.5,
      decayAfter: 2,
      lossReduction: 'token',
      clip: 1,
      validBatch: 10,
      seed: 1,
    },
  },
  'demo-lm': {
    doc: 'the corpus this project makes, 1 x 96 units, minutes on two cores',
    config: {
      dataset: 'demo',
      layers: 1,
      hidden: 96,
      initRange: 0.1,
      batch: 20,
      bptt: 20,
      epochs: 4,
      learningRate: 1,
      learningRateDecay: 0.5,
      decayAfter: 2,
      lossReduction: 'stream',
      clip: 5,
      validBatch: 10,
      seed: 1,
    },
  },
};

/** What a person may say about a language-model run; default preset `demo-lm`. */
export type LanguageModelChoice = RunChoice;

/** Language models, without their tensors. */
export const languageModelTask: Task<
  LanguageModelConfig,
  LanguageModelCorpus,
  LanguageModelCorpus
> = {
  kind: 'lm',
  command: 'train lm',
  schema: languageModelSchema,
  presets: languageModelPresets,
  usual: 'demo-lm',
  lengths: ['epochs', 'finetuneEpochs'],
  textKeys: ['dataset'],
  later: laterDefaults,
  work: async () => (await import('./task.js')).work,
};

/** The complete configuration of a choice: see `resolveChoice`. */
export const resolveLanguageModelConfig = (choice: LanguageModelChoice = {}): LanguageModelConfig =>
  resolveChoice(languageModelTask, choice);

/** The preset of this name; an unknown name is a UsageError. */
export const languageModelPreset = (name: string): Preset =>
  presetNamed(languageModelPresets, name);
