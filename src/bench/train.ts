/** Speed of the training step of a language model, on words drawn at random. */
import { tf } from '#tfjs';
import { type BackendInfo, blasBackend, useBackend } from '../backend/install.js';
import { philoxUniform } from '../backend/philox.js';
import type { GateMode } from '../cell/gate-options.js';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import type { LanguageModelConfig } from '../lm/config.js';
import { inputSize, layerSize } from '../lm/layout.js';
import { LanguageModelTrainer } from '../lm/trainer.js';
import { gatePreset } from '../runs/choice.js';
import { languageModelPreset } from '../runs/lm/presets.js';
import { languageModelSchema } from '../runs/lm/schema.js';
import { resolve } from '../runs/schema.js';
import { Vocabulary } from '../text/vocabulary.js';
import { peakRate } from './gemm.js';
import { spread } from './statistics.js';

/** What to measure. */
export interface TrainBenchOptions {
  /**
   * Times this preset's model, and in turn, step by step, the same sizes without its regularisers;
   * `hidden`, `layers`, `batch` and `bptt` are then the preset's. Every window has `bptt` steps.
   */
  preset?: string;
  hidden: number;
  layers: number;
  batch: number;
  bptt: number;
  vocabulary: number;
  gates: GateMode;
  /** Timed steps. */
  steps: number;
  /** Steps before them. */
  warmup: number;
  /** `reference`: the cell op by op in plain tfjs. */
  path: 'fused' | 'reference';
  threads?: number;
  /** Called after every step, timed or not. */
  onStep?: (done: number, total: number) => void;
}

/** The same sizes without dropouts, regularisation and weight decay. */
export interface PlainSteps {
  /** Mean, median and shortest step. */
  msPerStep: number;
  msMedian: number;
  msMin: number;
  /** Median of regularised step / plain step, over neighbours in time. */
  ratio: number;
}

/** Memory of tensors, null where the backend is not `blas`, and of the whole process; MiB. */
export interface BenchMemory {
  live: number | null;
  peak: number | null;
  reserved: number | null;
  rss: number;
}

/** What was measured. Null where the backend is not `blas`. */
export interface TrainBenchResult {
  settings: Omit<TrainBenchOptions, 'onStep' | 'threads'>;
  /** Mean, median and shortest step. */
  msPerStep: number;
  msMedian: number;
  msMin: number;
  /** With a preset: the same sizes without its regularisers, timed in turn; otherwise null. */
  plain: PlainSteps | null;
  tokensPerSecond: number;
  /** Time inside matrix products / time of the step, in steps of their own. */
  gemmShare: number | null;
  /** Floating-point operations of the step's matrix products, counted from the shapes. */
  gemmFlops: number;
  /** Best rate of a square product seen in this run, all ranks, GF/s. */
  peakGflops: number | null;
  /** gemmFlops / (msPerStep x peak): 1 = nothing but products at full speed. */
  shareOfPeak: number | null;
  /** Kernels that tfjs runs in a step, cheap ones included. */
  kernelsPerStep: number;
  /** Kernels that fell back to tfjs's slow cpu code in the timed steps, with calls; none is right. */
  fallbacks: Record<string, number>;
  tensorsBefore: number;
  tensorsAfter: number;
  /** Tensor memory after the timed steps, and the whole process; with a preset after the warm-up. */
  memoryMiB: BenchMemory;
  /** JavaScript heap before and after the timed steps. */
  heapMiB: { before: number; after: number };
  parameters: number;
  backend: string;
  gemm: string;
  threads: number;
  node: string;
}

/** What the number of operations depends on. */
export type StepSizes = Pick<
  TrainBenchOptions,
  'hidden' | 'layers' | 'batch' | 'bptt' | 'vocabulary'
> &
  Partial<Pick<LanguageModelConfig, 'embedding' | 'tied'>>;

/**
 * Floating-point operations of the matrix products in a training step. A layer multiplies its
 * inputs [N, I] with [I, 4H] and its states [N, H] with [H, 4H], N = T B, forward once and backward
 * twice (for the inputs and for the weights); the softmax does so with [H, V].
 */
export function stepGemmFlops({ embedding = 0, tied = false, ...o }: StepSizes): number {
  const sizes = { ...o, embedding, tied, initialisation: 'uniform' as const, initRange: 0 };
  const N = o.bptt * o.batch;
  let forward = 2 * N * layerSize(sizes, o.layers - 1) * o.vocabulary;
  for (let l = 0; l < o.layers; l++) {
    const H = layerSize(sizes, l);
    forward += 2 * N * (inputSize(sizes, l) + H) * 4 * H;
  }
  return 3 * forward;
}

/** Random words, always the same, enough for so many windows. */
function randomCorpus(
  o: TrainBenchOptions,
  windows: number,
): Pick<LanguageModelCorpus, 'vocabulary' | 'train'> {
  const length = o.batch * (windows * o.bptt + 1);
  const ids = Int32Array.from(philoxUniform(length, [1, 0], 0, 0), (u) =>
    Math.min(o.vocabulary - 1, Math.floor(u * o.vocabulary)),
  );
  const words = Array.from({ length: o.vocabulary }, (_, id) => `word${id}`);
  const facts = { path: null, sha256: '', lines: 0, unknown: 0 };
  return {
    vocabulary: new Vocabulary(words),
    train: { name: 'train', ...facts, tokens: length, ids },
  };
}

/** Settings that tell a regularised model from the same sizes without. */
const PLAIN: Partial<LanguageModelConfig> = {
  dropoutOutput: 0,
  dropoutHidden: 0,
  dropoutInput: 0,
  dropoutEmbedding: 0,
  weightDrop: 0,
  activationRegularisation: 0,
  temporalRegularisation: 0,
  weightDecay: 0,
};

/** Plain SGD on windows of one length, so that steps can be compared. */
const COMPARABLE: Partial<LanguageModelConfig> = {
  randomBptt: false,
  optimizer: 'sgd',
  finetuneEpochs: 0,
  epochs: 1,
  seed: 1,
};

function benchConfig(o: TrainBenchOptions, plain: boolean): LanguageModelConfig {
  const { hidden, layers, batch, bptt } = o;
  const preset = o.preset === undefined ? {} : languageModelPreset(o.preset).config;
  return resolve<LanguageModelConfig>(languageModelSchema, [
    preset,
    gatePreset(o.gates),
    { hidden, layers, batch, bptt, ...COMPARABLE },
    plain ? PLAIN : {},
  ]);
}

/** The options with the sizes of their preset, where they name one. */
function withPreset(o: TrainBenchOptions): TrainBenchOptions {
  if (o.preset === undefined) return o;
  const { hidden, layers, batch, bptt } = resolve(languageModelSchema, [
    languageModelPreset(o.preset).config,
  ]);
  return { ...o, hidden, layers, batch, bptt };
}

function makeTrainer(o: TrainBenchOptions, windows: number, plain = false): LanguageModelTrainer {
  const trainer = new LanguageModelTrainer(benchConfig(o, plain), randomCorpus(o, windows));
  if (o.path === 'reference') {
    const { model } = trainer;
    const loss = model.loss.bind(model);
    model.loss = (x, y, state, pass) => loss(x, y, state, { ...pass, path: 'reference' });
  }
  return trainer;
}

const MIB = 2 ** 20;
/** Steps of the pass that measures the share of the products. */
const SHARE_STEPS = 10;

/** Trains on random words and measures; nothing is stored. */
export async function benchTrain(given: TrainBenchOptions): Promise<TrainBenchResult> {
  const options = withPreset(given);
  const backend: BackendInfo = await useBackend({ threads: options.threads });
  const be = blasBackend();
  const { onStep, threads: _, ...settings } = options;
  const shareSteps = be ? Math.min(options.steps, SHARE_STEPS) : 0;
  const total = options.warmup + options.steps + shareSteps + 1;
  const trainer = makeTrainer(options, total);
  const compare = options.preset !== undefined;
  const all = total + (compare ? options.warmup + options.steps : 0);
  let plain: LanguageModelTrainer | null = null;
  let done = 0;
  const step = (which = trainer): number => {
    const start = performance.now();
    which.step();
    const took = performance.now() - start;
    onStep?.(++done, all);
    return took;
  };
  try {
    for (let i = 0; i < options.warmup; i++) step();
    let memory = memoryNow(be); // before there is a second model
    plain = compare ? makeTrainer(options, total, true) : null;
    for (let i = 0; plain && i < options.warmup; i++) step(plain);

    be?.fallbacks.clear();
    const tensorsBefore = tf.memory().numTensors;
    const heapBefore = process.memoryUsage().heapUsed;
    const plainTimes: number[] = [];
    const times = Array.from({ length: options.steps }, () => {
      if (plain) plainTimes.push(step(plain)); // in turn: a busy moment hits both
      return step();
    });
    const { heapUsed } = process.memoryUsage();
    const tensorsAfter = tf.memory().numTensors;
    const fallbacks = Object.fromEntries(be?.fallbacks ?? []);
    if (!plain) memory = memoryNow(be);

    // Passes of their own, so that looking does not slow down what is timed.
    const gemmShare = be ? productShare(be.team, step, shareSteps) : null;
    const { kernels } = await tf.profile((() => void step()) as never);
    const peakGflops = be ? peakRate(be) : null;

    const { mean, median, min } = spread(times);
    const { embedding, tied } = trainer.config;
    const gemmFlops = stepGemmFlops({ ...options, embedding, tied });
    return {
      settings,
      msPerStep: mean,
      msMedian: median,
      msMin: min,
      plain: plain ? comparison(times, plainTimes) : null,
      tokensPerSecond: (options.batch * options.bptt * 1000) / mean,
      gemmShare,
      gemmFlops,
      peakGflops,
      shareOfPeak: peakGflops === null ? null : gemmFlops / ((mean / 1000) * peakGflops * 1e9),
      kernelsPerStep: kernels.length,
      fallbacks,
      tensorsBefore,
      tensorsAfter,
      memoryMiB: memory,
      heapMiB: { before: heapBefore / MIB, after: heapUsed / MIB },
      parameters: trainer.model.parameterCount,
      backend: backend.name,
      gemm: backend.gemm,
      threads: backend.threads,
      node: process.versions.node,
    };
  } finally {
    trainer.dispose();
    plain?.dispose();
  }
}

function memoryNow(be: ReturnType<typeof blasBackend>): BenchMemory {
  const memory = be?.allocator.report();
  const inMiB = (bytes: number | undefined) => (bytes === undefined ? null : bytes / MIB);
  return {
    live: inMiB(memory?.live),
    peak: inMiB(memory?.peak),
    reserved: inMiB(memory?.reserved),
    rss: process.memoryUsage().rss / MIB,
  };
}

/** Two series of steps that were timed in turn. */
function comparison(times: number[], plainTimes: number[]): PlainSteps {
  const { mean, median, min } = spread(plainTimes);
  const ratio = spread(times.map((ms, i) => ms / plainTimes[i]!)).median;
  return { msPerStep: mean, msMedian: median, msMin: min, ratio };
}

/** The part of some steps' time that a rank spends in products, mean over the ranks. */
function productShare(
  team: { profile(on: boolean): void; gemmMilliseconds(): number },
  step: () => number,
  steps: number,
): number {
  team.profile(true);
  try {
    let milliseconds = 0;
    for (let i = 0; i < steps; i++) milliseconds += step();
    return team.gemmMilliseconds() / milliseconds;
  } finally {
    team.profile(false);
  }
}
