/** The jobs that a sweep gave to Slurm: `slurm/jobs.jsonl`, one line a job, and what the queue says of them. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { lineAs } from '../../files/json-file.js';
import { writeError } from '../../files/write-error.js';
import { parseRanges, rangesText } from './array.js';
import type { SlurmOptions } from './options.js';
import { isLive, type QueuedJob } from './queue.js';

/** A job that was submitted. */
export interface SubmittedJob {
  /** Slurm's number of the job or array. */
  id: string;
  kind: 'tasks' | 'report';
  /** Task index = offset + Slurm's index in the array. */
  offset: number;
  /** Task indices of the array; none for a report. */
  indices: number[];
  /** When, ISO 8601. */
  time: string;
  options: SlurmOptions;
}

const text = z.nullable(z.string());
const OPTIONS: z.ZodType<SlurmOptions> = z.looseObject({
  partition: text,
  time: text,
  memGb: z.nullable(z.number()),
  cpusPerTask: z.int(),
  arrayParallelism: z.nullable(z.int()),
  account: text,
  qos: text,
  constraint: text,
  exclude: text,
  signalDelaySeconds: z.number(),
  maxTimeouts: z.number(),
  setup: z.array(z.string()),
  sbatch: z.array(z.tuple([z.string(), text])),
});

const JOB = z.looseObject({
  id: z.string().regex(/^\d+$/),
  kind: z.enum(['tasks', 'report']),
  offset: z.int().min(0),
  indices: z.string(),
  time: z.string(),
  options: OPTIONS,
});

export const jobsFile = (sweep: string): string => path.join(sweep, 'slurm', 'jobs.jsonl');

/** Adds a job; on disk when this returns. */
export function recordJob(sweep: string, job: SubmittedJob): void {
  const file = jobsFile(sweep);
  const line = `${JSON.stringify({ ...job, indices: rangesText(job.indices) })}\n`;
  try {
    const handle = nodeFs.openSync(file, 'a');
    try {
      nodeFs.writeSync(handle, line);
      nodeFs.fsyncSync(handle);
    } finally {
      nodeFs.closeSync(handle);
    }
  } catch (error) {
    throw writeError(error, file);
  }
}

/** All jobs so far, oldest first; a line that was cut off by a crash is passed over. */
export function readJobs(sweep: string): SubmittedJob[] {
  let text: string;
  try {
    text = nodeFs.readFileSync(jobsFile(sweep), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const job = lineAs(line, JOB);
    if (!job) return [];
    return [{ ...job, indices: job.indices === '' ? [] : (parseRanges(job.indices) ?? []) }];
  });
}

/** What Slurm says of one task. */
export interface TaskInQueue extends QueuedJob {
  /** As scancel and scontrol take it: `123_4`. */
  id: string;
}

/** Tasks by index, each with its newest job that Slurm still knows; a live one before one that ended. */
export function tasksInQueue(
  jobs: readonly SubmittedJob[],
  queue: readonly QueuedJob[],
): Map<number, TaskInQueue> {
  const known = new Map(jobs.filter(({ kind }) => kind === 'tasks').map((job) => [job.id, job]));
  const tasks = new Map<number, TaskInQueue>();
  for (const queued of queue) {
    const job = known.get(queued.job);
    if (!job || queued.element === null) continue;
    const index = job.offset + queued.element;
    const before = tasks.get(index);
    const better =
      !before ||
      (isLive(queued) && !isLive(before)) ||
      (isLive(queued) === isLive(before) && Number(queued.job) > Number(before.job));
    if (better) tasks.set(index, { ...queued, id: `${queued.job}_${queued.element}` });
  }
  return tasks;
}

/** Numbers of the sweep's jobs, the report's included, of which something waits or runs. */
export function liveJobs(
  jobs: readonly SubmittedJob[],
  queue: readonly QueuedJob[],
  kind?: SubmittedJob['kind'],
): string[] {
  const live = new Set(queue.filter(isLive).map(({ job }) => job));
  return [
    ...new Set(
      jobs.filter((job) => (!kind || job.kind === kind) && live.has(job.id)).map((job) => job.id),
    ),
  ];
}
