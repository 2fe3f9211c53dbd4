/** Means over seeds, as numbers and as text. */

/** Mean and sample standard deviation; the latter null for a single number. */
export function meanAndDeviation(values: readonly number[]): {
  mean: number;
  deviation: number | null;
} {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** `12.34 ± 0.56`, or the single number. */
export function withDeviation(values: readonly number[], digits: number): string {
  const { mean, deviation } = meanAndDeviation(values);
  return deviation === null
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}
