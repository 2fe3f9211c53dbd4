/** How far a run is, and taking it to its end: what all commands that train many runs share. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import { inspectCheckpoint } from '../runs/checkpoint.js';
import { configHash, storedConfigHash } from '../runs/config-hash.js';
import { type RunSummary, readSummary } from '../runs/summary.js';
import type { RunConfig } from '../runs/task.js';
import { TASKS, type Training } from '../runs/tasks.js';
import type { TrainOutcome, TrainRequest } from '../runs/training-run.js';
import { shownPath } from '../terminal/shown-path.js';

/** How far a run is by its folder; lists of runs add what only they can see. */
export type RunStatus = 'finished' | 'begun' | 'to do';

/** How far the run in a folder is. */
export function runStatus(folder: string): RunStatus {
  const has = (file: string) => existsSync(path.join(folder, file));
  return has('summary.json') ? 'finished' : has('config.json') ? 'begun' : 'to do';
}

/** SHA-256 of every text of a corpus, and its name. */
export interface CorpusSums {
  name: string;
  sums: Record<string, string>;
}

/** Whether a run was trained and tested on these very texts. */
export const trainedOn = (summary: RunSummary, { sums }: Pick<CorpusSums, 'sums'>): boolean =>
  Object.entries(sums).every(([part, sum]) => summary.data[part] === sum);

function checkTrainedOn(folder: string, summary: RunSummary, corpus: CorpusSums): void {
  if (trainedOn(summary, corpus)) return;
  throw new UserError(
    `${shownPath(folder)} was trained on another version of corpus ${corpus.name}. Choose another --out, or remove the folder.`,
  );
}

/**
 * Trains a run, goes on with one that was begun, or takes a finished one as it is; null when
 * somebody asked to stop.
 * @throws UserError for a finished run of other texts, and as `train`
 */
export async function trainOrGoOn<C extends object>(
  train: (request: TrainRequest<C>) => Promise<TrainOutcome>,
  request: TrainRequest<C>,
  corpus: CorpusSums,
): Promise<RunSummary | null> {
  const { out, config } = request;
  const status = runStatus(out);
  if (status === 'finished') {
    const summary = readSummary(path.join(out, 'summary.json'));
    // Of another configuration: `train` says what differs.
    const same = storedConfigHash(summary) === configHash(config);
    if (same && summary.seed === (config as { seed?: number }).seed) {
      checkTrainedOn(out, summary, corpus);
      return summary;
    }
  }
  const outcome = await train({ ...request, resume: status !== 'to do' });
  if (!outcome.finished) return null;
  checkTrainedOn(out, outcome.summary, corpus);
  return outcome.summary;
}

/** A training of a list, with its run folder. */
export type ListedTraining = Training & { folder: string };

/** Trains what is left of it: see `trainOrGoOn`. Tensors are loaded here. */
export async function trainListed(
  { task, preset, config, folder }: ListedTraining,
  options: Pick<TrainRequest<object>, 'dataFolder' | 'threads' | 'stop' | 'silent'>,
  corpus: CorpusSums,
): Promise<RunSummary | null> {
  const { train } = await import('../runs/train.js');
  const own = (request: TrainRequest<RunConfig>) => train(TASKS[task], request);
  return trainOrGoOn<RunConfig>(own, { out: folder, preset, config, ...options }, corpus);
}

/** Share of a begun training that is left, by whole epochs. */
export function shareLeft({ folder, config }: Pick<ListedTraining, 'folder' | 'config'>): number {
  const curve = (inspectCheckpoint(folder, 'last')?.state as { curve?: unknown[] } | undefined)
    ?.curve;
  const { epochs, finetuneEpochs = 0 } = config as { epochs?: number; finetuneEpochs?: number };
  const all = (epochs ?? 0) + finetuneEpochs;
  return all > 0 ? Math.max(0, 1 - (curve?.length ?? 0) / all) : 1;
}
