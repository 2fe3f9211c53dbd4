/** The results of a sweep in one place: summaries as files, and a table over seeds. */
import path from 'node:path';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { copySummary, resultFile } from '../reproduce/files.js';
import { eachSeedOnce } from '../results/distinct-runs.js';
import { roundedNumbers } from '../results/measurement.js';
import { meanAndDeviation } from '../results/statistics.js';
import { storedConfigHash } from '../runs/config-hash.js';
import { type EnvironmentFacts, environmentFacts } from '../runs/environment-facts.js';
import type { RunSummary } from '../runs/summary.js';
import type { TaskKind } from '../runs/tasks.js';
import type { Grid } from './grid.js';
import { trainingOfArgs } from './task-config.js';
import {
  readSweep,
  readTasks,
  type SweepDescription,
  type SweepTask,
  taskFolder,
  taskState,
  taskSummary,
} from './tasks.js';

/** Format of the table. */
export const TABLE_FORMAT = 'g2lstm-sweep-table-1';

/** A score over seeds. */
export interface SweepScore {
  mean: number;
  /** Sample standard deviation; null for one seed. */
  deviation: number | null;
  /** By seed, in the order of `seeds`. */
  values: number[];
}

/** One configuration. */
export interface SweepRow {
  /** What tells it from the others: `g2 hidden=64`. */
  id: string;
  task: TaskKind;
  preset: string | null;
  algorithm: string;
  /** Of the configuration without its seed. */
  hash: string;
  config: Record<string, unknown>;
  /** Finished ones, rising. */
  seeds: number[];
  /** Seeds that were asked for and are not finished. */
  missing: number[];
  /** How far the numbers carry: `one seed`, `3 seeds`. */
  label: string;
  /** Numbers that every finished run has. */
  scores: Record<string, SweepScore>;
  /** Training time of all seeds together. */
  seconds: number;
  /** Copies of the summaries, relative to the folder of results. */
  files: string[];
}

/** Where the table of a sweep goes below a folder of results. */
export const tableFile = (out: string, { name }: Pick<SweepDescription, 'name'>): string =>
  path.join(out, name, 'table.json');

/** `table.json`. */
export interface SweepTable extends EnvironmentFacts {
  /** Command line that wrote it. */
  command: string;
  sweep: Omit<SweepDescription, 'data'>;
  rows: SweepRow[];
  /** Tasks that are not finished. */
  unfinished: { index: number; name: string; state: string }[];
  /** How far the numbers carry, at the least. */
  label: string;
}

const seedsLabel = (count: number): string => (count === 1 ? 'one seed' : `${count} seeds`);

/** The words of a task that tell it from others: preset, algorithm, sets. */
function words({ args }: SweepTask): { preset: string; gates: string; sets: string[] } {
  const after = (flag: string) => args[args.indexOf(flag) + 1] ?? '';
  const sets = args.filter((_, i) => args[i - 1] === '--set');
  return { preset: after('--preset'), gates: after('--gates'), sets };
}

/**
 * Names configurations: by the keys that the grid varies, else by the words that not all share; the
 * algorithm always.
 */
function namer(
  { grid }: SweepDescription,
  tasks: readonly SweepTask[],
): (task: SweepTask) => string {
  const all = tasks.map(words);
  const shared = (all[0]?.sets ?? []).filter((set) => all.every(({ sets }) => sets.includes(set)));
  const presets = new Set(all.map(({ preset }) => preset)).size;
  const { grid: lists, include } = grid as Partial<Grid>;
  const varied = lists && [...new Set([lists, ...(include ?? [])].flatMap(Object.keys))];
  return (task) => {
    const { preset, gates, sets } = words(task);
    const config = trainingOfArgs(task.args).config as unknown as Record<string, unknown>;
    const own = varied
      ? varied.map((key) => `${key}=${config[key]}`)
      : sets.filter((set) => !shared.includes(set));
    return [...(presets > 1 ? [preset] : []), gates, ...own].join(' ');
  };
}

/**
 * Where a task's summary goes: as `data/results` has it for the runs of `reproduce`, else under the
 * sweep's name.
 */
function place({ preset, name }: SweepDescription, task: SweepTask) {
  if (preset !== 'small-seeds') return { experiment: name, name: task.name };
  const { preset: experiment, gates } = words(task);
  // With --set the same algorithm and seed of a preset is still one run.
  return { experiment, name: `${gates}-seed${task.seed}` };
}

function scoresOf(summaries: readonly RunSummary[]): Record<string, SweepScore> {
  const names = Object.keys(summaries[0]?.result ?? {});
  const scores = names.flatMap((name) => {
    const values = summaries.map(({ result }) => result[name]);
    if (!values.every((value) => typeof value === 'number')) return [];
    return [[name, { ...meanAndDeviation(values as number[]), values: values as number[] }]];
  });
  return Object.fromEntries(scores);
}

interface Done {
  task: SweepTask;
  summary: RunSummary;
  file: string;
}

/**
 * Copies the summaries of all finished tasks into `out` and writes `NAME/table.json` there: means and
 * standard deviations over the seeds of each configuration. Tasks that are not finished are named.
 * @throws UserError for a summary that is none, or that of another training
 */
export function collectSweep(sweep: string, out: string, command: string): SweepTable {
  const description = readSweep(sweep);
  const tasks = readTasks(sweep);
  const done: Done[] = [];
  const unfinished: SweepTable['unfinished'] = [];
  for (const task of tasks) {
    const state = taskState(sweep, task);
    if (state !== 'finished') {
      unfinished.push({ index: task.index, name: task.name, state });
      continue;
    }
    const folder = taskFolder(sweep, task);
    const from = path.join(folder, 'summary.json');
    const summary = taskSummary(sweep, task);
    const file = resultFile(out, place(description, task));
    copySummary(from, file, path.join(folder, 'test.scores.json'));
    done.push({ task, summary, file });
  }
  const idOf = namer(description, tasks);
  const groups = new Map<string, SweepTask[]>();
  for (const task of tasks) {
    const key = `${task.task} ${task.hash}`;
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  const rows = [...groups.values()].flatMap((group): SweepRow[] => {
    const own = eachSeedOnce(
      done
        .filter(({ task }) => group.includes(task))
        .map((one) => ({ ...one, seed: one.task.seed })),
    );
    const first = own[0];
    if (!first) return [];
    const { seed: _, ...config } = first.summary.config;
    const summaries = own.map(({ summary }) => summary);
    const seeds = own.map(({ task }) => task.seed);
    return [
      {
        id: idOf(first.task),
        task: first.task.task,
        preset: first.summary.preset,
        algorithm: String(config['gates']),
        hash: storedConfigHash(first.summary),
        config,
        seeds,
        missing: group.map(({ seed }) => seed).filter((seed) => !seeds.includes(seed)),
        label: seedsLabel(seeds.length),
        scores: scoresOf(summaries),
        seconds: summaries.reduce((sum, { seconds }) => sum + seconds, 0),
        files: own.map(({ file }) => path.relative(out, file).split(path.sep).join('/')),
      },
    ];
  });
  const { data: _, ...asked } = description;
  const least = Math.min(...rows.map(({ seeds }) => seeds.length));
  const table: SweepTable = {
    command,
    sweep: asked,
    rows,
    unfinished,
    label: rows.length === 0 ? 'no run is finished' : seedsLabel(least),
    ...environmentFacts(),
  };
  writeTable(tableFile(out, description), table);
  return table;
}

function writeTable(file: string, table: SweepTable): void {
  const text = JSON.stringify({ format: TABLE_FORMAT, ...roundedNumbers(table) }, null, 1);
  makeFolder(path.dirname(path.resolve(file)));
  // Lists of numbers stay on one line each, so that a change can be read.
  const short = text.replace(/\[\s+([-\d.e+,\s]+?)\s+\]/g, (_, list: string) => {
    return `[${list.replace(/\s+/g, ' ')}]`;
  });
  writeFileAtomic(file, `${short}\n`);
}
