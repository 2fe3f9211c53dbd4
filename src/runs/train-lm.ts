import { existsSync } from 'node:fs';
import path from 'node:path';
import { useBackend } from '../backend/install.js';
import { loadCorpus } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { orderly } from '../host.js';
import { loadCheckpoint } from './checkpoint.js';
import { describeEstimate, estimateTraining, worthEstimating } from './estimate.js';
import { RunFolder } from './folder.js';
import { laterDefaults } from './lm-schema.js';
import { MetricsLog } from './metrics-log.js';
import { shownPath } from './shown-path.js';
import { readSummary } from './summary.js';
import { checkContinuity, freshState, type RunState } from './train-state.js';
import { TrainingRun, type TrainOutcome, type TrainRequest } from './training-run.js';

export type { TrainOutcome, TrainProgress, TrainRequest } from './training-run.js';

/** Keys that may differ when a run goes on: how long it is. */
const LENGTHS = ['epochs', 'finetuneEpochs'] as const;

/** A finished run may be trained for more epochs, not for fewer. */
function refuseFewerEpochs({ out, resume, config }: TrainRequest): void {
  const file = path.join(out, 'summary.json');
  if (!resume || !existsSync(file)) return;
  const stored = readSummary(file).config;
  for (const key of LENGTHS) {
    const trained = stored[key] ?? 0;
    if (typeof trained === 'number' && trained > config[key])
      throw new UserError(
        `${shownPath(out)} was trained for ${trained} epochs already${key === 'epochs' ? '' : ` (${key})`}; ask for as many or more, or choose another --out`,
      );
  }
}

/** Main training cannot go on after finetuning. */
function refuseMoreAfterFinetuning({ out, config }: TrainRequest, state: RunState): void {
  const from = state.position.finetuneFrom;
  if (from == null || from === config.epochs) return;
  throw new UserError(
    `${shownPath(out)} is finetuned after ${from} epochs of main training, and ${config.epochs} are asked for; ask for epochs=${from}, or choose another --out`,
  );
}

/**
 * Trains a language model in a run folder, or goes on with one. A run killed at any moment resumes
 * and ends with the same weights, bit for bit, on the same machine and thread count.
 */
export async function trainLanguageModel(request: TrainRequest): Promise<TrainOutcome> {
  const corpus = loadCorpus(request.config.dataset, { dataFolder: request.dataFolder });
  const backend = await useBackend({ threads: request.threads });
  refuseFewerEpochs(request);
  const run = RunFolder.create(request.out, {
    command: 'train lm',
    preset: request.preset,
    config: { ...request.config },
    resume: request.resume,
    mayDiffer: LENGTHS,
    later: laterDefaults(),
  });
  try {
    if (run.finished) {
      const summary = readSummary(run.summaryFile);
      // Asked for more epochs, a finished run goes on.
      if (LENGTHS.every((key) => (summary.config[key] ?? 0) === request.config[key]))
        return { finished: true, summary };
    }
    const from = request.from ?? 'last';
    const restored =
      request.resume && run.hasCheckpoint(from) ? loadCheckpoint(run.path, from) : null;
    const fresh = freshState(corpus, backend);
    const state = restored ? (restored.state as unknown as RunState) : fresh;
    checkContinuity(state, fresh, request);
    refuseMoreAfterFinetuning(request, state);
    if (!restored && !request.silent && worthEstimating(request.config, corpus))
      process.stderr.write(`${describeEstimate(await estimateTraining(request.config, corpus))}\n`);
    run.writeJson(path.basename(run.vocabFile), corpus.vocabulary.toJSON());
    const log = MetricsLog.open(run.metricsFile, restored ? state.logPosition : 0);
    const training = new TrainingRun(request, run, corpus, backend, log, state, restored);
    return await orderly(() => training.train());
  } finally {
    run.release();
  }
}
