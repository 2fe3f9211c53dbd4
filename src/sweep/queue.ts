/** What a batch system adds to `sweep status` and `sweep cancel`. */
import type { LockRecord } from '../runs/lock.js';
import type { QueueWords } from './status.js';

/** What batch systems say of a sweep. */
export interface QueueReport {
  /** One sentence for every task that they know; empty where the sweep was never submitted. */
  words: QueueWords;
  /** Whether the holder of a lock was a job of theirs that has ended. */
  ended: (holder: LockRecord) => boolean;
  /** What a person should know of the answer: that there was none, for example. */
  notes: readonly string[];
}

/** What cancelling did. */
export interface QueueCancelled {
  /** The same in lines. */
  lines: readonly string[];
  /** False where jobs may be left, because the batch system did not answer. */
  complete: boolean;
  /** Whether the holder of a lock is one of the jobs taken back: nobody else need stop it. */
  took: (holder: LockRecord) => boolean;
}

/** A batch system that sweeps were submitted to. */
export interface BatchQueue {
  ask: (sweep: string) => Promise<QueueReport>;
  /** Takes the sweep's jobs back. */
  cancel: (sweep: string) => Promise<QueueCancelled>;
}

/** The reports of all queues as one. */
export async function askQueues(
  queues: readonly BatchQueue[],
  sweep: string,
): Promise<QueueReport> {
  const reports = await Promise.all(queues.map((queue) => queue.ask(sweep)));
  return {
    words: new Map(reports.flatMap(({ words }) => [...words])),
    ended: (holder) => reports.some(({ ended }) => ended(holder)),
    notes: reports.flatMap(({ notes }) => notes),
  };
}

/** Takes back the jobs that all queues have of a sweep. */
export async function cancelQueues(
  queues: readonly BatchQueue[],
  sweep: string,
): Promise<QueueCancelled> {
  const all = await Promise.all(queues.map((queue) => queue.cancel(sweep)));
  return {
    lines: all.flatMap(({ lines }) => lines),
    complete: all.every(({ complete }) => complete),
    took: (holder) => all.some(({ took }) => took(holder)),
  };
}
