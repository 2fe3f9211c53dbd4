import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';

/** An embedding that the softmax uses too. */
export interface TiedEmbedding {
  /** Rows of the words, [N, E]. */
  rows: tf.Tensor2D;
  /** The embedding [V, E] for the product with the softmax's inputs; to be read once, by that product. */
  table: tf.Tensor2D;
}

/**
 * Looks words up in an embedding whose weights are the softmax's as well. The gradient of such an
 * embedding is that of the product, which is dense, plus that of the looked-up rows. On `blas` the
 * rows are added to the dense part where it lies; tfjs would make a second [V, E] and add them all.
 *
 * @param table [V, E]
 * @param ids words, int32 [N]
 */
export function tiedEmbedding(
  table: tf.Tensor2D,
  ids: tf.Tensor1D,
  path?: 'fused' | 'reference',
): TiedEmbedding {
  if (path === 'reference' || !blasBackend()) return { rows: tf.gather(table, ids), table };
  const [rows, same] = tf
    .engine()
    .runKernel('G2TiedEmbedding', { table, ids }) as unknown as tf.Tensor2D[];
  return { rows: rows!, table: same! };
}
