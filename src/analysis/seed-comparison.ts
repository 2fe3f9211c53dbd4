/** Runs of an algorithm against runs of the baseline: what may be said, by rule. */
import { mean, separation, standardDeviation } from './statistics.js';
import { welch } from './welch.js';

/** Mean over seeds, and sample standard deviation (null for a single seed). */
export interface OverSeeds {
  mean: number;
  deviation: number | null;
}

/** `reference`: the row is the baseline itself. `no baseline`, `few seeds`: nothing can be said. */
export type SeedOutcome =
  | 'reference'
  | 'not run'
  | 'no baseline'
  | 'few seeds'
  | 'better'
  | 'worse'
  | 'undecided';

/** What the seeds say of an algorithm. */
export interface SeedComparison {
  /** Mean minus that of the baseline; standard error over seeds (null for a single seed). */
  difference: { mean: number; standardError: number | null } | null;
  outcome: SeedOutcome;
  /** The outcome in words, with its numbers. */
  verdict: string;
}

/** Least seeds of either side for a verdict. */
export const LEAST_SEEDS = 3;
/** Largest p of a test, two-sided, that counts as a difference. */
export const LARGEST_P = 0.05;

/** Mean and deviation of values, null where there is none. */
export function overSeeds(values: readonly number[]): OverSeeds | null {
  if (values.length === 0) return null;
  return {
    mean: mean(values),
    deviation: values.length < 2 ? null : standardDeviation(values),
  };
}

const WORDS = ['no', 'one', 'two'];

/** Why so few seeds decide nothing: `one seed: no verdict`. */
export const fewSeeds = (seeds: number): string =>
  `${WORDS[seeds]} seed${seeds === 1 ? '' : 's'}: no verdict`;

/**
 * Scores of one algorithm against those of the baseline, one score a seed: Welch's test, with at
 * least `LEAST_SEEDS` seeds on either side.
 */
export function compareSeeds(
  scores: readonly number[],
  baseline: readonly number[],
  options: {
    /** The scores are the baseline's own. */
    reference: boolean;
    /** Which scores are better: low ones, as of perplexity, or high ones, as of BLEU. */
    better: 'lower' | 'higher';
  },
): SeedComparison {
  if (scores.length === 0) return { difference: null, outcome: 'not run', verdict: 'not run yet' };
  if (options.reference)
    return { difference: null, outcome: 'reference', verdict: 'the reference' };
  if (baseline.length === 0)
    return { difference: null, outcome: 'no baseline', verdict: 'no baseline yet' };
  const fewest = Math.min(scores.length, baseline.length);
  const standardError = fewest < 2 ? null : welch(scores, baseline).standardError;
  const difference = { mean: mean(scores) - mean(baseline), standardError };
  if (fewest < LEAST_SEEDS) {
    return { difference, outcome: 'few seeds', verdict: fewSeeds(fewest) };
  }
  const { t, p } = welch(scores, baseline);
  const ahead = options.better === 'lower' ? t < 0 : t > 0;
  const outcome = p > LARGEST_P ? 'undecided' : ahead ? 'better' : 'worse';
  const apart = separation(scores, baseline).order === 0 ? '' : ', every seed apart';
  return { difference, outcome, verdict: `${outcome} (${pText(p)}${apart})` };
}

/** `p = 0.012`, `p < 0.001`. */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`);

/** Of every algorithm the run of its lowest seed: what a figure of single models draws. */
export function oneSeedEach<T extends { algorithm: string; seed: number }>(
  runs: readonly T[],
): T[] {
  const lowest = (algorithm: string) =>
    Math.min(...runs.filter((run) => run.algorithm === algorithm).map(({ seed }) => seed));
  return runs.filter(({ algorithm, seed }) => seed === lowest(algorithm));
}
