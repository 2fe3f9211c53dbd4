/** Speed of the training step of a language model, on words drawn at random. */
import * as tf from '@tensorflow/tfjs';
import { type BackendInfo, blasBackend, useBackend } from '../backend/install.js';
import { philoxUniform } from '../backend/philox.js';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import type { LanguageModelConfig } from '../lm/config.js';
import { LanguageModelTrainer } from '../lm/trainer.js';
import type { GateMode } from '../nn/gate-options.js';
import { languageModelSchema } from '../runs/lm-schema.js';
import { gatePreset } from '../runs/presets.js';
import { resolve } from '../runs/schema.js';
import { Vocabulary } from '../text/vocabulary.js';
import { peakRate } from './gemm.js';
import { spread } from './statistics.js';

/** What to measure. */
export interface TrainBenchOptions {
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

/** What was measured. Null where the backend is not `blas`. */
export interface TrainBenchResult {
  settings: Omit<TrainBenchOptions, 'onStep' | 'threads'>;
  /** Mean, median and shortest step. */
  msPerStep: number;
  msMedian: number;
  msMin: number;
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
  /** Tensor memory after the timed steps, and the whole process. */
  memoryMiB: { live: number | null; peak: number | null; reserved: number | null; rss: number };
  /** JavaScript heap before and after the timed steps. */
  heapMiB: { before: number; after: number };
  parameters: number;
  backend: string;
  gemm: string;
  threads: number;
  node: string;
}

/**
 * Floating-point operations of the matrix products in a training step. A layer multiplies its
 * inputs [N, H] and its states [N, H] with [H, 4H], N = T B, forward once and backward twice (for
 * the inputs and for the weights); the softmax does so with [H, V].
 */
export function stepGemmFlops(
  o: Pick<TrainBenchOptions, 'hidden' | 'layers' | 'batch' | 'bptt' | 'vocabulary'>,
): number {
  const N = o.bptt * o.batch;
  const layer = 2 * (2 * N * o.hidden * 4 * o.hidden);
  const softmax = 2 * N * o.hidden * o.vocabulary;
  return 3 * (o.layers * layer + softmax);
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

function benchConfig(o: TrainBenchOptions): LanguageModelConfig {
  const { hidden, layers, batch, bptt } = o;
  return resolve(languageModelSchema, [
    gatePreset(o.gates),
    { hidden, layers, batch, bptt, epochs: 1, seed: 1 },
  ]);
}

function makeTrainer(o: TrainBenchOptions, windows: number): LanguageModelTrainer {
  const trainer = new LanguageModelTrainer(benchConfig(o), randomCorpus(o, windows));
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
export async function benchTrain(options: TrainBenchOptions): Promise<TrainBenchResult> {
  const backend: BackendInfo = await useBackend({ threads: options.threads });
  const be = blasBackend();
  const { onStep, threads: _, ...settings } = options;
  const shareSteps = be ? Math.min(options.steps, SHARE_STEPS) : 0;
  const total = options.warmup + options.steps + shareSteps + 1;
  const trainer = makeTrainer(options, total);
  let done = 0;
  const step = (): number => {
    const start = performance.now();
    trainer.step();
    const took = performance.now() - start;
    onStep?.(++done, total);
    return took;
  };
  try {
    for (let i = 0; i < options.warmup; i++) step();

    be?.fallbacks.clear();
    const tensorsBefore = tf.memory().numTensors;
    const heapBefore = process.memoryUsage().heapUsed;
    const times = Array.from({ length: options.steps }, step);
    const { heapUsed, rss } = process.memoryUsage();
    const tensorsAfter = tf.memory().numTensors;
    const fallbacks = Object.fromEntries(be?.fallbacks ?? []);
    const memory = be?.allocator.report();

    // Passes of their own, so that looking does not slow down what is timed.
    const gemmShare = be ? productShare(be.team, step, shareSteps) : null;
    const { kernels } = await tf.profile((() => void step()) as never);
    const peakGflops = be ? peakRate(be) : null;

    const { mean, median, min } = spread(times);
    const gemmFlops = stepGemmFlops(options);
    const inMiB = (bytes: number | undefined) => (bytes === undefined ? null : bytes / MIB);
    return {
      settings,
      msPerStep: mean,
      msMedian: median,
      msMin: min,
      tokensPerSecond: (options.batch * options.bptt * 1000) / mean,
      gemmShare,
      gemmFlops,
      peakGflops,
      shareOfPeak: peakGflops === null ? null : gemmFlops / ((mean / 1000) * peakGflops * 1e9),
      kernelsPerStep: kernels.length,
      fallbacks,
      tensorsBefore,
      tensorsAfter,
      memoryMiB: {
        live: inMiB(memory?.live),
        peak: inMiB(memory?.peak),
        reserved: inMiB(memory?.reserved),
        rss: rss / MIB,
      },
      heapMiB: { before: heapBefore / MIB, after: heapUsed / MIB },
      parameters: trainer.model.parameterCount,
      backend: backend.name,
      gemm: backend.gemm,
      threads: backend.threads,
      node: process.versions.node,
    };
  } finally {
    trainer.dispose();
  }
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
