import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { softmaxCrossEntropy } from '#src/cell/cross-entropy.js';
import { gateOptions } from '#src/cell/gates.js';
import { lstm } from '#src/cell/lstm.js';
import { sgdStep } from '#src/optim/sgd.js';
import { tf } from '#tfjs';
import { assertNoLeak, blas, footprint, generator, on, randomTensor } from './support.js';

const SGD = { learningRate: 1, clip: 0 };

describe('tensors and their memory', () => {
  test('dataSync and data copy: what is read does not change afterwards', async () => {
    await blas();
    const v = tf.variable(tf.tensor1d([1, 2, 3]));
    const [read, later] = [v.dataSync(), v.data()];
    sgdStep([v], [tf.ones([3])], SGD);
    assert.deepEqual([...read], [1, 2, 3]);
    assert.deepEqual([...(await later)], [1, 2, 3]);
    read[0] = 99;
    assert.deepEqual([...v.dataSync()], [0, 1, 2]);
    tf.disposeVariables();
  });

  test('clones, slices, splits and unstacks are views', async () => {
    const be = await blas();
    tf.tidy(() => {
      const x = randomTensor(generator(1), [4, 6]);
      const { live } = be.allocator.report();
      const views = [
        tf.clone(x),
        tf.reshape(x, [6, 4]),
        tf.slice(x, [1, 0], [2, 6]),
        ...tf.split(x, 2, 0),
        ...tf.unstack(x),
      ];
      assert.equal(be.allocator.report().live, live, 'no new memory');
      for (const v of views) assert.equal(be.entry(v).storage, be.entry(x).storage);
    });
  });

  test('views outlive their source', async () => {
    const be = await blas();
    const before = footprint(be);
    const x = randomTensor(generator(1), [4, 6]);
    const want = [...x.dataSync()].slice(6, 18);
    const row = tf.slice(x, [1, 0], [2, 6]);
    x.dispose();
    const others = Array.from({ length: 20 }, () => tf.fill([4, 6], 7)); // would take freed memory
    assert.deepEqual([...row.dataSync()], want);
    tf.dispose([row, others]);
    assert.deepEqual(footprint(be), before);
  });

  test('an in-place update leaves clones, slices and the initial tensor alone', async () => {
    await blas();
    const initial = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const v = tf.variable(initial);
    const held = [tf.clone(v), tf.slice(v, [1, 0], [1, 2]), tf.reshape(v, [4])];
    const before = held.map((t) => [...t.dataSync()]);
    sgdStep([v], [tf.ones([2, 2])], SGD);
    sgdStep([v], [tf.ones([2, 2])], SGD);
    assert.deepEqual([...v.dataSync()], [-1, 0, 1, 2]);
    assert.deepEqual([...initial.dataSync()], [1, 2, 3, 4]);
    assert.deepEqual(
      held.map((t) => [...t.dataSync()]),
      before,
    );
    tf.dispose([initial, held]);
    tf.disposeVariables();
  });

  test('a slice alone is enough to keep the old numbers', async () => {
    await blas();
    const initial = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const v = tf.variable(initial);
    initial.dispose();
    const row = tf.slice(v, [1, 0], [1, 2]); // a tensor of its own in the same memory
    sgdStep([v], [tf.ones([2, 2])], SGD);
    assert.deepEqual([...row.dataSync()], [3, 4]);
    assert.deepEqual([...v.dataSync()], [0, 1, 2, 3]);
    row.dispose();
    tf.disposeVariables();
  });

  test('a variable that nobody shares is updated where it lies', async () => {
    const be = await blas();
    const initial = tf.tensor1d([1, 2]);
    const v = tf.variable(initial);
    initial.dispose();
    const at = be.address(v);
    sgdStep([v], [tf.ones([2])], SGD);
    assert.equal(be.address(v), at);
    tf.disposeVariables();
  });

  test('tensors move between the backends and back', async () => {
    const be = await blas();
    const before = footprint(be);
    const values = { float32: [1.5, -2, 0], int32: [1, -2, 3], bool: [1, 0, 1] };
    const tensors = Object.entries(values).map(([dtype, v]) => tf.tensor1d(v, dtype as 'float32'));
    for (const name of ['cpu', 'blas', 'cpu', 'blas'] as const) {
      await on(name);
      for (const t of tensors) {
        const [doubled, copy] = [tf.add(t, t), tf.clone(t)]; // forces the data over
        assert.deepEqual([...copy.dataSync()], values[t.dtype as 'float32']);
        assert.deepEqual(
          [...doubled.dataSync()],
          values[t.dtype as 'float32'].map((x) => x + x),
        );
        tf.dispose([doubled, copy]);
      }
    }
    tf.dispose(tensors);
    assert.deepEqual(footprint(be), before);
  });

  test('int32, bool, string and complex tensors', async () => {
    const be = await blas();
    assertNoLeak(be, () =>
      tf.tidy(() => {
        assert.deepEqual([...tf.tensor1d([1.9, -1.9], 'int32').dataSync()], [1, -1]);
        assert.deepEqual([...tf.tensor1d([true, false], 'bool').dataSync()], [1, 0]);
        assert.deepEqual([...tf.logicalNot(tf.tensor1d([1, 0, 1], 'bool')).dataSync()], [0, 1, 0]);
        assert.deepEqual(tf.tensor1d(['a', 'ü']).dataSync(), ['a', 'ü'] as never);
        const words = tf.concat([tf.tensor1d(['b']), tf.slice(tf.tensor1d(['x', 'a']), [1], [1])]);
        assert.deepEqual(words.dataSync(), ['b', 'a'] as never);
        const z = tf.mul(tf.complex([1, 2], [3, 4]), tf.complex([0, 1], [1, 0]));
        assert.deepEqual([...tf.real(z).dataSync()], [-3, 2]);
        assert.deepEqual([...tf.imag(z).dataSync()], [1, 4]);
        assert.deepEqual(tf.zeros([0, 3]).arraySync(), []);
      }),
    );
  });

  test("tf.memory tells the backend's figures", async () => {
    const be = await blas();
    const memory = tf.memory() as unknown as { live: number; numTensors: number };
    assert.equal(memory.live, be.allocator.report().live);
  });
});

test('addresses above 2 GiB work in every kernel', async () => {
  const be = await blas();
  const values = () =>
    tf.tidy(() => {
      const r = generator(8);
      const [T, B, I, H, V] = [4, 3, 33, 70, 301];
      const [table, wx, wh, out] = [
        [V, I],
        [I, 4 * H],
        [H, 4 * H],
        [H, V],
      ].map((s) => randomTensor(r, s));
      const variables = [table, wx, wh, out].map((t) => tf.variable(t!));
      const ids = tf.tensor1d(
        Int32Array.from({ length: T * B }, (_, i) => (i * 29) % V),
        'int32',
      );
      const { grads } = tf.variableGrads(() => {
        const x = tf.reshape(tf.gather(variables[0]!, ids), [T, B, I]) as tf.Tensor3D;
        const zeros = tf.zeros([B, H]) as tf.Tensor2D;
        const p = { wx: variables[1]!, wh: variables[2]!, b: tf.zeros([4 * H]) };
        const random = { seed: 1, stream: 2, step: 3 };
        const { y } = lstm(x, p, zeros, zeros, {
          gates: gateOptions('g2'),
          training: true,
          random,
        });
        const logits = tf.matMul(tf.reshape(y, [T * B, H]), variables[3]!) as tf.Tensor2D;
        return softmaxCrossEntropy(logits, tf.zeros([V]) as tf.Tensor1D, ids, { donate: true });
      }, variables);
      sgdStep(
        variables,
        variables.map((v) => grads[v.name]!),
        { learningRate: 1, clip: 0.25 },
      );
      const big = tf.softmax(tf.exp(tf.sum(tf.mul(tf.transpose(wx!), 0.1), 0)));
      return [...variables, big].map((t) => [...t.dataSync()]) as never;
    }) as unknown as number[][];
  const want = values();
  // nothing touches this stretch, so it costs no real memory
  const below = be.allocator.allocate(2 ** 31);
  const low = be.allocator.allocate(64 * 2 ** 20); // uses up what is free below
  const probe = tf.zeros([5000]);
  assert.ok(be.address(probe) > 2 ** 31 || low > 2 ** 31);
  assert.deepEqual(values(), want);
  probe.dispose();
  be.allocator.release(low);
  be.allocator.release(below);
  tf.disposeVariables();
});
