/** What the ablations found: means over seeds, differences with intervals, verdicts by rule. */

import { LEAST_SEEDS, type OverSeeds, overSeeds } from '../../results/seed-comparison.js';
import {
  type MeanDifference,
  pairedDifference,
  welchDifference,
} from '../../results/statistics.js';
import { type AblationPlan, ablationsNamed, plannedPoint } from './plan.js';
import {
  type AblationPointResult,
  type AblationResults,
  type AblationRun,
  storedAblations,
} from './results.js';
import type { Ablation, AblationPoint } from './switches.js';

/** A rise of the loss on the test text, nats a word: log(perplexity / perplexity without the change). */
const rise = (run: AblationRun, key: Exclude<keyof AblationRun['streams'], 'plain'>): number =>
  Math.log(run.streams[key] / run.streams.plain);

/** What is compared; of all of them low values are good. */
export const ABLATION_MEASURES = {
  test: { label: 'test perplexity', digits: 2, of: (run: AblationRun) => run.testPerplexity },
  paper: {
    label: 'rise, round & clip',
    digits: 4,
    of: (run: AblationRun) => rise(run, 'paper'),
  },
  coarse: {
    label: 'rise, three values',
    digits: 3,
    of: (run: AblationRun) => rise(run, 'coarse'),
  },
  lowRank: { label: 'rise, low rank', digits: 3, of: (run: AblationRun) => rise(run, 'lowRank') },
  noise: { label: 'rise, perturbed', digits: 3, of: (run: AblationRun) => rise(run, 'noise') },
  hard: { label: 'rise, hard gates', digits: 3, of: (run: AblationRun) => rise(run, 'hard') },
} as const;

export type AblationMeasure = keyof typeof ABLATION_MEASURES;
export const MEASURES = Object.keys(ABLATION_MEASURES) as AblationMeasure[];

/**
 * `same`: equal in every seed. `undecided`: the interval covers 0. `few seeds`: fewer than
 * LEAST_SEEDS on either side. `reference`: it is what others are compared with.
 */
export type AblationOutcome =
  | 'reference'
  | 'not run'
  | 'few seeds'
  | 'same'
  | 'better'
  | 'worse'
  | 'undecided';

/** One point by one measure. */
export interface MeasuredPoint {
  /** By seed, rising. */
  values: number[];
  overSeeds: OverSeeds | null;
  /** Against the point it is compared with; null for fewer than two seeds of either. */
  difference: MeanDifference | null;
  outcome: AblationOutcome;
}

export interface ComparedPoint {
  point: AblationPoint;
  /** Name in the results. */
  id: string;
  /** Label of the point it is compared with; its own where it is a reference. */
  against: string;
  seeds: number[];
  measures: Record<AblationMeasure, MeasuredPoint>;
  /** Mean shares of layer 1's forget and input gates below 0.1 or above 0.9, in evaluation and as in training. */
  saturated: { evaluation: number; training: number } | null;
}

export interface AblationComparison {
  ablation: Readonly<Ablation>;
  points: ComparedPoint[];
  /** What test perplexity and the rises say, in words. */
  verdict: string;
}

/** What may be said of a against b, by rule; both by seed. Low values are better. */
export function outcomeOf(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): Pick<MeasuredPoint, 'difference' | 'outcome'> {
  if (a.size === 0 || b.size === 0) return { difference: null, outcome: 'not run' };
  if (Math.min(a.size, b.size) < 2) return { difference: null, outcome: 'few seeds' };
  const both = [...a.keys()].filter((seed) => b.has(seed));
  // Runs of one seed begin with the same weights: they belong together.
  const difference =
    both.length === a.size && both.length === b.size
      ? pairedDifference(
          [...a.values()],
          both.map((seed) => b.get(seed)!),
        )
      : welchDifference([...a.values()], [...b.values()]);
  const { low, high, n } = difference;
  if (low === 0 && high === 0) return { difference, outcome: 'same' };
  if (n < LEAST_SEEDS) return { difference, outcome: 'few seeds' };
  return { difference, outcome: low > 0 ? 'worse' : high < 0 ? 'better' : 'undecided' };
}

/** Values by seed; none where the measure says nothing: gates that are hard already do not rise. */
function bySeed(result: AblationPointResult | undefined, measure: AblationMeasure) {
  const runs = measure === 'hard' && result?.id.includes('evalHard=true') ? [] : result?.runs;
  return new Map((runs ?? []).map((run) => [run.seed, ABLATION_MEASURES[measure].of(run)]));
}

function saturation(runs: readonly AblationRun[]): ComparedPoint['saturated'] {
  if (runs.length === 0) return null;
  const share = (key: 'gates' | 'gatesInTraining') =>
    runs.reduce((sum, run) => {
      const { forget, input } = run[key];
      return sum + (forget.closed + forget.open + input.closed + input.open) / 2;
    }, 0) / runs.length;
  return { evaluation: share('gates'), training: share('gatesInTraining') };
}

/** Holds one ablation's points against the ones they are compared with. */
export function compareAblation(
  results: AblationResults,
  ablation: Readonly<Ablation>,
): AblationComparison {
  const found = new Map(results.points.map((point) => [point.id, point]));
  const idOf = (point: AblationPoint) => plannedPoint(results, point).id;
  const labelled = new Map(ablation.points.map((point) => [point.label, point]));
  const points = ablation.points.map((point): ComparedPoint => {
    const against = point.against ?? ablation.base;
    const id = idOf(point);
    const own = found.get(id);
    const other = found.get(idOf(labelled.get(against)!));
    const measured = MEASURES.map((measure): [AblationMeasure, MeasuredPoint] => {
      const values = bySeed(own, measure);
      const said =
        against === point.label && values.size > 0
          ? { difference: null, outcome: 'reference' as const }
          : outcomeOf(values, bySeed(other, measure));
      return [
        measure,
        { values: [...values.values()], overSeeds: overSeeds([...values.values()]), ...said },
      ];
    });
    return {
      point,
      id,
      against,
      seeds: (own?.runs ?? []).map(({ seed }) => seed),
      measures: Object.fromEntries(measured) as ComparedPoint['measures'],
      saturated: saturation(own?.runs ?? []),
    };
  });
  return { ablation, points, verdict: verdictOf(points) };
}

/** One ablation of the results, by name; with nothing stored, all of it is `not run`. @throws UsageError for a name that is none */
export function ablationOf(
  name: string,
  results: AblationResults | null = storedAblations(),
): AblationComparison {
  const nothing = { preset: 'demo-lm', sets: [], points: [] } as unknown as AblationResults;
  return compareAblation(results ?? nothing, ablationsNamed([name])[0]!);
}

/** All ablations, or those of these names, that the results have any run of. */
export function compareAblations(
  results: AblationResults,
  only?: AblationPlan['ablations'][number]['name'][] | readonly string[],
): AblationComparison[] {
  return ablationsNamed(only)
    .map((ablation) => compareAblation(results, ablation))
    .filter(({ points }) => points.some(({ seeds }) => seeds.length > 0));
}

/** How many compared points came out how by one measure. */
export function outcomeCounts(
  comparisons: readonly AblationComparison[],
  measure: AblationMeasure,
): Record<AblationOutcome, number> {
  const counts: Record<AblationOutcome, number> = {
    reference: 0,
    'not run': 0,
    'few seeds': 0,
    same: 0,
    better: 0,
    worse: 0,
    undecided: 0,
  };
  for (const { points } of comparisons)
    for (const { measures } of points) counts[measures[measure].outcome]++;
  return counts;
}

/** `+0.31 [+0.10, +0.52]`. */
export function intervalText({ difference, low, high }: MeanDifference, digits: number): string {
  const signed = (value: number): string => {
    const text = Math.abs(value).toFixed(digits);
    return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
  };
  return `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}

/** Points by outcome in one sentence a measure: `Test perplexity: worse for f, i and o (...)`. */
function verdictOf(points: readonly ComparedPoint[]): string {
  const compared = points.filter(({ point, against }) => against !== point.label);
  const sentences = MEASURES.flatMap((measure) => {
    const { label, digits } = ABLATION_MEASURES[measure];
    const groups = new Map<AblationOutcome, string[]>();
    for (const { point, measures, seeds } of compared) {
      const { outcome, difference } = measures[measure];
      if (outcome === 'not run' && seeds.length > 0) continue;
      const shown =
        difference && (outcome === 'better' || outcome === 'worse')
          ? `${point.label} (${intervalText(difference, digits)})`
          : point.label;
      groups.set(outcome, [...(groups.get(outcome) ?? []), shown]);
    }
    const order: AblationOutcome[] = [
      'better',
      'worse',
      'undecided',
      'same',
      'few seeds',
      'not run',
    ];
    const said = order.flatMap((outcome) => {
      const labels = groups.get(outcome);
      return labels ? [`${outcome}: ${labels.join('; ')}`] : [];
    });
    return said.length > 0 ? [`${label}: ${said.join('. ')}.`] : [];
  });
  return sentences.join('\n');
}

const meanText = (value: OverSeeds | null, digits: number): string => {
  if (value === null) return '–';
  const spread = value.deviation === null ? '' : ` ± ${value.deviation.toFixed(digits)}`;
  return value.mean.toFixed(digits) + spread;
};

/** One ablation as a table of texts: means ± deviations, differences of test perplexity with intervals. */
export function ablationTable({ ablation, points }: AblationComparison): {
  columns: string[];
  rows: string[][];
} {
  const columns = [ablation.axis, 'seeds', ...MEASURES.map((m) => ABLATION_MEASURES[m].label)];
  const rows = points.map(({ point, seeds, measures, against, saturated }) => {
    const { difference, outcome } = measures.test;
    const shown =
      difference === null
        ? outcome
        : `${intervalText(difference, 2)} ${outcome}${against === ablation.base ? '' : ` (than ${against})`}`;
    const percent = (share: number | undefined) =>
      share === undefined ? '–' : `${(100 * share).toFixed(0)} %`;
    return [
      point.label === ablation.base ? `${point.label} (base)` : point.label,
      `${seeds.length}`,
      ...MEASURES.map((m) => meanText(measures[m].overSeeds, ABLATION_MEASURES[m].digits)),
      percent(saturated?.evaluation),
      percent(saturated?.training),
      shown,
    ];
  });
  return {
    columns: [...columns, 'saturated', 'in training', 'test − reference, 95 %'],
    rows,
  };
}
