import { UserError } from '../errors.js';

/** Rounding may leave a sum of -log p a little below zero when every word is certain. */
const ROUNDING_PER_TOKEN = 1e-6;

function meanNll(totalNll: number, tokens: number): number {
  if (!Number.isInteger(tokens) || tokens < 1) {
    throw new UserError(
      `perplexity needs at least one predicted word, not ${tokens}; is the text empty?`,
    );
  }
  if (Number.isNaN(totalNll)) {
    throw new UserError(
      'the loss is not a number: training diverged; use a lower learning rate or a smaller clip',
    );
  }
  if (totalNll < -ROUNDING_PER_TOKEN * tokens) {
    throw new UserError(
      `the total loss is ${totalNll}, but -log p is never negative; pass the sum of -log p in nats`,
    );
  }
  return Math.max(0, totalNll) / tokens;
}

/**
 * Perplexity exp(totalNll / tokens): the number of equally likely words the model chooses among.
 * @param totalNll sum of -log p over the predicted words, in nats; Infinity gives Infinity
 * @param tokens number of predicted words, `<eos>` among them
 * @throws UserError when there are no tokens, or the loss is NaN or negative
 */
export function perplexity(totalNll: number, tokens: number): number {
  return Math.exp(meanNll(totalNll, tokens));
}

/** Cross-entropy in bits a word, totalNll / (tokens ln 2): the base-2 logarithm of the perplexity. */
export function bitsPerWord(totalNll: number, tokens: number): number {
  return meanNll(totalNll, tokens) / Math.LN2;
}
