/** Table 1 of the paper beside our runs: who is ahead of our own baseline, and is it more than luck. */
import { ALGORITHMS, type PerplexityRow, TABLE_1 } from '../../paper/tables.js';
import { eachSeedOnce } from '../../results/distinct-runs.js';
import {
  compareSeeds,
  type OverSeeds,
  overSeeds,
  type SeedOutcome,
} from '../../results/seed-comparison.js';
import { baselineOf } from '../../runs/variants.js';
import { storedTable1, type Table1Run } from './stored-table1.js';

/** One row of Table 1 as we measured it, at one scale. */
export interface Table1Cell {
  /** Which of our runs. */
  run: NonNullable<PerplexityRow['run']>;
  /** Rising. */
  seeds: number[];
  /** null where no run, or not every run, has it. */
  valid: OverSeeds | null;
  test: OverSeeds | null;
  /** Test perplexity minus that of our own baseline in the same form; standard error over seeds. */
  difference: { mean: number; standardError: number | null } | null;
  outcome: SeedOutcome;
  /** The outcome in words, with its numbers. */
  verdict: string;
}

/** One of our experiments, held against rows of Table 1. */
export interface Table1Scale {
  /** Folder under `data/results`. */
  experiment: string;
  label: string;
}

/** A row of the paper's table with what we have beside it. */
export interface Table1Line {
  paper: Readonly<PerplexityRow>;
  /** By scale, in the order of `scales`; null where that scale has no such row. */
  ours: (Table1Cell | null)[];
}

export interface Table1Comparison {
  scales: Table1Scale[];
  /** All rows of the paper, in order. */
  lines: Table1Line[];
  /** Every row of each scale, also those the paper has no number for. */
  cells: Table1Cell[][];
}

const UNREGULARISED = 'ptb-unregularised';
/** Also of runs there with another configuration, whose experiment says what differs. */
const isUnregularised = (experiment: string): boolean =>
  baselineOf(experiment) === UNREGULARISED || experiment.startsWith(`${UNREGULARISED}, `);

/** Scales that are announced; others on Penn Treebank are added as they are found. */
export const TABLE_1_SCALES: readonly Readonly<Table1Scale>[] = [
  { experiment: UNREGULARISED, label: 'unregularised, 2 x 200' },
  { experiment: 'ptb-awd-small', label: 'small, 2 x 256' },
  { experiment: 'ptb-awd-paper', label: 'paper, 3 x 1150' },
];

const forms = [
  { finetuned: false, cache: false },
  { finetuned: true, cache: false },
  { finetuned: true, cache: true },
];
const UNREGULARISED_FORM = forms.slice(0, 1);

/**
 * Holds stored runs against Table 1. Only Penn Treebank counts. Differences are to our own baseline
 * of the same scale and form, never to the paper's.
 *
 * @param stored default: what lies in `data/results`
 */
export function table1Comparison(stored: readonly Table1Run[] = storedTable1()): Table1Comparison {
  const runs = stored.filter(({ dataset }) => dataset === 'ptb');
  const known = new Set(TABLE_1_SCALES.map(({ experiment }) => experiment));
  const more = [...new Set(runs.map(({ experiment }) => experiment))].filter((e) => !known.has(e));
  const scales = [
    ...TABLE_1_SCALES.map((scale) => ({ ...scale })),
    ...more.map((experiment) => ({ experiment, label: experiment })),
  ];
  const cells = scales.map(({ experiment }) => {
    const own = runs.filter((run) => run.experiment === experiment);
    const theirs = runs.filter((run) => run.experiment === baselineOf(experiment));
    const rows = isUnregularised(experiment) ? UNREGULARISED_FORM : forms;
    return rows.flatMap((form) =>
      ALGORITHMS.map((algorithm) => cellOf(own, theirs, { algorithm, ...form })),
    );
  });
  const lines = TABLE_1.map((paper) => ({
    paper,
    ours: scales.map(({ experiment }, s) => {
      const wanted = formOf(paper, experiment);
      return wanted === null ? null : (cells[s]!.find(({ run }) => same(run, wanted)) ?? null);
    }),
  }));
  return { scales, lines, cells };
}

/** Which of a scale's runs a row of the paper is held against. */
function formOf(paper: PerplexityRow, experiment: string): Table1Cell['run'] | null {
  if (!isUnregularised(experiment)) return paper.run ?? null;
  return paper.model === 'Unregularised LSTM'
    ? { algorithm: 'baseline', finetuned: false, cache: false }
    : null;
}

/** Of a run, of a gate mode that the paper has or not. */
type Form = Pick<Table1Run, 'algorithm' | 'finetuned' | 'cache'>;

const same = (a: Form, b: Form): boolean =>
  a.algorithm === b.algorithm && a.finetuned === b.finetuned && a.cache === b.cache;

/** @param theirs the runs of the experiment whose baseline counts */
function cellOf(
  runs: readonly Table1Run[],
  theirs: readonly Table1Run[],
  run: Table1Cell['run'],
): Table1Cell {
  const own = eachSeedOnce(runs.filter((r) => same(r, run)));
  const baseline = eachSeedOnce(theirs.filter((r) => same(r, { ...run, algorithm: 'baseline' })));
  const scores = (all: readonly Table1Run[]) =>
    all.map(({ seed, test }) => ({ seed, value: test }));
  const valid = own.flatMap((r) => (r.valid === null ? [] : [r.valid]));
  return {
    run,
    seeds: own.map((r) => r.seed),
    valid: valid.length === own.length ? overSeeds(valid) : null,
    test: overSeeds(own.map((r) => r.test)),
    ...compareSeeds(scores(own), scores(baseline), {
      reference: run.algorithm === 'baseline',
      better: 'lower',
      ratio: true,
    }),
  };
}
