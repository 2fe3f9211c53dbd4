/** Writing into what a path stands for: a file that is replaced whole, or a pipe or device that stays. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Place, placeOf } from './real-file.js';
import { errorCode } from './system-errors.js';
import { writeError } from './write-error.js';

/** The file-system calls used for writing; tests put failing ones in their place. */
export type WritingFs = Pick<
  typeof nodeFs,
  | 'accessSync'
  | 'openSync'
  | 'readSync'
  | 'writeSync'
  | 'ftruncateSync'
  | 'fstatSync'
  | 'fchownSync'
  | 'fchmodSync'
  | 'fsyncSync'
  | 'closeSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'linkSync'
  | 'copyFileSync'
>;

let counter = 0;

/** A new name beside `file`; `cleanTemporaries` knows it again. */
export function temporaryName(file: string): string {
  counter += 1;
  // A name that is as long as names may be leaves no room for more.
  const short = [...path.basename(file)].slice(0, 50).join('');
  return path.join(path.dirname(file), `.${short}.${process.pid}-${counter}.partial`);
}

/** Errors by which a folder refuses a new file, or a rename, while the file itself may be written. */
const NOT_BY_RENAME = ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'];

/** Bytes that are copied at once. */
const CHUNK = 1 << 20;

/**
 * A file that is being written. A plain file, through links, is replaced whole at `commit`, with its
 * mode, its owner where that is allowed; other hard links to it keep the old content. A pipe, a device
 * or a descriptor gets its bytes as they come. Where the folder takes no new file (or the file is a
 * mount) it is written over at `commit`, the one case in which a crash can leave half of it.
 */
export class FileWriter {
  readonly #file: string;
  readonly #fs: WritingFs;
  readonly #size: number | undefined;
  readonly #place: Place;
  #handle = -1;
  #staged: string | null = null;
  #open = true;

  /** @param size bytes that will be written, for messages */
  constructor(file: string, fs: WritingFs = nodeFs, size?: number) {
    this.#file = file;
    this.#fs = fs;
    this.#size = size;
    try {
      this.#place = placeOf(file);
    } catch (error) {
      throw writeError(error, file, size);
    }
    try {
      if (this.#place.kind === 'descriptor') this.#handle = this.#place.handle;
      else if (this.#place.kind === 'special') this.#handle = fs.openSync(file, O_WRONLY);
      else this.#stage(this.#place);
    } catch (error) {
      // A link into a folder that is not there: the folder of the link is not what is missing.
      const { kind } = this.#place;
      const missing = kind === 'file' && errorCode(error) === 'ENOENT' ? this.#place.file : file;
      throw writeError(error, missing, size);
    }
  }

  #stage({ file, old }: Extract<Place, { kind: 'file' }>): void {
    // Renaming asks for no permission of the file: what its owner has protected stays.
    if (old !== null) this.#fs.accessSync(file, nodeFs.constants.W_OK);
    const make = (staged: string, mode: number): void => {
      this.#handle = this.#fs.openSync(staged, 'wx', mode);
      this.#staged = staged;
    };
    try {
      make(temporaryName(file), old === null ? 0o666 : old.mode & 0o777);
    } catch (error) {
      if (old === null || !NOT_BY_RENAME.includes(errorCode(error)!)) throw error;
      make(temporaryName(path.join(os.tmpdir(), path.basename(file))), 0o600);
    }
  }

  /** Adds bytes. */
  write(bytes: Uint8Array): void {
    try {
      writeWhole(this.#handle, bytes, this.#fs);
    } catch (error) {
      this.discard();
      throw writeError(error, this.#file, this.#size, this.#staged !== null);
    }
  }

  /** Makes the bytes durable, still under another name. */
  sync(): void {
    try {
      if (this.#staged !== null) this.#fs.fsyncSync(this.#handle);
    } catch (error) {
      this.discard();
      throw writeError(error, this.#file, this.#size);
    }
  }

  /** Puts the file in its place. */
  commit(): void {
    if (!this.#open) return;
    this.sync();
    const place = this.#place;
    const staged = this.#staged;
    if (place.kind !== 'file' || staged === null) {
      this.#close();
      return;
    }
    try {
      if (place.old !== null) keepFacts(this.#handle, place.old, this.#fs);
      this.#close();
      if (path.dirname(staged) !== path.dirname(place.file)) this.#fill(staged, place.file);
      else this.#rename(staged, place);
    } catch (error) {
      removeQuietly(staged, this.#fs);
      throw writeError(error, this.#file, this.#size);
    }
    syncFolder(path.dirname(place.file), this.#fs);
  }

  #rename(staged: string, { file, old }: Extract<Place, { kind: 'file' }>): void {
    try {
      renameWithPatience(staged, file, this.#fs);
    } catch (error) {
      if (old === null || !NOT_BY_RENAME.includes(errorCode(error)!)) throw error;
      this.#fill(staged, file);
    }
  }

  /** Writes over the file itself. */
  #fill(staged: string, file: string): void {
    const fs = this.#fs;
    const from = fs.openSync(staged, 'r');
    let begun = false;
    try {
      const to = fs.openSync(file, 'r+');
      begun = true;
      try {
        const bytes = Buffer.alloc(CHUNK);
        let size = 0;
        for (let n = fs.readSync(from, bytes); n > 0; n = fs.readSync(from, bytes)) {
          writeWhole(to, bytes.subarray(0, n), fs);
          size += n;
        }
        fs.ftruncateSync(to, size);
        fs.fsyncSync(to);
      } finally {
        fs.closeSync(to);
      }
    } catch (error) {
      throw writeError(error, this.#file, this.#size, !begun);
    } finally {
      fs.closeSync(from);
      removeQuietly(staged, fs);
    }
  }

  #close(): void {
    this.#open = false;
    if (this.#place.kind !== 'descriptor') this.#fs.closeSync(this.#handle);
  }

  /** Forgets what was written, unless `commit` came first. */
  discard(): void {
    if (!this.#open) return;
    this.#close();
    if (this.#staged !== null) removeQuietly(this.#staged, this.#fs);
  }
}

const { O_WRONLY } = nodeFs.constants;

function writeWhole(handle: number, bytes: Uint8Array, fs: WritingFs): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      // Some systems refuse single writes of 2 GiB and more.
      at += fs.writeSync(handle, bytes, at, Math.min(bytes.length - at, 1 << 28));
    } catch (error) {
      // A pipe that somebody set to not waiting is full.
      if (errorCode(error) !== 'EAGAIN') throw error;
      sleep(5);
    }
  }
}

/** Gives a new file mode and owner of the one that it replaces, as far as this user may. */
function keepFacts(handle: number, old: nodeFs.Stats, fs: WritingFs): void {
  if (process.platform === 'win32') return;
  const allowed = (action: () => void): boolean => {
    try {
      action();
      return true;
    } catch {
      return false;
    }
  };
  const { uid, gid } = fs.fstatSync(handle);
  const owner = uid === old.uid || allowed(() => fs.fchownSync(handle, old.uid, -1));
  const group = gid === old.gid || allowed(() => fs.fchownSync(handle, -1, old.gid));
  let mode = old.mode & (owner && group ? 0o7777 : 0o777);
  // Another group must not see what only the old one might.
  if (!group) mode &= ~0o070 | ((mode & 0o007) << 3);
  allowed(() => fs.fchmodSync(handle, mode));
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

/** Removes a file if it can be removed; for clean-up that must not hide the first error. */
export function removeQuietly(file: string, fs: Pick<WritingFs, 'unlinkSync'> = nodeFs): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Gone already, or out of reach.
  }
}

/** On Windows a virus scanner may hold a fresh file for a moment. */
export function renameWithPatience(from: string, to: string, fs: WritingFs): void {
  const attempts = process.platform === 'win32' ? 8 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      sleep(10 * 2 ** attempt);
    }
  }
}

const sleep = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
