/**
 * Kolmogorov-Smirnov distance sqrt(n) sup |F_n - F|, also for laws with point masses: compared at
 * every sample value from both sides. Above 1.95 has probability 0.001 under the null.
 *
 * @param cdf P(X <= x).
 * @param survival P(X >= x).
 */
export function kolmogorovSmirnov(
  samples: readonly number[],
  cdf: (x: number) => number,
  survival: (x: number) => number,
): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const n = sorted.length;
  let worst = 0;
  for (let i = 0; i < n; ) {
    let j = i;
    while (j < n && sorted[j] === sorted[i]) j++;
    const x = sorted[i]!;
    worst = Math.max(worst, Math.abs(j / n - cdf(x)), Math.abs(1 - i / n - survival(x)));
    i = j;
  }
  return worst * Math.sqrt(n);
}

/** Pearson's sum of (observed - expected)^2 / expected. */
export function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  return observed.reduce((sum, o, i) => sum + (o - expected[i]!) ** 2 / expected[i]!, 0);
}

/** Largest difference that a share of n Bernoulli(p) draws may show: 4.5 standard deviations. */
export function shareTolerance(p: number, n: number): number {
  return 4.5 * Math.sqrt((p * (1 - p)) / n) + 1 / n;
}

export function closeTo(actual: number, expected: number, relative: number, absolute = 0): boolean {
  return Math.abs(actual - expected) <= relative * Math.abs(expected) + absolute;
}
