/** Who holds a lock, and whether that process still lives: here by its number, elsewhere by its heartbeat. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { processIsThere } from '../files/atomic.js';
import { removeQuietly, temporaryName } from '../files/file-writer.js';
import { lineAs } from '../files/json-file.js';

/** Content of a lock file. */
export interface LockRecord {
  pid: number;
  host: string;
  /** Tells a process from a later one of the same number; null where the system does not say. */
  born: string | null;
  /** Where the number means something (Linux: boot and namespace of process numbers); else null. */
  space: string | null;
  /** Seconds between two signs of life; null for locks of before there were any. */
  beat: number | null;
  /** Slurm's name of the job, `123` or `123_4`; null outside of Slurm. */
  job: string | null;
  since: string;
}

/** Seconds between two signs of life. */
export const BEAT_SECONDS = 30;

/**
 * A process of another machine that has not been heard of for this long is gone. Signs of life are
 * given between training steps and batches of a validation, which take seconds; a process that
 * stood still for longer (suspended) finds at its next checkpoint that its lock is another's.
 */
export const STALE_SECONDS = 600;

/** A half-written lock (only on file systems without hard links) counts as held for this long. */
const UNREADABLE_GRACE_MS = 10_000;

/** Linux: number of the namespace in which a machine boots; containers have others. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** The record of this process. */
export function ownRecord(env: NodeJS.ProcessEnv = process.env): LockRecord {
  const { SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task, SLURM_JOB_ID: job } = env;
  return {
    pid: process.pid,
    host: os.hostname(),
    born: birthOf(process.pid),
    space: ownSpace(),
    beat: BEAT_SECONDS,
    job: array !== undefined && task !== undefined ? `${array}_${task}` : (job ?? null),
    since: new Date().toISOString(),
  };
}

const word = z.nullable(z.string()).catch(null);
const RECORD: z.ZodType<LockRecord> = z.object({
  pid: z.int(),
  host: z.string(),
  born: word,
  space: word,
  beat: z.nullable(z.number()).catch(null),
  job: word,
  since: z.string().catch('unknown'),
});

/** A lock's record; null for a text that is none. Early ones say less. */
export const parseLock = (text: string): LockRecord | null => lineAs(text, RECORD);

/**
 * Whether the number of the holding process says anything here. Not on another host, and not in
 * another container, which may bear the same host name: the same number is another process there. A
 * machine that was only booted anew is the same one.
 */
export function isLocal({ host, space }: LockRecord): boolean {
  if (host !== os.hostname()) return false;
  const own = ownSpace();
  if (space === null || own === null || space === own) return true;
  return space.endsWith(FIRST_NAMESPACE) && own.endsWith(FIRST_NAMESPACE);
}

/** The record in the lock `text` of `file` when its process lives, or may live; null when it is gone. */
export function livingHolder(text: string, file: string): LockRecord | null {
  const record = parseLock(text);
  if (record === null) {
    const age = Date.now() - (mtime(file) ?? 0);
    const unknown = { ...ownRecord(), pid: 0, born: null, since: 'a moment ago' };
    return age < UNREADABLE_GRACE_MS ? unknown : null;
  }
  if (!isLocal(record)) {
    if (record.beat === null) return record;
    const age = lockAge(file);
    return age !== null && age > STALE_SECONDS ? null : record;
  }
  if (!processIsThere(record.pid)) return null;
  const born = birthOf(record.pid);
  return record.born !== null && born !== null && born !== record.born ? null : record;
}

/** Time of a file's last sign of life, ms; null where it is gone. */
export const mtime = (file: string): number | null =>
  nodeFs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;

/**
 * Seconds since the last sign of life of a lock, both times by the clock of the file system it lies
 * on: clocks of machines differ. Null where the lock is gone.
 */
export function lockAge(file: string): number | null {
  const touched = mtime(file);
  return touched === null ? null : (fileSystemNow(file) - touched) / 1000;
}

/** The time that the file system gives a file written now, ms. */
function fileSystemNow(beside: string): number {
  const probe = temporaryName(path.join(path.dirname(beside), 'clock'));
  try {
    const handle = nodeFs.openSync(probe, 'wx');
    try {
      nodeFs.writeSync(handle, '\n');
      // A network file system sets the time when the byte arrives.
      nodeFs.fsyncSync(handle);
    } finally {
      nodeFs.closeSync(handle);
    }
    return mtime(probe) ?? Date.now();
  } catch {
    // Whoever may only read (`sweep status` of somebody else's sweep) has its own clock alone.
    return Date.now();
  } finally {
    removeQuietly(probe);
  }
}

/** Boot, which no two machines share, and namespace of process numbers. */
function ownSpace(): string | null {
  if (process.platform !== 'linux') return null;
  const boot = readQuietly('/proc/sys/kernel/random/boot_id');
  try {
    return boot === null ? null : `${boot.trim()}:${nodeFs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** Linux: boot and start time of a process; elsewhere null. */
function birthOf(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  const stat = readQuietly(`/proc/${pid}/stat`);
  const boot = readQuietly('/proc/sys/kernel/random/boot_id');
  if (stat === null || boot === null) return null;
  // The second field, the command's name, may hold spaces and brackets; start time is field 22.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? null : `${boot.trim()}:${ticks}`;
}

/** A file's text; null where it cannot be read. */
export function readQuietly(file: string): string | null {
  try {
    return nodeFs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
