/** Settings of one of the paper's two translation tasks (section 3). */
export interface TranslationSettings {
  data: string;
  /** Sentence pairs for training, validation and test, about; null where the paper gives none. */
  pairs: { train: number; valid: number | null; test: number | null };
  validSet?: string;
  testSet?: string;
  /** Sub-word units: kept units a side, or size of the BPE vocabulary. */
  bpe: number;
  layers: number;
  embedding: number;
  hidden: number;
  batch: number;
  caseSensitive: boolean;
}

/** Temperature tau of the gates, the same in all three tasks. */
export const TAU = { g2: 0.9, sharpened: 0.2 } as const;

/** Language model on Penn Treebank, as the paper says. */
export const LANGUAGE_MODEL = {
  data: 'Penn Treebank',
  /** Words of text, about. */
  words: 1_000_000,
  vocabulary: 10_000,
  model: 'AWD-LSTM',
  layers: 3,
  optimiser: 'NT-ASGD',
  epochs: 500,
  finetuneEpochs: 500,
  measure: 'perplexity',
} as const;

/** What the paper takes over "as Merity et al. 2017": AWD-LSTM's recipe for Penn Treebank. */
export const AWD_LSTM_PTB = {
  embedding: 400,
  hidden: 1150,
  tied: true,
  dropout: {
    output: 0.4,
    betweenLayers: 0.25,
    inputEmbedding: 0.4,
    /** Whole rows of the embedding matrix. */
    embeddingRows: 0.1,
    /** DropConnect on the hidden-to-hidden matrices. */
    weightDrop: 0.5,
  },
  batch: 20,
  bptt: {
    length: 70,
    halvedWithProbability: 0.05,
    /** Window length ~ Normal(length or its half, this), at least `least`. */
    standardDeviation: 5,
    least: 5,
    /** The learning rate is scaled by window length / `length`. */
    scalesLearningRate: true,
  },
  learningRate: 30,
  clipNorm: 0.25,
  weightDecay: 1.2e-6,
  /** Activation regularisation (AR). */
  alpha: 2,
  /** Temporal activation regularisation (TAR). */
  beta: 1,
  /** To ASGD once the validation loss is worse than the best of all but the last n epochs. */
  nonMonotone: 5,
} as const;

/** Continuous neural cache (Grave et al. 2016) on Penn Treebank; lambda tuned on validation. */
export const NEURAL_CACHE_PTB = { window: 500, theta: 1, lambda: 0.1 } as const;

/** IWSLT'14 German to English. */
export const IWSLT14_DE_EN: Readonly<TranslationSettings> = {
  data: "IWSLT'14 De->En",
  pairs: { train: 153_000, valid: 7_000, test: 7_000 },
  bpe: 25_000,
  layers: 2,
  embedding: 256,
  hidden: 256,
  batch: 32,
  caseSensitive: false,
};

/** WMT'14 English to German. */
export const WMT14_EN_DE: Readonly<TranslationSettings> = {
  data: "WMT'14 En->De",
  pairs: { train: 4_500_000, valid: null, test: null },
  validSet: 'newstest2012+2013',
  testSet: 'newstest2014',
  bpe: 30_000,
  layers: 3,
  embedding: 512,
  hidden: 1024,
  batch: 64,
  caseSensitive: true,
};

/** What both translation tasks share. The dropout rate was chosen on validation data. */
export const TRANSLATION = {
  /** Longer sentences, in sub-word units, are removed from the training data. */
  maxLength: 64,
  firstEncoderLayer: 'bidirectional',
  attention: true,
  dropout: 'Zaremba et al. 2014',
  optimiser: 'AdaDelta',
  clipNorm: 2.0,
  beam: 5,
  measure: 'tokenised BLEU (multi-bleu)',
} as const;

/** Compression of the input and forget gate parameters (Eq 17, Eq 18, SVD). */
export const COMPRESSION = {
  languageModel: { round: 0.2, clip: 0.4, ranks: [128, 64], values: [-0.4, -0.2, 0, 0.2, 0.4] },
  translation: { round: 0.5, clip: 1.0, ranks: [32, 16], values: [-1, -0.5, 0, 0.5, 1] },
} as const;
