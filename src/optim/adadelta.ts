/** AdaDelta (Zeiler 2012), as PyTorch does it. */
import { tf } from '#tfjs';
import { AdaptiveOptimizer, type CompleteStep } from './adaptive.js';

/** Parameters of AdaDelta. */
export interface AdaDeltaOptions {
  /** Default 1. */
  learningRate?: number;
  /** Decay of both averages. Default 0.95 (PyTorch has 0.9). */
  rho?: number;
  /** Added under both roots. Default 1e-6. */
  epsilon?: number;
}

/**
 * square = rho square + (1 - rho) G^2, D = sqrt(delta + epsilon) / sqrt(square + epsilon) G,
 * delta = rho delta + (1 - rho) D^2, w -= rate * D.
 */
export class AdaDelta extends AdaptiveOptimizer {
  readonly names = ['square', 'delta'] as const;
  private readonly rho: number;
  private readonly epsilon: number;

  constructor(variables: tf.Variable[], options: AdaDeltaOptions = {}) {
    super(variables, options.learningRate ?? 1);
    this.rho = options.rho ?? 0.95;
    this.epsilon = options.epsilon ?? 1e-6;
  }

  protected fused({ learningRate, weightDecay }: CompleteStep): ['adaDelta', ...number[]] {
    return ['adaDelta', weightDecay, this.rho, 1 - this.rho, this.epsilon, learningRate];
  }

  protected plain(
    w: tf.Tensor,
    gradient: tf.Tensor,
    [square, delta]: [tf.Tensor, tf.Tensor],
    { learningRate }: CompleteStep,
  ): [tf.Tensor, tf.Tensor, tf.Tensor] {
    const { rho, epsilon } = this;
    const follow = (average: tf.Tensor, x: tf.Tensor): tf.Tensor =>
      tf.add(tf.mul(average, rho), tf.mul(tf.square(x), 1 - rho));
    const v = follow(square, gradient);
    const ratio = tf.div(tf.add(delta, epsilon), tf.add(v, epsilon));
    const change = tf.mul(tf.sqrt(ratio), gradient);
    return [tf.sub(w, tf.mul(change, learningRate)), v, follow(delta, change)];
  }
}
