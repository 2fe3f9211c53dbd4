/** What a reproduction consists of, as data: which runs, with which seeds, measured how. */
import path from 'node:path';
import type { GateMode } from '../cell/gate-options.js';
import { ALGORITHMS } from '../paper/tables.js';
import type { ListedTraining, RunStatus } from '../results/run-status.js';
import { configHash } from '../runs/config-hash.js';
import type { StopFlag } from '../runs/interrupt.js';
import { type TaskKind, training } from '../runs/tasks.js';
import { VARIANTS, type Variant } from '../runs/variants.js';
import { formatDuration } from '../terminal/progress.js';

/** Parts of a reproduction, in the order in which they are done. */
export const STAGES = ['lm', 'nmt', 'measure', 'ablations', 'notebooks', 'report'] as const;

export type Stage = (typeof STAGES)[number];

/** A preset and the algorithms that it is trained with. */
export interface ReproducedPreset {
  task: TaskKind;
  preset: string;
  /** Folder of its results, as under `data/results`. */
  experiment: string;
  /** `key=value` texts on top of the preset. */
  sets?: readonly string[];
  /** Default all three. */
  algorithms?: readonly GateMode[];
  /** Seeds 1..N at most. Default as many as asked for. */
  seeds?: number;
}

/** A scale of the experiments. */
export interface ReproductionProfile {
  name: 'demo' | 'small' | 'paper';
  presets: readonly ReproducedPreset[];
  /** Seeds 1..N where nobody says how many. */
  seeds: number;
  /** Stages where nobody names any. */
  usual: readonly Stage[];
  /**
   * Its results are one table, `results.json`, instead of a file for each run; and its runs are always
   * trained here: they are there to be watched.
   */
  table?: boolean;
}

const lm = (preset: string): ReproducedPreset => ({ task: 'lm', preset, experiment: preset });
const nmt = (preset: string): ReproducedPreset => ({ task: 'nmt', preset, experiment: preset });

/** A variant of one of these presets, which has its name. */
const variant = (presets: readonly ReproducedPreset[], given: Variant): ReproducedPreset => {
  const { experiment, of, sets, algorithms, seeds } = given;
  const { task, preset } = presets.find((one) => one.experiment === of)!;
  return { task, preset, experiment, sets, algorithms, seeds };
};

const SMALL = [lm('ptb-unregularised'), lm('ptb-awd-small'), nmt('multi30k-small')];

/**
 * The three scales. Three seeds are the least that a test of significance takes. `small` is the campaign of
 * data/preregistration.md.
 */
export const REPRODUCTIONS: Readonly<Record<ReproductionProfile['name'], ReproductionProfile>> = {
  demo: {
    name: 'demo',
    presets: [{ task: 'lm', preset: 'demo-lm', experiment: 'demo' }],
    seeds: 1,
    usual: ['lm'],
    table: true,
  },
  small: {
    name: 'small',
    presets: [...SMALL, ...VARIANTS.map((one) => variant(SMALL, one))],
    seeds: 3,
    usual: STAGES,
  },
  paper: {
    name: 'paper',
    presets: [lm('ptb-awd-paper'), nmt('iwslt14-paper'), nmt('wmt14-paper')],
    seeds: 3,
    usual: STAGES,
  },
};

/** One training of the plan. */
export type PlannedTraining = ListedTraining &
  ReproducedPreset & {
    algorithm: GateMode;
    seed: number;
    /** Of the configuration without its seed. */
    hash: string;
    /** `g2-seed2`, the name of its files of results. */
    name: string;
  };

/** All trainings of a profile: seed by seed, so that whoever stops early has whole rows. */
export function plannedTrainings(
  { presets, table }: Pick<ReproductionProfile, 'presets' | 'table'>,
  seeds: number,
  out: string,
): PlannedTraining[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    presets
      .filter((one) => seed <= (one.seeds ?? seeds))
      .flatMap((one) =>
        (one.algorithms ?? ALGORITHMS).map((algorithm): PlannedTraining => {
          const { preset, experiment, sets } = one;
          const choice = { preset, gates: algorithm, seed, sets };
          const asked = training(one.task, choice);
          const name = `${algorithm}-seed${seed}`;
          const folder = table
            ? path.join(out, `${algorithm}-${seed}`)
            : path.join(out, experiment, name);
          return {
            ...one,
            ...asked,
            algorithm,
            seed,
            hash: configHash(asked.config),
            name,
            folder,
          };
        }),
      ),
  );
}

/** How far an item is. */
export type ItemState =
  | RunStatus
  /** Its results lie in `data/results`, or those of another folder: used as they are. */
  | 'stored'
  /** A text it needs is not on this machine. */
  | 'no data'
  /** A measurement on a run whose results are stored, but not its weights. */
  | 'no weights';

/** States with nothing left to do. */
export const isDone = (state: ItemState): boolean => state === 'stored' || state === 'finished';

/** States in which an item can be worked on. */
export const isOpen = (state: ItemState): boolean => state === 'begun' || state === 'to do';

/** One thing to be done, and how. */
export interface ReproductionItem {
  /** `store`: the results are copied to where the project keeps its own. */
  stage: Stage | 'store';
  /** Row of the plan's table: `ptb-awd-small g2`. */
  group: string;
  /** What it is in its row: `seed 2`; empty where it is the whole row. */
  part: string;
  state: ItemState;
  /** Expected from here on; 0 where nothing is left, null where nobody knows. */
  seconds: number | null;
  /** Why it cannot be done, where it cannot. */
  why?: string;
  /** Does it, or what is left of it; false when it was stopped. */
  work: () => Promise<boolean>;
}

/** `ptb-awd-small g2, seed 2`. */
export const itemName = ({ group, part }: Pick<ReproductionItem, 'group' | 'part'>): string =>
  part === '' ? group : `${group}, ${part}`;

/** Expected time of what is left, in words. */
export const expectedTime = (seconds: number | null): string =>
  seconds === null ? '?' : seconds === 0 ? '-' : formatDuration(seconds);

/** A measurement on a trained run, kept as `ALGORITHM-seedN.KIND.json` beside its summary. */
export interface RunMeasurement {
  kind: string;
  /** Runs it is made on. */
  fits: (run: PlannedTraining) => boolean;
  /**
   * Measures the run in `run.folder` and writes `file`, whole or not at all. Throws `Interrupted` when
   * `stop` is set.
   */
  measure: (run: PlannedTraining, file: string, options: MeasureOptions) => Promise<void>;
}

export interface MeasureOptions {
  dataFolder?: string;
  threads?: number;
  stop?: StopFlag;
}
