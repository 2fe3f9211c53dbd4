/** What is published of the baseline of Table 1, AWD-LSTM on Penn Treebank, outside of the paper. */

/** Perplexity on Penn Treebank, lower is better. */
export interface PublishedPerplexity {
  valid: number;
  test: number;
}

/** A model as trained, finetuned, and finetuned with the continuous neural cache. */
export interface PublishedModel {
  /** Where the numbers stand. */
  source: string;
  trained: PublishedPerplexity;
  finetuned: PublishedPerplexity;
  cache: PublishedPerplexity;
}

/** What the README of AWD-LSTM's own public code says that the code reaches (the LSTM, not the QRNN). */
export const AWD_LSTM_README: Readonly<PublishedModel> = {
  source: 'README of github.com/salesforce/awd-lstm-lm',
  trained: { valid: 61.2, test: 58.8 },
  finetuned: { valid: 58.8, test: 56.5 },
  cache: { valid: 53.2, test: 52.5 },
};

/** The paper's three algorithms; every table of its own has one row for each. */
export const ALGORITHMS = ['baseline', 'sharpened', 'g2'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A value for each of the three algorithms. */
export type PerAlgorithm<T> = Readonly<Record<Algorithm, T>>;

/** One row of Table 1. Perplexities, lower is better; null where the paper prints a dash. */
export interface PerplexityRow {
  model: string;
  /** Parameters in millions. */
  parameters: number | null;
  valid: number | null;
  test: number | null;
  /** Which of our runs it is to be compared with; absent on rows the paper only cites. */
  run?: { algorithm: Algorithm; finetuned: boolean; cache: boolean };
}

/** One row of Table 2. BLEU in percent, higher is better. */
export interface BleuRow {
  model: string;
  bleu: number;
  /** Which of our runs it is to be compared with; absent on rows the paper only cites. */
  algorithm?: Algorithm;
}

/** Columns of Tables 3-5: the input and forget gate parameters as trained, and compressed. */
export interface CompressionRow {
  original: number;
  /** Eq 17. */
  round: number;
  /** Eq 17 and Eq 18. */
  roundClip: number;
  /** Low rank by SVD, the higher of the table's two ranks. */
  svdHigh: number;
  /** Low rank by SVD, the lower of the table's two ranks. */
  svdLow: number;
}

/** One of Tables 3-5 with its compression settings. */
export interface CompressionTable {
  task: 'ptb' | 'iwslt14-de-en' | 'wmt14-en-de';
  measure: 'perplexity' | 'bleu';
  /** r of Eq 17. */
  round: number;
  /** c of Eq 18. */
  clip: number;
  ranks: { high: number; low: number };
  rows: PerAlgorithm<Readonly<CompressionRow>>;
}

/** Table 1, rows of earlier work, down to the baseline. */
export const TABLE_1_EXISTING: readonly Readonly<PerplexityRow>[] = [
  { model: 'Unregularised LSTM', parameters: 7, valid: 120.7, test: 114.5 },
  { model: 'NR-dropout (Zaremba 2014)', parameters: 66, valid: 82.2, test: 78.4 },
  { model: 'Zoneout', parameters: 66, valid: null, test: 77.4 },
  { model: 'Variational LSTM', parameters: 19, valid: null, test: 73.4 },
  { model: 'CharCNN', parameters: 21, valid: 72.4, test: 78.9 },
  { model: 'Pointer Sentinel-LSTM', parameters: 51, valid: null, test: 70.9 },
  { model: 'LSTM + continuous cache pointer', parameters: null, valid: null, test: 72.1 },
  { model: 'Variational LSTM + augmented loss', parameters: 51, valid: 71.1, test: 68.5 },
  { model: 'Variational RHN', parameters: 23, valid: 67.9, test: 65.4 },
  { model: 'NAS Cell', parameters: 54, valid: null, test: 62.4 },
  { model: '4-layer skip LSTM (Melis 2017)', parameters: 24, valid: 60.9, test: 58.3 },
  {
    model: 'AWD-LSTM w/o finetune',
    parameters: 24,
    valid: 60.7,
    test: 58.8,
    run: { algorithm: 'baseline', finetuned: false, cache: false },
  },
  {
    model: 'AWD-LSTM',
    parameters: 24,
    valid: 60.0,
    test: 57.3,
    run: { algorithm: 'baseline', finetuned: true, cache: false },
  },
];

/** Table 1, rows of the paper's own runs, and the baseline with cache. */
export const TABLE_1_OURS: readonly Readonly<PerplexityRow>[] = [
  {
    model: 'Sharpened w/o finetune',
    parameters: 24,
    valid: 61.6,
    test: 59.4,
    run: { algorithm: 'sharpened', finetuned: false, cache: false },
  },
  {
    model: 'Sharpened',
    parameters: 24,
    valid: 59.9,
    test: 57.5,
    run: { algorithm: 'sharpened', finetuned: true, cache: false },
  },
  {
    model: 'G2-LSTM w/o finetune',
    parameters: 24,
    valid: 60.4,
    test: 58.2,
    run: { algorithm: 'g2', finetuned: false, cache: false },
  },
  {
    model: 'G2-LSTM',
    parameters: 24,
    valid: 58.5,
    test: 56.1,
    run: { algorithm: 'g2', finetuned: true, cache: false },
  },
  {
    model: 'AWD-LSTM + cache',
    parameters: 24,
    valid: 53.9,
    test: 52.8,
    run: { algorithm: 'baseline', finetuned: true, cache: true },
  },
  {
    model: 'Sharpened + cache',
    parameters: 24,
    valid: 53.9,
    test: 53.2,
    run: { algorithm: 'sharpened', finetuned: true, cache: true },
  },
  {
    model: 'G2-LSTM + cache',
    parameters: 24,
    valid: 52.9,
    test: 52.1,
    run: { algorithm: 'g2', finetuned: true, cache: true },
  },
];

/** Table 1: perplexity on Penn Treebank, all rows in order. */
export const TABLE_1: readonly Readonly<PerplexityRow>[] = [...TABLE_1_EXISTING, ...TABLE_1_OURS];

/** Table 2: BLEU on test, WMT'14 English to German and IWSLT'14 German to English. */
export const TABLE_2: Readonly<
  Record<'wmt14-en-de' | 'iwslt14-de-en', readonly Readonly<BleuRow>[]>
> = {
  'wmt14-en-de': [
    { model: 'RNNSearch-LV', bleu: 19.4 },
    { model: 'MRT', bleu: 20.45 },
    { model: 'Global-att', bleu: 20.9 },
    { model: 'GNMT', bleu: 24.61 },
    { model: 'Baseline', bleu: 21.89, algorithm: 'baseline' },
    { model: 'Sharpened', bleu: 21.64, algorithm: 'sharpened' },
    { model: 'G2-LSTM', bleu: 22.43, algorithm: 'g2' },
  ],
  'iwslt14-de-en': [
    { model: 'BSO', bleu: 26.36 },
    { model: 'NPMT', bleu: 28.96 },
    { model: 'NPMT+LM', bleu: 29.16 },
    { model: 'ActorCritic', bleu: 28.53 },
    { model: 'Baseline', bleu: 31.0, algorithm: 'baseline' },
    { model: 'Sharpened', bleu: 29.73, algorithm: 'sharpened' },
    { model: 'G2-LSTM', bleu: 31.95, algorithm: 'g2' },
  ],
};

/** Table 3: test perplexity on Penn Treebank with cache, gate parameters compressed. */
export const TABLE_3: Readonly<CompressionTable> = {
  task: 'ptb',
  measure: 'perplexity',
  round: 0.2,
  clip: 0.4,
  ranks: { high: 128, low: 64 },
  rows: {
    baseline: { original: 52.8, round: 53.2, roundClip: 53.6, svdHigh: 56.6, svdLow: 65.5 },
    sharpened: { original: 53.2, round: 53.5, roundClip: 53.6, svdHigh: 54.6, svdLow: 60.0 },
    g2: { original: 52.1, round: 52.2, roundClip: 52.8, svdHigh: 53.3, svdLow: 56.0 },
  },
};

/** Table 4: BLEU on IWSLT'14 German to English, gate parameters compressed. */
export const TABLE_4: Readonly<CompressionTable> = {
  task: 'iwslt14-de-en',
  measure: 'bleu',
  round: 0.5,
  clip: 1.0,
  ranks: { high: 32, low: 16 },
  rows: {
    baseline: { original: 31.0, round: 28.65, roundClip: 21.97, svdHigh: 30.52, svdLow: 29.56 },
    sharpened: { original: 29.73, round: 27.08, roundClip: 25.14, svdHigh: 29.17, svdLow: 28.82 },
    g2: { original: 31.95, round: 31.44, roundClip: 31.44, svdHigh: 31.62, svdLow: 31.28 },
  },
};

/** Table 5: BLEU on WMT'14 English to German, gate parameters compressed. */
export const TABLE_5: Readonly<CompressionTable> = {
  task: 'wmt14-en-de',
  measure: 'bleu',
  round: 0.5,
  clip: 1.0,
  ranks: { high: 32, low: 16 },
  rows: {
    baseline: { original: 21.89, round: 16.22, roundClip: 16.03, svdHigh: 21.15, svdLow: 19.99 },
    sharpened: { original: 21.64, round: 16.85, roundClip: 16.72, svdHigh: 20.98, svdLow: 19.87 },
    g2: { original: 22.43, round: 20.15, roundClip: 20.29, svdHigh: 22.16, svdLow: 21.84 },
  },
};
