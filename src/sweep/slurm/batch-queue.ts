/** Slurm as `sweep status` and `sweep cancel` know batch systems. */
import type { BatchQueue, QueueCancelled, QueueReport } from '../queue.js';
import { callSlurm, ORDER_SECONDS, type SlurmCall } from './call.js';
import { endedInQueue } from './holder.js';
import { liveJobs, readJobs, type TaskInQueue, tasksInQueue } from './jobs.js';
import { askQueue } from './queue.js';
import { explainJob } from './reasons.js';
import { refusal } from './refusals.js';

/** Where to read on, of a task that failed. */
const logOf = ({ id, state }: TaskInQueue): string =>
  state === 'FAILED' ? ` (logs/${id}.log)` : '';

async function report(sweep: string, call: SlurmCall): Promise<QueueReport> {
  const words = new Map<number, string>();
  const jobs = readJobs(sweep);
  // No question about a sweep that Slurm never got.
  if (jobs.length === 0) return { words, ended: () => false, notes: [] };
  const { jobs: queue, note } = await askQueue(call);
  for (const [index, task] of tasksInQueue(jobs, queue ?? []))
    words.set(index, `Slurm job ${task.id} ${explainJob(task)}${logOf(task)}`);
  const ours = new Set(jobs.map(({ id }) => id));
  return {
    words,
    // A job that this sweep did not submit may be another user's, or another cluster's.
    ended: (holder) => ours.has(holder.job?.split('_')[0] ?? '') && endedInQueue(holder, queue),
    notes: note === null ? [] : [note],
  };
}

async function cancel(sweep: string, call: SlurmCall): Promise<QueueCancelled> {
  const nothing = { lines: [], complete: true, took: () => false };
  const jobs = readJobs(sweep);
  if (jobs.length === 0) return nothing;
  const { jobs: queue, note } = await askQueue(call);
  if (queue === null) {
    const lines = [`${note}: jobs in its queue were not cancelled; try again`];
    return { ...nothing, lines, complete: false };
  }
  const live = liveJobs(jobs, queue);
  if (live.length === 0) return nothing;
  const answer = await call('scancel', live, { seconds: ORDER_SECONDS });
  if (answer.kind !== 'answered' || answer.status !== 0) {
    const lines = refusal('scancel', answer).message.split('\n');
    return { ...nothing, lines, complete: false };
  }
  return {
    lines: [`cancelled in Slurm: ${live.map((id) => `job ${id}`).join(', ')}`],
    complete: true,
    took: ({ job }) => job !== null && live.includes(job.split('_')[0]!),
  };
}

/**
 * One question to squeue for a status, never waited for longer than a few seconds; scancel for what
 * waits or runs, the report included. Running tasks get TERM and keep a checkpoint.
 */
export const slurmQueue = (call: SlurmCall = callSlurm): BatchQueue => ({
  ask: (sweep) => report(sweep, call),
  cancel: (sweep) => cancel(sweep, call),
});
