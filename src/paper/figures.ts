/** Shares of gate values in ten bins [0, 0.1), [0.1, 0.2), ..., [0.9, 1], in that order. */
export interface GateHistogram {
  input: readonly number[];
  forget: readonly number[];
}

/** Lower ends of the ten bins of Figures 1 and 3; each is 0.1 wide. */
export const HISTOGRAM_BINS: readonly number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What Figures 1 and 3 count: which layer's gates, over which text. */
export const HISTOGRAM_SOURCE = {
  layer: 'first decoder layer',
  data: "IWSLT'14 De->En training pairs",
  pairs: 10_000,
} as const;

/** Figure 1: gates of the plain LSTM. Read off the plot, so the shares sum to 1 only about. */
export const FIGURE_1: Readonly<GateHistogram> = {
  input: [0.182, 0.158, 0.134, 0.115, 0.098, 0.084, 0.073, 0.062, 0.052, 0.038],
  forget: [0.044, 0.095, 0.12, 0.13, 0.127, 0.116, 0.103, 0.092, 0.085, 0.086],
};

/** Figure 3: gates of G2-LSTM. Read off the plot, so the shares sum to 1 only about. */
export const FIGURE_3: Readonly<GateHistogram> = {
  input: [0.045, 0.02, 0.02, 0.02, 0.02, 0.025, 0.03, 0.045, 0.08, 0.7],
  forget: [0.355, 0.072, 0.05, 0.04, 0.037, 0.035, 0.037, 0.045, 0.063, 0.263],
};

/**
 * Figure 4: heatmap, colour 0 to 1; one row for each of `rows`, one column for each word; a value
 * is the mean of the first layer's gate vector at that word. Words as printed, entities included.
 */
export const FIGURE_4 = {
  rows: ['G2 input', 'G2 forget', 'LSTM input', 'LSTM forget'],
  range: [0, 1],
  sentences: [
    'the u.s. economy is still the world &apos;s greatest economy .',
    'the numbers have not moved since 2002 and are going in the wrong direction .',
  ],
  /** What can be read off the colours: the input gate stays between these. */
  g2Input: { from: 0.85, to: 1 },
  /** And the forget gate falls to about `value` at these words. */
  g2ForgetDips: { words: ['is', 'and'], value: 0.25 },
} as const;
