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
