import path from 'node:path';
import { useBackend } from '../../backend/install.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { FIRST_POSITION } from '../../nmt/trainer.js';
import { trainingData } from '../../nmt/training-data.js';
import { RunFolder } from '../folder.js';
import { describeEstimate } from '../lm/estimate.js';
import { refuseFewerEpochs, startRun } from '../start-run.js';
import { freshState } from '../train-state.js';
import type { TrainOutcome, TrainRequest } from '../training-run.js';
import {
  dataNotes,
  loadTranslationCorpus,
  parallelChecksums,
  readUnits,
  unitsFile,
} from './data.js';
import { estimateTranslation, worthEstimating } from './estimate.js';
import { laterTranslationDefaults } from './schema.js';
import { TranslationTask } from './task.js';

/** Keys that may differ when a run goes on: how long it is. */
const LENGTHS = ['epochs'] as const;

/**
 * Trains a translation model in a run folder, or goes on with one. A run killed at any moment resumes
 * and ends with the same weights, bit for bit, on the same machine and thread count.
 */
export async function trainTranslation(
  request: TrainRequest<TranslationConfig>,
): Promise<TrainOutcome> {
  const { config, out, resume = false } = request;
  // Learning units takes seconds: what is refused anyway is refused before.
  RunFolder.check(out, resume);
  refuseFewerEpochs(request, LENGTHS);
  const corpus = loadTranslationCorpus(config, { dataFolder: request.dataFolder });
  const stored = resume ? readUnits(path.join(out, 'vocab.json'))?.units : undefined;
  const data = trainingData(config, corpus, stored);
  const notes = dataNotes(data, config.maxLength);
  const backend = await useBackend({ threads: request.threads });
  return startRun(request, {
    command: 'train nmt',
    lengths: LENGTHS,
    later: laterTranslationDefaults(),
    backend,
    fresh: freshState({ position: { ...FIRST_POSITION } }, parallelChecksums(corpus), backend),
    vocabulary: unitsFile(data.units, corpus),
    estimate: async () => {
      const lines = notes.map((note) => `note: ${note}`);
      if (worthEstimating(config, data))
        lines.push(describeEstimate(await estimateTranslation(config, data)));
      return lines.length > 0 ? lines.join('\n') : null;
    },
    task: () => new TranslationTask(config, data),
  });
}
