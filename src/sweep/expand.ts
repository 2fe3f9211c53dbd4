/** From what is asked to the list of trainings, each once, in an order that stays. */
import path from 'node:path';
import { type AblationChoice, planAblations } from '../chapters/ablations/plan.js';
import { UserError } from '../errors.js';
import { plannedTrainings, REPRODUCTIONS } from '../reproduce/plan.js';
import type { RunChoice } from '../runs/choice.js';
import { type Training, training } from '../runs/tasks.js';
import type { Grid, GridSetting } from './grid.js';
import { trainingArgs, trainingHash } from './task-config.js';
import type { SweepTask } from './tasks.js';

/** A training whose run has a name already, by which another command finds it. */
export type NamedTraining = Training & {
  /** Name of the task. */
  name?: string;
  /** Run folder below `runs`, with `/`. Default the name. */
  folder?: string;
};

/** All combinations, the last key running fastest. */
function combinations(grid: Grid['grid']): GridSetting[] {
  return Object.entries(grid).reduce<GridSetting[]>(
    (all, [key, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
}

const setsOf = (setting: GridSetting): string[] =>
  Object.entries(setting).map(([key, value]) => `${key}=${value}`);

/**
 * The trainings of a grid: seed by seed, so that whoever stops early has whole rows; then presets,
 * settings and, fastest, algorithms.
 */
export function gridTrainings(asked: Grid): Training[] {
  const { task, departures } = asked;
  const settings = [...combinations(asked.grid), ...asked.include];
  const excluded = (one: GridSetting) =>
    asked.exclude.some((rule) => Object.entries(rule).every(([key, v]) => one[key] === v));
  return asked.seeds.flatMap((seed) =>
    asked.preset.flatMap((preset) =>
      settings.flatMap((setting) =>
        asked.algorithms
          .filter((gates) => !excluded({ ...asked.set, ...setting, gates, preset }))
          .map((gates) => {
            const sets = setsOf({ ...asked.set, ...setting });
            const choice: RunChoice & { preset: string } = { preset, gates, departures };
            return training(task, { ...choice, seed, sets });
          }),
      ),
    ),
  );
}

/** All runs of the ablations, under the names by which `g2lstm ablations --out SWEEP/runs` measures them. */
export const ablationTrainings = (choice: AblationChoice): NamedTraining[] =>
  planAblations(choice).runs;

/**
 * The trainings of profile `small` of `reproduce`, with these seeds, where
 * `g2lstm reproduce --profile small --out SWEEP/runs` finds them.
 */
export function smallTrainings(
  seeds: readonly number[],
  sets: readonly string[] = [],
): NamedTraining[] {
  const { presets } = REPRODUCTIONS.small;
  const changed = presets.map((one) => ({ ...one, sets: [...(one.sets ?? []), ...sets] }));
  // The plan counts its seeds from 1.
  const planned = plannedTrainings({ presets: changed }, Math.max(...seeds), '');
  return seeds.flatMap((seed) =>
    planned
      .filter((run) => run.seed === seed)
      .map((run) => ({
        ...run,
        name: `${run.experiment}-${run.name}`,
        folder: run.folder.split(path.sep).join('/'),
      })),
  );
}

/** Digits of the hash in a task's name. */
const DIGITS = 8;

/**
 * The tasks of these trainings: the same configuration and seed is one task, the first time it comes.
 * @throws UserError where none is left
 */
export function sweepTasks(trainings: readonly NamedTraining[]): SweepTask[] {
  const tasks = new Map<string, SweepTask>();
  const names = new Set<string>();
  for (const one of trainings) {
    const { gates, seed } = one.config;
    const hash = trainingHash(one);
    const key = `${one.task} ${hash} ${seed}`;
    if (tasks.has(key)) continue;
    const short = `${gates}-${hash.slice(0, DIGITS)}-seed${seed}`;
    // Two configurations with the same eight digits: the later one has all of them.
    const name = one.name ?? (names.has(short) ? `${gates}-${hash}-seed${seed}` : short);
    names.add(name);
    const run = path.posix.join('runs', one.folder ?? name);
    const args = trainingArgs(one);
    tasks.set(key, { index: tasks.size, name, task: one.task, run, hash, seed, args });
  }
  if (tasks.size === 0) throw new UserError('nothing to run: every combination is excluded');
  return [...tasks.values()];
}
