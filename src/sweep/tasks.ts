/** A sweep is a folder: what was asked, one line for every task, and a run folder for each. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UsageError, UserError } from '../errors.js';
import { lineAs, readStored } from '../files/json-file.js';
import { isMissing, isThere } from '../files/system-errors.js';
import { type RunStatus, runStatus } from '../results/run-status.js';
import { storedConfigHash } from '../runs/config-hash.js';
import { type LockRecord, lockRecord } from '../runs/lock.js';
import { isLocal } from '../runs/lock-record.js';
import { type RunSummary, readSummary } from '../runs/summary.js';
import type { TaskKind } from '../runs/tasks.js';
import { shownPath } from '../terminal/shown-path.js';
import { lastAttempt } from './attempts.js';

/** Format of `sweep.json`. */
export const SWEEP_FORMAT = 'g2lstm-sweep-1';

/** Content of `sweep.json`: what was asked. */
export interface SweepDescription {
  name: string;
  /** Name of a ready-made sweep (`ablations`, `small-seeds`); null for a grid of one's own. */
  preset: string | null;
  /** The grid, or the options of the ready-made sweep, defaults filled in. */
  grid: Record<string, unknown>;
  /** Absolute folder of the data (`--data`); null: as `train` finds it. */
  data: string | null;
}

/** One line of `tasks.jsonl`. */
export interface SweepTask {
  /** Number of the line, from 0; the same for ever. */
  index: number;
  /** `g2-1a2b3c4d-seed1`: algorithm, begin of the hash, seed. */
  name: string;
  task: TaskKind;
  /** Run folder, relative to the sweep's. */
  run: string;
  /** Of the configuration without its seed. */
  hash: string;
  seed: number;
  /** Words behind `g2lstm` that train it. */
  args: string[];
}

/** How far a task is: its run, whether a living process holds it, whether its last start ended in an error. */
export type TaskState = RunStatus | 'running' | 'failed';

const word = z.string().min(1);
const TASK: z.ZodType<SweepTask> = z.looseObject({
  index: z.int().min(0),
  name: word,
  task: z.enum(['lm', 'nmt']),
  run: word,
  hash: word,
  seed: z.int().min(0),
  args: z.array(z.string()),
});

const SWEEP: z.ZodType<SweepDescription & { format: string }> = z.looseObject({
  format: z.literal(SWEEP_FORMAT),
  name: word,
  preset: z.nullable(z.string()),
  grid: z.record(z.string(), z.unknown()),
  data: z.nullable(z.string()),
});

export const tasksFile = (sweep: string): string => path.join(sweep, 'tasks.jsonl');
export const sweepFile = (sweep: string): string => path.join(sweep, 'sweep.json');

/** Run folder of a task. */
export const taskFolder = (sweep: string, { run }: Pick<SweepTask, 'run'>): string =>
  path.join(sweep, run);

/** What was asked. @throws UserError where the folder is no sweep */
export function readSweep(sweep: string): SweepDescription {
  const file = sweepFile(sweep);
  if (!isThere(file)) throw new UserError(`${shownPath(sweep)} is no sweep: it has no sweep.json.`);
  const { format: _, ...description } = readStored(file, SWEEP, 'the description of a sweep');
  return description;
}

/** All tasks, by index. @throws UserError naming the line that is wrong */
export function readTasks(sweep: string): SweepTask[] {
  const file = tasksFile(sweep);
  let text: string;
  try {
    text = nodeFs.readFileSync(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UserError(`${shownPath(sweep)} is no sweep: it has no tasks.jsonl.`);
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const task = lineAs(line, TASK);
      if (task?.index !== index)
        throw new UserError(
          `${shownPath(file)} line ${index + 1} is not task ${index} of a sweep: was it edited?`,
        );
      return task;
    });
}

/** One task. @throws UsageError for an index that there is not */
export function taskAt(sweep: string, index: number): SweepTask {
  const tasks = readTasks(sweep);
  const task = tasks[index];
  if (task) return task;
  throw new UsageError(
    `${shownPath(sweep)} has no task ${index}: its ${tasks.length} tasks are 0 to ${tasks.length - 1}`,
  );
}

/** The summary of a finished task. @throws UserError where it is that of another training */
export function taskSummary(sweep: string, task: SweepTask): RunSummary {
  const folder = taskFolder(sweep, task);
  const summary = readSummary(path.join(folder, 'summary.json'));
  if (storedConfigHash(summary) === task.hash && summary.seed === task.seed) return summary;
  throw new UserError(
    `${shownPath(folder)} holds another run than task ${task.index}: was it put there by hand? Remove it, or make the sweep anew.`,
  );
}

/**
 * How far a task is, from its run folder. `ended` may know of the holder of its lock, on another
 * machine, that it is gone.
 */
export function taskState(
  sweep: string,
  task: Pick<SweepTask, 'run'>,
  ended: (holder: LockRecord) => boolean = () => false,
): TaskState {
  const folder = taskFolder(sweep, task);
  const status = runStatus(folder);
  if (status === 'finished') return status;
  const holder = lockRecord(path.join(folder, 'run.lock'));
  if (holder !== null && (isLocal(holder) || !ended(holder))) return 'running';
  return lastAttempt(folder)?.reason.startsWith('failed') ? 'failed' : status;
}
