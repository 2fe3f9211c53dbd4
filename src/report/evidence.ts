/** What our runs say of a claim of the paper: single comparisons, and the verdict they come to by rule. */
import {
  compareSeeds,
  fewSeeds,
  LARGEST_P,
  LEAST_SEEDS,
  type OverSeeds,
  overSeeds,
  type SeedOutcome,
} from '../analysis/seed-comparison.js';

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
  /** A made corpus: shown, but no claim about the paper is decided by it. */
  demo?: boolean;
}

export type Verdict = 'reproduced' | 'partly' | 'not reproduced' | 'not decided' | 'not run';

/** A verdict and the reason for it. */
export interface Judgement {
  verdict: Verdict;
  why: string;
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/**
 * The rule: what a test decided counts, and nothing else. All for: reproduced, unless something that was
 * measured is open; then, and where there is evidence both ways, partly. Nothing for it and something
 * against: not reproduced, also where other comparisons are open.
 */
export function judge(all: readonly Evidence[]): Judgement {
  const evidence = all.filter(({ demo }) => !demo);
  const of = (bearing: Bearing) => evidence.filter((e) => e.bearing === bearing).length;
  const [fors, against, open, missing] = [of('for'), of('against'), of('open'), of('missing')];
  const decided = [
    `${count(fors, 'comparison')} for it`,
    `${against} against`,
    ...(open ? [`${open} not decided`] : []),
    ...(missing ? [`${missing} not run`] : []),
  ].join(', ');
  if (fors + against + open === 0) {
    const demo = evidence.length < all.length;
    return {
      verdict: 'not run',
      why: `no run on published data yet${demo ? '; only the made corpus was measured' : ''}`,
    };
  }
  if (fors + against === 0) return { verdict: 'not decided', why: undecided(evidence) };
  if (against === 0 && open === 0) return { verdict: 'reproduced', why: decided };
  if (fors === 0) return { verdict: 'not reproduced', why: decided };
  return { verdict: 'partly', why: decided };
}

/** Why nothing is decided, and which way the numbers point. */
function undecided(evidence: readonly Evidence[]): string {
  const open = evidence.filter(({ bearing }) => bearing === 'open');
  const leaning = (way: 'for' | 'against') => open.filter((e) => e.leaning === way).length;
  const reasons = [...new Set(open.map(({ test }) => test))].join('; ');
  return `${count(open.length, 'comparison')}, none decided (${reasons}); so far ${leaning('for')} pointing the way of the paper, ${leaning('against')} the other way`;
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
  scores: readonly number[];
  baseline: readonly number[];
  /** Which is what the claim says of the algorithm. */
  claim: 'lower' | 'higher';
  digits?: number;
}

/** Evidence from numbers over seeds, by Welch's test with at least three seeds on either side. */
export function seedEvidence(given: SeedEvidence): Evidence {
  const { what, paper = '', name, scores, baseline, claim, digits = 1 } = given;
  const { outcome, verdict } = compareSeeds(scores, baseline, { reference: false, better: claim });
  const said = (values: readonly number[]) => overSeedsWords(overSeeds(values), digits);
  const way = towards(scores, baseline, claim);
  return {
    what,
    paper,
    ours: outcome === 'not run' ? 'not run' : `${name} ${said(scores)}, baseline ${said(baseline)}`,
    test: verdict,
    bearing: bearingOf(outcome),
    ...(way === null ? {} : { leaning: way }),
  };
}

/** Which way the means point; null where they are equal or there is none. */
function towards(
  scores: readonly number[],
  baseline: readonly number[],
  claim: 'lower' | 'higher',
): 'for' | 'against' | null {
  const [a, b] = [overSeeds(scores)?.mean, overSeeds(baseline)?.mean];
  if (a === undefined || b === undefined || a === b) return null;
  return a < b === (claim === 'lower') ? 'for' : 'against';
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

/** The rule in words, for the report. */
export const RULE =
  `A comparison of algorithms is decided by Welch's t test over seeds, two-sided at p ≤ ${LARGEST_P}, with at least ${LEAST_SEEDS} seeds on either side; ` +
  'with fewer there is no verdict, only the numbers. A claim is **reproduced** when every comparison we have is decided for it, **partly** when some are, **not reproduced** when all that are decided are decided against it (others may still be open: the reason counts them), **not decided** when none is decided, **not run** when none was made. Verdicts speak of the scales that were run, which every comparison names; nothing is said of others. Runs on the corpus that this project makes are shown as demo and decide nothing. Differences are always to our own baseline in the same code, never to numbers of the paper.';
