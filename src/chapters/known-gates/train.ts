/** A small model on one task: the library's language model, asked at some steps only. */
import { tf } from '#tfjs';
import { softmaxCrossEntropy } from '../../cell/cross-entropy.js';
import type { GateConfig } from '../../cell/gate-options.js';
import { Random } from '../../datasets/made/random.js';
import { indivisible, orderly, throwIfInterrupted } from '../../host.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { LanguageModel, type PassOptions } from '../../lm/model.js';
import { Adam } from '../../optim/adam.js';
import { mean } from '../../results/statistics.js';
import { gatePreset } from '../../runs/choice.js';
import type { StopFlag } from '../../runs/interrupt.js';
import { languageModelSchema } from '../../runs/lm/schema.js';
import { resolve } from '../../runs/schema.js';
import { type KnownTask, NONE, type Sequence } from './tasks/task.js';

/** What is compared: the paper's three algorithms, its own with noise on every gate beside it. */
export const KNOWN_ALGORITHMS = {
  baseline: gatePreset('baseline'),
  sharpened: gatePreset('sharpened'),
  'g2 p .2': gatePreset('g2', 'code'),
  'g2 p 1': { ...gatePreset('g2', 'code'), noiseProbability: 1 },
} as const satisfies Record<string, Partial<GateConfig>>;

export type KnownAlgorithm = keyof typeof KNOWN_ALGORITHMS;

/** Sequences a training step. */
export const BATCH = 32;
/** Largest norm of a gradient. */
const CLIP = 1;

/** Everything that decides what a training computes. */
export interface KnownChoice {
  algorithm: KnownAlgorithm;
  /** Added to the forget gates' bias before training. */
  forgetBias: number;
  seed: number;
}

/** The model's configuration: one layer, by Adam, the rate falling to 0 in a straight line. */
export function knownConfig(task: KnownTask, choice: KnownChoice): LanguageModelConfig {
  const { algorithm, forgetBias, seed } = choice;
  return resolve<LanguageModelConfig>(languageModelSchema, [
    {
      dataset: 'demo',
      layers: 1,
      hidden: task.units,
      initialisation: 'awd',
      initRange: 0.5,
      optimizer: 'adam',
      learningRate: task.learningRate,
      clip: CLIP,
      batch: BATCH,
      bptt: task.length,
      forgetBias,
      seed,
    },
    KNOWN_ALGORITHMS[algorithm],
  ]);
}

/** Sequences of one length side by side: inputs [T * B], and the asked steps with their answers. */
export interface Batch {
  size: number;
  input: Int32Array;
  /** Rows of [T * B] where something is asked. */
  asked: Int32Array;
  answers: Int32Array;
}

export function batchOf(list: readonly Sequence[]): Batch {
  const size = list.length;
  const T = list[0]!.input.length;
  const input = new Int32Array(T * size);
  const [asked, answers] = [[] as number[], [] as number[]];
  for (let t = 0; t < T; t++)
    list.forEach((sequence, b) => {
      input[t * size + b] = sequence.input[t]!;
      if (sequence.target[t] === NONE) return;
      asked.push(t * size + b);
      answers.push(sequence.target[t]!);
    });
  return { size, input, asked: Int32Array.from(asked), answers: Int32Array.from(answers) };
}

/** Logits at the asked steps, [asked, V], without the bias. */
export function askedLogits(model: LanguageModel, batch: Batch, pass: PassOptions): tf.Tensor2D {
  const x = tf.tensor1d(batch.input, 'int32');
  const { y } = model.hidden(x, model.zeroState(batch.size), pass);
  const rows = tf.gather(y, tf.tensor1d(batch.asked, 'int32'));
  return tf.matMul(rows, model.parameters.get('decoder.weight') as unknown as tf.Tensor2D);
}

/** Trains a model of one task step by step; `model` may be read between steps. */
export class KnownTraining {
  readonly model: LanguageModel;
  /** Mean loss of every step so far, nats an answer. */
  readonly losses: number[] = [];
  private readonly adam: Adam;
  private readonly random: Random;

  constructor(
    readonly task: KnownTask,
    readonly choice: KnownChoice,
  ) {
    this.model = new LanguageModel(knownConfig(task, choice), task.tokens.length);
    this.adam = new Adam(this.model.variables, { learningRate: task.learningRate });
    // The same sequences for every algorithm of a seed: they are compared in pairs.
    this.random = new Random(choice.seed, `${task.name} train`);
  }

  get finished(): boolean {
    return this.losses.length >= this.task.updates;
  }

  step(): number {
    throwIfInterrupted();
    const { task, model, losses } = this;
    const next = () => task.sequence(this.random, task.length, 'train');
    const list = Array.from({ length: BATCH }, next);
    const batch = batchOf(list);
    const step = losses.length;
    const learningRate = task.learningRate * (1 - step / task.updates);
    const loss = indivisible(
      () =>
        tf.tidy(() => {
          const { value, grads } = tf.variableGrads(() => {
            const logits = askedLogits(model, batch, { training: true, step });
            const bias = model.parameters.get('decoder.bias') as unknown as tf.Tensor1D;
            const answers = tf.tensor1d(batch.answers, 'int32');
            return softmaxCrossEntropy(logits, bias, answers, { donate: true });
          }, model.variables);
          const ordered = model.variables.map((v) => grads[v.name]!);
          this.adam.step(ordered, { clip: CLIP, learningRate });
          return value.dataSync()[0]! as never;
        }) as unknown as number,
    );
    losses.push(loss);
    return loss;
  }

  /**
   * Takes the steps that are left. An interrupted cell ends it between two steps; `stop` likewise.
   * @returns mean loss of the last tenth of the steps, nats an answer; null when `stop` said so
   */
  async train(stop?: StopFlag): Promise<number | null> {
    return orderly(async () => {
      while (!this.finished) {
        this.step();
        if (this.losses.length % 10 > 0) continue;
        if (await stop?.poll()) return null;
        await new Promise((resolve) => setImmediate(resolve));
        throwIfInterrupted();
      }
      const last = this.losses.slice(-Math.ceil(this.task.updates / 10));
      return mean(last);
    });
  }

  dispose(): void {
    this.adam.dispose();
    this.model.dispose();
  }
}
