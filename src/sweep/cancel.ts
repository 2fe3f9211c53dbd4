/** Stopping what works on a sweep on this machine; everything keeps its checkpoint. */
import path from 'node:path';
import { type LockRecord, lockRecord } from '../runs/lock.js';
import { isLocal } from '../runs/lock-record.js';
import { executorLock } from './local.js';
import { taskHolder } from './status.js';
import { readTasks, type SweepTask } from './tasks.js';

export interface Cancelled {
  /** The executor of this machine, if there was one. */
  executor: number | null;
  /** Tasks whose processes were asked to stop. */
  asked: { task: SweepTask; pid: number }[];
  /** Tasks that other machines run. */
  elsewhere: { task: SweepTask; host: string; pid: number }[];
}

function terminate(pid: number): boolean {
  try {
    process.kill(pid, 'SIGTERM');
    return true;
  } catch {
    // It ended in this moment, or is another user's.
    return false;
  }
}

/**
 * Sends TERM to the executor and to every process of this machine that holds a run of the sweep,
 * but for those that somebody has stopped already.
 */
export function cancelLocal(
  sweep: string,
  stopped: (holder: LockRecord) => boolean = () => false,
): Cancelled {
  const tasks = readTasks(sweep);
  const executor = lockRecord(path.resolve(executorLock(sweep)));
  const cancelled: Cancelled = { executor: null, asked: [], elsewhere: [] };
  // First: it must not start the next task when one ends.
  if (executor && isLocal(executor) && terminate(executor.pid)) cancelled.executor = executor.pid;
  for (const task of tasks) {
    const holder = taskHolder(sweep, task);
    if (holder === null || stopped(holder)) continue;
    const { pid, host } = holder;
    if (!isLocal(holder)) cancelled.elsewhere.push({ task, host, pid });
    else if (pid > 0 && terminate(pid)) cancelled.asked.push({ task, pid });
  }
  return cancelled;
}
