/** Several tests of one claim: the correction that keeps the chance of any false decision at the level. */

/**
 * Holm's (1979) corrected p values, in the order given: of m values the k-th smallest times m - k + 1, never
 * below the one before it, at most 1. A decision at the level is one at corrected p <= level.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const corrected = new Array<number>(ps.length);
  let before = 0;
  order.forEach((i, k) => {
    before = Math.max(before, Math.min(1, ps[i]! * (ps.length - k)));
    corrected[i] = before;
  });
  return corrected;
}
