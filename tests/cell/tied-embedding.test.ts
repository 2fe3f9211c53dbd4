import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tiedEmbedding } from '#src/cell/tied-embedding.js';
import { tf } from '#tfjs';
import { assertClose, assertNoLeak, blas, generator, randomTensor } from '../backend/support.js';

const [V, E, N] = [13, 5, 6];
const IDS = [3, 0, 3, 12, 3, 7];

const problem = () => {
  const random = generator(2);
  return {
    table: randomTensor<tf.Tensor2D>(random, [V, E]),
    y: randomTensor<tf.Tensor2D>(random, [N, E]),
    weights: randomTensor(random, [N, E]),
  };
};

/** A loss that uses the table both ways, and its gradient. */
function gradient(p: ReturnType<typeof problem>, path: 'fused' | 'reference'): tf.Tensor {
  const ids = tf.tensor1d(IDS, 'int32');
  return tf.grad((t: tf.Tensor) => {
    const { rows, table } = tiedEmbedding(t as tf.Tensor2D, ids, path);
    const logits = tf.matMul(p.y, table, false, true);
    return tf.add(tf.sum(tf.mul(rows, p.weights)), tf.sum(tf.square(logits))) as tf.Scalar;
  })(p.table);
}

describe('tiedEmbedding', () => {
  test('values and gradient are those of two separate uses', async () => {
    const be = await blas();
    tf.tidy(() => {
      const p = problem();
      const { rows, table } = tiedEmbedding(p.table, tf.tensor1d(IDS, 'int32'));
      assert.deepEqual(rows.arraySync(), tf.gather(p.table, IDS).arraySync());
      assert.deepEqual(table.arraySync(), p.table.arraySync());
      const fused = gradient(p, 'fused');
      const want = gradient(p, 'reference').dataSync();
      assertClose(fused.dataSync(), want, { relative: 1e-6, absolute: 1e-6 }, 'gradient');
      assert.equal(be.entry(fused).storage.sparse, null);
    });
  });

  test('a use of the rows alone, of the table alone, and of the table twice', async () => {
    await blas();
    tf.tidy(() => {
      const p = problem();
      const ids = tf.tensor1d(IDS, 'int32');
      type Use = (rows: tf.Tensor, table: tf.Tensor) => tf.Tensor;
      const uses: Use[] = [
        (rows) => tf.mul(rows, p.weights),
        (_, table) => tf.square(table),
        (_, table) => tf.mul(table, 2),
        (rows, table) => tf.addN([tf.sum(table), tf.sum(tf.square(table)), tf.sum(rows)]),
        (rows, table) => tf.addN([tf.sum(tf.add(table, 1)), tf.sum(rows)]),
      ];
      for (const use of uses) {
        const [have, want] = (['fused', 'reference'] as const).map((path) =>
          tf
            .grad((t: tf.Tensor) => {
              const { rows, table } = tiedEmbedding(t as tf.Tensor2D, ids, path);
              return tf.sum(use(rows, table)) as tf.Scalar;
            })(p.table)
            .dataSync(),
        );
        assertClose(have!, want!, { relative: 1e-6, absolute: 1e-6 }, String(use));
      }
    });
  });

  test('a gradient that somebody else holds is left alone', async () => {
    await blas();
    tf.tidy(() => {
      const dTable = tf.ones([V, E]);
      const view = tf.reshape(dTable, [V * E]);
      const inputs = { dRows: tf.ones([1, E]), dTable, ids: tf.tensor1d([4], 'int32') };
      const sum = tf.engine().runKernel('G2TiedEmbeddingGrad', inputs) as tf.Tensor;
      assert.deepEqual(Array.from(view.dataSync()), Array(V * E).fill(1));
      assert.deepEqual(Array.from(tf.slice(sum, [4, 0], [1, E]).dataSync()), Array(E).fill(2));
    });
  });

  test('an index outside is refused, and nothing is left behind', async () => {
    const be = await blas();
    assertNoLeak(be, () =>
      tf.tidy(() => {
        const p = problem();
        gradient(p, 'fused').dataSync();
        assert.throws(
          () => tiedEmbedding(p.table, tf.tensor1d([0, V], 'int32')),
          /index 13 at position 1/,
        );
      }),
    );
  });
});
