import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '#tfjs';
import { assertClose, blas, generator, on, randomTensor } from './support.js';

/** Ops we have no kernel for, with the cpu kernel that does the work. */
const OPS: [string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]][] = [
  ['Cumsum', (x) => tf.cumsum(x, 1)],
  ['Pow', (x) => tf.pow(tf.abs(x), 1.7)],
  ['TopK', (x) => Object.values(tf.topk(x, 3)) as tf.Tensor[]],
  ['ArgMax', (x) => tf.argMax(x, 1)],
  [
    'Conv2D',
    (x) => tf.conv2d(tf.reshape(x, [1, 6, 8, 1]) as tf.Tensor4D, tf.ones([3, 3, 1, 2]), 1, 'same'),
  ],
  [
    'PadV2',
    (x) =>
      tf.pad(x, [
        [1, 2],
        [0, 1],
      ]),
  ],
  ['Min', (x) => tf.min(x, 0)],
  ['Erf', (x) => tf.erf(x)],
  ['Softplus', (x) => tf.softplus(x)],
  ['Select', (x) => tf.where(tf.greater(x, 0), x, tf.neg(x))],
  ['OneHot', () => tf.oneHot(tf.tensor1d([1, 0, 2], 'int32'), 3)],
  ['Tile', (x) => tf.tile(x, [2, 1])],
  ['Reverse', (x) => tf.reverse(x, 1)],
  [
    'GatherNd',
    (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [0, 1],
            [5, 7],
          ],
          [2, 2],
          'int32',
        ),
      ),
  ],
  ['Range', () => tf.range(0, 7, 2)],
];

for (const [kernel, run] of OPS)
  test(`${kernel} runs on the cpu backend's kernel and is counted`, async () => {
    const values = () => {
      const x = randomTensor(generator(4), [6, 8]);
      return [run(x)].flat().map((t) => [t.shape, t.dtype, [...t.dataSync()]] as const);
    };
    await on('cpu');
    const want = tf.tidy(() => values() as never) as unknown as ReturnType<typeof values>;
    const be = await blas();
    const count = be.fallbacks.get(kernel) ?? 0;
    const have = tf.tidy(() => values() as never) as unknown as ReturnType<typeof values>;
    assert.ok(be.fallbacks.get(kernel)! > count, 'counted');
    assert.deepEqual(
      have.map((h) => h.slice(0, 2)),
      want.map((w) => w.slice(0, 2)),
    );
    want.forEach((w, i) => {
      // its inputs may come from our kernels, whose last bits differ
      assertClose(have[i]![2], w[2], { relative: 1e-6, absolute: 1e-6 }, kernel);
    });
  });

test('our kernel on inputs it does not cover is counted too', async () => {
  const be = await blas();
  const count = be.fallbacks.get('Add') ?? 0;
  const sum = tf.tidy(() => tf.add(tf.tensor1d([1, 2], 'int32'), tf.scalar(3, 'int32')).dataSync());
  assert.deepEqual([...sum], [4, 5]);
  assert.equal(be.fallbacks.get('Add'), count + 1);
});

test('views that cost nothing are not counted', async () => {
  const be = await blas();
  const before = [...be.fallbacks];
  tf.tidy(() => tf.reshape(tf.clone(tf.ones([2, 3])), [3, 2]).dataSync());
  assert.deepEqual([...be.fallbacks], before);
});

test('a kernel that nobody has fails with its name', async () => {
  await blas();
  const x = tf.tensor2d([1, 2], [1, 2], 'int32');
  // ours takes float32 alone, and the cpu backend has no kernel of this name
  assert.throws(
    () => tf.engine().runKernel('LogSoftmax', { logits: x }, { axis: 1 }),
    /LogSoftmax.*blas/,
  );
  assert.throws(() => tf.engine().runKernel('NoSuchKernel', { x }), /NoSuchKernel.*blas/);
  x.dispose();
});
