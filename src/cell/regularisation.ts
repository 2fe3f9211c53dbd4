/** Penalties on what a language model's last layer puts out (Merity et al. 2017, section 4.3). */
import { tf } from '#tfjs';

/**
 * AR: alpha * mean(h^2) of the outputs after dropout, any shape. Keeps activations small.
 */
export function activationRegularisation(dropped: tf.Tensor, alpha: number): tf.Scalar {
  return tf.mul(tf.mean(tf.square(dropped)), alpha) as tf.Scalar;
}

const steps = (h: tf.Tensor3D, from: number, to: number): tf.Tensor3D =>
  tf.slice(h, [from, 0, 0], [to - from, -1, -1]);

/**
 * TAR: beta * mean((h[t+1] - h[t])^2) of the outputs [T, B, H] before dropout. Keeps states slow.
 * 0 for a window of a single step, which has no difference.
 */
export function temporalRegularisation(raw: tf.Tensor3D, beta: number): tf.Scalar {
  const [T, B, H] = raw.shape;
  if (T < 2) return tf.scalar(0);
  const n = (T - 1) * B * H;
  // By hand: tfjs would pad the gradient of both slices to full size.
  const op = tf.customGrad(((h: tf.Tensor3D, save: (tensors: tf.Tensor[]) => void) => {
    const difference = tf.sub(steps(h, 1, T), steps(h, 0, T - 1)) as tf.Tensor3D;
    save([difference]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      // d/dh[t] = 2 beta / n (d[t-1] - d[t]), d[t] = h[t+1] - h[t], none beyond the ends
      const d = saved[0] as tf.Tensor3D;
      const none = tf.zeros([1, B, H]) as tf.Tensor3D;
      const change = tf.sub(tf.concat([none, d]), tf.concat([d, none]));
      return tf.mul(change, tf.mul(dy, (2 * beta) / n));
    };
    return { value: tf.mul(tf.mean(tf.square(difference)), beta), gradFunc };
  }) as never);
  return op(raw) as tf.Scalar;
}
