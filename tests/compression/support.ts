import type { LanguageModelConfig } from '#src/lm/config.js';
import { LanguageModel } from '#src/lm/model.js';
import { TranslationModel } from '#src/nmt/model.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { resolve } from '#src/runs/schema.js';
import { enliven, tinyConfig } from '../nmt/support.js';

/** An untrained language model of three layers of different widths, weights up to 0.9. */
export function languageModel(overrides: Partial<LanguageModelConfig> = {}): LanguageModel {
  const sizes = { layers: 3, hidden: 7, embedding: 5, tied: true, initRange: 0.9, seed: 4 };
  return new LanguageModel(resolve(languageModelSchema, [{ ...sizes, ...overrides }]), 11);
}

/** A translation model, every width another number. */
export function translationModel(
  overrides: Parameters<typeof tinyConfig>[1] = {},
): TranslationModel {
  const model = new TranslationModel(tinyConfig('baseline', overrides), 12, 13);
  enliven(model);
  return model;
}

/** All parameters as plain arrays. */
export const parameters = (model: LanguageModel | TranslationModel): Record<string, Float32Array> =>
  Object.fromEntries([...model.parameters].map(([n, v]) => [n, Float32Array.from(v.dataSync())]));
