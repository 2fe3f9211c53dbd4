/** Tables of the chapter: tasks by algorithm with intervals, and the decisions. */
import type { TableSpec } from '../../figures/table.js';
import type { MeanTest } from '../../results/statistics.js';
import {
  accuracyAt,
  countsAsLearnt,
  decideAllKnown,
  decisionWords,
  disturbedLoss,
  KNOWN_COMPARISONS,
  type KnownNumber,
  type KnownResults,
  knownDistance,
  knownMean,
  PRIMARY_BIAS,
  runsOf,
  verdictWords,
} from './comparison.js';
import { KNOWN_STYLE } from './figure-accuracy.js';
import { storedKnownGates } from './results.js';
import { KNOWN_TASKS } from './tasks/index.js';
import type { KnownAlgorithm } from './train.js';

const ROLE = {
  gates: 'gates can do it',
  counter: 'counter-example',
  control: 'negative control',
} as const;

/** What the tasks ask, before anything is trained. */
export const knownTaskTable = (): TableSpec => ({
  caption: 'The tasks',
  columns: ['task', 'what is asked', 'role', 'steps', 'units', 'training steps'],
  rows: KNOWN_TASKS.map(({ title, doc, role, length, units, updates }) => [
    title,
    doc,
    ROLE[role],
    length,
    units,
    updates,
  ]),
});

const COLUMNS: readonly (KnownNumber & { digits: number })[] = [
  { label: 'right in length', of: accuracyAt(1), digits: 3 },
  { label: 'at 4 times', of: accuracyAt(4), digits: 3 },
  { label: 'at 8 times', of: accuracyAt(8), digits: 3 },
  { label: 'hard gates', of: accuracyAt(1, 'hard'), digits: 3 },
  { label: 'lost by disturbance', of: disturbedLoss, digits: 3 },
  { label: 'f near an end', of: ({ gates }) => gates?.nearEnd.forget ?? null, digits: 2 },
  { label: 'distance from known', of: knownDistance, digits: 3 },
];

const cell = (test: MeanTest | null, digits: number): string =>
  test === null
    ? '–'
    : `${test.mean.toFixed(digits).replace('-', '−')} ± ${(test.high - test.mean).toFixed(digits)}`;

/** Every task by every algorithm: means over seeds ± half the 95 % interval. */
export function knownTable(
  stored: KnownResults = storedKnownGates(),
  forgetBias: number = PRIMARY_BIAS,
): TableSpec {
  const rows = KNOWN_TASKS.flatMap((task) => {
    const results = stored.get(task.name);
    const of = (algorithm: KnownAlgorithm) => runsOf(results, algorithm, forgetBias).size;
    const algorithms = Object.keys(KNOWN_STYLE) as KnownAlgorithm[];
    if (algorithms.every((algorithm) => of(algorithm) === 0))
      return [[task.title, 'not run yet', '0', ...COLUMNS.map(() => '–')]];
    return algorithms.map((algorithm, k) => [
      k === 0 ? task.title : '',
      KNOWN_STYLE[algorithm].label,
      `${of(algorithm)}`,
      ...COLUMNS.map(({ of: number, digits }) =>
        cell(knownMean(results, task, algorithm, number, forgetBias), digits),
      ),
    ]);
  });
  return {
    caption: `Mean over seeds ± half the 95 % interval; forget bias ${forgetBias}`,
    columns: ['task', 'model', 'seeds', ...COLUMNS.map(({ label }) => label)],
    rows,
  };
}

/** The primary comparisons: what each comes to over the tasks. */
export const knownVerdictTable = (stored: KnownResults = storedKnownGates()): TableSpec => ({
  caption: 'G2-LSTM against the baseline, by the rules fixed beforehand',
  columns: ['', 'comparison', 'noise', 'verdict', 'tasks'],
  rows: decideAllKnown(stored).map((one) => [
    one.id,
    KNOWN_COMPARISONS[one.id].label,
    KNOWN_STYLE[one.algorithm].label,
    one.verdict,
    verdictWords(one),
  ]),
});

/** The same, task by task with differences, intervals and corrected p. */
export const knownDecisionTable = (stored: KnownResults = storedKnownGates()): TableSpec => {
  const verdicts = decideAllKnown(stored);
  return {
    caption: 'Differences to the baseline, mean and 95 % interval over pairs; p by Holm over tasks',
    columns: [
      'task',
      ...verdicts.map(({ id, algorithm }) => `${id}, ${KNOWN_STYLE[algorithm].label}`),
    ],
    rows: KNOWN_TASKS.map((task) => [
      countsAsLearnt(stored.get(task.name)) === false
        ? `${task.title} (does not count)`
        : task.title,
      ...verdicts.map(({ decisions }) => {
        const own = decisions.find((one) => one.task === task);
        return own ? decisionWords(own) : '–';
      }),
    ]),
  };
};

/** The input gate as extractor of a headline's words. */
export function knownExtraction(stored: KnownResults = storedKnownGates()): TableSpec {
  const task = KNOWN_TASKS.find(({ name }) => name === 'headline')!;
  return {
    caption: 'Area under the curve of the mean input gate as extractor; .5 is chance',
    columns: ['model', 'area'],
    rows: (Object.keys(KNOWN_STYLE) as KnownAlgorithm[]).map((algorithm) => [
      KNOWN_STYLE[algorithm].label,
      cell(
        knownMean(stored.get(task.name), task, algorithm, (run) => run.extraction),
        3,
      ),
    ]),
  };
}
