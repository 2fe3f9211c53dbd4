/** How long a training will take, from a few of its steps on a copy that is thrown away. */
import { blasBackend, useBackend } from '../backend/install.js';
import { formatDuration, formatRate } from '../terminal/progress.js';
import type { RunConfig, Task } from './task.js';
import type { RunTrainer } from './training-task.js';

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
/** Runs of fewer floating-point operations are over in seconds and should not begin with seconds of measuring. */
export const LITTLE_WORK = 2e13;

/** Most tensor memory so far; null where not known. */
function peakMemory(): number | null {
  const memory = blasBackend()?.allocator.report();
  return memory ? memory.peak / 2 ** 20 : null;
}

/** Speed of a trainer's first steps, which are done. */
function measureSteps(
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

/** Seconds that a work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * Measures the first steps of a trainer, which is thrown away, and how long its model is scored.
 * @param score seconds of the validation after an epoch and of the final test, after the steps
 */
export async function measureTraining(
  trainer: RunTrainer,
  { epochs, finetuneEpochs = 0 }: Pick<RunConfig, 'epochs'> & { finetuneEpochs?: number },
  facts: Pick<TrainingEstimate, 'parameters' | 'stepsPerEpoch' | 'unit'>,
  score: () => Promise<{ validSeconds: number; testSeconds?: number }>,
): Promise<TrainingEstimate> {
  try {
    const measured = measureSteps(trainer);
    const { validSeconds, testSeconds } = await score();
    const secondsPerEpoch = trainer.tokensPerEpoch / measured.tokensPerSecond + validSeconds;
    const hours = (all: number) => (secondsPerEpoch * all + (testSeconds ?? 0)) / 3600;
    const { stepsPerEpoch, ...own } = facts;
    return {
      ...own,
      memoryMiB: peakMemory(),
      ...measured,
      stepsPerEpoch,
      epochs,
      finetuneEpochs,
      secondsPerEpoch,
      testSeconds,
      hoursMain: hours(epochs),
      hours: hours(epochs + finetuneEpochs),
    };
  } finally {
    trainer.dispose();
  }
}

/** Loads the data, learns what is to be learnt of them, and measures. */
export async function estimateRequest<C extends RunConfig, T, D>(
  task: Task<C, T, D>,
  config: C,
  options: { dataFolder?: string; threads?: number } = {},
): Promise<TrainingEstimate> {
  const work = await task.work();
  const data = work.data(config, work.texts(config, options));
  await useBackend({ threads: options.threads });
  return work.estimate(config, data);
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
