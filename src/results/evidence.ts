/** Comparisons that are shown with a claim of the paper and not counted: what our runs say, measure by measure. */
import {
  compareSeeds,
  fewSeeds,
  LEAST_SEEDS,
  type OverSeeds,
  overSeeds,
  type SeedOutcome,
  type SeedScore,
} from './seed-comparison.js';

/**
 * `for`, `against`: decided by a test. `open`: measured, not decided. `missing`: not measured.
 */
export type Bearing = 'for' | 'against' | 'open' | 'missing';

/** One measurable consequence of a claim, and what became of it. */
export interface Evidence {
  /** What is compared, with the scale: `Table 1, finetuned: test perplexity, small`. */
  what: string;
  /** The paper's own numbers, in words; empty where it has none. */
  paper: string;
  /** Ours, in words. */
  ours: string;
  /** The test and its outcome, in words. */
  test: string;
  bearing: Bearing;
  /** Where it is open, which way the numbers point so far. */
  leaning?: 'for' | 'against';
}

/** Which way an outcome points when the claim says "better". */
export const bearingOf = (outcome: SeedOutcome): Bearing =>
  outcome === 'better'
    ? 'for'
    : outcome === 'worse'
      ? 'against'
      : outcome === 'not run' || outcome === 'no baseline'
        ? 'missing'
        : 'open';

/** `86.8 ± 0.2`. */
export const overSeedsWords = (value: OverSeeds | null, digits: number): string =>
  value === null
    ? 'none'
    : value.mean.toFixed(digits) +
      (value.deviation === null ? '' : ` ± ${value.deviation.toFixed(digits)}`);

/** A comparison of an algorithm with the baseline, one number a seed. */
export interface SeedEvidence {
  what: string;
  paper?: string;
  /** Name of the compared algorithm, as in the sentence `NAME x, baseline y`. */
  name: string;
  scores: readonly SeedScore[];
  baseline: readonly SeedScore[];
  /** Which is what the claim says of the algorithm. */
  claim: 'lower' | 'higher';
  digits?: number;
  /** Compared as ratios, as perplexities are. Default false. */
  ratio?: boolean;
}

/** Evidence from numbers over seeds, by `compareSeeds`. */
export function seedEvidence(given: SeedEvidence): Evidence {
  const { what, paper = '', name, scores, baseline, claim, digits = 1, ratio } = given;
  const { outcome, verdict, difference } = compareSeeds(scores, baseline, {
    ...{ reference: false, better: claim, ratio },
  });
  const said = (all: readonly SeedScore[]) =>
    overSeedsWords(overSeeds(all.map(({ value }) => value)), digits);
  const way = difference === null || difference.mean === 0 ? null : difference.mean < 0;
  return {
    what,
    paper,
    ours: outcome === 'not run' ? 'not run' : `${name} ${said(scores)}, baseline ${said(baseline)}`,
    test: verdict,
    bearing: bearingOf(outcome),
    ...(way === null ? {} : { leaning: way === (claim === 'lower') ? 'for' : 'against' }),
  };
}

/** What a rule says of one seed's models. */
export interface RuledSeed {
  seed: number;
  /** What was seen, and the rule's word for it. */
  seen: string;
  rule: string;
  /** Whether it is what the claim says; null for in between. */
  holds: boolean | null;
}

/**
 * Evidence from a rule on measured models: it must come out alike for every seed, and fewer than three
 * decide nothing. @throws RangeError without a seed
 */
export function ruleEvidence(
  given: Pick<Evidence, 'what' | 'paper'> & { seeds: readonly RuledSeed[] },
): Evidence {
  const { what, paper, seeds } = given;
  const [first, ...others] = seeds;
  if (!first) throw new RangeError(`${what}: no seed`);
  const alike = others.every(({ holds }) => holds === first.holds) ? first.holds : null;
  const way = alike === null ? null : alike ? ('for' as const) : ('against' as const);
  const enough = seeds.length >= LEAST_SEEDS;
  const more = others.map(({ seed, rule }) => `seed ${seed} ${rule}`);
  return {
    what,
    paper,
    ours: [`${first.seen}: ${first.rule}`, ...more].join('; '),
    test: enough
      ? `by rule, ${way ? 'alike' : 'not alike'} in ${seeds.length} seeds`
      : fewSeeds(seeds.length),
    bearing: enough && way ? way : 'open',
    ...(way ? { leaning: way } : {}),
  };
}

/** Nothing measured. */
export const missing = (what: string, paper: string, why = 'not run yet'): Evidence => ({
  ...{ what, paper, ours: 'not run', test: why, bearing: 'missing' },
});
