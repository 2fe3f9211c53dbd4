/** What Adam and AdaDelta share: two moments a variable, gradients clipped all together. */
import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import { NORM_SLOT } from '../backend/programs/optimizer.js';
import { writeVariableTable } from './variable-table.js';

/** How to take a step. */
export interface AdaptiveStep {
  /** Default: the optimiser's own. */
  learningRate?: number;
  /** Largest global norm of the gradients times `scale`; 0 = no clipping. */
  clip: number;
  /** The true gradient is this times the tensors given: before clipping and moments. Default 1. */
  scale?: number;
  /** This times the weight is added to the clipped gradient (L2). Default 0. */
  weightDecay?: number;
}

/** A step in full. */
export interface CompleteStep {
  learningRate: number;
  weightDecay: number;
  /** Number of the step, from 1. */
  number: number;
}

let made = 0;

/** An optimiser with two moments a variable; dense updates in place on `blas`. */
export abstract class AdaptiveOptimizer {
  /** The moments' names: for checkpoints. */
  abstract readonly names: readonly [string, string];
  /** The moments: by name's place, then by variable. They start at 0. */
  readonly tensors: readonly [tf.Variable[], tf.Variable[]];
  /** Steps taken so far. */
  steps = 0;

  constructor(
    readonly variables: tf.Variable[],
    /** Learning rate of a step that names none. */
    readonly learningRate: number,
  ) {
    const prefix = `moments${made++}/`; // tfjs wants names that are unique in the process
    const moments = (k: number): tf.Variable[] =>
      variables.map((v, i) => {
        const zeros = tf.zeros(v.shape);
        const moment = tf.variable(zeros, false, `${prefix}${k}/${i}`);
        zeros.dispose();
        return moment;
      });
    this.tensors = [moments(0), moments(1)];
  }

  /** The backend's program and its constants. */
  protected abstract fused(step: CompleteStep): ['adam' | 'adaDelta', ...number[]];

  /** One variable in plain tfjs: its new value and moments from the gradient G. */
  protected abstract plain(
    w: tf.Tensor,
    gradient: tf.Tensor,
    moments: [tf.Tensor, tf.Tensor],
    step: CompleteStep,
  ): [tf.Tensor, tf.Tensor, tf.Tensor];

  /**
   * One step. @returns the norm of the true gradients before clipping; not finite = nothing was
   * updated and the step does not count
   */
  step(grads: tf.Tensor[], options: AdaptiveStep): number {
    const { variables } = this;
    if (variables.length !== grads.length)
      throw new Error(`optimizer: ${variables.length} variables, ${grads.length} gradients`);
    const { clip, scale = 1, learningRate = this.learningRate, weightDecay = 0 } = options;
    if (!(scale > 0)) throw new RangeError(`optimizer: scale must be > 0, not ${scale}`);
    const step = { learningRate, weightDecay, number: this.steps + 1 };
    const be = blasBackend();
    let norm: number;
    if (be) {
      writeVariableTable(be, variables, grads, ...this.tensors);
      const [program, ...constants] = this.fused(step);
      be.team.run(program, variables.length, scale, clip, ...constants);
      norm = scale * Math.sqrt(be.team.reduction(NORM_SLOT));
    } else norm = this.plainStep(grads, scale, clip, step);
    if (Number.isFinite(norm)) this.steps++;
    return norm;
  }

  private plainStep(grads: tf.Tensor[], scale: number, clip: number, step: CompleteStep): number {
    return tf.tidy(() => {
      const squares = grads.map((g) => tf.sum(tf.square(g)).dataSync()[0]!);
      const norm = scale * Math.sqrt(squares.reduce((a, b) => a + b, 0));
      if (!Number.isFinite(norm)) return norm;
      const factor = clip > 0 ? scale * Math.min(1, clip / (norm + 1e-6)) : scale;
      this.variables.forEach((w, i) => {
        const [first, second] = [this.tensors[0][i]!, this.tensors[1][i]!];
        const { weightDecay } = step;
        const cut = tf.mul(grads[i]!, factor);
        const gradient = weightDecay ? tf.add(cut, tf.mul(w, weightDecay)) : cut;
        const [value, a, b] = this.plain(w, gradient, [first, second], step);
        first.assign(a);
        second.assign(b);
        w.assign(value);
      });
      return norm;
    });
  }

  /** Puts back stored moments: `stored(name, i, shape)` makes the tensor of variable i. */
  restore(stored: (name: string, i: number, shape: number[]) => tf.Tensor, steps: number): void {
    this.names.forEach((name, k) => {
      this.tensors[k]!.forEach((moment, i) => {
        const value = stored(name, i, moment.shape);
        moment.assign(value);
        value.dispose();
      });
    });
    this.steps = steps;
  }

  dispose(): void {
    tf.dispose(this.tensors.flat());
  }
}
