/** How long a translation run will take, from a few of its steps on a copy that is thrown away. */
import { useBackend } from '../../backend/install.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { parameterCount } from '../../nmt/layout.js';
import { TranslationTrainer } from '../../nmt/trainer.js';
import { type TranslationData, trainingData } from '../../nmt/training-data.js';
import { evaluatePairs, translate } from '../../nmt/translate.js';
import { LITTLE_WORK, measureSteps, peakMemory, type TrainingEstimate } from '../lm/estimate.js';
import { loadTranslationCorpus } from './data.js';

/** Sentences of the measured validation. */
const SENTENCES = 32;

/** False for runs of seconds, which should not begin with seconds of measuring. */
export function worthEstimating(config: TranslationConfig, data: TranslationData): boolean {
  const { units, train } = data;
  const parameters = parameterCount(config, units.source.size, units.target.size);
  const tokens = train.reduce((n, { target }) => n + target.length + 1, 0);
  return 6 * parameters * tokens * config.epochs > LITTLE_WORK;
}

/** Measures a few steps on real batches; neither random numbers nor any state are touched. */
export async function estimateTranslation(
  config: TranslationConfig,
  data: TranslationData,
): Promise<TrainingEstimate> {
  const { train, valid, units, corpus } = data;
  const trainer = new TranslationTrainer(config, train, units.source.size, units.target.size);
  try {
    const measured = measureSteps(trainer);
    const { model } = trainer;
    const seconds = async (work: () => Promise<unknown>) => {
      const start = performance.now();
      await work();
      return (performance.now() - start) / 1000;
    };
    const some = Math.min(SENTENCES, valid.length);
    const lines = corpus.valid.source.slice(0, some);
    // An unlearned model finds no end: translations as long as their sources stand for learned ones.
    const decode = (beam: number) =>
      seconds(() => translate(model, units, lines, { beam, longest: (n) => n + 1 }));
    const score = await seconds(() => evaluatePairs(model, valid.slice(0, some)));
    const greedy = config.validBeam > 0 ? await decode(config.validBeam) : 0;
    const validSeconds = ((score + greedy) * valid.length) / some;
    const sentences = valid.length + corpus.test.source.length;
    const testSeconds = ((score + (await decode(config.beam))) * sentences) / some;

    const secondsPerEpoch = trainer.tokensPerEpoch / measured.tokensPerSecond + validSeconds;
    const hours = (secondsPerEpoch * config.epochs + testSeconds) / 3600;
    return {
      parameters: model.parameterCount,
      memoryMiB: peakMemory(),
      ...measured,
      unit: 'target units',
      stepsPerEpoch: trainer.batchesPerEpoch,
      epochs: config.epochs,
      finetuneEpochs: 0,
      secondsPerEpoch,
      testSeconds,
      hoursMain: hours,
      hours,
    };
  } finally {
    trainer.dispose();
  }
}

/** Loads the data, learns units and measures. */
export async function estimateTranslationRequest(
  config: TranslationConfig,
  options: { dataFolder?: string; threads?: number } = {},
): Promise<TrainingEstimate> {
  const data = trainingData(config, loadTranslationCorpus(config, options));
  await useBackend({ threads: options.threads });
  return estimateTranslation(config, data);
}
