import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { type Backend, blas, footprint, generator, on } from './support.js';

const [WORDS, STEPS, BATCH] = [23, 7, 5];

function stockModel(): tf.Sequential {
  const seed = (n: number) => tf.initializers.randomUniform({ minval: -0.3, maxval: 0.3, seed: n });
  return tf.sequential({
    layers: [
      tf.layers.embedding({
        inputDim: WORDS,
        outputDim: 9,
        inputLength: STEPS,
        embeddingsInitializer: seed(1),
      }),
      tf.layers.lstm({
        units: 11,
        kernelInitializer: seed(2),
        recurrentInitializer: seed(3),
        recurrentActivation: 'sigmoid',
      }),
      tf.layers.dense({ units: WORDS, activation: 'softmax', kernelInitializer: seed(4) }),
    ],
  });
}

/** Losses of a few steps of Adam on batches made from a seed. */
async function train(backend: Backend): Promise<number[]> {
  await on(backend);
  const random = generator(11);
  const ids = (n: number) => Float32Array.from({ length: n }, () => Math.floor(random() * WORDS));
  const model = stockModel();
  const optimizer = tf.train.adam(0.02);
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    const x = tf.tensor2d(ids(BATCH * STEPS), [BATCH, STEPS]);
    const y = tf.tensor2d(ids(BATCH), [BATCH, 1]);
    losses.push((await model.trainOnBatch(x, y)) as number);
    tf.dispose([x, y]);
  }
  model.dispose();
  optimizer.dispose();
  return losses;
}

test('a stock tf.layers embedding-LSTM-dense model trains on blas to the losses of cpu', async () => {
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
