import * as tf from '@tensorflow/tfjs';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import { UserError } from '../errors.js';
import { indivisible, throwIfInterrupted } from '../host.js';
import { sgdStep } from '../optim/sgd.js';
import {
  type StreamBatches,
  streams,
  window,
  windowCount,
} from '../text/language-model-batches.js';
import type { LanguageModelConfig } from './config.js';
import { LanguageModel, type RecurrentState, type StoredTensors, storedTensor } from './model.js';

/** Where a training run stands: everything but tensors that the next step depends on. */
export interface TrainerPosition {
  /** Epoch under way, from 0. */
  epoch: number;
  /** Next window of the epoch. */
  window: number;
  /** Steps done since the start; counts the noise. */
  step: number;
  /** Summed loss (nats) and words of the epoch so far. */
  epochNll: number;
  epochTokens: number;
}

export interface StepResult {
  /** Mean loss of the window, nats a word. */
  loss: number;
  /** Words in the window. */
  tokens: number;
  /** Gradient norm before clipping. */
  gradientNorm: number;
}

/** The learning rate of an epoch (from 0): halved each epoch after the first `decayAfter`. */
export function learningRateOf(config: LanguageModelConfig, epoch: number): number {
  return (
    config.learningRate * config.learningRateDecay ** Math.max(0, epoch + 1 - config.decayAfter)
  );
}

/**
 * Trains a language model window by window. The whole state can be read (`tensors`, `position`) and
 * put back, so that a stopped run goes on bit for bit as if it had never stopped.
 */
export class LanguageModelTrainer {
  readonly model: LanguageModel;
  readonly windowsPerEpoch: number;
  position: TrainerPosition = { epoch: 0, window: 0, step: 0, epochNll: 0, epochTokens: 0 };
  private readonly text: StreamBatches;
  private state: RecurrentState;

  constructor(
    readonly config: LanguageModelConfig,
    corpus: Pick<LanguageModelCorpus, 'vocabulary' | 'train'>,
  ) {
    this.text = streams(corpus.train.ids, config.batch);
    this.windowsPerEpoch = windowCount(this.text, config.bptt);
    this.model = new LanguageModel(config, corpus.vocabulary.size);
    this.state = this.model.zeroState(config.batch);
  }

  /** Words predicted in a whole run. */
  get totalTokens(): number {
    return (this.text.length - 1) * this.text.batch * this.config.epochs;
  }

  get finished(): boolean {
    return this.position.epoch >= this.config.epochs;
  }

  /** True between the last window of an epoch and endEpoch(). */
  get epochDone(): boolean {
    return this.position.window >= this.windowsPerEpoch;
  }

  /**
   * One step of SGD on the next window. A loss or gradient that is not finite changes no weight; nor
   * does a step that begins after its notebook cell was interrupted: it throws `Interrupted`.
   */
  step(): StepResult {
    if (this.finished || this.epochDone)
      throw new Error('trainer: no window left; call endEpoch()');
    throwIfInterrupted();
    return indivisible(() => this.stepNow());
  }

  private stepNow(): StepResult {
    const { config, model, position } = this;
    const { x, y, T } = window(this.text, position.window * config.bptt, config.bptt);
    // The loss is the mean over words; `stream` wants T times its gradient.
    const scale = config.lossReduction === 'stream' ? T : 1;
    const before = this.state;
    let next: RecurrentState | undefined;
    const result = tf.tidy(() => {
      const inputs = tf.tensor1d(x, 'int32');
      const targets = tf.tensor1d(y, 'int32');
      const { value, grads } = tf.variableGrads(() => {
        const out = model.loss(inputs, targets, before, { training: true, step: position.step });
        next = { h: out.state.h.map((t) => tf.keep(t)), c: out.state.c.map((t) => tf.keep(t)) };
        return out.loss;
      }, model.variables);
      const loss = value.dataSync()[0]!;
      const sgd = {
        learningRate: learningRateOf(config, position.epoch) * scale,
        clip: config.clip / scale,
      };
      const ordered = model.variables.map((v) => grads[v.name]!);
      const gradientNorm = Number.isFinite(loss)
        ? sgdStep(model.variables, ordered, sgd) * scale
        : Number.NaN;
      return { loss, gradientNorm } as never;
    }) as unknown as { loss: number; gradientNorm: number };
    tf.dispose([before.h, before.c]);
    this.state = next!;
    const { loss, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw new UserError(
        `the ${Number.isFinite(loss) ? 'gradient' : 'loss'} is ${Number.isFinite(loss) ? gradientNorm : loss} at epoch ${position.epoch + 1}, step ${position.step}: training diverged. ` +
          'The last checkpoint is kept; start a run with a lower learningRate or a smaller clip.',
      );
    position.window++;
    position.step++;
    position.epochNll += loss * y.length;
    position.epochTokens += y.length;
    return { loss, tokens: y.length, gradientNorm };
  }

  /** Closes an epoch: the state starts from zero again. @returns training loss, nats a word */
  endEpoch(): number {
    const { position } = this;
    const loss = position.epochNll / position.epochTokens;
    tf.dispose([this.state.h, this.state.c]);
    this.state = this.model.zeroState(this.config.batch);
    position.epoch++;
    position.window = 0;
    position.epochNll = 0;
    position.epochTokens = 0;
    return loss;
  }

  /** Parameters, and with `state` the recurrent state as `state.h.L`, `state.c.L` [B, H]. */
  tensors(state = true): Record<string, tf.Tensor> {
    const all: Record<string, tf.Tensor> = Object.fromEntries(this.model.parameters);
    if (state)
      for (let l = 0; l < this.config.layers; l++) {
        all[`state.h.${l}`] = this.state.h[l]!;
        all[`state.c.${l}`] = this.state.c[l]!;
      }
    return all;
  }

  /** Puts back what tensors() gave; `file` is what errors call it. */
  restore(tensors: StoredTensors, position: TrainerPosition, file = 'the checkpoint'): void {
    this.model.load(tensors, file);
    const { batch: B, hidden: H, layers } = this.config;
    const states = (kind: string) =>
      Array.from(
        { length: layers },
        (_, l) => storedTensor(tensors, `state.${kind}.${l}`, [B, H], file) as tf.Tensor2D,
      );
    const state = { h: states('h'), c: states('c') };
    tf.dispose([this.state.h, this.state.c]);
    this.state = state;
    this.position = { ...position };
  }

  dispose(): void {
    tf.dispose([this.state.h, this.state.c]);
    this.model.dispose();
  }
}
