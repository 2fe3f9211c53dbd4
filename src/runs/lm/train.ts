import type { LanguageModelConfig } from '../../lm/config.js';
import { train } from '../train.js';
import type { TrainOutcome, TrainRequest } from '../training-run.js';
import { languageModelTask } from './presets.js';

export type { TrainOutcome, TrainProgress, TrainRequest } from '../training-run.js';

/** Trains a language model in a run folder, or goes on with one: see `train`. */
export const trainLanguageModel = (
  request: TrainRequest<LanguageModelConfig>,
): Promise<TrainOutcome> => train(languageModelTask, request);
