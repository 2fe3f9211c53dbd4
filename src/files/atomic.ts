/** Files that are replaced whole or not at all. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';
import {
  FileWriter,
  removeQuietly,
  renameWithPatience,
  temporaryName,
  type WritingFs,
} from './file-writer.js';
import { realFile } from './real-file.js';
import { errorCode } from './system-errors.js';
import { writeError } from './write-error.js';

const TEMPORARY = /^\.(.+)\.(\d+)-(\d+)\.partial$/;
/** A temporary file of a living process is left alone for this long (it may be another writer's). */
const STALE_AFTER_MS = 3_600_000;
/**
 * Writes `data` to `file` so that, killed at any moment, either the old or the new content is
 * there whole: a temporary file in the same folder, synced, then renamed over `file`. Links, modes,
 * pipes and devices: see `FileWriter`. What is called `.gz` is packed.
 */
export function writeFileAtomic(
  file: string,
  data: Uint8Array | string,
  fs: WritingFs = nodeFs,
): void {
  stageFile(file, data, fs).commit();
}

/** First half of an atomic write: all is written and synced; `commit` puts it in its place. */
export function stageFile(
  file: string,
  data: Uint8Array | string,
  fs: WritingFs = nodeFs,
): FileWriter {
  const plain = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  const bytes = file.endsWith('.gz') ? gzipSync(plain) : plain;
  const writer = new FileWriter(file, fs, bytes.length);
  writer.write(bytes);
  writer.sync();
  return writer;
}

/** Refuses now, before long work, what could not be written after it; folders that are missing are made. */
export function prepareOutput(file: string): void {
  makeFolder(path.dirname(path.resolve(file)));
  // A pipe that is opened twice would end in between.
  if (!isStream(file)) new FileWriter(file).discard();
}

/** Whether a path stands for a pipe, a device or the like. */
function isStream(file: string): boolean {
  try {
    const stats = nodeFs.statSync(file);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}

/** Makes a folder and those above it. @throws UserError that says why it cannot be made */
export function makeFolder(folder: string): void {
  try {
    nodeFs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      throw new UserError(`${shownPath(folder)} is a file, not a folder. Choose another folder.`);
    throw writeError(error, folder);
  }
}

/**
 * Gives the content of `from` the second name `to`, atomically replacing what `to` was. A hard
 * link costs nothing; where links are not supported the content is copied.
 */
export function keepAs(from: string, to: string, fs: WritingFs = nodeFs): void {
  // A second name of a link would follow it to what comes later.
  const [there, target] = [realFile(from), realFile(to)];
  const staged = temporaryName(target);
  try {
    try {
      fs.linkSync(there, staged);
    } catch {
      fs.copyFileSync(there, staged);
      const handle = fs.openSync(staged, 'r+');
      try {
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
    }
    renameWithPatience(staged, target, fs);
  } catch (error) {
    throw writeError(error, to);
  } finally {
    // POSIX: renaming one hard link over another of the same file does nothing and leaves both.
    removeQuietly(staged, fs);
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
