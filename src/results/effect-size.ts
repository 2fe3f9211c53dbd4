/** How far two groups of values lie apart, in units of their spread. */

/** Count, sum and sum of squares of a group of values. */
export interface Moments {
  n: number;
  sum: number;
  squares: number;
}

/** The moments of a list. */
export function momentsOf(values: Iterable<number>): Moments {
  const moments = { n: 0, sum: 0, squares: 0 };
  for (const value of values) {
    moments.n++;
    moments.sum += value;
    moments.squares += value * value;
  }
  return moments;
}

/**
 * Hedges' g (1981): (mean of a - mean of b) / pooled standard deviation, times 1 - 3 / (4 df - 1) with
 * df = n + m - 2, which takes away the bias of Cohen's d in small samples. NaN where a group has fewer
 * than two values, or nothing varies.
 */
export function hedgesG(a: Moments, b: Moments): number {
  const df = a.n + b.n - 2;
  if (a.n < 2 || b.n < 2) return Number.NaN;
  const spread = (m: Moments) => m.squares - (m.sum * m.sum) / m.n;
  const pooled = Math.sqrt((spread(a) + spread(b)) / df);
  if (!(pooled > 0)) return Number.NaN;
  return ((a.sum / a.n - b.sum / b.n) / pooled) * (1 - 3 / (4 * df - 1));
}
