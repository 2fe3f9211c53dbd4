import * as tf from '@tensorflow/tfjs';
import { UserError } from '../errors.js';

/** Float32 tensors by name, as checkpoints hold them. */
export type StoredTensors = Record<string, { shape: number[]; data: Float32Array }>;

/** One of them as a tensor; a UserError naming `file` when it is missing or has another shape. */
export function storedTensor(
  tensors: StoredTensors,
  name: string,
  shape: number[],
  file: string,
): tf.Tensor {
  const stored = tensors[name];
  if (!stored || !tf.util.arraysEqual(stored.shape, shape))
    throw new UserError(
      `${file}: tensor "${name}" is ${stored ? `[${stored.shape}]` : 'missing'}, this model needs [${shape}]: the checkpoint belongs to another configuration`,
    );
  return tf.tensor(stored.data, shape);
}
