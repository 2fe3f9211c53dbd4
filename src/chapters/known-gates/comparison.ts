/** What ten seeds say of each task, by the rules of data/preregistration.md, section "Tasks with known gates". */
import { holm } from '../../results/holm.js';
import { LARGEST_P, pText } from '../../results/seed-comparison.js';
import { type MeanTest, mean, meanTest } from '../../results/statistics.js';
import { type Bearing, type Verdict, verdictOf } from '../../results/verdict.js';
import { CONDITIONS, type Condition } from './measure.js';
import { type KnownRun, type KnownTaskResults, storedKnownGates } from './results.js';
import { KNOWN_TASKS } from './tasks/index.js';
import type { KnownTask } from './tasks/task.js';
import type { KnownAlgorithm } from './train.js';

/** Pairs that a comparison is decided over, and the share of right answers that makes a task count. */
const PAIRS = 10;
const LEARNT = 0.99;
/** The forget bias of the primary comparisons. */
export const PRIMARY_BIAS = 1;

/** Stored results by name of the task. */
export type KnownResults = ReadonlyMap<string, KnownTaskResults>;

/** Conditions that change a model. */
export const DISTURBED = CONDITIONS.filter((condition) => condition !== 'plain');

/** A number of one trained model; null where the task does not have it. */
export interface KnownNumber {
  label: string;
  of: (run: KnownRun, task: KnownTask) => number | null;
}

/** Accuracy at a multiple of the length; null where the task has no such length. */
export const accuracyAt =
  (factor: number, condition: Condition = 'plain'): KnownNumber['of'] =>
  (run, task) =>
    run.accuracy[condition][task.factors.indexOf(factor)] ?? null;

/** Accuracy in length under all disturbances together, minus the undisturbed. */
export const disturbedLoss: KnownNumber['of'] = (run) =>
  mean(DISTURBED.map((condition) => run.accuracy[condition][0]!)) - run.accuracy.plain[0]!;

/** Distance of the carriers' gates from their known values, mean of f and i. */
export const knownDistance: KnownNumber['of'] = ({ gates }) => {
  if (!gates) return null;
  const { forget, input } = gates.distance;
  return input === null ? forget : (forget + input) / 2;
};

/** The four primary comparisons. */
export const KNOWN_COMPARISONS = {
  K1: {
    label: 'right answers at four times the length',
    of: (run: KnownRun, task: KnownTask) =>
      accuracyAt(Math.min(4, task.factors.at(-1)!))(run, task),
    side: (task: KnownTask) => (task.role === 'counter' ? 'below' : 'above'),
  },
  K2: {
    label: 'right answers lost by disturbance',
    of: disturbedLoss,
    side: () => 'above',
  },
  K3: {
    label: 'carriers’ forget gates near an end where they must hold or reset',
    of: ({ gates }: KnownRun) => gates?.nearEnd.forget ?? null,
    side: () => 'above',
  },
  K4: {
    label: 'distance of the carriers’ gates from their known values',
    of: knownDistance,
    side: () => 'below',
  },
} as const satisfies Record<string, KnownNumber & { side: (task: KnownTask) => 'above' | 'below' }>;

export type KnownComparisonId = keyof typeof KNOWN_COMPARISONS;

/** Runs of one algorithm of a task with this forget bias, by seed. */
export function runsOf(
  results: KnownTaskResults | undefined,
  algorithm: KnownAlgorithm,
  forgetBias = PRIMARY_BIAS,
): Map<number, KnownRun> {
  const own = (results?.runs ?? []).filter(
    (run) => run.algorithm === algorithm && run.forgetBias === forgetBias,
  );
  return new Map(own.sort((a, b) => a.seed - b.seed).map((run) => [run.seed, run]));
}

/** Mean over seeds with its 95 % interval; null for fewer than two seeds, or where the task lacks the number. */
export function knownMean(
  results: KnownTaskResults | undefined,
  task: KnownTask,
  algorithm: KnownAlgorithm,
  of: KnownNumber['of'],
  forgetBias = PRIMARY_BIAS,
): MeanTest | null {
  const numbers = [...runsOf(results, algorithm, forgetBias).values()].map((run) => of(run, task));
  const values = numbers.filter((value) => value !== null);
  return values.length < 2 ? null : meanTest(values);
}

/** Whether the comparisons of a task are decided: the baseline learnt it. Null: it was not run to its end. */
export function countsAsLearnt(results: KnownTaskResults | undefined): boolean | null {
  const runs = [...runsOf(results, 'baseline').values()];
  if (runs.length < PAIRS) return null;
  return mean(runs.map(({ accuracy }) => accuracy.plain[0]!)) >= LEARNT;
}

/** One comparison on one task. */
export interface KnownDecision {
  task: KnownTask;
  /** Differences by seed, G2-LSTM minus baseline; null for fewer than two pairs. */
  test: MeanTest | null;
  /** p after Holm's correction over the tasks that count. */
  corrected: number | null;
  bearing: Bearing | 'not counted';
}

/** One comparison over all tasks that have its number. */
export interface KnownVerdict {
  id: KnownComparisonId;
  algorithm: KnownAlgorithm;
  decisions: KnownDecision[];
  verdict: Verdict;
}

function differences(
  results: KnownTaskResults | undefined,
  task: KnownTask,
  algorithm: KnownAlgorithm,
  of: KnownNumber['of'],
): number[] {
  const baseline = runsOf(results, 'baseline');
  return [...runsOf(results, algorithm)].flatMap(([seed, run]) => {
    const other = baseline.get(seed);
    const [a, b] = [of(run, task), other ? of(other, task) : null];
    return a === null || b === null ? [] : [a - b];
  });
}

/** A comparison decided by the rules. @param algorithm what is compared with the baseline */
export function decideKnown(
  id: KnownComparisonId,
  algorithm: KnownAlgorithm,
  stored: KnownResults = storedKnownGates(),
): KnownVerdict {
  const { of, side } = KNOWN_COMPARISONS[id];
  const begun = KNOWN_TASKS.map((task) => {
    const results = stored.get(task.name);
    const values = differences(results, task, algorithm, of);
    const test = values.length < 2 ? null : meanTest(values);
    const learnt = countsAsLearnt(results);
    const decided = learnt === true && values.length >= PAIRS;
    const runs = results?.runs ?? [];
    // A task without the number is no comparison; one that was not run might be.
    const fits = runs.length === 0 || runs.some((run) => of(run, task) !== null);
    return { task, test, learnt, decided, fits, side: side(task) };
  });
  const corrected = holm(begun.filter(({ decided }) => decided).map(({ test }) => test!.p));
  const decisions = begun
    .filter(({ fits }) => fits)
    .map(({ task, test, learnt, decided, side }): KnownDecision => {
      if (!decided)
        return {
          task,
          test,
          corrected: null,
          bearing: learnt === false ? 'not counted' : 'not run',
        };
      const p = corrected.shift()!;
      const onSide = side === 'above' ? test!.mean > 0 : test!.mean < 0;
      const bearing = p > LARGEST_P ? 'undecided' : onSide ? 'for' : 'against';
      return { task, test, corrected: p, bearing };
    });
  const counted = decisions.flatMap(({ bearing }) =>
    bearing === 'not counted' ? [] : [{ bearing }],
  );
  return { id, algorithm, decisions, verdict: verdictOf(counted) };
}

const NOISES = ['g2 p .2', 'g2 p 1'] as const satisfies readonly KnownAlgorithm[];

/** All primary comparisons, each for both probabilities of noise. */
export const decideAllKnown = (stored: KnownResults = storedKnownGates()): KnownVerdict[] =>
  (Object.keys(KNOWN_COMPARISONS) as KnownComparisonId[]).flatMap((id) =>
    NOISES.map((algorithm) => decideKnown(id, algorithm, stored)),
  );

/** `for: latch, facts; undecided: dyck-1; not run: ...`. */
export function verdictWords({ decisions }: KnownVerdict): string {
  const order = ['for', 'against', 'undecided', 'not counted', 'not run'] as const;
  return order
    .flatMap((bearing) => {
      const names = decisions.filter((one) => one.bearing === bearing).map(({ task }) => task.name);
      return names.length > 0 ? [`${bearing}: ${names.join(', ')}`] : [];
    })
    .join('; ');
}

/** `+0.031 (0.012 to 0.050), p < 0.001 corrected`. */
export function decisionWords({ test, corrected }: KnownDecision): string {
  if (!test) return '–';
  const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;
  const interval = `${signed(test.mean)} (${signed(test.low)} to ${signed(test.high)})`;
  return corrected === null ? `${interval}, ${test.n} pairs` : `${interval}, ${pText(corrected)}`;
}
