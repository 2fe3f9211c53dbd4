import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sgdStep } from '#src/optim/sgd.js';
import { tf } from '#tfjs';
import { assertClose, blas, generator, randomTensor } from './support.js';

describe('the embedding gradient is sparse', () => {
  const V = 50;
  const W = 7;
  const gradient = (ids: number[], table: tf.Tensor) =>
    tf.grad((t) => tf.sum(tf.square(tf.gather(t, tf.tensor1d(ids, 'int32')))))(table);

  test('its pooled buffer is all zero when it is used again', async () => {
    const be = await blas();
    const table = randomTensor(generator(3), [V, W]);
    tf.dispose(gradient([3, 4, 4, 49, 0], table));
    const { live } = be.allocator.report();
    const g = gradient([7], table);
    assert.equal(be.allocator.report().live, live + 64, 'from the pool; new is the list of rows');
    const rows = (g.arraySync() as number[][]).map((row) => row.some((x) => x !== 0));
    assert.deepEqual(
      rows.flatMap((r, i) => (r ? [i] : [])),
      [7],
    );
    assert.equal(be.entry(g).storage.sparse?.count, 1);
    tf.dispose([g, table]);
  });

  test('the optimiser gives the result of the dense gradient', async () => {
    await blas();
    for (const clip of [0, 0.5]) {
      const table = randomTensor(generator(4), [V, W]);
      const [sparse, dense] = [tf.variable(table.clone()), tf.variable(table.clone())];
      const g = gradient([3, 4, 4, 49, 0, 3], table);
      const copy = tf.tensor(g.dataSync(), g.shape);
      const norms = [[sparse, g] as const, [dense, copy] as const].map(([v, d]) =>
        sgdStep([v], [d], { learningRate: 0.3, clip }),
      );
      assertClose([norms[0]!], [norms[1]!], { relative: 1e-6 }, 'norm');
      assertClose(
        sparse.dataSync(),
        dense.dataSync(),
        { relative: 1e-6, absolute: 1e-7 },
        'weights',
      );
      tf.dispose([table, g, copy]);
    }
    tf.disposeVariables();
  });

  test('a table made of two parts: each gets its own part of the gradient', async () => {
    await blas();
    const parts = [randomTensor(generator(5), [20, W]), randomTensor(generator(6), [V - 20, W])];
    const variables = parts.map((p) => tf.variable(p.clone()));
    const guard = tf.variable(tf.ones([64, W])); // lies behind them in memory
    const ids = [3, 25, 49, 3];
    const grads = tf.grads((...p: tf.Tensor[]) =>
      tf.sum(tf.square(tf.gather(tf.concat(p, 0), tf.tensor1d(ids, 'int32')))),
    )(parts);
    const want = parts.map((p, i) =>
      tf.sub(p, tf.mul(tf.tensor(grads[i]!.dataSync(), p.shape), 0.1)),
    );
    sgdStep([...variables, guard], [...grads, tf.zerosLike(guard)], { learningRate: 0.1, clip: 0 });
    want.forEach((w, i) => {
      assertClose(variables[i]!.dataSync(), w.dataSync(), { absolute: 1e-6 }, `part ${i}`);
    });
    assert.ok(guard.dataSync().every((x) => x === 1));
    tf.dispose([parts, grads, want]);
    tf.disposeVariables();
  });
});
