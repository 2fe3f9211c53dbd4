/** The little statistics that tables of seeds and draws need. */

/** Arithmetic mean; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Standard deviation of a sample (n - 1 in the denominator); NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

/** How two samples lie to each other. */
export interface Separation {
  /** -1: every value of `a` below every value of `b`; 1: above; 0: they overlap. */
  order: -1 | 0 | 1;
  /** Mean of a minus mean of b. */
  difference: number;
  /** Standard error of the difference, sqrt(var a / n + var b / m). */
  standardError: number;
  /**
   * Probability of a complete separation in either direction if all orders of the n + m values were
   * equally likely: 2 / C(n + m, n). 1 in 126 for 5 against 5.
   */
  chance: number;
}

/** Compares two samples without assuming a distribution. Each needs at least two values. */
export function separation(a: readonly number[], b: readonly number[]): Separation {
  const [n, m] = [a.length, b.length];
  let orders = 1;
  for (let k = 1; k <= n; k++) orders = (orders * (m + k)) / k;
  const below = Math.max(...a) < Math.min(...b);
  const above = Math.min(...a) > Math.max(...b);
  return {
    order: below ? -1 : above ? 1 : 0,
    difference: mean(a) - mean(b),
    standardError: Math.sqrt(standardDeviation(a) ** 2 / n + standardDeviation(b) ** 2 / m),
    chance: 2 / orders,
  };
}
