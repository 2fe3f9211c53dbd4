import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { philoxUniform } from '#src/backend/philox.js';
import {
  dropout,
  dropoutMask,
  embeddingDropout,
  lockedDropout,
  weightDrop,
} from '#src/cell/dropout.js';
import { type RandomSource, randomWords, STREAM } from '#src/cell/random.js';
import { activationRegularisation, temporalRegularisation } from '#src/cell/regularisation.js';
import { tf } from '#tfjs';
import {
  assertClose,
  assertNoLeak,
  type Backend,
  blas,
  generator,
  on,
  randomTensor,
} from '../backend/support.js';

type Nested = number | Nested[];
type Piece<K extends string> = Record<K, Nested>;
const vectors = JSON.parse(readFileSync('tests/vectors/nn/awd_pieces.json', 'utf8')) as {
  ar_tar: Piece<'dropped_h' | 'raw_h'> & Record<'alpha' | 'beta' | 'ar' | 'tar', number>;
  embedding_dropout: Piece<'weight' | 'row_mask_scaled' | 'output'> & { words: number[][] };
  locked_dropout: Piece<'x' | 'mask_scaled' | 'output'>;
  weight_drop: Piece<'weight' | 'mask_scaled' | 'output'>;
};
const flat = (n: Nested): number[] => (Array.isArray(n) ? n.flatMap(flat) : [n]);
const tensor = <T extends tf.Tensor>(n: Nested): T => tf.tensor(n as never) as T;
const SOURCE: RandomSource = { seed: 5, stream: STREAM.weightDrop + 1, step: 9 };
const BACKENDS: Backend[] = ['blas', 'cpu'];

/** Asserts closeness to 2e-6 of the largest number, the rounding of float32. */
function close(actual: tf.Tensor, want: Nested, what: string): void {
  assertClose(actual.dataSync(), flat(want), { relative: 2e-6, absolute: 2e-6 }, what);
}

describe('with masks given by hand, as PyTorch', () => {
  for (const backend of BACKENDS) {
    test(`locked dropout and weight drop, ${backend}`, async () => {
      await on(backend);
      tf.tidy(() => {
        const locked = vectors.locked_dropout;
        const mask = tensor(locked.mask_scaled);
        close(lockedDropout(tensor(locked.x), { mask }), locked.output, 'locked');
        const drop = vectors.weight_drop;
        const w = weightDrop(tensor(drop.weight), { mask: tensor(drop.mask_scaled) });
        close(w, drop.output, 'weight drop');
      });
    });

    test(`embedding dropout, ${backend}`, async () => {
      await on(backend);
      const e = vectors.embedding_dropout;
      tf.tidy(() => {
        const table = tensor<tf.Tensor2D>(e.weight);
        const ids = tf.tensor1d(e.words.flat(), 'int32');
        const mask = tensor(e.row_mask_scaled);
        close(embeddingDropout(tf.gather(table, ids), ids, 5, { mask }), e.output, 'rows');
        // that mask keeps every row: another one, by hand
        const some = tf.tensor2d([0, 2, 2, 0, 2], [5, 1]);
        const rows = embeddingDropout(tf.gather(table, ids), ids, 5, { mask: some });
        const scale = [0, 2, 2, 0, 2];
        const weight = e.weight as number[][];
        const want = e.words.flat().map((id) => weight[id]!.map((v) => v * scale[id]!));
        close(rows, want, 'rows, some dropped');
      });
    });

    test(`AR and TAR, ${backend}`, async () => {
      await on(backend);
      const { alpha, beta, dropped_h, raw_h, ar, tar } = vectors.ar_tar;
      tf.tidy(() => {
        close(activationRegularisation(tensor(dropped_h), alpha), ar, 'AR');
        close(temporalRegularisation(tensor(raw_h), beta), tar, 'TAR');
        const single = tf.ones([1, 2, 3]) as tf.Tensor3D;
        assert.equal(temporalRegularisation(single, beta).dataSync()[0], 0);
      });
    });
  }

  test('a mask of another shape is refused by name', async () => {
    await blas();
    tf.tidy(() => {
      const mask = tf.ones([2, 3]);
      const x = tf.ones([4, 2, 3]) as tf.Tensor3D;
      assert.throws(() => lockedDropout(x, { mask }), /lockedDropout: mask must be \[1,2,3\]/);
      const w = tf.ones([3, 12]) as tf.Tensor2D;
      assert.throws(() => weightDrop(w, { mask }), /weightDrop: mask must be \[3,12\]/);
    });
  });
});

describe('drawn masks', () => {
  test('are those of the uniform numbers, on every backend, whatever the size', async () => {
    const words = randomWords(SOURCE);
    for (const p of [0.1, 0.4, 0.5, 0.999])
      for (const n of [1, 3, 4, 31, 33, 1000, 40_003]) {
        const u = philoxUniform(n, [words.key0, words.key1], words.step, words.stream);
        const kept = Math.fround(1 / (1 - p));
        const want = u.map((x) => (x > Math.fround(p) ? kept : 0));
        for (const backend of BACKENDS) {
          await on(backend);
          const mask = tf.tidy(
            () => dropoutMask([n], { p, random: SOURCE }).dataSync() as never,
          ) as unknown as Float32Array;
          assert.deepEqual(Float32Array.from(mask), want, `${backend}, p = ${p}, n = ${n}`);
        }
      }
  });

  test('weight drop without a mask equals that with one, in values and gradients', async () => {
    await blas();
    for (const shape of [
      [1, 4],
      [3, 12],
      [7, 28],
      [70, 280],
    ])
      tf.tidy(() => {
        const w = randomTensor<tf.Tensor2D>(generator(1), shape);
        const values = w.dataSync();
        // a weight of 0 that is kept has a gradient all the same
        for (let i = 0; i < Math.min(16, values.length); i++) values[i] = i % 2 ? -0 : 0;
        const weights = randomTensor(generator(2), shape);
        const [have, want] = (['fused', 'reference'] as const).map((path) => {
          const op = (t: tf.Tensor) =>
            weightDrop(t as tf.Tensor2D, { p: 0.5, random: SOURCE }, path);
          const x = tf.tensor(values, shape);
          const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.mul(op(t), weights)))(x);
          // adding 0 makes -0 and 0 the same
          return [op(x), gradient].map((t) => Array.from(t.dataSync(), (v) => v + 0));
        });
        assert.deepEqual(have, want, `${shape}`);
      });
  });

  test('of single elements: those of the mask, whatever the shape', async () => {
    await blas();
    for (const shape of [[3], [2, 5], [4, 3, 7], [2, 1, 3, 11]])
      tf.tidy(() => {
        const x = randomTensor(generator(1), shape);
        const weights = randomTensor(generator(2), shape);
        const mask = dropoutMask(shape, { p: 0.3, random: SOURCE });
        const numbers = (t: tf.Tensor) => Array.from(t.dataSync(), (v) => v + 0);
        for (const path of ['fused', 'reference'] as const) {
          const op = (t: tf.Tensor) => dropout(t, { p: 0.3, random: SOURCE }, path);
          assert.deepEqual(op(x).shape, shape);
          assert.deepEqual(numbers(op(x)), numbers(tf.mul(x, mask)));
          const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.mul(op(t), weights)))(x);
          assert.deepEqual(numbers(gradient), numbers(tf.mul(weights, mask)));
        }
        assert.equal(dropout(x, { p: 0, random: SOURCE }), x);
        assert.deepEqual(numbers(dropout(x, { mask })), numbers(tf.mul(x, mask)));
      });
  });

  test('keep a share of 1 - p and a mean of 1', async () => {
    await blas();
    const n = 200_000;
    for (const p of [0.1, 0.25, 0.5]) {
      const mask = tf.tidy(
        () => dropoutMask([n], { p, random: SOURCE }).dataSync() as never,
      ) as unknown as Float32Array;
      const kept = mask.filter((m) => m > 0).length / n;
      // four standard errors
      const tolerance = 4 * Math.sqrt((p * (1 - p)) / n);
      assert.ok(Math.abs(kept - (1 - p)) < tolerance, `p = ${p}: ${kept} kept`);
      const mean = mask.reduce((a, b) => a + b, 0) / n;
      assert.ok(Math.abs(mean - 1) < tolerance / (1 - p), `p = ${p}: mean ${mean}`);
    }
  });

  test('differ from step to step and stream to stream, and come back', async () => {
    await blas();
    const draw = (random: RandomSource) =>
      tf.tidy(() => dropoutMask([64], { p: 0.5, random }).dataSync() as never);
    assert.deepEqual(draw(SOURCE), draw({ ...SOURCE }));
    assert.notDeepEqual(draw(SOURCE), draw({ ...SOURCE, step: 10 }));
    assert.notDeepEqual(draw(SOURCE), draw({ ...SOURCE, stream: SOURCE.stream + 1 }));
    assert.notDeepEqual(draw(SOURCE), draw({ ...SOURCE, seed: 6 }));
  });

  test('of probability 0 leave the tensor itself; 1 and below 0 are refused', async () => {
    await blas();
    tf.tidy(() => {
      const x = tf.ones([4, 2, 3]) as tf.Tensor3D;
      const w = tf.ones([3, 12]) as tf.Tensor2D;
      const ids = tf.tensor1d([0, 1, 1], 'int32');
      assert.equal(lockedDropout(x, { p: 0, random: SOURCE }), x);
      assert.equal(weightDrop(w, { p: 0, random: SOURCE }), w);
      assert.equal(embeddingDropout(w, ids, 5, { p: 0, random: SOURCE }), w);
      for (const p of [1, -0.1, Number.NaN])
        assert.throws(() => lockedDropout(x, { p, random: SOURCE }), /probability/);
    });
  });

  test('are one for all time steps, and one for all places of a word', async () => {
    await blas();
    tf.tidy(() => {
      const x = tf.ones([6, 3, 50]) as tf.Tensor3D;
      const y = lockedDropout(x, { p: 0.5, random: SOURCE });
      const [first, ...rest] = tf.unstack(y).map((t) => t.dataSync());
      for (const row of rest) assert.deepEqual(row, first);
      const ids = tf.tensor1d([7, 2, 7, 2, 7], 'int32');
      const ones = tf.ones([5, 4]) as tf.Tensor2D;
      const rows = embeddingDropout(ones, ids, 9, { p: 0.5, random: SOURCE });
      const mask = dropoutMask([9, 1], { p: 0.5, random: SOURCE }).dataSync();
      rows.dataSync().forEach((value, i) => {
        assert.equal(value, mask[ids.dataSync()[Math.floor(i / 4)]!]);
      });
    });
  });

  test('no two uses of one seed share a stream', () => {
    const most = { init: 64, gates: 16, dropout: 16, weightDrop: 16 } as Record<string, number>;
    const used = Object.entries(STREAM).flatMap(([name, first]) =>
      Array.from({ length: most[name] ?? 1 }, (_, i) => first + i),
    );
    assert.equal(new Set(used).size, used.length);
    assert.ok(used.every((stream) => stream < 2 ** 16));
  });
});

describe('gradients equal central differences', () => {
  const cases: [string, number[], (x: tf.Tensor) => tf.Tensor][] = [
    ['locked dropout', [4, 2, 3], (x) => lockedDropout(x as tf.Tensor3D, drawn(0.4))],
    ['dropout', [4, 2, 3], (x) => dropout(x, drawn(0.4))],
    ['weight drop', [3, 12], (x) => weightDrop(x as tf.Tensor2D, drawn(0.5))],
    [
      'embedding dropout',
      [5, 3],
      (x) => {
        const ids = tf.tensor1d([4, 0, 0, 3], 'int32');
        return embeddingDropout(tf.gather(x as tf.Tensor2D, ids), ids, 5, drawn(0.4));
      },
    ],
    ['AR', [4, 2, 3], (x) => activationRegularisation(x, 2)],
    ['TAR', [4, 2, 3], (x) => temporalRegularisation(x as tf.Tensor3D, 3)],
    ['TAR of two steps', [2, 1, 3], (x) => temporalRegularisation(x as tf.Tensor3D, 3)],
  ];
  const drawn = (p: number) => ({ p, random: SOURCE });
  for (const backend of BACKENDS)
    for (const [name, shape, op] of cases)
      test(`${name}, ${backend}`, async () => {
        await on(backend);
        tf.tidy(() => {
          const random = generator(3);
          const x = randomTensor(random, shape);
          const weights = randomTensor(random, op(x).shape);
          const loss = (t: tf.Tensor) => tf.sum(tf.mul(op(t), weights)) as tf.Scalar;
          const gradient = tf.grad(loss)(x).dataSync();
          // all of them at most quadratic: a wide difference is exact but for rounding
          const step = 0.5;
          const values = Float32Array.from(x.dataSync());
          const at = (i: number, by: number) => {
            const moved = Float32Array.from(values);
            moved[i]! += by;
            return loss(tf.tensor(moved, shape)).dataSync()[0]!;
          };
          const want = values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
          assertClose(gradient, want, { absolute: 1e-5, relative: 1e-5 }, name);
        });
      });

  test('and leave no tensor behind', async () => {
    const be = await blas();
    for (const [, shape, op] of cases)
      assertNoLeak(be, () =>
        tf.tidy(() => {
          const x = randomTensor(generator(3), shape);
          tf.grad((t: tf.Tensor) => tf.sum(op(t)) as tf.Scalar)(x).dataSync();
        }),
      );
  });
});
