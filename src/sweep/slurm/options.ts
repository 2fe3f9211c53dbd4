/** What a sweep asks of Slurm, checked before anything is written or submitted. */
import { UsageError } from '../../errors.js';
import { TIME_FORMS, timeLimitSeconds } from './time-limit.js';

/** What every task of a sweep asks of Slurm; null leaves it to the cluster's default. */
export interface SlurmOptions {
  partition: string | null;
  /** Time limit of one attempt, in a form of `TIME_FORMS`. */
  time: string | null;
  memGb: number | null;
  /** Also the compute threads of a task. */
  cpusPerTask: number;
  /** Most tasks at a time; null for no limit. */
  arrayParallelism: number | null;
  account: string | null;
  qos: string | null;
  constraint: string | null;
  exclude: string | null;
  /** Slurm warns a task so many seconds before its time limit. */
  signalDelaySeconds: number;
  /** A task goes back to the queue at its time limit so many times. */
  maxTimeouts: number;
  /** Shell lines run before the task: `module load node`. */
  setup: readonly string[];
  /** Further options of sbatch, key and value (null for those without one). */
  sbatch: readonly (readonly [key: string, value: string | null])[];
}

export const SLURM_DEFAULTS: SlurmOptions = {
  partition: null,
  time: null,
  memGb: null,
  cpusPerTask: 1,
  arrayParallelism: null,
  account: null,
  qos: null,
  constraint: null,
  exclude: null,
  signalDelaySeconds: 90,
  maxTimeouts: 5,
  setup: [],
  sbatch: [],
};

/** Options of sbatch that the scripts set themselves, and which of ours to use instead. */
const TAKEN: Readonly<Record<string, string | null>> = {
  partition: '--partition',
  time: '--time',
  mem: '--mem-gb',
  'mem-per-cpu': '--mem-gb',
  'cpus-per-task': '--cpus-per-task',
  array: '--array-parallelism',
  account: '--account',
  qos: '--qos',
  constraint: '--constraint',
  exclude: '--exclude',
  signal: '--signal-delay-s',
  ...Object.fromEntries(
    [
      ...['output', 'error', 'input', 'open-mode', 'chdir', 'dependency', 'parsable', 'wrap'],
      ...['requeue', 'no-requeue', 'nodes', 'ntasks', 'wait', 'test-only', 'export-file', 'quiet'],
    ].map((key) => [key, null]),
  ),
};

/** `KEY=VALUE`, or `KEY` alone, of --sbatch. */
export function sbatchPair(text: string): [key: string, value: string | null] {
  const [, dashes, key, value] = /^(-*)([^=]*)(?:=([\s\S]*))?$/.exec(text)!;
  if (dashes === '-' || !/^[a-z][a-z0-9-]+$/.test(key!))
    throw new UsageError(
      `--sbatch ${text}: give a long option of sbatch without its dashes, as in --sbatch gres=gpu:1`,
    );
  if (Object.hasOwn(TAKEN, key!)) {
    const ours = TAKEN[key!];
    throw new UsageError(
      `--sbatch ${text}: ${ours ? `use ${ours} instead` : `a sweep sets ${key} itself`}`,
    );
  }
  return [key!, value ?? null];
}

/** One word that sbatch takes as it is: names of partitions, accounts... */
function checkWord(flag: string, value: string | null): void {
  if (value === null || /^[^\s'"\\#]+$/.test(value)) return;
  throw new UsageError(
    `--${flag} ${JSON.stringify(value)}: give one word without spaces or quotes`,
  );
}

function checkTime(time: string | null, delay: number): void {
  if (time === null) return;
  const seconds = timeLimitSeconds(time);
  if (seconds === null)
    throw new UsageError(`--time ${time}: Slurm takes ${TIME_FORMS}, as in --time 2:30:00`);
  // Slurm counts whole minutes, upwards.
  if (Math.ceil(seconds / 60) * 60 <= delay)
    throw new UsageError(
      `--time ${time} is not longer than --signal-delay-s ${delay}: every task would stop as soon as it starts. Give more time or a shorter delay.`,
    );
}

/**
 * Checks options and fills in the defaults.
 * @throws UsageError that names the flag and says what it takes
 */
export function slurmOptions(given: Partial<SlurmOptions>): SlurmOptions {
  const options = { ...SLURM_DEFAULTS, ...given };
  const { partition, account, qos, constraint, exclude, memGb, setup, sbatch } = options;
  for (const [flag, value] of Object.entries({ partition, account, qos, constraint, exclude }))
    checkWord(flag, value);
  checkTime(options.time, options.signalDelaySeconds);
  if (memGb !== null && !(Number.isFinite(memGb) && memGb >= 0.001))
    throw new UsageError(`--mem-gb ${memGb}: give gigabytes for a task, as in --mem-gb 4`);
  for (const line of setup)
    if (line.includes('\0')) throw new UsageError('--setup: a shell line cannot hold a zero byte');
  for (const [key, value] of sbatch)
    if (value !== null && /[\0\r\n]/.test(value))
      throw new UsageError(`--sbatch ${key}: a value is one line`);
  return options;
}

/** The options of sbatch that both the tasks and the report have: where they run, on whose account. */
export function placeOptions(options: SlurmOptions): [key: string, value: string | null][] {
  const { partition, account, qos, constraint, exclude, sbatch } = options;
  const named = Object.entries({ partition, account, qos, constraint, exclude });
  return [
    ...named.filter(([, value]) => value !== null),
    ...sbatch.map(([k, v]) => [k, v] as const),
  ].map(([key, value]) => [key, value]);
}
