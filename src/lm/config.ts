import type { GateConfig } from '../cell/gate-options.js';

/** Everything that decides what a language-model run computes. Flat, so that `--set key=value` is plain. */
export interface LanguageModelConfig extends GateConfig {
  /** Corpus name in the registry of datasets: `ptb`, `wikitext-2` or `demo`. */
  dataset: string;
  /** Recurrent layers. */
  layers: number;
  /** Units of every LSTM layer (of all but the last, where the softmax is tied). */
  hidden: number;
  /** Width of the word embedding; 0 = as many as `hidden`. */
  embedding: number;
  /** Softmax weights are the embedding's; the last layer is then as wide as the embedding. */
  tied: boolean;
  /**
   * `uniform`: every parameter starts Uniform(-initRange, initRange). `awd`: embedding and softmax
   * weights do, the softmax bias starts at 0, LSTM layers start Uniform(-1/sqrt(H), 1/sqrt(H)).
   */
  initialisation: 'uniform' | 'awd';
  initRange: number;
  /**
   * Added to the bias of every forget gate before training: gates begin open, s(1) = .73, so that a state
   * lasts (Gers et al. 2000, Jozefowicz et al. 2015). 0: nothing, as the paper.
   */
  forgetBias: number;
  /**
   * What a layer reads is added to its output, from the second layer on, where both are equally wide: deep
   * stacks can be trained (Wu et al. 2016).
   */
  residual: boolean;
  /** Dropout of the last layer's output (AWD-LSTM: dropout), one mask a window. */
  dropoutOutput: number;
  /** Dropout between layers (dropouth). */
  dropoutHidden: number;
  /** Dropout of the embedded words (dropouti). */
  dropoutInput: number;
  /** Dropout of whole rows of the embedding: a word is gone for a window (dropoute). */
  dropoutEmbedding: number;
  /** DropConnect on the hidden-to-hidden weights, one mask a window (wdrop). */
  weightDrop: number;
  /** Activation regularisation: this times the mean square of the dropped-out last output (alpha). */
  activationRegularisation: number;
  /** Temporal one: this times the mean square of its change from word to word, without dropout (beta). */
  temporalRegularisation: number;
  /** Parallel streams the training text is cut into. */
  batch: number;
  /** Time steps of truncated back-propagation. */
  bptt: number;
  /**
   * Windows of random length, as AWD-LSTM: `bptt` steps, halved with probability 0.05, then
   * Normal(., 5), at least 5; the learning rate is scaled by length / bptt.
   */
  randomBptt: boolean;
  /** Passes over the training text. */
  epochs: number;
  /**
   * `sgd`, `nt-asgd`: SGD that switches to averaging when validation has not improved for a while, or `adam`,
   * which knows no finetuning.
   */
  optimizer: 'sgd' | 'nt-asgd' | 'adam';
  /** Epochs that validation may go without improving (nt-asgd, and the end of finetuning). */
  nonmonotone: number;
  /** Most epochs of finetuning: averaged SGD from the best weights, ended by the same rule. 0 = none. */
  finetuneEpochs: number;
  /** This times each parameter is added to its gradient, after clipping. */
  weightDecay: number;
  /** Rate of the first epochs. */
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
