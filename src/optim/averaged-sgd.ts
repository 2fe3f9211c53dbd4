/** SGD whose weights are averaged over time (Polyak and Juditsky), as PyTorch's ASGD does it. */
import { tf } from '#tfjs';
import { type SgdOptions, sgdStep } from './sgd.js';

/** Parameters of PyTorch's ASGD; the defaults are AWD-LSTM's, with which the weights do plain SGD. */
export interface AveragingOptions {
  /** Decay term of Bottou's schedule, and pull of the weights towards 0. Default 0. */
  lambd?: number;
  /** Power of the schedule. Default 0.75. */
  alpha?: number;
  /** Steps before averaging starts. Default 0. */
  t0?: number;
}

/**
 * What step number `step` (from 1) uses, after Bottou (2012): rate / (1 + lambd rate (step - 1))^alpha,
 * and mu = 1 / max(1, step - 1 - t0) for the average. With t0 = 0 the average is the mean of the
 * weights after steps 2, 3, ...: PyTorch's counter is one behind.
 */
export function averagingSchedule(
  learningRate: number,
  step: number,
  { lambd = 0, alpha = 0.75, t0 = 0 }: AveragingOptions = {},
): { learningRate: number; mu: number } {
  return {
    learningRate: learningRate / (1 + lambd * learningRate * (step - 1)) ** alpha,
    mu: 1 / Math.max(1, step - 1 - t0),
  };
}

let made = 0;

/**
 * Running averages of some variables. The rate is that of the very step: PyTorch's ASGD keeps the one
 * computed after the step before, so that in AWD-LSTM's code the scaling by a window's length, after
 * the switch, comes one window late.
 */
export class WeightAverages {
  /** In the order of the variables. */
  readonly tensors: tf.Variable[];
  /** Steps taken so far. */
  steps = 0;

  /** The first step sets every average to its weight; until then they are the weights as they are. */
  constructor(
    readonly variables: tf.Variable[],
    private readonly options: AveragingOptions = {},
  ) {
    const prefix = `average${made++}/`; // tfjs wants names that are unique in the process
    this.tensors = variables.map((v, i) => {
      const copy = tf.tensor(v.dataSync().slice(), v.shape);
      const average = tf.variable(copy, false, prefix + i);
      copy.dispose();
      return average;
    });
  }

  /** One step of averaged SGD. @returns the gradient norm, as sgdStep */
  step(grads: tf.Tensor[], sgd: Omit<SgdOptions, 'averages'>): number {
    const { lambd = 0 } = this.options;
    const now = averagingSchedule(sgd.learningRate, this.steps + 1, this.options);
    const norm = sgdStep(this.variables, grads, {
      ...sgd,
      learningRate: now.learningRate,
      weightDecay: (sgd.weightDecay ?? 0) + lambd,
      averages: { tensors: this.tensors, mu: now.mu },
    });
    if (Number.isFinite(norm)) this.steps++;
    return norm;
  }

  /** Exchanges weights and averages, without copying either; once more puts them back. */
  swap(): void {
    this.variables.forEach((v, i) => {
      const weight = v.clone();
      v.assign(this.tensors[i]!);
      this.tensors[i]!.assign(weight);
      weight.dispose();
    });
  }

  /** Puts back stored averages: `stored(i, shape)` makes the tensor of variable i. */
  restore(stored: (i: number, shape: number[]) => tf.Tensor, steps: number): void {
    this.tensors.forEach((average, i) => {
      const value = stored(i, average.shape);
      average.assign(value);
      value.dispose();
    });
    this.steps = steps;
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }
}

/**
 * The non-monotone trigger of NT-ASGD (Merity et al. 2017, Algorithm 1, as their code has it): true when
 * the current validation loss is worse than the best of all earlier ones but the last `nonmonotone`.
 *
 * @param validLosses losses (or perplexities) of the epochs before, oldest first
 */
export function shouldAverage(
  validLosses: readonly number[],
  current: number,
  nonmonotone: number,
): boolean {
  return (
    validLosses.length > nonmonotone && current > Math.min(...validLosses.slice(0, -nonmonotone))
  );
}
