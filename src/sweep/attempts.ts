/**
 * `attempts.jsonl` in a run folder: who started the task, where, and how that ended. Only ever
 * appended to: a line at the start, and the same attempt again with its end. Killed between the two,
 * the first line stays alone, and the next start says so.
 */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { processIsThere } from '../files/atomic.js';
import { lineAs } from '../files/json-file.js';
import { writeError } from '../files/write-error.js';

/** How an attempt ended, or that it has not. */
export type AttemptReason =
  | 'running'
  | 'finished'
  | 'nothing to do'
  | `checkpointed after ${string}`
  | `failed: ${string}`
  /** Another process holds the run. */
  | `refused: ${string}`
  | typeof KILLED;

/** What a process says by ending without a word. */
export const KILLED = 'ended without a word: killed?';

/** One start of a task. */
export interface Attempt {
  host: string;
  pid: number;
  /** SLURM_ARRAY_JOB_ID or SLURM_JOB_ID; null outside of Slurm. */
  job: string | null;
  /** SLURM_ARRAY_TASK_ID; null outside of an array. */
  task: number | null;
  /** SLURM_RESTART_COUNT: how often Slurm has put the job back into its queue. */
  restart: number;
  /** ISO 8601. */
  start: string;
  /** ISO 8601; null while it runs, and where nobody knows. */
  end: string | null;
  reason: AttemptReason;
}

const ATTEMPT: z.ZodType<Attempt> = z.looseObject({
  host: z.string(),
  pid: z.int(),
  job: z.nullable(z.string()),
  task: z.nullable(z.int()),
  restart: z.int(),
  start: z.string(),
  end: z.nullable(z.string()),
  reason: z.string() as unknown as z.ZodType<AttemptReason>,
});

const attemptsFile = (folder: string): string => path.join(folder, 'attempts.jsonl');

/** A line of its own, also behind one that was not written to its end. */
function append(folder: string, attempt: Attempt): void {
  const file = attemptsFile(folder);
  try {
    nodeFs.mkdirSync(folder, { recursive: true });
    const handle = nodeFs.openSync(file, 'a+');
    try {
      const { size } = nodeFs.fstatSync(handle);
      const last = Buffer.alloc(1);
      if (size > 0) nodeFs.readSync(handle, last, 0, 1, size - 1);
      const torn = size > 0 && last[0] !== 0x0a;
      nodeFs.writeSync(handle, `${torn ? '\n' : ''}${JSON.stringify(attempt)}\n`);
      nodeFs.fsyncSync(handle);
    } finally {
      nodeFs.closeSync(handle);
    }
  } catch (error) {
    throw writeError(error, file);
  }
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/** Writes down that this process starts on the run; `endAttempt` says how that ended. */
export function beginAttempt(folder: string, env: NodeJS.ProcessEnv = process.env): Attempt {
  const attempt: Attempt = {
    host: os.hostname(),
    pid: process.pid,
    job: env.SLURM_ARRAY_JOB_ID ?? env.SLURM_JOB_ID ?? null,
    task: wholeNumber(env.SLURM_ARRAY_TASK_ID),
    restart: wholeNumber(env.SLURM_RESTART_COUNT) ?? 0,
    start: new Date().toISOString(),
    end: null,
    reason: 'running',
  };
  append(folder, attempt);
  return attempt;
}

/** Writes down how an attempt ended. */
export function endAttempt(folder: string, attempt: Attempt, reason: AttemptReason): Attempt {
  const ended = { ...attempt, end: new Date().toISOString(), reason };
  append(folder, ended);
  return ended;
}

/** Every attempt, in the order of their starts; a line that was not written to its end is none. */
export function readAttempts(folder: string): Attempt[] {
  const file = attemptsFile(folder);
  if (!nodeFs.existsSync(file)) return [];
  const attempts = new Map<string, Attempt>();
  for (const line of nodeFs.readFileSync(file, 'utf8').split('\n')) {
    const attempt = lineAs(line, ATTEMPT);
    if (attempt) attempts.set(`${attempt.host} ${attempt.pid} ${attempt.start}`, attempt);
  }
  return [...attempts.values()];
}

/** The last attempt that came to the run at all; null where there was none. */
export const lastAttempt = (folder: string): Attempt | null =>
  readAttempts(folder)
    .filter(({ reason }) => !reason.startsWith('refused'))
    .at(-1) ?? null;

/** Whether the process may live. In containers the next process often has the same number: its own. */
const mayLive = ({ host, pid }: Attempt): boolean =>
  host === os.hostname() && pid !== process.pid && processIsThere(pid);

/**
 * Says of attempts before `own` that have no end that their processes are gone. For whoever found
 * the run's lock free; a process that lives after all (it was still loading its texts) says later how
 * it ended.
 */
export function concludeAttempts(folder: string, own: Attempt): void {
  for (const attempt of readAttempts(folder)) {
    const same = attempt.start === own.start && attempt.pid === own.pid;
    if (attempt.reason === 'running' && !same && !mayLive(attempt))
      append(folder, { ...attempt, reason: KILLED });
  }
}
