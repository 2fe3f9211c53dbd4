/**
 * The toy experiment on flat minima: the register task, learnt by the paper's algorithms from several
 * seeds to the same quality, then perturbed in its gate parameters.
 */

import type { GateMode } from '../../cell/gate-options.js';
import { copyModel } from '../../compression/gate-parameters.js';
import { throwIfInterrupted } from '../../host.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import type { LanguageModel } from '../../lm/model.js';
import { LanguageModelTrainer } from '../../lm/trainer.js';
import { resolveLanguageModelConfig } from '../../runs/lm/presets.js';
import { meanLoss } from './perturbation.js';
import type { RegisterTask } from './toy-task.js';

/** One way to train the toy. */
export interface ToyVariant {
  /** Stable name. */
  id: string;
  /** The paper's algorithm. */
  algorithm: GateMode;
  /** Name for figures and tables. */
  label: string;
  /** `key=value` texts on top of the algorithm's preset. */
  sets: readonly string[];
}

/** Baseline, sharpened (tau 0.2), and G2-LSTM (tau 0.9) at two noise probabilities p. */
export const TOY_VARIANTS: readonly ToyVariant[] = [
  { id: 'baseline', algorithm: 'baseline', label: 'baseline', sets: [] },
  { id: 'sharpened', algorithm: 'sharpened', label: 'sharpened, τ 0.2', sets: [] },
  { id: 'g2-p0.2', algorithm: 'g2', label: 'G2-LSTM, p 0.2', sets: ['noiseProbability=0.2'] },
  { id: 'g2-p1', algorithm: 'g2', label: 'G2-LSTM, p 1', sets: ['noiseProbability=1'] },
];

/** How the toys are trained. */
export interface ToyTraining {
  /** Default 1 to 5. A seed decides initial weights and noise; the texts are the same for all. */
  seeds?: readonly number[];
  /** Default `TOY_VARIANTS`. */
  variants?: readonly ToyVariant[];
  /** Units of the single layer. Default 24. */
  hidden?: number;
  /** Passes over the training text, over the last quarter the rate halves with each. Default 12. */
  epochs?: number;
  /** Called after every model. */
  onModel?: (toy: ToyModel) => void;
}

/** A trained toy. */
export interface ToyModel {
  variant: ToyVariant;
  seed: number;
  model: LanguageModel;
  /** Evaluation loss of the test text, nats a token. */
  loss: number;
}

/** The configuration of a toy: the same for all variants but for the gates. */
export function toyConfig(
  variant: ToyVariant,
  seed: number,
  { hidden = 24, epochs = 12 }: Pick<ToyTraining, 'hidden' | 'epochs'> = {},
): LanguageModelConfig {
  const config = resolveLanguageModelConfig({ gates: variant.algorithm, seed, sets: variant.sets });
  return {
    ...config,
    dataset: 'registers',
    layers: 1,
    hidden,
    initRange: 0.3,
    batch: 20,
    bptt: 20,
    epochs,
    learningRate: 0.5,
    learningRateDecay: 0.5,
    decayAfter: Math.ceil(0.75 * epochs),
  };
}

async function trainToy(
  task: RegisterTask,
  variant: ToyVariant,
  seed: number,
  training: ToyTraining,
): Promise<ToyModel> {
  const trainer = new LanguageModelTrainer(toyConfig(variant, seed, training), task);
  try {
    while (!trainer.finished) {
      while (!trainer.epochDone) trainer.step();
      trainer.endEpoch();
      throwIfInterrupted();
    }
    const loss = await meanLoss(trainer.model, task.test.ids);
    return { variant, seed, model: copyModel(trainer.model), loss };
  } finally {
    trainer.dispose();
  }
}

/** Trains every variant from every seed, a second or two each. Dispose of the models (`disposeToys`). */
export async function trainToys(
  task: RegisterTask,
  training: ToyTraining = {},
): Promise<ToyModel[]> {
  const toys: ToyModel[] = [];
  try {
    for (const variant of training.variants ?? TOY_VARIANTS)
      for (const seed of training.seeds ?? [1, 2, 3, 4, 5]) {
        const toy = await trainToy(task, variant, seed, training);
        toys.push(toy);
        training.onModel?.(toy);
      }
  } catch (error) {
    disposeToys(toys);
    throw error;
  }
  return toys;
}

/** Gives the models' memory back. */
export function disposeToys(toys: readonly ToyModel[]): void {
  for (const { model } of toys) model.dispose();
}
