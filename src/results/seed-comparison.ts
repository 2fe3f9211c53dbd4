/** Runs of an algorithm against runs of the baseline: what may be said, by rule. */
import { mean, meanTest, standardDeviation } from './statistics.js';

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
  /** Mean of score minus baseline over common seeds; its standard error (null for a single one). */
  difference: { mean: number; standardError: number | null } | null;
  outcome: SeedOutcome;
  /** The outcome in words, with its numbers. */
  verdict: string;
}

/** Least seeds that both sides have, for a verdict. */
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

/** A score of one seed. */
export interface SeedScore {
  seed: number;
  value: number;
}

const WORDS = ['no', 'one', 'two'];

/** Why so few seeds decide nothing: `one seed: no verdict`. */
export const fewSeeds = (seeds: number): string =>
  `${WORDS[seeds]} seed${seeds === 1 ? '' : 's'}${seeds === 0 ? ' in common' : ''}: no verdict`;

/**
 * Scores of one algorithm against those of the baseline with the same seeds: Student's t test over pairs,
 * two-sided, of differences or, `ratio`, of log ratios; at least `LEAST_SEEDS` pairs.
 */
export function compareSeeds(
  scores: readonly SeedScore[],
  baseline: readonly SeedScore[],
  options: {
    /** The scores are the baseline's own. */
    reference: boolean;
    /** Which scores are better: low ones, as of perplexity, or high ones, as of BLEU. */
    better: 'lower' | 'higher';
    /** Scores are above 0 and compared as ratios. Default false. */
    ratio?: boolean;
  },
): SeedComparison {
  if (scores.length === 0) return { difference: null, outcome: 'not run', verdict: 'not run yet' };
  if (options.reference)
    return { difference: null, outcome: 'reference', verdict: 'the reference' };
  if (baseline.length === 0)
    return { difference: null, outcome: 'no baseline', verdict: 'no baseline yet' };
  const others = new Map(baseline.map(({ seed, value }) => [seed, value]));
  const pairs = scores.filter(({ seed }) => others.has(seed));
  const few = { outcome: 'few seeds', verdict: fewSeeds(pairs.length) } as const;
  if (pairs.length === 0) return { difference: null, ...few };
  const differences = pairs.map(({ seed, value }) => value - others.get(seed)!);
  const spread = overSeeds(differences)!;
  const standardError = spread.deviation && spread.deviation / Math.sqrt(pairs.length);
  const difference = { mean: spread.mean, standardError };
  if (pairs.length < LEAST_SEEDS) return { difference, ...few };
  const compared = options.ratio
    ? pairs.map(({ seed, value }) => Math.log(value / others.get(seed)!))
    : differences;
  const { p, mean: centre } = meanTest(compared);
  const ahead = options.better === 'lower' ? centre < 0 : centre > 0;
  const outcome = p > LARGEST_P ? 'undecided' : ahead ? 'better' : 'worse';
  return { difference, outcome, verdict: `${outcome} (${pText(p)}, ${pairs.length} pairs)` };
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
