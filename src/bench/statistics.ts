/** Mean, median and extremes of repeated measurements. */
export interface Spread {
  mean: number;
  median: number;
  min: number;
  max: number;
}

/** The spread of at least one number. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, median, min: sorted[0]!, max: sorted.at(-1)! };
}
