/** A run is a folder: its configuration, log, checkpoints and summary, and the lock of its writer. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { cleanTemporaries, writeFileAtomic } from '../files/atomic.js';
import { readJsonFile, readStored } from '../files/json-file.js';
import { errorCode, isThere } from '../files/system-errors.js';
import { writeError } from '../files/write-error.js';
import { shownPath } from '../terminal/shown-path.js';
import { type CheckpointName, checkpointFile } from './checkpoint.js';
import { type HeldLock, refuseInUse, takeLock } from './lock.js';

/** Content of `config.json`: what was asked for and, complete, what it means. */
export interface RunDescription {
  /** `train lm`, `train nmt`... */
  command: string;
  /** Name of the preset the configuration started from; null for none. */
  preset: string | null;
  /** The resolved configuration, every key. */
  config: Record<string, unknown>;
}

const DESCRIPTION = z.object({
  command: z.string(),
  preset: z.nullish(z.string()),
  config: z.record(z.string(), z.unknown()),
});

/** How to open a run folder for writing. */
export interface RunFolderOptions extends RunDescription {
  /** Go on with the run that is there, which must have the same configuration. Default false. */
  resume?: boolean;
  /** Keys that may differ when resuming (`epochs`, to train longer); the new values are stored. */
  mayDiffer?: readonly string[];
  /** Keys that configurations did not always have, with the value that a folder without them means. */
  later?: Record<string, unknown>;
}

/** An open run folder. `RunFolder.create` locks it; `release` when done. */
export class RunFolder {
  /** The folder, as given. */
  readonly path: string;
  /** The content of `config.json`. */
  readonly description: RunDescription;
  /** Null for a run that was opened for reading. */
  readonly #lock: HeldLock | null;

  private constructor(folder: string, description: RunDescription, lock: HeldLock | null) {
    this.path = folder;
    this.description = description;
    this.#lock = lock;
  }

  /** Refuses what `create` would refuse of a folder, without touching it: before long preparations. */
  static check(folder: string, resume: boolean): void {
    refuseInUse(path.join(folder, 'run.lock'));
    if (!resume) refuseExisting(folder);
    // A mistyped --resume should leave no empty folder behind.
    else if (!hasRun(folder))
      throw new UserError(
        `${shownPath(folder)} holds no run to resume. Check the path, or start a new run without --resume.`,
      );
  }

  /** Starts a run in `folder` (made if need be) or resumes the one that is there; takes the lock. */
  static create(folder: string, options: RunFolderOptions): RunFolder {
    const { resume = false, mayDiffer = [], later = {}, command, preset, config } = options;
    if (resume) RunFolder.check(folder, resume);
    makeFolder(folder);
    const lock = takeLock(path.join(folder, 'run.lock'));
    try {
      cleanTemporaries(folder);
      if (!resume) refuseExisting(folder);
      const description: RunDescription = { command, preset, config };
      if (resume) {
        const stored = readDescription(folder);
        stored.config = { ...later, ...stored.config };
        compare(folder, stored, description, mayDiffer);
        description.preset = stored.preset;
      }
      const text = `${JSON.stringify(description, null, 2)}\n`;
      const file = path.join(folder, 'config.json');
      if (!resume || nodeFs.readFileSync(file, 'utf8') !== text) writeFileAtomic(file, text);
      return new RunFolder(folder, description, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Opens the run in `folder` for reading, whether or not it is still being written. */
  static open(folder: string): RunFolder {
    return new RunFolder(folder, readDescription(folder), null);
  }

  /** Path of a file in the folder. */
  file(name: string): string {
    return path.join(this.path, name);
  }

  get configFile(): string {
    return this.file('config.json');
  }
  get metricsFile(): string {
    return this.file('metrics.jsonl');
  }
  get summaryFile(): string {
    return this.file('summary.json');
  }
  get vocabFile(): string {
    return this.file('vocab.json');
  }

  /** Whether the run came to its end (it has a summary). */
  get finished(): boolean {
    return nodeFs.existsSync(this.summaryFile);
  }

  /** Whether there is a checkpoint of this name (damaged or not). */
  hasCheckpoint(name: CheckpointName): boolean {
    return nodeFs.existsSync(checkpointFile(this.path, name));
  }

  /** Writes a JSON file in the folder atomically. */
  writeJson(name: string, value: unknown): void {
    writeFileAtomic(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Reads a JSON file in the folder; a missing or broken one is a UserError. */
  readJson(name: string): unknown {
    return readJsonFile(this.file(name));
  }

  /** Makes sure that the lock is still this process's. @throws InUse when another has taken it over */
  checkLock(): void {
    this.#lock?.check();
  }

  /** Gives the lock back; more than once does no harm. It is also given back at process exit. */
  release(): void {
    this.#lock?.release();
  }
}

/** @throws UserError where that cannot be seen */
const hasRun = (folder: string): boolean => isThere(path.join(folder, 'config.json'));

function makeFolder(folder: string): void {
  try {
    nodeFs.mkdirSync(folder, { recursive: true });
    nodeFs.accessSync(folder, nodeFs.constants.W_OK);
  } catch (error) {
    const code = errorCode(error);
    const name = shownPath(folder);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new UserError(
        `${name} cannot be the run folder: it, or a part of its path, is a file. Choose another --out.`,
        { cause: error },
      );
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      const why = code === 'EROFS' ? 'the file system is read-only' : 'no permission';
      throw new UserError(
        `the run folder ${name} cannot be written (${why}). Choose another --out.`,
        { cause: error },
      );
    }
    throw writeError(error, folder);
  }
}

function refuseExisting(folder: string): void {
  if (!hasRun(folder)) return;
  const finished = nodeFs.existsSync(path.join(folder, 'summary.json'));
  throw new UserError(
    finished
      ? `${shownPath(folder)} holds a finished run. Look at it with --resume, or choose another --out.`
      : `${shownPath(folder)} holds a run that was begun. Go on with --resume, or choose another --out.`,
  );
}

function readDescription(folder: string): RunDescription {
  if (!hasRun(folder)) {
    throw new UserError(`${shownPath(folder)} is no run folder: it has no config.json.`);
  }
  const file = path.join(folder, 'config.json');
  const { command, preset, config } = readStored(file, DESCRIPTION, 'the configuration of a run');
  return { command, preset: preset ?? null, config };
}

function compare(
  folder: string,
  stored: RunDescription,
  asked: RunDescription,
  mayDiffer: readonly string[],
): void {
  if (stored.command !== asked.command) {
    throw new UserError(
      `${shownPath(folder)} was made by "${stored.command}", not by "${asked.command}". Choose another --out.`,
    );
  }
  // Through JSON, so that what cannot be stored (undefined) does not look like a difference.
  const now = JSON.parse(JSON.stringify(asked.config)) as Record<string, unknown>;
  const keys = new Set([...Object.keys(stored.config), ...Object.keys(now)]);
  const show = (value: unknown) => (value === undefined ? '(none)' : JSON.stringify(value));
  const differing = [...keys]
    .filter((key) => !mayDiffer.includes(key) && !isDeepStrictEqual(stored.config[key], now[key]))
    .map((key) => `${key} (${show(stored.config[key])} there, ${show(now[key])} asked)`);
  if (differing.length === 0) return;
  throw new UserError(
    `${shownPath(folder)} was begun with another configuration: ${differing.join(', ')}.\nResume with the same settings, or choose another --out.`,
  );
}
