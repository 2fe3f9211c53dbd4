/** BLEU of one pair counted in the open, for teaching; `metrics.bleu` is for use. */

/** What BLEU counts, and what it makes of it. */
export interface BleuByHand {
  /** For n = 1 to 4. */
  orders: {
    n: number;
    /** n-grams of the translation. */
    total: number;
    /** Those found in the reference, each at most as often as it stands there. */
    matches: number;
    /** The n-grams that were found. */
    found: string[];
    precision: number;
  }[];
  hypothesisLength: number;
  referenceLength: number;
  /** min(1, exp(1 - r / c)). */
  brevityPenalty: number;
  /** Percent; 0 if an order has no match, as without smoothing. */
  score: number;
}

/** All runs of n words. */
export const ngrams = (words: readonly string[], n: number): string[] =>
  words.slice(0, Math.max(0, words.length - n + 1)).map((_, i) => words.slice(i, i + n).join(' '));

/** BLEU (Papineni et al. 2002) of one translation and one reference, words between blanks. */
export function bleuByHand(hypothesis: string, reference: string): BleuByHand {
  const [h, r] = [hypothesis, reference].map((line) => line.split(' ').filter((w) => w !== ''));
  const orders = [1, 2, 3, 4].map((n) => {
    const left = ngrams(r!, n);
    const all = ngrams(h!, n);
    const found = all.filter((gram) => {
      const at = left.indexOf(gram);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
    const precision = all.length === 0 ? 0 : found.length / all.length;
    return { n, total: all.length, matches: found.length, found, precision };
  });
  const [c, length] = [h!.length, r!.length];
  const brevityPenalty = c === 0 ? 0 : Math.min(1, Math.exp(1 - length / c));
  const logs = orders.reduce((sum, { precision }) => sum + Math.log(precision), 0);
  const score = 100 * brevityPenalty * Math.exp(logs / 4);
  return { orders, hypothesisLength: c, referenceLength: length, brevityPenalty, score };
}
