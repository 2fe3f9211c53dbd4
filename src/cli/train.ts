import { languageModelPresets, resolveLanguageModelConfig } from '../runs/lm/presets.js';
import { languageModelSchema } from '../runs/lm/schema.js';
import { trainingCommand } from './training-command.js';

export const trainCommand = trainingCommand({
  name: 'train lm',
  summary: 'Train a language model with baseline, sharpened or G2 gates.',
  usualPreset: 'demo-lm',
  presets: languageModelPresets,
  schema: languageModelSchema,
  resolve: resolveLanguageModelConfig,
  estimate: async (config, options) =>
    (await import('../runs/lm/estimate.js')).estimateRequest(config, options),
  train: async (request) => (await import('../runs/lm/train.js')).trainLanguageModel(request),
  result: ({ result: r }) => {
    const main =
      r.mainTestPerplexity == null
        ? ''
        : `; before finetuning ${r.mainValidPerplexity?.toFixed(2)} and ${r.mainTestPerplexity.toFixed(2)}`;
    return `valid perplexity ${r.validPerplexity?.toFixed(2)}, test perplexity ${r.testPerplexity?.toFixed(2)}${main}`;
  },
  examples: [
    'g2lstm train lm --preset demo-lm --gates g2',
    'g2lstm train lm --preset ptb-awd-paper --gates g2 --estimate',
    'g2lstm train lm --preset ptb-unregularised --gates baseline --data DIR --out runs/ptb-baseline',
  ],
});
