import type { TranslationConfig } from '../../nmt/config.js';
import { gateSchema } from '../gate-schema.js';
import type { Schema } from '../schema.js';

/** Every key of a translation run. The defaults are a small model for tens of thousands of pairs. */
export const translationSchema: Schema<TranslationConfig> = {
  dataset: {
    type: 'choice',
    choices: ['multi30k', 'iwslt14', 'wmt14', 'demo-mt', 'own'],
    default: 'multi30k',
    doc: 'parallel corpus; demo-mt is made by this project, own is the folder named by --data',
  },
  direction: {
    type: 'choice',
    choices: ['de-en', 'en-de'],
    default: 'de-en',
    doc: 'from which language to which',
  },
  bpeMerges: {
    type: 'integer',
    default: 8000,
    min: 0,
    max: 1_000_000,
    doc: 'BPE merges learned on both sides of the training text; 0: words; not used where the corpus comes in sub-word units',
  },
  vocabularyLimit: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 10_000_000,
    doc: 'most frequent units kept for each side, special ones not counted; 0: all',
  },
  maxLength: {
    type: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    doc: 'training pairs with more units on either side are left out',
  },
  layers: {
    type: 'integer',
    default: 2,
    min: 1,
    max: 16,
    doc: 'layers of the encoder, and of the decoder; the first of the encoder reads both ways',
  },
  hidden: { type: 'integer', default: 256, min: 1, max: 16384, doc: 'units of every LSTM layer' },
  embedding: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 16384,
    doc: 'width of word embeddings and readout; 0: as many as hidden',
  },
  attention: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 16384,
    doc: 'width of the attention; 0: that of the annotations',
  },
  upperEncoder: {
    type: 'choice',
    choices: ['wide', 'narrow'],
    default: 'narrow',
    doc: 'upper encoder layers have 2 * hidden units, as in the published code, or hidden',
  },
  zigzag: {
    type: 'boolean',
    default: false,
    doc: 'every second encoder layer reads from the end, as in the published code',
  },
  attentionLayer: {
    type: 'choice',
    choices: ['conditional', 'single'],
    default: 'conditional',
    doc: 'first decoder layer: LSTM, attention, LSTM, as in the published code, or one transition',
  },
  upperContext: {
    type: 'boolean',
    default: true,
    doc: 'upper decoder layers read the context too, as in the published code',
  },
  residual: {
    type: 'choice',
    choices: ['none', 'layer-wise'],
    default: 'none',
    doc: 'layer-wise: from the third layer on, a layer also reads what the one below read',
  },
  dropout: {
    type: 'number',
    default: 0.3,
    min: 0,
    below: 1,
    doc: "dropout of every layer's output and of the readout, fresh at each step",
  },
  dropoutEmbedding: {
    type: 'number',
    default: 0.3,
    min: 0,
    below: 1,
    doc: 'dropout of the embedded words, likewise; the published code has none',
  },
  dropoutReadout: {
    type: 'choice',
    choices: ['same', 'half'],
    default: 'same',
    doc: 'dropout of the readout: the same, or 0.5 wherever there is dropout, as the published code',
  },
  initialisation: {
    type: 'choice',
    choices: ['orthonormal', 'orthogonal', 'uniform'],
    default: 'uniform',
    doc: 'orthonormal: all weights, as the published code; orthogonal: recurrent ones, others 0.01; uniform: by 1/sqrt of the width',
  },
  ...gateSchema,
  batch: { type: 'integer', default: 64, min: 1, max: 4096, doc: 'sentence pairs a step' },
  epochs: {
    type: 'integer',
    default: 10,
    min: 1,
    max: 100_000,
    doc: 'passes over the training pairs, at most',
  },
  optimizer: {
    type: 'choice',
    choices: ['adadelta', 'adam'],
    default: 'adam',
    doc: "adadelta is the paper's",
  },
  learningRate: {
    type: 'number',
    default: 1e-3,
    above: 0,
    max: 1000,
    doc: 'rate of the first epochs (adadelta: 1)',
  },
  learningRateDecay: {
    type: 'number',
    default: 0.5,
    above: 0,
    max: 1,
    doc: 'factor on the rate after every epoch without a better validation loss; 1: none',
  },
  patience: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000,
    doc: 'epochs without a better validation loss after which training ends; 0: never',
  },
  clip: {
    type: 'number',
    default: 2,
    min: 0,
    max: 1e6,
    doc: 'largest gradient norm of the loss summed over units, averaged over sentences; 0: no clipping',
  },
  validBeam: {
    type: 'integer',
    default: 1,
    min: 0,
    max: 100,
    doc: 'beam of the BLEU on the validation text after every epoch; 1: greedy, 0: none',
  },
  beam: { type: 'integer', default: 5, min: 1, max: 100, doc: 'beam of the final test' },
  seed: {
    type: 'integer',
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    doc: 'seed of initial weights, order of pairs, noise and dropout',
  },
};

/** Keys that configurations did not always have; at its default each means what was before it. */
const LATER_KEYS = [
  'zigzag',
  'dropoutReadout',
] as const satisfies readonly (keyof TranslationConfig)[];

/** What a stored configuration means by not having a key that came later. */
export function laterTranslationDefaults(): Partial<TranslationConfig> {
  return Object.fromEntries(LATER_KEYS.map((key) => [key, translationSchema[key].default]));
}
