import { resolveTranslationConfig, translationPresets } from '../runs/nmt/presets.js';
import { translationSchema } from '../runs/nmt/schema.js';
import { trainingCommand } from './training-command.js';

export const trainNmtCommand = trainingCommand({
  name: 'train nmt',
  summary: 'Train a translation model with baseline, sharpened or G2 gates.',
  usualPreset: 'demo-nmt',
  presets: translationPresets,
  schema: translationSchema,
  resolve: resolveTranslationConfig,
  estimate: async (config, options) =>
    (await import('../runs/nmt/estimate.js')).estimateTranslationRequest(config, options),
  train: async (request) => (await import('../runs/nmt/train.js')).trainTranslation(request),
  result: ({ result: r, config }) =>
    `test BLEU ${r.testBleu?.toFixed(2)} (beam ${config['beam']}), multi-bleu ${r.testMultiBleu?.toFixed(2)}, perplexity valid ${r.validPerplexity?.toFixed(2)}, test ${r.testPerplexity?.toFixed(2)}`,
  examples: [
    'g2lstm train nmt --preset demo-nmt --gates g2',
    'g2lstm train nmt --preset multi30k-small --gates g2 --data DIR --estimate',
    'g2lstm train nmt --preset multi30k-small --set dataset=own --data DIR --out runs/own',
  ],
});
