import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { softmaxCrossEntropy } from '#src/cell/cross-entropy.js';
import { gateOptions } from '#src/cell/gates.js';
import { lstm } from '#src/cell/lstm.js';
import { tf } from '#tfjs';
import { assertNoLeak, blas, generator, randomTensor } from './support.js';

describe('nothing is left behind', () => {
  const [T, B, I, H, V] = [3, 2, 5, 6, 11];
  const weights = () => {
    const r = generator(7);
    return {
      x: randomTensor<tf.Tensor3D>(r, [T, B, I]),
      wx: randomTensor(r, [I, 4 * H]),
      wh: randomTensor(r, [H, 4 * H]),
      b: randomTensor(r, [4 * H]),
      h0: randomTensor<tf.Tensor2D>(r, [B, H]),
      c0: randomTensor<tf.Tensor2D>(r, [B, H]),
      out: randomTensor<tf.Tensor2D>(r, [H, V]),
      bias: randomTensor<tf.Tensor1D>(r, [V]),
      table: randomTensor(r, [9, I]),
    };
  };
  const options = {
    gates: gateOptions('g2'),
    training: true,
    random: { seed: 1, stream: 2, step: 3 },
  };
  const model = (w: ReturnType<typeof weights>, x = w.x): tf.Scalar => {
    const { y } = lstm(x, w, w.h0, w.c0, options);
    const logits = tf.matMul(tf.reshape(y, [T * B, H]), w.out) as tf.Tensor2D;
    const labels = tf.tensor1d([1, 0, 10, 3, 3, 7], 'int32');
    return softmaxCrossEntropy(logits, w.bias, labels, { donate: true });
  };
  const cases: [string, (w: ReturnType<typeof weights>) => unknown][] = [
    ['forward alone', (w) => model(w).dataSync()],
    [
      'gradients of the fused ops',
      (w) =>
        tf
          .grads((wx, wh) => model({ ...w, wx: wx!, wh: wh! }))([w.wx, w.wh])
          .map((g) => g.dataSync()),
    ],
    [
      'a gradient that needs only one op',
      (w) =>
        tf
          .grad((bias) => model({ ...w, bias: bias as tf.Tensor1D }))(w.bias)
          .dataSync(),
    ],
    [
      'forward of a fused op inside a gradient that does not use it',
      (w) =>
        tf
          .grad((b) => {
            model(w);
            return tf.sum(b);
          })(w.b)
          .dataSync(),
    ],
    [
      'an embedding',
      (w) =>
        tf
          .grad((table) =>
            model(
              w,
              tf.reshape(tf.gather(table, tf.tensor1d([0, 1, 2, 8, 1, 1], 'int32')), [
                T,
                B,
                I,
              ]) as tf.Tensor3D,
            ),
          )(w.table)
          .dataSync(),
    ],
  ];
  for (const [what, run] of cases)
    test(what, async () => {
      const be = await blas();
      const w = weights();
      assertNoLeak(be, () => tf.tidy(() => void run(w)));
      tf.dispose(Object.values(w));
    });

  test('outside a tidy, gradients and outputs are all there is to dispose', async () => {
    const be = await blas();
    const w = weights();
    const once = () => {
      const labels = tf.tensor1d([1, 0, 10, 3, 3, 7], 'int32');
      const { value, grads } = tf.valueAndGrads((wx, b) => model({ ...w, wx: wx!, b: b! }))([
        w.wx,
        w.b,
      ]);
      tf.dispose([labels, value, grads]);
    };
    assertNoLeak(be, once);
    tf.dispose(Object.values(w));
  });

  test('one forward serves two gradients', async () => {
    const be = await blas();
    const w = weights();
    assertNoLeak(be, () =>
      tf.tidy(() => {
        const run = (name: string, inputs: tf.NamedTensorMap, attrs = {}) =>
          tf.engine().runKernel(name, inputs, attrs) as unknown as tf.Tensor[];
        const logits = tf.matMul(tf.ones([6, H]), w.out);
        const labels = tf.tensor1d([1, 0, 10, 3, 3, 7], 'int32');
        const loss = run('G2SoftmaxCrossEntropy', {
          logits,
          bias: w.bias,
          labels,
        }) as unknown as tf.Tensor;
        const gradient = (dy: number) =>
          run('G2SoftmaxCrossEntropyGrad', { dy: tf.scalar(dy), loss }).map((t) => [
            ...t.dataSync(),
          ]);
        const [first, twice, again] = [gradient(1), gradient(2), gradient(1)];
        assert.deepEqual(again, first);
        assert.deepEqual(
          twice,
          first.map((g) => g.map((x) => 2 * x)),
        );
      }),
    );
    tf.dispose(Object.values(w));
  });
});
