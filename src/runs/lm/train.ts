import { useBackend } from '../../backend/install.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UserError } from '../../errors.js';
import { FIRST_POSITION, type TrainerPosition } from '../../lm/trainer.js';
import { shownPath } from '../../terminal/shown-path.js';
import { startRun } from '../start-run.js';
import { checksums, freshState, type RunState } from '../train-state.js';
import type { TrainOutcome, TrainRequest } from '../training-run.js';
import { describeEstimate, estimateTraining, worthEstimating } from './estimate.js';
import { laterDefaults } from './schema.js';
import { LanguageModelTask } from './task.js';

export type { TrainOutcome, TrainProgress, TrainRequest } from '../training-run.js';

/** Main training cannot go on after finetuning. */
function refuseMoreAfterFinetuning({ out, config }: TrainRequest, state: RunState): void {
  const from = (state.position as TrainerPosition).finetuneFrom;
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
  const { config } = request;
  const corpus = loadCorpus(config.dataset, { dataFolder: request.dataFolder });
  const backend = await useBackend({ threads: request.threads });
  return startRun(request, {
    command: 'train lm',
    lengths: ['epochs', 'finetuneEpochs'],
    later: laterDefaults(),
    backend,
    fresh: freshState(
      { position: { ...FIRST_POSITION }, averagingSince: null },
      checksums(corpus),
      backend,
    ),
    vocabulary: corpus.vocabulary.toJSON(),
    refuse: (state) => refuseMoreAfterFinetuning(request, state),
    estimate: async () =>
      worthEstimating(config, corpus)
        ? describeEstimate(await estimateTraining(config, corpus))
        : null,
    task: () => new LanguageModelTask(config, corpus),
  });
}
