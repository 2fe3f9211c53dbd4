import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';

/** The best entries of every row, one row behind the other. */
export interface TopLogProbabilities {
  /** Log-probabilities in nats, from the largest, [N * k]. */
  values: Float32Array;
  /** Their columns, [N * k]. */
  ids: Int32Array;
}

/** Most entries of a row. */
export const MOST_TOP = 128;

/** The same of log-probabilities in JavaScript. */
function select(logp: ArrayLike<number>, rows: number, width: number, k: number) {
  const values = new Float32Array(rows * k);
  const ids = new Int32Array(rows * k);
  for (let r = 0; r < rows; r++)
    for (let i = 0, count = 0; i < width; i++) {
      const x = logp[r * width + i]!;
      let at = r * k + count;
      if (count < k) count++;
      else if (!(x > values[--at]!)) continue;
      // an equal value stays behind: the lower column first
      for (; at > r * k && !(values[at - 1]! >= x); at--) {
        values[at] = values[at - 1]!;
        ids[at] = ids[at - 1]!;
      }
      values[at] = x;
      ids[at] = i;
    }
  return { values, ids };
}

/**
 * The `k` largest log-probabilities of each row of softmax(logits + bias), equal ones by their column:
 * for beam search, without a row of them in memory. No gradient.
 *
 * @param logits [N, V]
 * @param bias [V]
 * @param k from 1 to 128, at most V
 * @throws if a row has NaN or +Infinity
 */
export function topLogProbabilities(
  logits: tf.Tensor2D,
  bias: tf.Tensor1D,
  k: number,
): TopLogProbabilities {
  const width = logits.shape[1];
  if (!tf.util.arraysEqual(bias.shape, [width]))
    throw new Error(`topLogProbabilities: bias must be [${width}], not [${bias.shape}]`);
  if (!(Number.isInteger(k) && k >= 1 && k <= Math.min(MOST_TOP, width)))
    throw new RangeError(
      `topLogProbabilities: k must be a whole number from 1 to ${Math.min(MOST_TOP, width)}, not ${k}`,
    );
  const top = blasBackend() ? fused(logits, bias, k) : plain(logits, bias, k);
  const wrong = top.values.findIndex(Number.isNaN);
  if (wrong >= 0)
    throw new Error(`topLogProbabilities: row ${Math.floor(wrong / k)} has NaN or Infinity`);
  return top;
}

function fused(logits: tf.Tensor2D, bias: tf.Tensor1D, k: number): TopLogProbabilities {
  const [values, ids] = tf
    .engine()
    .runKernel('G2TopLogProbabilities', { logits, bias }, { k }) as unknown as tf.Tensor[];
  const top = { values: values!.dataSync(), ids: ids!.dataSync() };
  tf.dispose([values!, ids!]);
  return top as TopLogProbabilities;
}

function plain(logits: tf.Tensor2D, bias: tf.Tensor1D, k: number): TopLogProbabilities {
  const [rows, width] = logits.shape;
  const logp = tf.tidy(() => tf.logSoftmax(tf.add(logits, bias)).dataSync() as never);
  return select(logp, rows, width, k);
}
