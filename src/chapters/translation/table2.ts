/** Table 2 of the paper beside our translation runs: who is ahead of our own baseline, and is it luck. */
import { UserError } from '../../errors.js';
import { bleuMetric } from '../../metrics/bleu.js';
import { pairedApproximateRandomisation } from '../../metrics/significance.js';
import { ALGORITHMS, type Algorithm, type BleuRow, TABLE_2 } from '../../paper/tables.js';
import { eachSeedOnce } from '../../results/distinct-runs.js';
import {
  compareSeeds,
  LARGEST_P,
  type OverSeeds,
  overSeeds,
  type SeedComparison,
} from '../../results/seed-comparison.js';
import { baselineOf } from '../../runs/variants.js';
import { storedTable2, type Table2Run } from './stored-table2.js';

/** A column of the paper's table. */
export type Table2Task = keyof typeof TABLE_2;

/** One of our experiments, held against rows of Table 2. */
export interface Table2Scale {
  /** Folder under `data/results`. */
  experiment: string;
  label: string;
  /** Corpus in the registry of datasets. */
  dataset: string;
  /** Rows of the paper that it stands beside: those of the same direction. */
  task: Table2Task;
  /** Whether it is measured on the text that those rows were measured on. */
  sameTest: boolean;
}

/** A seed whose translations were compared with those of the baseline with the same seed. */
export interface PairedSeed {
  seed: number;
  /** BLEU minus the baseline's. */
  difference: number;
  /** Of paired approximate randomisation over test sentences, two-sided. */
  p: number;
}

/** One algorithm at one scale. BLEU in percent. */
export interface Table2Cell extends SeedComparison {
  algorithm: Algorithm;
  /** Rising. */
  seeds: number[];
  /** BLEU of 13a tokens; null where no run, or not every run, has it. */
  valid: OverSeeds | null;
  test: OverSeeds | null;
  /** Of the paper's script. */
  multiBleu: OverSeeds | null;
  /** Seeds that the baseline has too, where both have stored counts. */
  paired: PairedSeed[];
  /** What the paired tests say, in words; empty where there is none. */
  pairedVerdict: string;
}

/** A row of the paper's table with what we have beside it. */
export interface Table2Line {
  task: Table2Task;
  paper: Readonly<BleuRow>;
  /** By scale, in the order of `scales`; null where that scale has no such row. */
  ours: (Table2Cell | null)[];
}

export interface Table2Comparison {
  scales: Table2Scale[];
  /** All rows of the paper: WMT'14 first, then IWSLT'14. */
  lines: Table2Line[];
  /** The three algorithms at each scale. */
  cells: Table2Cell[][];
}

/** Scales that are announced; others on a corpus of the same languages are added as they are found. */
export const TABLE_2_SCALES: readonly Readonly<Table2Scale>[] = [
  {
    experiment: 'multi30k-small',
    label: 'Multi30k, 2 x 256',
    dataset: 'multi30k',
    task: 'iwslt14-de-en',
    sameTest: false,
  },
  {
    experiment: 'iwslt14-small',
    label: "IWSLT'14, 2 x 256, Adam",
    dataset: 'iwslt14',
    task: 'iwslt14-de-en',
    sameTest: true,
  },
  {
    experiment: 'iwslt14-paper',
    label: "IWSLT'14, as the paper",
    dataset: 'iwslt14',
    task: 'iwslt14-de-en',
    sameTest: true,
  },
  {
    experiment: 'wmt14-paper',
    label: "WMT'14, as the paper",
    dataset: 'wmt14',
    task: 'wmt14-en-de',
    sameTest: true,
  },
];

/** Corpora that are made or anybody's: no scale of Table 2. */
const NOT_PUBLISHED = ['demo-mt', 'own'];

const published = (stored: readonly Table2Run[]): Table2Run[] =>
  stored.filter(({ dataset }) => !NOT_PUBLISHED.includes(dataset));

/** The announced scales, and those of further experiments among the runs. */
export function table2Scales(stored: readonly Table2Run[]): Table2Scale[] {
  const known = new Set(TABLE_2_SCALES.map(({ experiment }) => experiment));
  const more = new Map(
    published(stored)
      .filter((run) => !known.has(run.experiment))
      .map((run) => [run.experiment, run]),
  );
  return [...TABLE_2_SCALES.map((scale) => ({ ...scale })), ...[...more.values()].map(scaleOf)];
}

/**
 * Holds stored runs against Table 2. Differences are to our own baseline of the same scale, never to
 * the paper's, and only between scores of the same signature.
 *
 * @param stored default: what lies in `data/results`
 * @param options.samples of each paired test, default 10,000
 * @throws UserError if runs of one scale were scored in different ways
 */
export function table2Comparison(
  stored: readonly Table2Run[] = storedTable2(),
  options: { samples?: number } = {},
): Table2Comparison {
  const runs = published(stored);
  const scales = table2Scales(stored);
  const cells = scales.map(({ experiment }) => {
    const own = runs.filter((run) => run.experiment === experiment);
    const theirs = runs.filter((run) => run.experiment === baselineOf(experiment));
    checkSignatures([...own, ...theirs]);
    return ALGORITHMS.map((algorithm) => cellOf(own, theirs, algorithm, options));
  });
  const tasks = Object.keys(TABLE_2) as Table2Task[];
  const lines = tasks.flatMap((task) =>
    TABLE_2[task].map((paper) => ({
      task,
      paper,
      ours: scales.map((scale, s) =>
        scale.task === task && paper.algorithm
          ? cells[s]![ALGORITHMS.indexOf(paper.algorithm)]!
          : null,
      ),
    })),
  );
  return { scales, lines, cells };
}

function scaleOf({ experiment, dataset, direction }: Table2Run): Table2Scale {
  const task = direction === 'en-de' ? 'wmt14-en-de' : 'iwslt14-de-en';
  return {
    experiment,
    label: experiment,
    dataset,
    task,
    sameTest: task.startsWith(`${dataset}-`),
  };
}

/** All but the version: a new version of this program scores alike. */
const measure = (signature: string | null): string =>
  (signature ?? 'unsigned').replace(/\|version:.*/, '');

function checkSignatures(runs: readonly Table2Run[]): void {
  const first = runs[0];
  const other = runs.find((run) => measure(run.signature) !== measure(first!.signature));
  if (other)
    throw new UserError(
      `${first!.file} was scored as ${first!.signature}, ${other.file} as ${other.signature}: their BLEU cannot be compared. Score both in the same way.`,
    );
}

/** @param theirs the runs of the experiment whose baseline counts */
function cellOf(
  runs: readonly Table2Run[],
  theirs: readonly Table2Run[],
  algorithm: Algorithm,
  options: { samples?: number },
): Table2Cell {
  const of = (all: readonly Table2Run[], which: Algorithm) =>
    eachSeedOnce(all.filter((run) => run.algorithm === which));
  const own = of(runs, algorithm);
  const baseline = of(theirs, 'baseline');
  const scores = (all: readonly Table2Run[]) =>
    all.map(({ seed, test }) => ({ seed, value: test }));
  const reference = algorithm === 'baseline';
  const whole = (key: 'valid' | 'multiBleu') => {
    const values = own.flatMap((run) => run[key] ?? []);
    return values.length === own.length ? overSeeds(values) : null;
  };
  const paired = reference ? [] : own.flatMap((run) => pairedSeed(run, baseline, options));
  return {
    algorithm,
    seeds: own.map((run) => run.seed),
    valid: whole('valid'),
    test: overSeeds(own.map((run) => run.test)),
    multiBleu: whole('multiBleu'),
    ...compareSeeds(scores(own), scores(baseline), { reference, better: 'higher' }),
    paired,
    pairedVerdict: pairedVerdict(paired),
  };
}

function pairedSeed(
  run: Table2Run,
  baseline: readonly Table2Run[],
  { samples }: { samples?: number },
): PairedSeed[] {
  const { seed, statistics } = run;
  const other = baseline.find((b) => b.seed === seed)?.statistics;
  if (!statistics || !other) return [];
  const systems = [other.statistics, statistics.statistics];
  const [, result] = pairedApproximateRandomisation(bleuMetric(), systems, { samples });
  const difference = statistics.score - other.score;
  // The test counts trials that differ *more*: of equal scores none does, and p would come out tiny.
  return [{ seed, difference, p: difference === 0 ? 1 : result!.pValue! }];
}

/** How many of the paired seeds are ahead or behind beyond chance. */
function pairedVerdict(paired: readonly PairedSeed[]): string {
  if (paired.length === 0) return '';
  const sure = paired.filter(({ p }) => p <= LARGEST_P);
  const ahead = sure.filter(({ difference }) => difference > 0).length;
  const behind = sure.length - ahead;
  return `ahead in ${ahead}, behind in ${behind} of ${paired.length}`;
}
