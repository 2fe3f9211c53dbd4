/** The tasks of a sweep as processes of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type StopFlag, whenStopped } from '../runs/interrupt.js';
import { takeLock } from '../runs/lock.js';
import { lastAttempt, readAttempts } from './attempts.js';
import { type SweepTask, taskFolder, taskState } from './tasks.js';

/** Lock of the executor of this machine, so that `sweep cancel` finds it. */
export const executorLock = (sweep: string): string =>
  path.join(sweep, `local.${os.hostname()}.lock`);

/** Log of a task, appended to by every start. */
export const taskLog = (sweep: string, { name }: Pick<SweepTask, 'name'>): string =>
  path.join(sweep, 'logs', `${name}.log`);

/** How a task ended that is not finished. */
export interface Unfinished {
  task: SweepTask;
  /** One line. */
  why: string;
}

/** How a run of all tasks ended. */
export interface LocalOutcome {
  stopped: boolean;
  finished: number;
  failed: Unfinished[];
  /** Stopped one by one, by somebody else, with a checkpoint. */
  checkpointed: SweepTask[];
  /** Other processes run these. */
  elsewhere: SweepTask[];
}

export interface LocalOptions {
  /** Most processes at a time. */
  jobs: number;
  /** Words that start a task: `[node, ...]`. */
  command: (index: number) => string[];
  stop: StopFlag;
  /** A task is started, or ended: `finished`, `failed: WHY`... */
  onStart?: (task: SweepTask) => void;
  onEnd?: (task: SweepTask, how: string, seconds: number) => void;
}

/** The processes, so that a second Ctrl-C can kill them. */
const children = new Set<ChildProcess>();

/** Kills what `runLocal` has started and not yet seen the end of. */
export function killLocal(): void {
  for (const child of children) child.kill('SIGKILL');
}

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

/** Starts a process and waits for its end. */
function start(words: readonly string[], log: string): Promise<Ended> {
  const handle = nodeFs.openSync(log, 'a');
  try {
    const child = spawn(words[0]!, words.slice(1), {
      // A channel of which nothing is said: when this process is gone, the task notices and stops.
      stdio: ['ignore', handle, handle, 'ipc'],
      // A group of its own: Ctrl-C at the terminal reaches this process alone, which passes it on once.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    children.add(child);
    return new Promise((resolve) => {
      const end = (how: Ended) => {
        children.delete(child);
        resolve(how);
      };
      child.on('error', (error) => end({ status: null, signal: null, error }));
      child.on('exit', (status, signal) => end({ status, signal }));
    });
  } finally {
    nodeFs.closeSync(handle);
  }
}

/** What an ended process says of its task. */
function verdict(sweep: string, task: SweepTask, { status, signal, error }: Ended): string {
  if (status === 0) return 'finished';
  const folder = taskFolder(sweep, task);
  const last = readAttempts(folder).at(-1)?.reason;
  if (status === 75 || status === 130) return last ?? 'checkpointed';
  if (last?.startsWith('refused')) return last;
  const own = lastAttempt(folder)?.reason;
  if (own?.startsWith('failed')) return own;
  if (error) return `failed: ${error.message}`;
  // Before it could say that it stops in good order: it had done nothing yet.
  if (signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP')
    return 'stopped before it began';
  return signal ? `failed: killed by ${signal}` : `failed: status ${status}, see its log`;
}

/**
 * Runs all unfinished tasks, `jobs` at a time, each with a log. One that fails does not stop the
 * others. Asked to stop it passes the signal on and waits until every task has its checkpoint.
 * @throws InUse where another executor of this machine works on the sweep
 */
export async function runLocal(
  sweep: string,
  tasks: readonly SweepTask[],
  options: LocalOptions,
): Promise<LocalOutcome> {
  const { jobs, stop, command } = options;
  const lock = takeLock(executorLock(sweep));
  const outcome: LocalOutcome = {
    ...{ stopped: false, finished: 0, failed: [], checkpointed: [], elsewhere: [] },
  };
  const left = tasks.filter((task) => taskState(sweep, task) !== 'finished');
  const passOn = () => {
    for (const child of children)
      child.kill(stop.reason === 'SIGTERM' || stop.reason === 'SIGHUP' ? 'SIGTERM' : 'SIGINT');
  };
  const endWatch = whenStopped(stop, passOn);
  const one = async (task: SweepTask): Promise<void> => {
    if (taskState(sweep, task) === 'running') {
      outcome.elsewhere.push(task);
      return;
    }
    const began = performance.now();
    options.onStart?.(task);
    const how = verdict(sweep, task, await start(command(task.index), taskLog(sweep, task)));
    if (how === 'finished') outcome.finished++;
    else if (how.startsWith('failed: ')) outcome.failed.push({ task, why: how.slice(8) });
    else if (how.startsWith('refused')) outcome.elsewhere.push(task);
    else outcome.checkpointed.push(task);
    options.onEnd?.(task, how, (performance.now() - began) / 1000);
  };
  const worker = async (): Promise<void> => {
    for (;;) {
      if (await stop.poll()) return;
      const task = left.shift();
      if (task === undefined) return;
      await one(task);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
    outcome.stopped = stop.requested;
    // Named in the order of their numbers, not in that of their ends.
    outcome.failed.sort((one, other) => one.task.index - other.task.index);
    for (const some of [outcome.checkpointed, outcome.elsewhere])
      some.sort((one, other) => one.index - other.index);
    return outcome;
  } finally {
    endWatch();
    lock.release();
  }
}
