import type { GateOptions } from '../nn/gate-options.js';

/** Everything that decides what a language-model run computes. Flat, so that `--set key=value` is plain. */
export interface LanguageModelConfig {
  /** Corpus name in the registry of datasets: `ptb` or `demo`. */
  dataset: string;
  /** Recurrent layers. */
  layers: number;
  /** Units of every LSTM layer and of the word embedding. */
  hidden: number;
  /** Parameters start Uniform(-initRange, initRange). */
  initRange: number;
  /** Gates: see GateOptions. */
  gates: GateOptions['mode'];
  tau: number;
  noiseProbability: number;
  noiseSchedule: GateOptions['noiseSchedule'];
  noiseEpsilon: number;
  noisyGates: GateOptions['gates'];
  evalTemperature: boolean;
  evalHard: boolean;
  /** Parallel streams the training text is cut into. */
  batch: number;
  /** Time steps of truncated back-propagation. */
  bptt: number;
  /** Passes over the training text. */
  epochs: number;
  /** Plain SGD rate of the first epochs. */
  learningRate: number;
  /** The rate is multiplied by this at the start of every epoch after `decayAfter`. */
  learningRateDecay: number;
  /** Number of epochs at the full rate. */
  decayAfter: number;
  /**
   * What the gradient is of: `token` = mean loss over all words of a window (Merity et al.), `stream` =
   * summed over time, mean over streams (Zaremba et al.), which is bptt times larger.
   */
  lossReduction: 'token' | 'stream';
  /** Largest global gradient norm; 0 switches clipping off. */
  clip: number;
  /** Streams when measuring validation perplexity during training. */
  validBatch: number;
  /** Seed of initial weights and noise. */
  seed: number;
}
