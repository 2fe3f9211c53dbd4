/**
 * The non-monotone trigger of NT-ASGD (Merity et al. 2017, Algorithm 1, as their code has it): true when
 * the current validation loss is worse than the best of all earlier ones but the last `nonmonotone`.
 *
 * @param validLosses losses (or perplexities) of the epochs before, oldest first
 */
export function shouldAverage(
  validLosses: readonly number[],
  current: number,
  nonmonotone: number,
): boolean {
  return (
    validLosses.length > nonmonotone && current > Math.min(...validLosses.slice(0, -nonmonotone))
  );
}
