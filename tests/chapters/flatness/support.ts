import { TOY_VARIANTS, type ToyVariant, toyConfig } from '#src/chapters/flatness/flat-toy.js';
import { type LossModel, languageModelLoss } from '#src/chapters/flatness/loss-model.js';
import { type RegisterTask, registerTask } from '#src/chapters/flatness/toy-task.js';
import { LanguageModel } from '#src/lm/model.js';

/** A small task: seconds are enough for it. */
export const smallTask = (): RegisterTask =>
  registerTask({ registers: 1, values: 2, train: 4000, test: 1000 });

export const variant = (id: string): ToyVariant => TOY_VARIANTS.find((v) => v.id === id)!;

/** An untrained model with strong weights; dispose of it. */
export function model(id: string, task: RegisterTask, hidden = 5, seed = 3): LanguageModel {
  const config = { ...toyConfig(variant(id), seed, { hidden }), layers: 2, initRange: 0.8 };
  return new LanguageModel(config, task.vocabulary.size);
}

/** All parameters as plain arrays. */
export const parameters = (m: LanguageModel): Record<string, Float32Array> =>
  Object.fromEntries([...m.parameters].map(([name, v]) => [name, Float32Array.from(v.dataSync())]));

/** The piece of text on which `tinyLoss` is computed. */
export const SEGMENTS = { words: 60, steps: 15, streams: 3 };

/** An untrained model of a few parameters with its loss on a few words; dispose of `m`. */
export function tinyLoss(
  id: string,
  hidden = 2,
): { m: LanguageModel; loss: LossModel; ids: Int32Array } {
  const task = smallTask();
  const m = model(id, task, hidden);
  return { m, loss: languageModelLoss(m, task.test.ids, SEGMENTS), ids: task.test.ids };
}
