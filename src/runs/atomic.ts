/** Files that are replaced whole or not at all, and file-system errors in words. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import { shownPath } from './shown-path.js';

/** The file-system calls used for writing; tests put failing ones in their place. */
export type WritingFs = Pick<
  typeof nodeFs,
  | 'openSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'closeSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'linkSync'
  | 'copyFileSync'
>;

const TEMPORARY = /^\.(.+)\.(\d+)-(\d+)\.partial$/;
/** A temporary file of a living process is left alone for this long (it may be another writer's). */
const STALE_AFTER_MS = 3_600_000;
let counter = 0;

/** A new name beside `file`; `cleanTemporaries` knows it again. */
export function temporaryName(file: string): string {
  counter += 1;
  const name = `.${path.basename(file)}.${process.pid}-${counter}.partial`;
  return path.join(path.dirname(file), name);
}

/**
 * Writes `data` to `file` so that, killed at any moment, either the old or the new content is
 * there whole: a temporary file in the same folder, synced, then renamed over `file`.
 */
export function writeFileAtomic(
  file: string,
  data: Uint8Array | string,
  fs: WritingFs = nodeFs,
): void {
  const staged = stageFile(file, data, fs);
  commitFile(staged, file, fs);
}

/** First half of an atomic write: a synced temporary file beside `file`; returns its name. */
export function stageFile(file: string, data: Uint8Array | string, fs: WritingFs = nodeFs): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  const staged = temporaryName(file);
  try {
    const handle = fs.openSync(staged, 'wx');
    try {
      for (let at = 0; at < bytes.length; ) {
        // Some systems refuse single writes of 2 GiB and more.
        at += fs.writeSync(handle, bytes, at, Math.min(bytes.length - at, 1 << 28));
      }
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  } catch (error) {
    removeQuietly(staged, fs);
    throw writeError(error, file, bytes.length);
  }
  return staged;
}

/** Second half: renames the temporary file over `file` and syncs the folder. */
export function commitFile(staged: string, file: string, fs: WritingFs = nodeFs): void {
  try {
    renameWithPatience(staged, file, fs);
  } catch (error) {
    removeQuietly(staged, fs);
    throw writeError(error, file);
  }
  syncFolder(path.dirname(file), fs);
}

/**
 * Gives the content of `from` the second name `to`, atomically replacing what `to` was. A hard
 * link costs nothing; where links are not supported the content is copied.
 */
export function keepAs(from: string, to: string, fs: WritingFs = nodeFs): void {
  const staged = temporaryName(to);
  try {
    try {
      fs.linkSync(from, staged);
    } catch {
      fs.copyFileSync(from, staged);
      const handle = fs.openSync(staged, 'r+');
      try {
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
    }
    renameWithPatience(staged, to, fs);
  } catch (error) {
    throw writeError(error, to);
  } finally {
    // POSIX: renaming one hard link over another of the same file does nothing and leaves both.
    removeQuietly(staged, fs);
  }
}

/** Makes renames in `folder` durable, where the system can sync folders (Windows cannot). */
export function syncFolder(folder: string, fs: WritingFs = nodeFs): void {
  try {
    const handle = fs.openSync(folder, 'r');
    try {
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    // Nothing is lost without it: only the moment at which the new name is safe moves.
  }
}

/** Removes temporary files that killed processes left in `folder`; returns their names. */
export function cleanTemporaries(folder: string): string[] {
  const removed: string[] = [];
  for (const name of nodeFs.readdirSync(folder)) {
    const match = TEMPORARY.exec(name);
    if (!match) continue;
    const file = path.join(folder, name);
    const pid = Number(match[2]);
    const age = Date.now() - (nodeFs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (pid !== process.pid && age < STALE_AFTER_MS && processIsThere(pid)) continue;
    removeQuietly(file);
    removed.push(name);
  }
  return removed;
}

/** Whether a process with this number exists (it may be another user's). */
export function processIsThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** `ENOSPC`, `EACCES`... of a system error, else undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A failed write as a UserError; what is not a system error comes back as it was. */
export function writeError(error: unknown, file: string, bytes?: number): unknown {
  const code = errorCode(error);
  if (error instanceof UserError || code === undefined || !(error instanceof Error)) return error;
  const name = shownPath(file);
  const size = bytes === undefined ? '' : ` (${(bytes / 1e6).toFixed(1)} MB)`;
  const untouched = 'nothing was lost: the previous file is untouched';
  const folder = shownPath(path.dirname(file));
  const words: Record<string, string> = {
    ENOSPC: `the disk is full: ${name}${size} was not written; ${untouched}. Free some space, then go on.`,
    EDQUOT: `your disk quota is used up: ${name}${size} was not written; ${untouched}. Free some space, then go on.`,
    EACCES: `no permission to write ${name}; ${untouched}. Check the owner and mode of ${folder}.`,
    EPERM: `no permission to write ${name}; ${untouched}. Check the owner and mode of ${folder}.`,
    EROFS: `${name} lies on a read-only file system; ${untouched}. Choose a folder that can be written.`,
    ENOTDIR: `${name} cannot be written: a part of the path is a file, not a folder. Choose another folder.`,
    ENOENT: `${name} cannot be written: ${folder} is not there. Was it removed or renamed?`,
    EISDIR: `${name} cannot be written: it is a folder. Remove it or choose another folder.`,
  };
  const message = words[code] ?? `${name} was not written (${error.message}); ${untouched}.`;
  return new UserError(message, { cause: error });
}

/** Removes a file if it can be removed; for clean-up that must not hide the first error. */
export function removeQuietly(file: string, fs: Pick<WritingFs, 'unlinkSync'> = nodeFs): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Gone already, or out of reach.
  }
}

/** On Windows a virus scanner may hold a fresh file for a moment. */
function renameWithPatience(from: string, to: string, fs: WritingFs): void {
  const attempts = process.platform === 'win32' ? 8 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * 2 ** attempt);
    }
  }
}
