/** Adam (Kingma and Ba 2015), as PyTorch does it. */
import { tf } from '#tfjs';
import { AdaptiveOptimizer, type CompleteStep } from './adaptive.js';

/** Parameters of Adam. */
export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number;
  /** Decay of the mean. Default 0.9. */
  beta1?: number;
  /** Decay of the mean square. Default 0.999. */
  beta2?: number;
  /** Added to the root. Default 1e-8. */
  epsilon?: number;
}

/**
 * mean = beta1 mean + (1 - beta1) G, square = beta2 square + (1 - beta2) G^2, both divided by 1 - beta^t,
 * w -= rate * mean / (sqrt(square) + epsilon).
 */
export class Adam extends AdaptiveOptimizer {
  readonly names = ['mean', 'square'] as const;
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;

  constructor(variables: tf.Variable[], options: AdamOptions = {}) {
    super(variables, options.learningRate ?? 1e-3);
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
  }

  /** Rate and factor of the root, bias corrections included. */
  private corrected({ learningRate, number }: CompleteStep): [number, number] {
    return [learningRate / (1 - this.beta1 ** number), 1 / Math.sqrt(1 - this.beta2 ** number)];
  }

  protected fused(step: CompleteStep): ['adam', ...number[]] {
    const { beta1, beta2, epsilon } = this;
    const rates = this.corrected(step);
    return ['adam', step.weightDecay, 1 - beta1, beta2, 1 - beta2, ...rates, epsilon];
  }

  protected plain(
    w: tf.Tensor,
    gradient: tf.Tensor,
    [mean, square]: [tf.Tensor, tf.Tensor],
    step: CompleteStep,
  ): [tf.Tensor, tf.Tensor, tf.Tensor] {
    const [rate, root] = this.corrected(step);
    const m = tf.add(mean, tf.mul(tf.sub(gradient, mean), 1 - this.beta1));
    const v = tf.add(tf.mul(square, this.beta2), tf.mul(tf.square(gradient), 1 - this.beta2));
    const change = tf.div(m, tf.add(tf.mul(tf.sqrt(v), root), this.epsilon));
    return [tf.sub(w, tf.mul(change, rate)), m, v];
  }
}
