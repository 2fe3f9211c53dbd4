/** `progress.json` in a run folder: how far a running task is, for whoever looks from outside. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { removeQuietly, temporaryName } from '../files/file-writer.js';
import { fitting, readJsonFile } from '../files/json-file.js';
import type { TrainProgress } from '../runs/training-run.js';

/** How far a task was when it last said so. */
export interface TaskProgress {
  epoch: number;
  epochs: number;
  step: number;
  /** Share of the whole run, 0 to 1. */
  share: number;
  /** At the rate of then; null while unknown. */
  secondsLeft: number | null;
  /** ISO 8601. */
  at: string;
}

const count = z.number().min(0);
const PROGRESS: z.ZodType<TaskProgress> = z.looseObject({
  epoch: count,
  epochs: count,
  step: count,
  share: count.max(1),
  secondsLeft: z.nullable(count),
  at: z.string(),
});

const fileOf = (folder: string): string => path.join(folder, 'progress.json');

/** Writes the file now and then; a write that fails is none: nothing depends on it. */
export class ProgressFile {
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** @param every seconds between two writes */
  constructor(
    private readonly folder: string,
    private readonly every = 2,
  ) {}

  update({ epoch, epochs, step, share, secondsLeft }: TrainProgress): void {
    const now = performance.now() / 1000;
    if (now - this.#writtenAt < this.every) return;
    this.#writtenAt = now;
    const at = new Date().toISOString();
    const progress: TaskProgress = { epoch, epochs, step, share, secondsLeft, at };
    const file = fileOf(this.folder);
    const staged = temporaryName(file);
    try {
      // Not synced to the disk, unlike what a run needs: a lost line of progress costs nothing.
      nodeFs.writeFileSync(staged, `${JSON.stringify(progress)}\n`);
      nodeFs.renameSync(staged, file);
    } catch {
      removeQuietly(staged);
    }
  }

  remove(): void {
    removeQuietly(fileOf(this.folder));
  }
}

/** The last word of a task; null where there is none. */
export function readProgress(folder: string): TaskProgress | null {
  try {
    return fitting(readJsonFile(fileOf(folder)), PROGRESS);
  } catch {
    return null;
  }
}
