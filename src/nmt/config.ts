import type { GateConfig } from '../cell/gate-options.js';

/** Everything that decides what a translation run computes. Flat, so that `--set key=value` is plain. */
export interface TranslationConfig extends GateConfig {
  /** Parallel corpus in the registry of datasets. */
  dataset: string;
  /** Direction of translation. */
  direction: 'de-en' | 'en-de';
  /** BPE merges learned jointly on both sides of the training text; 0 = the words as they stand. */
  bpeMerges: number;
  /** Most frequent units kept for each side, special ones not counted; 0 = all. */
  vocabularyLimit: number;
  /** Training pairs with more units than this on either side are left out. */
  maxLength: number;
  /** Layers of the encoder and as many of the decoder. The first of the encoder reads both ways. */
  layers: number;
  /** Units of every LSTM layer (twice as many in `wide` upper encoder layers). */
  hidden: number;
  /** Width of the word embeddings and of the readout; 0 = as many as `hidden`. */
  embedding: number;
  /** Width of the attention; 0 = that of the annotations. */
  attention: number;
  /**
   * Upper encoder layers: `wide` = 2 * hidden units, as the published code (paper.DEPARTURES,
   * row 14); `narrow` = hidden.
   */
  upperEncoder: 'wide' | 'narrow';
  /**
   * Encoder layers read in turn from the end and from the beginning, the second one from the end, as in
   * the published code; each sentence comes back in its order.
   */
  zigzag: boolean;
  /** First decoder layer: `conditional` LSTM, as the published code, or a `single` transition. */
  attentionLayer: 'conditional' | 'single';
  /** Upper decoder layers read the context too, as in the published code. */
  upperContext: boolean;
  /**
   * `layer-wise`: from the third layer on a layer reads the output of the one below plus what that one
   * read, where the widths agree (published code). With two layers there is nothing to add.
   */
  residual: 'none' | 'layer-wise';
  /** Dropout of every layer's output and of the readout: fresh for each unit and step (Zaremba et al.). */
  dropout: number;
  /** Dropout of the embedded words, likewise; the published code has none. */
  dropoutEmbedding: number;
  /** Dropout of the readout: the `same`, or `half` of its units whatever the other is, as in the published code. */
  dropoutReadout: 'same' | 'half';
  /**
   * `orthonormal`: every weight matrix, embeddings too, has orthonormal rows or columns, those of LSTM
   * layers gate by gate; biases 0 (published code).
   * `orthogonal`: recurrent blocks orthogonal, other weights Normal(0, 0.01), biases 0 (the deviation that
   * the published code names and does not use).
   * `uniform`: LSTM layers Uniform(-1/sqrt(H), 1/sqrt(H)), other weights Uniform(-1/sqrt(in), 1/sqrt(in)),
   * embeddings Normal(0, 0.1), biases 0.
   */
  initialisation: 'orthonormal' | 'orthogonal' | 'uniform';
  /** Sentence pairs a step. */
  batch: number;
  /** Passes over the training pairs at most. */
  epochs: number;
  optimizer: 'adadelta' | 'adam';
  learningRate: number;
  /** The rate is multiplied by this after every epoch that brought no better validation loss. */
  learningRateDecay: number;
  /** Epochs without a better validation loss after which training ends; 0 = never. */
  patience: number;
  /** Largest global gradient norm of the loss summed over words, averaged over sentences; 0 = off. */
  clip: number;
  /** Beam of the BLEU on the validation text after every epoch; 1 = greedy, 0 = none. */
  validBeam: number;
  /** Beam of the final test. */
  beam: number;
  /** Seed of initial weights, order of pairs, noise and dropout. */
  seed: number;
}
