import type { LanguageModelConfig } from '../../lm/config.js';
import { gateSchema } from '../gate-schema.js';
import type { Schema } from '../schema.js';

/** Largest seed: the generator's key takes every whole number that JavaScript can hold. */
const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** Keys that change how a trained model is evaluated and nothing else. */
export const EVALUATION_KEYS = ['evalHard', 'evalTemperature'] as const;

/** Every key of a language-model run. The defaults are those of an unregularised LSTM on PTB. */
export const languageModelSchema: Schema<LanguageModelConfig> = {
  dataset: {
    type: 'choice',
    choices: ['ptb', 'wikitext-2', 'demo'],
    default: 'ptb',
    doc: 'corpus: ptb is Penn Treebank, wikitext-2 WikiText-2, demo is made by this project',
  },
  layers: { type: 'integer', default: 2, min: 1, max: 16, doc: 'LSTM layers' },
  hidden: {
    type: 'integer',
    default: 200,
    min: 1,
    max: 16384,
    doc: 'units of every LSTM layer, of all but the last where the softmax is tied',
  },
  embedding: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 16384,
    doc: 'width of the word embedding; 0: as many as hidden',
  },
  tied: {
    type: 'boolean',
    default: false,
    doc: 'softmax weights are the embedding; the last layer is then as wide',
  },
  initialisation: {
    type: 'choice',
    choices: ['uniform', 'awd'],
    default: 'uniform',
    doc: 'uniform: all parameters by initRange; awd: LSTM layers by 1/sqrt(units), softmax bias 0',
  },
  dropoutOutput: {
    type: 'number',
    default: 0,
    min: 0,
    below: 1,
    doc: 'dropout of the last output, one mask a window (AWD-LSTM dropout)',
  },
  dropoutHidden: {
    type: 'number',
    default: 0,
    min: 0,
    below: 1,
    doc: 'dropout between layers, one mask a window (dropouth)',
  },
  dropoutInput: {
    type: 'number',
    default: 0,
    min: 0,
    below: 1,
    doc: 'dropout of embedded words, one mask a window (dropouti)',
  },
  dropoutEmbedding: {
    type: 'number',
    default: 0,
    min: 0,
    below: 1,
    doc: 'probability that a word of the vocabulary is gone for a window (dropoute)',
  },
  weightDrop: {
    type: 'number',
    default: 0,
    min: 0,
    below: 1,
    doc: 'DropConnect on the hidden-to-hidden weights, one mask a window (wdrop)',
  },
  activationRegularisation: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1000,
    doc: 'weight of the mean square of the last output, with dropout (alpha)',
  },
  temporalRegularisation: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1000,
    doc: 'weight of the mean square of its change in time, without dropout (beta)',
  },
  initRange: {
    type: 'number',
    default: 0.1,
    above: 0,
    max: 10,
    doc: 'parameters start uniform in -initRange..initRange',
  },
  forgetBias: {
    type: 'number',
    default: 0,
    min: -100,
    max: 100,
    doc: "added to the forget gates' bias before training: above 0 they begin open",
  },
  residual: {
    type: 'boolean',
    default: false,
    doc: 'from the second layer on, what a layer reads is added to its output (equal widths)',
  },
  ...gateSchema,
  batch: {
    type: 'integer',
    default: 20,
    min: 1,
    max: 4096,
    doc: 'parallel streams the training text is cut into',
  },
  bptt: {
    type: 'integer',
    default: 20,
    min: 1,
    max: 4096,
    doc: 'time steps of truncated back-propagation',
  },
  randomBptt: {
    type: 'boolean',
    default: false,
    doc: 'windows of random length around bptt, learning rate scaled with them (AWD-LSTM)',
  },
  optimizer: {
    type: 'choice',
    choices: ['sgd', 'nt-asgd', 'adam'],
    default: 'sgd',
    doc: 'adam, without finetuning; nt-asgd: SGD that turns to averaging when validation is worse than the best of all but the last nonmonotone epochs',
  },
  nonmonotone: {
    type: 'integer',
    default: 5,
    min: 1,
    max: 1000,
    doc: 'epochs that validation may go without improving (nt-asgd, and to end finetuning)',
  },
  finetuneEpochs: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000,
    doc: 'most epochs of averaged SGD from the best weights, after the others',
  },
  weightDecay: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1,
    doc: 'this times each parameter is added to its gradient, after clipping',
  },
  epochs: { type: 'integer', default: 13, min: 1, max: 100_000, doc: 'passes over the text' },
  learningRate: {
    type: 'number',
    default: 1,
    above: 0,
    max: 1000,
    doc: 'rate of the first epochs (SGD 1 to 30, Adam 0.001 to 0.01)',
  },
  learningRateDecay: {
    type: 'number',
    default: 0.5,
    above: 0,
    max: 1,
    doc: 'factor on the rate at every epoch after decayAfter',
  },
  decayAfter: {
    type: 'integer',
    default: 4,
    min: 0,
    max: 100_000,
    doc: 'epochs at the full rate',
  },
  lossReduction: {
    type: 'choice',
    choices: ['token', 'stream'],
    default: 'token',
    doc: 'gradient of the mean loss over words, or (stream) of its sum over time',
  },
  clip: {
    type: 'number',
    default: 5,
    min: 0,
    max: 1e6,
    doc: 'largest global gradient norm; 0: no clipping',
  },
  validBatch: {
    type: 'integer',
    default: 10,
    min: 1,
    max: 4096,
    doc: 'streams when measuring validation perplexity during training',
  },
  seed: {
    type: 'integer',
    default: 1,
    min: 0,
    max: MAX_SEED,
    doc: 'seed of initial weights and noise',
  },
};

/** Keys that runs of before AWD-LSTM do not have; their defaults are what those runs did. */
const LATER_KEYS = [
  'embedding',
  'tied',
  'initialisation',
  'dropoutOutput',
  'dropoutHidden',
  'dropoutInput',
  'dropoutEmbedding',
  'weightDrop',
  'activationRegularisation',
  'temporalRegularisation',
  'randomBptt',
  'optimizer',
  'nonmonotone',
  'finetuneEpochs',
  'weightDecay',
  'forgetBias',
  'residual',
] as const satisfies readonly (keyof LanguageModelConfig)[];

/** The latest keys: they count in the hash of a configuration where they are not at their defaults. */
export function latestDefaults(): Partial<LanguageModelConfig> {
  const { forgetBias, residual } = laterDefaults();
  return { forgetBias, residual };
}

/** What a stored configuration means by not having a key that came later. */
export function laterDefaults(): Partial<LanguageModelConfig> {
  return Object.fromEntries(LATER_KEYS.map((key) => [key, languageModelSchema[key].default]));
}
