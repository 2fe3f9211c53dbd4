import type { TranslationConfig } from '../../nmt/config.js';
import { train } from '../train.js';
import type { TrainOutcome, TrainRequest } from '../training-run.js';
import { translationTask } from './presets.js';

/** Trains a translation model in a run folder, or goes on with one: see `train`. */
export const trainTranslation = (request: TrainRequest<TranslationConfig>): Promise<TrainOutcome> =>
  train(translationTask, request);
