import { tf } from '#tfjs';
import { type StoredTensors, storedTensor } from '../cell/named-parameters.js';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import { UserError } from '../errors.js';
import { indivisible, orderly, pause, throwIfInterrupted } from '../host.js';
import { Adam } from '../optim/adam.js';
import { WeightAverages } from '../optim/averaged-sgd.js';
import { type SgdOptions, sgdStep } from '../optim/sgd.js';
import {
  type StreamBatches,
  streams,
  window,
  windowCount,
} from '../text/language-model-batches.js';
import { meanWindowLength, randomWindowLength, randomWindowsEnd } from '../text/random-windows.js';
import type { LanguageModelConfig } from './config.js';
import { LanguageModel, type RecurrentState } from './model.js';

// Training by the step, for notebooks: no folder, no checkpoint.

/** Steps between two looks at the outside world. */
const YIELD_EVERY = 10;

/**
 * Takes `steps` training steps, fewer if the run's epochs end before; epochs are closed as they pass.
 * An interrupted cell ends it between two steps, with the weights as they are then.
 *
 * @returns mean loss of the last tenth of the steps, nats a word.
 */
export async function trainSteps(trainer: LanguageModelTrainer, steps: number): Promise<number> {
  const losses: number[] = [];
  await orderly(async () => {
    for (let s = 0; s < steps && !trainer.finished; s++) {
      losses.push(trainer.step().loss);
      if (trainer.epochDone) trainer.endEpoch();
      if (s % YIELD_EVERY === 0) await pause();
      throwIfInterrupted();
    }
  });
  const last = losses.slice(-Math.max(1, Math.floor(losses.length / 10)));
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

/** Where a training run stands: everything but tensors that the next step depends on. */
export interface TrainerPosition {
  /** Epoch under way, from 0; finetuning goes on counting. */
  epoch: number;
  /** Next window of the epoch. */
  window: number;
  /** Time index of its first word. Not in checkpoints of before random windows: window * bptt. */
  start?: number;
  /** Steps done since the start; counts the noise. */
  step: number;
  /** Summed loss (nats) and words of the epoch so far. */
  epochNll: number;
  epochTokens: number;
  /** Steps of averaged SGD, in this phase; absent or null = weights are not averaged. */
  averagedSteps?: number | null;
  /** Epochs that were done when finetuning began; absent or null = it did not. */
  finetuneFrom?: number | null;
}

/** `main` training; then `finetune`: averaged SGD from the best weights of it. */
export type TrainingPhase = 'main' | 'finetune';

/** Where every run begins. */
export const FIRST_POSITION: Readonly<TrainerPosition> = {
  epoch: 0,
  window: 0,
  start: 0,
  step: 0,
  epochNll: 0,
  epochTokens: 0,
  averagedSteps: null,
  finetuneFrom: null,
};

export interface StepResult {
  /** Mean loss of the window without regularisation, nats a word. */
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
  /** Windows of an epoch; with random lengths about so many. */
  readonly windowsPerEpoch: number;
  position: TrainerPosition = { ...FIRST_POSITION };
  private readonly text: StreamBatches;
  /** Time index at which an epoch ends. */
  private readonly end: number;
  private state: RecurrentState;
  private averages: WeightAverages | null = null;
  private readonly adam: Adam | null;

  constructor(
    readonly config: LanguageModelConfig,
    corpus: Pick<LanguageModelCorpus, 'vocabulary' | 'train'>,
  ) {
    if (config.optimizer === 'adam' && config.finetuneEpochs > 0)
      throw new UserError(
        'finetuneEpochs: finetuning is averaged SGD; set finetuneEpochs=0 with optimizer=adam',
      );
    this.text = streams(corpus.train.ids, config.batch);
    if (config.randomBptt && this.text.length < 3)
      throw new UserError(
        'the training text is too short for windows of random length: give streams of at least 3 words (a smaller batch)',
      );
    this.end = config.randomBptt ? randomWindowsEnd(this.text) : this.text.length - 1;
    this.windowsPerEpoch = config.randomBptt
      ? Math.ceil(this.end / meanWindowLength(config.bptt))
      : windowCount(this.text, config.bptt);
    this.model = new LanguageModel(config, corpus.vocabulary.size);
    this.adam = config.optimizer === 'adam' ? new Adam(this.model.variables) : null;
    this.state = this.model.zeroState(config.batch);
  }

  /** Words predicted in an epoch; with windows of random length up to one a stream fewer. */
  get tokensPerEpoch(): number {
    return (this.text.length - 1) * this.text.batch;
  }

  /** Words predicted in a whole run, all epochs of finetuning included. */
  get totalTokens(): number {
    return this.tokensPerEpoch * (this.config.epochs + this.config.finetuneEpochs);
  }

  get phase(): TrainingPhase {
    return this.position.finetuneFrom == null ? 'main' : 'finetune';
  }

  /** True when the epochs of this phase are done. */
  get finished(): boolean {
    const { epoch, finetuneFrom } = this.position;
    const { epochs, finetuneEpochs } = this.config;
    return epoch >= (finetuneFrom == null ? epochs : finetuneFrom + finetuneEpochs);
  }

  /** True between the last window of an epoch and endEpoch(). */
  get epochDone(): boolean {
    return this.position.start! >= this.end;
  }

  /** Learning rate of a window of `bptt` steps in this epoch: finetuning is at the full rate. */
  get learningRate(): number {
    return this.phase === 'main'
      ? learningRateOf(this.config, this.position.epoch)
      : this.config.learningRate;
  }

  get averaging(): boolean {
    return this.averages !== null;
  }

  /** From the next step on weights are averaged, starting from what they are now. */
  startAveraging(): void {
    this.averages?.dispose();
    this.averages = new WeightAverages(this.model.variables);
    this.position.averagedSteps = 0;
  }

  /** Averaged SGD from these weights; call it between two epochs. */
  startFinetuning(weights: StoredTensors, file = 'the checkpoint'): void {
    this.model.load(weights, file);
    this.startAveraging();
    this.position.finetuneFrom = this.position.epoch;
  }

  /**
   * Runs `work` while the model has the averaged weights, if there are any. No training step may fall
   * into it.
   */
  async withAverages<T>(work: () => Promise<T>): Promise<T> {
    const averages = this.averages;
    averages?.swap();
    try {
      return await work();
    } finally {
      averages?.swap();
    }
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
    const { epoch, window: index } = position;
    const length = config.randomBptt
      ? randomWindowLength(config.bptt, { seed: config.seed, epoch, index })
      : config.bptt;
    const { x, y, T } = window(this.text, position.start!, length);
    // The loss is the mean over words; `stream` wants T times its gradient.
    const scale = config.lossReduction === 'stream' ? T : 1;
    const before = this.state;
    let next: RecurrentState | undefined;
    let entropy: tf.Scalar | undefined;
    const result = tf.tidy(() => {
      const inputs = tf.tensor1d(x, 'int32');
      const targets = tf.tensor1d(y, 'int32');
      const { value, grads } = tf.variableGrads(() => {
        const out = model.loss(inputs, targets, before, { training: true, step: position.step });
        next = { h: out.state.h.map((t) => tf.keep(t)), c: out.state.c.map((t) => tf.keep(t)) };
        if (out.crossEntropy !== out.loss) entropy = tf.keep(out.crossEntropy);
        return out.loss;
      }, model.variables);
      const loss = value.dataSync()[0]!;
      const ordered = model.variables.map((v) => grads[v.name]!);
      const gradientNorm = Number.isFinite(loss)
        ? // The drawn length counts, also where the text ends before it.
          this.update(ordered, scale, length / config.bptt)
        : Number.NaN;
      const crossEntropy = entropy ? entropy.dataSync()[0]! : loss;
      return { loss: Number.isFinite(loss) ? crossEntropy : loss, gradientNorm } as never;
    }) as unknown as { loss: number; gradientNorm: number };
    entropy?.dispose();
    tf.dispose([before.h, before.c]);
    this.state = next!;
    const { loss, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw new UserError(
        `the ${Number.isFinite(loss) ? 'gradient' : 'loss'} is ${Number.isFinite(loss) ? gradientNorm : loss} at epoch ${position.epoch + 1}, step ${position.step}: training diverged. ` +
          'The last checkpoint is kept; start a run with a lower learningRate or a smaller clip.',
      );
    position.window++;
    position.start! += T;
    position.step++;
    position.epochNll += loss * y.length;
    position.epochTokens += y.length;
    return { loss, tokens: y.length, gradientNorm };
  }

  /** One step with the gradients times `scale` at `share` of the rate; their norm before clipping. */
  private update(grads: tf.Tensor[], scale: number, share: number): number {
    const { averages, adam, model, learningRate } = this;
    const { clip, weightDecay } = this.config;
    if (adam)
      return adam.step(grads, { learningRate: learningRate * share, clip, scale, weightDecay });
    // The gradient is taken `scale` times too small, and so is what is added to it.
    const options: SgdOptions = {
      learningRate: learningRate * scale * share,
      clip: clip / scale,
      weightDecay: weightDecay / scale,
    };
    if (!averages) return sgdStep(model.variables, grads, options) * scale;
    const norm = averages.step(grads, options);
    this.position.averagedSteps = averages.steps;
    return norm * scale;
  }

  /** Closes an epoch: the state starts from zero again. @returns training loss, nats a word */
  endEpoch(): number {
    const { position } = this;
    const loss = position.epochNll / position.epochTokens;
    tf.dispose([this.state.h, this.state.c]);
    this.state = this.model.zeroState(this.config.batch);
    position.epoch++;
    position.window = 0;
    position.start = 0;
    position.epochNll = 0;
    position.epochTokens = 0;
    return loss;
  }

  /**
   * Parameters, and with `state` what else goes on: the recurrent state as `state.h.L`, `state.c.L`
   * [B, H], averages as `average.NAME`, Adam's moments as `mean.NAME` and `square.NAME`.
   */
  tensors(state = true): Record<string, tf.Tensor> {
    const all: Record<string, tf.Tensor> = Object.fromEntries(this.model.parameters);
    if (state) {
      for (let l = 0; l < this.config.layers; l++) {
        all[`state.h.${l}`] = this.state.h[l]!;
        all[`state.c.${l}`] = this.state.c[l]!;
      }
      [...this.model.parameters.keys()].forEach((name, i) => {
        if (this.averages) all[`average.${name}`] = this.averages.tensors[i]!;
        this.adam?.names.forEach((moment, k) => {
          all[`${moment}.${name}`] = this.adam!.tensors[k]![i]!;
        });
      });
    }
    return all;
  }

  /** Puts back what tensors() gave; `file` is what errors call it. */
  restore(tensors: StoredTensors, position: TrainerPosition, file = 'the checkpoint'): void {
    this.model.load(tensors, file);
    const states = (kind: 'h' | 'c') =>
      this.state[kind].map(
        ({ shape }, l) => storedTensor(tensors, `state.${kind}.${l}`, shape, file) as tf.Tensor2D,
      );
    const state = { h: states('h'), c: states('c') };
    tf.dispose([this.state.h, this.state.c]);
    this.state = state;
    const { averagedSteps = null, finetuneFrom = null } = position;
    const start = position.start ?? position.window * this.config.bptt;
    this.position = { ...position, start, averagedSteps, finetuneFrom };
    this.averages?.dispose();
    this.averages = null;
    const parameters = [...this.model.parameters.keys()];
    // Every step of the run was one of Adam's: a step that fails ends the run.
    this.adam?.restore(
      (moment, i, shape) => storedTensor(tensors, `${moment}.${parameters[i]}`, shape, file),
      position.step,
    );
    if (averagedSteps === null) return;
    this.averages = new WeightAverages(this.model.variables);
    const names = parameters.map((name) => `average.${name}`);
    this.averages.restore(
      (i, shape) => storedTensor(tensors, names[i]!, shape, file),
      averagedSteps,
    );
  }

  dispose(): void {
    tf.dispose([this.state.h, this.state.c]);
    this.averages?.dispose();
    this.averages = null;
    this.adam?.dispose();
    this.model.dispose();
  }
}
