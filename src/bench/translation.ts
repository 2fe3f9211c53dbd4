/** Speed of a translation model: its training step and its beam search, on units drawn at random. */
import { tf } from '#tfjs';
import { blasBackend, useBackend } from '../backend/install.js';
import { philoxUniform } from '../backend/philox.js';
import type { GateMode } from '../cell/gate-options.js';
import { type EncodedPair, SENTENCE_END, SPECIAL_UNITS, sourceBatch } from '../nmt/batches.js';
import { beamSearch } from '../nmt/beam-search.js';
import type { TranslationConfig } from '../nmt/config.js';
import { decoderOf } from '../nmt/decoding.js';
import { TranslationTrainer } from '../nmt/trainer.js';
import { gatePreset } from '../runs/choice.js';
import { translationSchema } from '../runs/nmt/schema.js';
import { resolve } from '../runs/schema.js';
import { spread } from './statistics.js';

/** What to measure. */
export interface TranslationBenchOptions {
  hidden: number;
  layers: number;
  /** Sentence pairs a step. */
  batch: number;
  /** Units of every source and target sentence, end marks included. */
  source: number;
  target: number;
  /** Units of each side's vocabulary. */
  vocabulary: number;
  gates: GateMode;
  optimizer: 'adam' | 'adadelta';
  /** Timed steps. */
  steps: number;
  /** Steps before them. */
  warmup: number;
  /** Sentences to translate; 0 = none. */
  sentences: number;
  beam: number;
  threads?: number;
  /** Called after every step and every batch of translations. */
  onStep?: (done: number, total: number) => void;
}

/** Wall-clock and processor time of something repeated, ms. */
export interface Timing {
  mean: number;
  median: number;
  min: number;
  /** Processor time of all threads together, mean. */
  cpu: number;
}

export interface TranslationBenchResult {
  settings: Omit<TranslationBenchOptions, 'onStep' | 'threads'>;
  parameters: number;
  step: Timing;
  /** Target units a second in training, at the mean step. */
  tokensPerSecond: number;
  /** Beam search, all sentences; null where none were asked for. */
  decoding: { seconds: number; cpuSeconds: number; sentencesPerSecond: number } | null;
  /** Kernels that fell back to tfjs's slow cpu code, with calls; none is right. */
  fallbacks: Record<string, number>;
  tensorsBefore: number;
  tensorsAfter: number;
  backend: string;
  gemm: string;
  threads: number;
  node: string;
}

/** Sentences searched together, as `translate` does. */
const TOGETHER = 50;

/** `count` pairs of random units, always the same. */
function randomPairs(o: TranslationBenchOptions, count: number): EncodedPair[] {
  const first = SPECIAL_UNITS.length;
  const width = o.source + o.target - 2;
  const drawn = philoxUniform(count * width, [1, 0], 0, 0);
  const id = (u: number) =>
    first + Math.min(o.vocabulary - first - 1, Math.floor(u * (o.vocabulary - first)));
  return Array.from({ length: count }, (_, i) => {
    const ids = Int32Array.from(drawn.subarray(i * width, (i + 1) * width), id);
    return { source: ids.slice(0, o.source - 1), target: ids.slice(o.source - 1) };
  });
}

const cpuMilliseconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Trains and translates random sentences and measures; nothing is stored. */
export async function benchTranslation(
  options: TranslationBenchOptions,
): Promise<TranslationBenchResult> {
  const backend = await useBackend({ threads: options.threads });
  const be = blasBackend();
  const { onStep, threads: _, ...settings } = options;
  const { hidden, layers, batch, optimizer, beam } = options;
  const config = resolve<TranslationConfig>(translationSchema, [
    gatePreset(options.gates),
    { hidden, layers, batch, optimizer, beam, upperEncoder: 'narrow', dropout: 0.3, epochs: 1 },
  ]);
  const steps = options.warmup + options.steps;
  const total = steps + Math.ceil(options.sentences / TOGETHER);
  const pairs = randomPairs(options, batch * steps);
  const trainer = new TranslationTrainer(config, pairs, options.vocabulary, options.vocabulary);
  try {
    let done = 0;
    for (; done < options.warmup; onStep?.(++done, total)) trainer.step();
    be?.fallbacks.clear();
    const tensorsBefore = tf.memory().numTensors;
    const cpu = process.cpuUsage();
    const times: number[] = [];
    for (let i = 0; i < options.steps; i++) {
      const start = performance.now();
      trainer.step();
      times.push(performance.now() - start);
      onStep?.(++done, total);
    }
    const timing = { ...spread(times), cpu: cpuMilliseconds(cpu) / options.steps };
    const decoding = decode(trainer, options, () => onStep?.(++done, total));
    return {
      settings,
      parameters: trainer.model.parameterCount,
      step: { mean: timing.mean, median: timing.median, min: timing.min, cpu: timing.cpu },
      tokensPerSecond: (batch * options.target * 1000) / timing.mean,
      decoding,
      fallbacks: Object.fromEntries(be?.fallbacks ?? []),
      tensorsBefore,
      tensorsAfter: tf.memory().numTensors,
      backend: backend.name,
      gemm: backend.gemm,
      threads: backend.threads,
      node: process.versions.node,
    };
  } finally {
    trainer.dispose();
  }
}

/** Every hypothesis is made as long as a target sentence: an unlearned model would never end, or at once. */
function decode(
  { model }: TranslationTrainer,
  o: TranslationBenchOptions,
  onBatch: () => void,
): TranslationBenchResult['decoding'] {
  if (o.sentences === 0) return null;
  const bias = model.parameters.get('output.bias')!;
  tf.tidy(() => {
    const values = new Float32Array(o.vocabulary);
    values[SENTENCE_END] = -1e9;
    bias.assign(tf.add(bias, values));
  });
  const pairs = randomPairs(o, o.sentences);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const decoder = decoderOf(model, o.sentences * o.beam * o.target);
  for (let at = 0; at < pairs.length; at += TOGETHER) {
    const together = pairs.slice(at, at + TOGETHER).map(({ source }) => source);
    beamSearch(model, sourceBatch(together), { beam: o.beam, longest: () => o.target }, decoder);
    onBatch();
  }
  decoder.dispose();
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = cpuMilliseconds(cpu) / 1000;
  return { seconds, cpuSeconds, sentencesPerSecond: o.sentences / seconds };
}
