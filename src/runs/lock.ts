/** The lock of a run folder: which process writes there, and whether it still lives. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../errors.js';
import { errorCode, processIsThere, removeQuietly, temporaryName, writeError } from './atomic.js';
import { shownPath } from './shown-path.js';

/** Content of `run.lock`. */
interface LockRecord {
  pid: number;
  host: string;
  /** Tells a process from a later one of the same number; null where the system does not say. */
  born: string | null;
  since: string;
}

/** A half-written lock (only on file systems without hard links) counts as held for this long. */
const UNREADABLE_GRACE_MS = 10_000;

/** Locks of this process, by file, with their exact content. */
const held = new Map<string, string>();
let exitHandlerSet = false;

/**
 * Takes the lock `file` or throws a UserError that names the process holding it. A lock whose
 * process is gone (kill -9, power cut) is taken over. It is released by the returned function and
 * when the process ends.
 */
export function takeLock(file: string): () => void {
  const target = path.resolve(file);
  const record: LockRecord = {
    pid: process.pid,
    host: os.hostname(),
    born: birthOf(process.pid),
    since: new Date().toISOString(),
  };
  const text = `${JSON.stringify(record)}\n`;
  for (let attempt = 0; !createExclusive(target, text); attempt++) {
    const found = readQuietly(target);
    const holder = found === null ? null : livingHolder(found, target);
    // After a few lost races somebody else is certainly alive there.
    if (holder !== null || attempt >= 5) throw inUse(target, holder);
    if (found !== null) removeStale(target, found);
  }
  held.set(target, text);
  if (!exitHandlerSet) {
    exitHandlerSet = true;
    process.on('exit', () => {
      for (const lock of [...held.keys()]) release(lock);
    });
  }
  return () => release(target);
}

/** Process number of the living holder of the lock `file`; null when nobody holds it. */
export function lockHolder(file: string): number | null {
  const found = readQuietly(file);
  return found === null ? null : (livingHolder(found, file)?.pid ?? null);
}

function release(target: string): void {
  const text = held.get(target);
  held.delete(target);
  // Another process may rightly hold a lock of this name by now (the folder was deleted and made anew).
  if (text !== undefined && readQuietly(target) === text) removeQuietly(target);
}

function inUse(file: string, holder: LockRecord | null): UserError {
  const folder = shownPath(path.dirname(file));
  if (holder === null) {
    return new UserError(
      `${folder} is in use by another run. Wait for it or choose another --out.`,
    );
  }
  if (holder.host !== os.hostname()) {
    return new UserError(
      `${folder} is in use by process ${holder.pid} on ${holder.host} (since ${holder.since}).\nIf that process is gone, delete ${shownPath(file)}; else choose another --out.`,
    );
  }
  if (holder.pid === process.pid) {
    return new UserError(
      `${folder} is in use by another run of this same process (${holder.pid}). Stop or release that run, or choose another --out.`,
    );
  }
  return new UserError(
    `${folder} is in use by process ${holder.pid} (since ${holder.since}). Wait for it, stop it, or choose another --out.`,
  );
}

/** Creates the lock with its whole content at once; false when there is one already. */
function createExclusive(file: string, text: string): boolean {
  const staged = temporaryName(file);
  try {
    nodeFs.writeFileSync(staged, text, { flag: 'wx' });
    try {
      nodeFs.linkSync(staged, file);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      nodeFs.writeFileSync(file, text, { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw writeError(error, file);
  } finally {
    removeQuietly(staged);
  }
}

/**
 * Moves a stale lock away. Two processes may see the same stale lock; the slower one would take
 * the fresh lock of the faster one, so it looks at what it moved and puts it back.
 */
function removeStale(file: string, stale: string): void {
  const moved = temporaryName(file);
  try {
    nodeFs.renameSync(file, moved);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw writeError(error, file);
  }
  try {
    if (readQuietly(moved) !== stale) nodeFs.linkSync(moved, file);
  } catch {
    // A third process was faster: its lock stands.
  } finally {
    removeQuietly(moved);
  }
}

/** The lock's record when its process lives, or may live; null when it is surely gone. */
function livingHolder(text: string, file: string): LockRecord | null {
  const record = parseLock(text);
  if (record === null) {
    const age = Date.now() - (nodeFs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    const unknown = { pid: 0, host: os.hostname(), born: null, since: 'a moment ago' };
    return age < UNREADABLE_GRACE_MS ? unknown : null;
  }
  // Nothing can be said about processes of another machine on a shared disk.
  if (record.host !== os.hostname()) return record;
  if (!processIsThere(record.pid)) return null;
  const born = birthOf(record.pid);
  return record.born !== null && born !== null && born !== record.born ? null : record;
}

function parseLock(text: string): LockRecord | null {
  try {
    const { pid, host, born, since } = JSON.parse(text) as Partial<LockRecord>;
    if (!Number.isSafeInteger(pid) || typeof host !== 'string') return null;
    const time = typeof since === 'string' ? since : 'unknown';
    return { pid: pid!, host, born: typeof born === 'string' ? born : null, since: time };
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

function readQuietly(file: string): string | null {
  try {
    return nodeFs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
