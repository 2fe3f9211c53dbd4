import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';

function check(logits: tf.Tensor2D, bias: tf.Tensor1D, labels: tf.Tensor1D): void {
  const [N, V] = logits.shape;
  if (!tf.util.arraysEqual(bias.shape, [V]))
    throw new Error(`cross-entropy: bias must be [${V}], not [${bias.shape}]`);
  if (labels.dtype !== 'int32' || !tf.util.arraysEqual(labels.shape, [N]))
    throw new Error(
      `cross-entropy: labels must be int32 [${N}], not ${labels.dtype} [${labels.shape}]`,
    );
}

/** Index of each row's target in the flattened [N, V] matrix. */
function flatTargets(labels: tf.Tensor1D, vocabulary: number): tf.Tensor1D {
  const ids = labels.dataSync();
  const wrong = ids.find((id) => id < 0 || id >= vocabulary);
  if (wrong !== undefined)
    throw new RangeError(`cross-entropy: label ${wrong} is outside [0, ${vocabulary})`);
  return tf.tensor1d(
    Int32Array.from(ids, (id, row) => row * vocabulary + id),
    'int32',
  );
}

function targetLogProbabilities(
  logits: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
): tf.Tensor1D {
  const logp = tf.logSoftmax(tf.add(logits, bias));
  return tf.gather(tf.reshape(logp, [-1]), flatTargets(labels, logits.shape[1]));
}

/**
 * Mean negative log-likelihood in nats of `labels` [N] (int32) under softmax(logits + bias).
 * On `blas` one kernel computes loss and gradient together.
 *
 * @param logits [N, V]; with `donate` (default false) its memory may be overwritten by its gradient,
 *   so nothing else may read it afterwards
 * @param bias [V]
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  options: { donate?: boolean; path?: 'fused' | 'reference' } = {},
): tf.Scalar {
  check(logits, bias, labels);
  if (blasBackend() && options.path !== 'reference') {
    const attrs = { donate: options.donate === true };
    return tf
      .engine()
      .runKernel('G2SoftmaxCrossEntropy', { logits, bias, labels }, attrs) as tf.Scalar;
  }
  return tf.neg(tf.mean(targetLogProbabilities(logits, bias, labels)));
}

/** -log p(label) per row in nats, [N]; no gradient. For evaluation. */
export function negativeLogLikelihood(
  logits: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
): tf.Tensor1D {
  check(logits, bias, labels);
  if (blasBackend())
    return tf
      .engine()
      .runKernel('G2NegativeLogLikelihood', { logits, bias, labels }) as tf.Tensor1D;
  return tf.tidy(() => tf.neg(targetLogProbabilities(logits, bias, labels)));
}
