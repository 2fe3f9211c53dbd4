import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { softmaxCrossEntropy } from '#src/nn/cross-entropy.js';
import { gateOptions } from '#src/nn/gates.js';
import { lstm } from '#src/nn/lstm.js';
import { sgdStep } from '#src/optim/sgd.js';
import {
  assertClose,
  assertNoLeak,
  blas,
  footprint,
  generator,
  on,
  randomTensor,
} from './support.js';

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
