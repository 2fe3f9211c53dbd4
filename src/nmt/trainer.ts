import { tf } from '#tfjs';
import { type StoredTensors, storedTensor } from '../cell/named-parameters.js';
import { UserError } from '../errors.js';
import { indivisible, throwIfInterrupted } from '../host.js';
import { AdaDelta } from '../optim/adadelta.js';
import { Adam } from '../optim/adam.js';
import { type EncodedPair, epochBatches, pairBatch } from './batches.js';
import type { TranslationConfig } from './config.js';
import { TranslationModel } from './model.js';

/** Where a training run stands: everything but tensors that the next step depends on. */
export interface TrainerPosition {
  /** Epoch under way, from 0. */
  epoch: number;
  /** Next batch of the epoch. */
  batch: number;
  /** Steps done since the start; counts noise and dropout. */
  step: number;
  /** Summed loss (nats) and target units of the epoch so far. */
  epochNll: number;
  epochTokens: number;
  /** How often the learning rate was lowered. */
  decays: number;
}

/** Where every run begins. */
export const FIRST_POSITION: Readonly<TrainerPosition> = {
  epoch: 0,
  batch: 0,
  step: 0,
  epochNll: 0,
  epochTokens: 0,
  decays: 0,
};

export interface StepResult {
  /** Mean loss of the batch, nats a target unit. */
  loss: number;
  /** Target units, end marks included. */
  tokens: number;
  /** Norm of the gradient (summed over units, averaged over sentences) before clipping. */
  gradientNorm: number;
}

const OPTIMIZERS = { adam: Adam, adadelta: AdaDelta };

/**
 * Trains a translation model batch by batch. The whole state can be read (`tensors`, `position`) and
 * put back, so that a stopped run goes on bit for bit as if it had never stopped.
 */
export class TranslationTrainer {
  readonly model: TranslationModel;
  readonly tokensPerEpoch: number;
  position: TrainerPosition = { ...FIRST_POSITION };
  private readonly optimizer: Adam | AdaDelta;
  private order: Int32Array[];
  private orderOf = 0;

  /** @param pairs training pairs, none empty */
  constructor(
    readonly config: TranslationConfig,
    private readonly pairs: readonly EncodedPair[],
    sourceVocabularySize: number,
    targetVocabularySize: number,
  ) {
    if (pairs.length === 0) throw new UserError('there is no training pair; raise maxLength?');
    this.tokensPerEpoch = pairs.reduce((n, { target }) => n + target.length + 1, 0);
    this.model = new TranslationModel(config, sourceVocabularySize, targetVocabularySize);
    this.optimizer = new OPTIMIZERS[config.optimizer](this.model.variables);
    this.order = epochBatches(pairs, config.batch, { seed: config.seed, epoch: 0 });
  }

  get batchesPerEpoch(): number {
    return this.order.length;
  }

  /** Target units of a whole run. */
  get totalTokens(): number {
    return this.tokensPerEpoch * this.config.epochs;
  }

  get finished(): boolean {
    return this.position.epoch >= this.config.epochs;
  }

  /** True between the last batch of an epoch and endEpoch(). */
  get epochDone(): boolean {
    return this.position.batch >= this.order.length;
  }

  get learningRate(): number {
    return this.config.learningRate * this.config.learningRateDecay ** this.position.decays;
  }

  /** Multiplies the learning rate by `learningRateDecay` from the next step on. */
  lowerLearningRate(): void {
    this.position.decays++;
  }

  /**
   * One step on the next batch. A loss or gradient that is not finite changes no weight; nor does a
   * step that begins after its notebook cell was interrupted: it throws `Interrupted`.
   */
  step(): StepResult {
    if (this.finished || this.epochDone) throw new Error('trainer: no batch left; call endEpoch()');
    throwIfInterrupted();
    return indivisible(() => this.stepNow());
  }

  private stepNow(): StepResult {
    const { config, model, position } = this;
    const batch = pairBatch(Array.from(this.order[position.batch]!, (i) => this.pairs[i]!));
    const tokens = batch.targets.length;
    // The graph's loss is the mean over units; the published code sums over units and takes the mean
    // over sentences (paper.DEPARTURES, row 15), which is this many times as much.
    const scale = tokens / batch.B;
    const { loss, gradientNorm } = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => model.loss(batch, { training: true, step: position.step }),
        model.variables,
      );
      const loss = value.dataSync()[0]!;
      const ordered = model.variables.map((v) => grads[v.name]!);
      const options = { learningRate: this.learningRate, clip: config.clip, scale };
      const gradientNorm = Number.isFinite(loss)
        ? this.optimizer.step(ordered, options)
        : Number.NaN;
      return { loss, gradientNorm } as never;
    }) as unknown as { loss: number; gradientNorm: number };
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw new UserError(
        `the ${Number.isFinite(loss) ? 'gradient' : 'loss'} is ${Number.isFinite(loss) ? gradientNorm : loss} at epoch ${position.epoch + 1}, step ${position.step}: training diverged. ` +
          'The last checkpoint is kept; start a run with a lower learningRate or a smaller clip.',
      );
    position.batch++;
    position.step++;
    position.epochNll += loss * tokens;
    position.epochTokens += tokens;
    return { loss, tokens, gradientNorm };
  }

  /** Closes an epoch. @returns training loss, nats a target unit */
  endEpoch(): number {
    const { position } = this;
    const loss = position.epochNll / position.epochTokens;
    position.epoch++;
    position.batch = 0;
    position.epochNll = 0;
    position.epochTokens = 0;
    this.orderEpoch();
    return loss;
  }

  private orderEpoch(): void {
    const { epoch } = this.position;
    if (this.orderOf === epoch) return;
    const { batch, seed } = this.config;
    this.order = epochBatches(this.pairs, batch, { seed, epoch });
    this.orderOf = epoch;
  }

  /** Parameters, and with `state` the optimiser's as `optimizer.KIND.NAME`. */
  tensors(state = true): Record<string, tf.Tensor> {
    const all: Record<string, tf.Tensor> = Object.fromEntries(this.model.parameters);
    if (!state) return all;
    const names = [...this.model.parameters.keys()];
    this.optimizer.names.forEach((kind, k) => {
      this.optimizer.tensors[k]!.forEach((t, i) => {
        all[`optimizer.${kind}.${names[i]}`] = t;
      });
    });
    return all;
  }

  /** Puts back what tensors() gave; `file` is what errors call it. */
  restore(tensors: StoredTensors, position: TrainerPosition, file = 'the checkpoint'): void {
    this.model.load(tensors, file);
    const names = [...this.model.parameters.keys()];
    this.optimizer.restore(
      (kind, i, shape) => storedTensor(tensors, `optimizer.${kind}.${names[i]}`, shape, file),
      position.step,
    );
    this.position = { ...position };
    this.orderEpoch();
  }

  dispose(): void {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
