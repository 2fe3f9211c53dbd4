/** How long a training will take, from a few of its steps on a copy that is thrown away. */
import { blasBackend, useBackend } from '../../backend/install.js';
import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { evaluate } from '../../lm/evaluate.js';
import { LanguageModelTrainer } from '../../lm/trainer.js';
import { formatDuration, formatRate } from '../../terminal/progress.js';
import type { RunTrainer } from '../training-task.js';

/** What a run will cost on this machine. */
export interface TrainingEstimate {
  parameters: number;
  /** Tensor memory at most, of both the measured steps and averages; null where not known. */
  memoryMiB: number | null;
  /** Mean of the measured steps. */
  msPerStep: number;
  /** How many were measured. */
  measuredSteps: number;
  tokensPerSecond: number;
  /** What a token is, in the plural; absent: words. */
  unit?: string;
  stepsPerEpoch: number;
  /** Main training, and the most that finetuning may take. */
  epochs: number;
  finetuneEpochs: number;
  secondsPerEpoch: number;
  /** Final test, where it takes long enough to count. */
  testSeconds?: number;
  /** Of main training alone, and with all epochs of finetuning. */
  hoursMain: number;
  hours: number;
}

/** Seconds of measuring after the first step, and most steps. */
const SECONDS = 3;
const MOST_STEPS = 10;
/** Words a stream in the measured validation. */
const VALID_WORDS = 101;
/** Below about so many floating-point operations, 6 for a parameter and word, a run is over soon. */
export const LITTLE_WORK = 2e13;

/** False for runs of seconds, which should not begin with seconds of measuring. */
export function worthEstimating(
  config: LanguageModelConfig,
  corpus: Pick<LanguageModelCorpus, 'vocabulary' | 'train'>,
): boolean {
  const { hidden, layers, epochs, finetuneEpochs } = config;
  const parameters = 2 * corpus.vocabulary.size * hidden + layers * 8 * hidden ** 2;
  return 6 * parameters * corpus.train.ids.length * (epochs + finetuneEpochs) > LITTLE_WORK;
}

/** Most tensor memory so far; null where not known. */
export function peakMemory(): number | null {
  const memory = blasBackend()?.allocator.report();
  return memory ? memory.peak / 2 ** 20 : null;
}

/** Speed of a trainer's first steps, which are done. */
export function measureSteps(
  trainer: RunTrainer,
): Pick<TrainingEstimate, 'msPerStep' | 'measuredSteps' | 'tokensPerSecond'> {
  if (!trainer.epochDone) trainer.step(); // memory is taken, code compiled
  const started = performance.now();
  let [steps, tokens, seconds] = [0, 0, 0];
  while (steps < MOST_STEPS && seconds < SECONDS && !trainer.epochDone) {
    tokens += trainer.step().tokens;
    steps++;
    seconds = (performance.now() - started) / 1000;
  }
  return {
    msPerStep: (1000 * seconds) / steps,
    measuredSteps: steps,
    tokensPerSecond: steps > 0 ? tokens / seconds : Number.NaN,
  };
}

/** Measures a few steps of the configuration; neither its random numbers nor any state are touched. */
export async function estimateTraining(
  config: LanguageModelConfig,
  corpus: LanguageModelCorpus,
): Promise<TrainingEstimate> {
  const trainer = new LanguageModelTrainer(config, corpus);
  try {
    const averaged = config.optimizer === 'nt-asgd' || config.finetuneEpochs > 0;
    if (averaged) trainer.startAveraging();
    const measured = measureSteps(trainer);

    const { ids } = corpus.valid;
    const piece = ids.subarray(0, Math.min(ids.length, config.validBatch * VALID_WORDS));
    const validStart = performance.now();
    const { tokens: scored } = await evaluate(trainer.model, piece, { batch: config.validBatch });
    const validSeconds = ((performance.now() - validStart) / 1000) * (ids.length / scored);

    const secondsPerEpoch = trainer.tokensPerEpoch / measured.tokensPerSecond + validSeconds;
    return {
      parameters: trainer.model.parameterCount,
      memoryMiB: peakMemory(),
      ...measured,
      stepsPerEpoch: trainer.windowsPerEpoch,
      epochs: config.epochs,
      finetuneEpochs: config.finetuneEpochs,
      secondsPerEpoch,
      hoursMain: (secondsPerEpoch * config.epochs) / 3600,
      hours: (secondsPerEpoch * (config.epochs + config.finetuneEpochs)) / 3600,
    };
  } finally {
    trainer.dispose();
  }
}

/** Loads the data and measures. */
export async function estimateRequest(
  config: LanguageModelConfig,
  options: { dataFolder?: string; threads?: number } = {},
): Promise<TrainingEstimate> {
  const corpus = loadCorpus(config.dataset, { dataFolder: options.dataFolder });
  await useBackend({ threads: options.threads });
  return estimateTraining(config, corpus);
}

/** An estimate in two lines. */
export function describeEstimate(e: TrainingEstimate): string {
  const memory = e.memoryMiB === null ? '' : `, ${e.memoryMiB.toFixed(0)} MiB of tensors`;
  const test = e.testSeconds ? ` and the test (${formatDuration(e.testSeconds)})` : '';
  const main = `${formatDuration(3600 * e.hoursMain)} for ${e.epochs} epochs of about ${e.stepsPerEpoch} steps${test}`;
  const finetuning = e.finetuneEpochs
    ? `, at most ${formatDuration(3600 * e.hours)} with ${e.finetuneEpochs} of finetuning`
    : '';
  return [
    `model: ${formatRate(e.parameters)} parameters${memory}; a step takes ${e.msPerStep.toFixed(0)} ms (${formatRate(e.tokensPerSecond)} ${e.unit ?? 'words'}/s, ${e.measuredSteps} steps measured)`,
    `time: about ${main}${finetuning}, on this machine as it is now`,
  ].join('\n');
}
