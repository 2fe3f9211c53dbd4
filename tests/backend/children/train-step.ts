// Prints what a few kernels and one training step give under the number of threads of G2_THREADS.

import { useBackend } from '#src/backend/install.js';
import { softmaxCrossEntropy } from '#src/cell/cross-entropy.js';
import { gateNoise, gateOptions, gatePlan } from '#src/cell/gates.js';
import { lstm } from '#src/cell/lstm.js';
import { randomUniform } from '#src/cell/random.js';
import { sgdStep } from '#src/optim/sgd.js';
import { tf } from '#tfjs';

const info = await useBackend();
const [T, B, I, H, V] = [6, 3, 41, 53, 307];
const random = { seed: 2 ** 33 + 7, stream: 0x2000, step: 12 };
const gates = gateOptions('g2', { gates: 'fio', noiseProbability: 0.7 });
const initial = (shape: number[], stream: number) =>
  tf.variable(tf.sub(randomUniform(shape, { seed: 3, stream, step: 0 }), 0.5));
const [table, wx, wh, b, out, bias] = (
  [[V, I], [I, 4 * H], [H, 4 * H], [4 * H], [H, V], [V]] as number[][]
).map(initial) as tf.Variable[];
const variables = [table, wx, wh, b, out, bias] as tf.Variable[];
const ids = tf.tensor1d(
  Int32Array.from({ length: T * B }, (_, i) => (i * 31) % V),
  'int32',
);
const zeros = tf.zeros([B, H]) as tf.Tensor2D;
const { value, grads } = tf.variableGrads(() => {
  const x = tf.reshape(tf.gather(table!, ids), [T, B, I]) as tf.Tensor3D;
  const { y } = lstm(x, { wx: wx!, wh: wh!, b: b! }, zeros, zeros, {
    gates,
    training: true,
    random,
  });
  const logits = tf.matMul(tf.reshape(y, [T * B, H]), out!) as tf.Tensor2D;
  return softmaxCrossEntropy(logits, bias as unknown as tf.Tensor1D, ids);
}, variables);
const gradients = variables.map((v) => [...grads[v.name]!.dataSync()]);
const norm = sgdStep(
  variables,
  variables.map((v) => grads[v.name]!),
  { learningRate: 2, clip: 0.3 },
);
const large = randomUniform([130, 140], random);
const result = {
  threads: info.threads,
  noise: [...gateNoise(gatePlan(gates, true), { T: 40, B, H }, random).dataSync()],
  uniform: [...large.dataSync()],
  exact: [tf.exp(large), tf.relu(tf.sub(large, 0.5)), tf.softmax(large), tf.transpose(large)].map(
    (t) => [...t.dataSync()],
  ),
  rounded: {
    loss: [...value.dataSync(), norm],
    gradients: gradients.flat(),
    weights: variables.flatMap((v) => [...v.dataSync()]),
    sums: [
      tf.sum(large),
      tf.sum(large, 0),
      tf.mean(large, 1),
      tf.matMul(large, large, false, true),
    ].flatMap((t) => [...t.dataSync()]),
  },
};
process.stdout.write(JSON.stringify(result));
