/** Where a sweep stands: every task's state with how far it is, or why it is not. */
import path from 'node:path';
import { shareLeft } from '../results/run-status.js';
import { type LockRecord, lockRecord } from '../runs/lock.js';
import { lastAttempt } from './attempts.js';
import { readProgress } from './progress-file.js';
import type { QueueReport } from './queue.js';
import { checkedTraining } from './run-task.js';
import { readTasks, type SweepTask, type TaskState, taskFolder, taskState } from './tasks.js';

export interface TaskStatus {
  index: number;
  name: string;
  state: TaskState;
  /** Share done, 0 to 1; null where nobody knows. */
  share: number | null;
  /** By its own last word; null unless it runs. */
  secondsLeft: number | null;
  /** One sentence: where it runs, why it does not. Empty for finished ones and those not yet begun. */
  why: string;
  /** Run folder. */
  run: string;
}

/** What a queue says of tasks that wait in it or run from it, by index: one sentence each. */
export type QueueWords = ReadonlyMap<number, string>;

/** Who holds a task's run; null when nobody does. */
export const taskHolder = (sweep: string, task: SweepTask): LockRecord | null =>
  lockRecord(path.join(taskFolder(sweep, task), 'run.lock'));

function share(sweep: string, task: SweepTask, state: TaskState): number | null {
  if (state === 'finished') return 1;
  const folder = taskFolder(sweep, task);
  const progress = readProgress(folder);
  if (progress) return progress.share;
  if (state === 'to do') return 0;
  try {
    const { config } = checkedTraining(sweep, task);
    return 1 - shareLeft({ folder, config });
  } catch {
    return null;
  }
}

/** What the last attempt says, in a sentence. */
function why(sweep: string, task: SweepTask, state: TaskState): string {
  if (state === 'running') {
    const holder = taskHolder(sweep, task);
    return holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : '';
  }
  const last = lastAttempt(taskFolder(sweep, task));
  if (state === 'finished' || last === null) return '';
  const { reason, host, end } = last;
  if (reason.startsWith('failed: ')) return reason.slice('failed: '.length);
  if (reason.startsWith('checkpointed'))
    return `${reason} (${end}); it goes on when it is started again`;
  return `its process on ${host} ended without a word: killed, out of memory, or the power went? It goes on when it is started again`;
}

/** All tasks by index, from their run folders, then what a batch system says of the unfinished ones. */
export function sweepStatus(
  sweep: string,
  { words: queued, ended }: Partial<Pick<QueueReport, 'words' | 'ended'>> = {},
): TaskStatus[] {
  return readTasks(sweep).map((task) => {
    const state = taskState(sweep, task, ended);
    const running = state === 'running';
    const words = [why(sweep, task, state), state === 'finished' ? '' : queued?.get(task.index)];
    return {
      index: task.index,
      name: task.name,
      state,
      share: share(sweep, task, state),
      secondsLeft: running ? (readProgress(taskFolder(sweep, task))?.secondsLeft ?? null) : null,
      why: words.filter((text) => text !== undefined && text !== '').join('; '),
      run: task.run,
    };
  });
}

/** States in the order in which they are counted. */
export const STATES: readonly TaskState[] = ['finished', 'running', 'begun', 'failed', 'to do'];

/** How many tasks are in each state. */
export const countStates = (tasks: readonly Pick<TaskStatus, 'state'>[]) =>
  Object.fromEntries(
    STATES.map((state) => [state, tasks.filter((task) => task.state === state).length]),
  ) as Record<TaskState, number>;
