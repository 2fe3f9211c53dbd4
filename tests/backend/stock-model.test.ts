import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '#tfjs';
import { type Backend, blas, footprint, generator, on } from './support.js';

const [WORDS, STEPS, BATCH] = [23, 7, 5];

/** Embedding, LSTM cell of tfjs, softmax: written with tfjs alone. */
function stockModel() {
  const variable = (rows: number, columns: number, seed: number) =>
    tf.tidy(() => tf.variable(tf.randomUniform([rows, columns], -0.3, 0.3, 'float32', seed)));
  const [embedding, kernel, out] = [
    variable(WORDS, 9, 1),
    variable(9 + 11, 44, 2),
    variable(11, WORDS, 4),
  ];
  const bias = tf.tidy(() => tf.variable(tf.zeros([44])));
  const loss = (x: tf.Tensor2D, y: tf.Tensor1D): tf.Scalar => {
    let [c, h] = [tf.zeros([BATCH, 11]) as tf.Tensor2D, tf.zeros([BATCH, 11]) as tf.Tensor2D];
    for (const word of tf.unstack(x, 1)) {
      const input = tf.gather(embedding, word.cast('int32')) as tf.Tensor2D;
      [c, h] = tf.basicLSTMCell(tf.scalar(1), kernel as never, bias as never, input, c, h);
    }
    const logits = h.matMul(out as tf.Tensor2D);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(y.cast('int32'), WORDS), logits) as tf.Scalar;
  };
  return { loss, dispose: () => tf.dispose([embedding, kernel, out, bias]) };
}

/** Losses of a few steps of Adam on batches made from a seed. */
async function train(backend: Backend): Promise<number[]> {
  await on(backend);
  const random = generator(11);
  const ids = (n: number) => Float32Array.from({ length: n }, () => Math.floor(random() * WORDS));
  const model = stockModel();
  const optimizer = tf.train.adam(0.02);
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    const x = tf.tensor2d(ids(BATCH * STEPS), [BATCH, STEPS]);
    const y = tf.tensor1d(ids(BATCH));
    const loss = optimizer.minimize(() => model.loss(x, y), true)!;
    losses.push((await loss.data())[0]!);
    tf.dispose([x, y, loss]);
  }
  model.dispose();
  optimizer.dispose();
  return losses;
}

test('a stock model (embedding, LSTM cell of tfjs, softmax) trains on blas to the losses of cpu', async () => {
  const be = await blas();
  const want = await train('cpu');
  await train('blas'); // fills the pools
  const before = footprint(be);
  const have = await train('blas');
  want.forEach((w, i) => {
    assert.ok(Math.abs(have[i]! - w) < 1e-4 * Math.abs(w), `step ${i}: ${have[i]} instead of ${w}`);
  });
  assert.ok(have.at(-1)! < have[0]!, `the loss falls: ${have}`);
  assert.deepEqual(footprint(be), before);
});
