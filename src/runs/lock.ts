/** The lock of a run folder: one process writes there, on this machine or any other that sees the folder. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.js';
import { removeQuietly, temporaryName } from '../files/file-writer.js';
import { errorCode } from '../files/system-errors.js';
import { writeError } from '../files/write-error.js';
import { Interrupted } from '../host.js';
import { shownPath } from '../terminal/shown-path.js';
import type { StopFlag } from './interrupt.js';
import {
  BEAT_SECONDS,
  isLocal,
  type LockRecord,
  livingHolder,
  lockAge,
  mtime,
  ownRecord,
  parseLock,
  readQuietly,
  STALE_SECONDS,
} from './lock-record.js';

export type { LockRecord } from './lock-record.js';

/** A folder that another process works in. */
export class InUse extends UserError {
  constructor(message: string) {
    super(message);
    this.name = 'InUse';
  }
}

/** A lock that this process holds. */
export interface HeldLock {
  /** Gives it back; more than once does no harm. It is also given back when the process ends. */
  release(): void;
  /**
   * Makes sure that it is still ours, before something is written.
   * @throws InUse when another process has taken it over, because this one stood still for long
   */
  check(): void;
}

interface Held {
  text: string;
  /** The file, open: a sign of life must never go into a lock that took the place of ours. */
  handle: number;
}

/** Locks of this process, by file. */
const held = new Map<string, Held>();
let exitHandlerSet = false;
let heartbeat: NodeJS.Timeout | undefined;

/**
 * Takes the lock `file` or throws `InUse` naming the process that holds it. A lock whose process is
 * gone is taken over: at once where it ran on this machine (kill -9, power cut), else when nothing
 * was heard of it for ten minutes. While it is held its time is renewed every half minute, whenever
 * the work lets timers in.
 */
export function takeLock(file: string): HeldLock {
  const target = path.resolve(file);
  const text = `${JSON.stringify(ownRecord())}\n`;
  let handle = createExclusive(target, text);
  for (let attempt = 0; handle === null; attempt++) {
    const touched = mtime(target);
    const found = readQuietly(target);
    const holder = found === null ? null : livingHolder(found, target);
    // After a few lost races somebody else is certainly alive there.
    if (holder !== null || attempt >= 5) throw inUse(target, holder);
    if (found !== null) removeStale(target, found, touched);
    handle = createExclusive(target, text);
  }
  held.set(target, { text, handle });
  if (!exitHandlerSet) {
    exitHandlerSet = true;
    process.on('exit', () => {
      for (const lock of [...held.keys()]) release(lock, held.get(lock)!.text);
    });
  }
  heartbeat ??= setInterval(beat, BEAT_SECONDS * 1000).unref();
  return { release: () => release(target, text), check: () => check(target, text) };
}

/** The record of the living holder of the lock `file`; null when nobody holds it. */
export function lockRecord(file: string): LockRecord | null {
  const found = readQuietly(file);
  return found === null ? null : livingHolder(found, file);
}

/** @throws InUse when somebody holds the lock `file`, as `takeLock` would; takes nothing */
export function refuseInUse(file: string): void {
  const holder = lockRecord(file);
  if (holder !== null) throw inUse(path.resolve(file), holder);
}

/** Process number of the living holder of the lock `file`; null when nobody holds it. */
export const lockHolder = (file: string): number | null => lockRecord(file)?.pid ?? null;

/** How to wait for the end of a process of another machine. */
export interface WaitOptions {
  stop?: StopFlag;
  /** Told once, when there is something to wait for. */
  say?: (text: string) => void;
  /** Somebody who knows more than the file: true when the holder is surely gone (its job has ended). */
  gone?: (record: LockRecord) => Promise<boolean>;
  /** Milliseconds between two looks. Default 2000. */
  every?: number;
}

/**
 * Waits until it is sure whether the holder of a lock lives, where that is a process of another
 * machine or container: returns when the lock is free, or was touched meanwhile (`takeLock` then
 * says whose it is). A task that is started anew elsewhere, because its node has failed, thus waits
 * ten minutes at most.
 */
export async function awaitVerdict(file: string, options: WaitOptions = {}): Promise<void> {
  const { stop, say, gone, every = 2000 } = options;
  const first = mtime(file);
  for (let look = 0; ; look++) {
    const found = readQuietly(file);
    const record = found === null ? null : livingHolder(found, file);
    if (record === null || isLocal(record)) return;
    if (await gone?.(record)) {
      removeStale(file, found!, mtime(file));
      return;
    }
    if (record.beat === null || mtime(file) !== first) return;
    if (look === 0) {
      const left = Math.max(0, STALE_SECONDS - (lockAge(file) ?? 0));
      say?.(
        `${shownPath(path.dirname(file))} is held by process ${record.pid} on ${record.host}: waiting for a sign of life, ${Math.ceil(left / 60)} min at most`,
      );
    }
    for (let waited = 0; waited < every; waited += 200) {
      await sleep(Math.min(200, every - waited));
      if (stop?.requested) throw new Interrupted();
    }
  }
}

/** Signs of life for all locks of this process. */
function beat(): void {
  for (const { text, handle } of held.values()) {
    try {
      // The same bytes again, into the very file that we made: its time is set by whoever keeps it.
      nodeFs.writeSync(handle, text, 0);
      nodeFs.fsyncSync(handle);
    } catch {
      // The disk is full or away: the next beat, or the next checkpoint, tells.
    }
  }
}

function check(target: string, text: string): void {
  const found = readQuietly(target);
  // Gone altogether: removed by hand, or with its folder; whoever writes there will notice.
  if (found === null || found === text) return;
  const record = parseLock(found);
  const by = record === null ? 'another process' : `process ${record.pid} on ${record.host}`;
  throw new InUse(
    `${shownPath(path.dirname(target))} was taken over by ${by}: this process stood still for too long. It writes nothing more there.`,
  );
}

function release(target: string, text: string): void {
  const lock = held.get(target);
  if (lock?.text !== text) return;
  held.delete(target);
  if (held.size === 0) {
    clearInterval(heartbeat);
    heartbeat = undefined;
  }
  closeQuietly(lock.handle);
  // Another process may rightly hold a lock of this name by now (the folder was deleted and made anew).
  if (readQuietly(target) === text) removeQuietly(target);
}

function inUse(file: string, holder: LockRecord | null): InUse {
  const folder = shownPath(path.dirname(file));
  if (holder === null) {
    return new InUse(`${folder} is in use by another run. Wait for it or choose another --out.`);
  }
  if (!isLocal(holder)) {
    const until = holder.beat === null ? '' : ` wait ${STALE_SECONDS / 60} minutes or`;
    return new InUse(
      `${folder} is in use by process ${holder.pid} on ${holder.host} (since ${holder.since}).\nIf that process is gone,${until} delete ${shownPath(file)}; else choose another --out.`,
    );
  }
  if (holder.pid === process.pid) {
    return new InUse(
      `${folder} is in use by another run of this same process (${holder.pid}). Stop or release that run, or choose another --out.`,
    );
  }
  return new InUse(
    `${folder} is in use by process ${holder.pid} (since ${holder.since}). Wait for it, stop it, or choose another --out.`,
  );
}

/** Creates the lock with its whole content at once and keeps it open; null when there is one already. */
function createExclusive(file: string, text: string): number | null {
  const staged = temporaryName(file);
  let handle: number | null = null;
  try {
    handle = nodeFs.openSync(staged, 'wx');
    nodeFs.writeSync(handle, text);
    try {
      nodeFs.linkSync(staged, file);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return refused(handle);
      closeQuietly(handle);
      handle = nodeFs.openSync(file, 'wx');
      nodeFs.writeSync(handle, text);
    }
    return handle;
  } catch (error) {
    if (handle !== null) closeQuietly(handle);
    if (errorCode(error) === 'EEXIST') return null;
    throw writeError(error, file);
  } finally {
    removeQuietly(staged);
  }
}

function refused(handle: number): null {
  closeQuietly(handle);
  return null;
}

function closeQuietly(handle: number): void {
  try {
    nodeFs.closeSync(handle);
  } catch {
    // Closed already by a failed attempt, or its file system is away.
  }
}

/**
 * Moves a stale lock away. Two processes may see the same stale lock; the slower one would take
 * the fresh lock of the faster one, so it looks at what it moved and puts it back. The same where
 * its holder has given a sign of life since `touched`.
 */
function removeStale(file: string, stale: string, touched: number | null): void {
  const moved = temporaryName(file);
  try {
    nodeFs.renameSync(file, moved);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw writeError(error, file);
  }
  try {
    const same = readQuietly(moved) === stale && mtime(moved) === touched;
    if (!same) nodeFs.linkSync(moved, file);
  } catch {
    // A third process was faster: its lock stands.
  } finally {
    removeQuietly(moved);
  }
}
