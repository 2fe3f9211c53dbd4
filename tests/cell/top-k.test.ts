import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { topLogProbabilities } from '#src/cell/top-k.js';
import { tf } from '#tfjs';
import {
  assertClose,
  assertNoLeak,
  type Backend,
  blas,
  generator,
  on,
  uniform,
} from '../backend/support.js';

/** The definition in float64: sort all, lower id first where equal. */
function sorted(logits: Float32Array, bias: Float32Array, rows: number, k: number) {
  const V = bias.length;
  const [values, ids]: [number[], number[]] = [[], []];
  for (let r = 0; r < rows; r++) {
    // rounded as the sum of two float32 is
    const x = Array.from({ length: V }, (_, i) => Math.fround(logits[r * V + i]! + bias[i]!));
    const top = Math.max(...x);
    const log = Math.log(x.reduce((s, v) => s + Math.exp(v - top), 0));
    const order = x.map((_, i) => i).sort((a, b) => x[b]! - x[a]! || a - b);
    for (const i of order.slice(0, k)) {
      values.push(x[i]! - top - log);
      ids.push(i);
    }
  }
  return { values, ids };
}

for (const backend of ['blas', 'cpu'] as Backend[])
  describe(`topLogProbabilities on ${backend}`, () => {
    for (const [rows, V, k] of [
      [1, 1, 1],
      [3, 5, 5],
      [7, 37, 4],
      [50, 1003, 5],
      [2, 64, 32],
    ] as const)
      test(`equals sorting in float64, ${rows} rows of ${V}, k = ${k}`, async () => {
        await on(backend);
        const random = generator(V);
        const bias = uniform(random, V);
        const spread = uniform(random, rows * V, -9, 9);
        // coarse numbers tie often
        for (const logits of [spread, spread.map(Math.round), new Float32Array(rows * V)])
          for (const shift of [0, -1000, 1000])
            for (const b of [bias, new Float32Array(V)]) {
              const moved = logits.map((x) => x + shift);
              const want = sorted(moved, b, rows, k);
              const [l, c] = [tf.tensor2d(moved, [rows, V]), tf.tensor1d(b)];
              const have = topLogProbabilities(l, c, k);
              tf.dispose([l, c]);
              assert.deepEqual([...have.ids], want.ids);
              const tolerance = { relative: 2e-6, absolute: shift ? 2e-4 : 3e-6 };
              assertClose(have.values, want.values, tolerance, `shift ${shift}`);
            }
      });

    test('entries of -Infinity come last, in order', async () => {
      await on(backend);
      const logits = tf.tensor2d([[-Infinity, 1, -Infinity, 1, -Infinity]]);
      const { values, ids } = topLogProbabilities(logits, tf.zeros([5]), 4);
      assert.deepEqual([...ids], [1, 3, 0, 2]);
      assertClose(values.subarray(0, 2), [-Math.log(2), -Math.log(2)], { absolute: 1e-6 }, 'best');
      assert.deepEqual([...values.subarray(2)], [-Infinity, -Infinity]);
      logits.dispose();
    });

    for (const bad of [Number.NaN, Infinity])
      test(`a row with ${bad} is an error that names it`, async () => {
        await on(backend);
        for (const at of [0, 6, 20]) {
          const numbers = uniform(generator(1), 63);
          numbers[42 + at] = bad;
          const logits = tf.tensor2d(numbers, [3, 21]);
          const bias = tf.zeros([21]) as tf.Tensor1D;
          assert.throws(() => topLogProbabilities(logits, bias, 3), /row 2 has NaN or Infinity/);
          tf.dispose([logits, bias]);
        }
      });

    test('wrong sizes are errors', async () => {
      await on(backend);
      const logits = tf.zeros([2, 200]) as tf.Tensor2D;
      const bias = tf.zeros([200]) as tf.Tensor1D;
      for (const k of [0, 129, 1.5])
        assert.throws(() => topLogProbabilities(logits, bias, k), /k must be .* from 1 to 128/);
      assert.throws(() => topLogProbabilities(logits, tf.zeros([39]), 1), /bias must be \[200\]/);
    });
  });

test('topLogProbabilities leaves nothing behind', async () => {
  const be = await blas();
  const logits = tf.zeros([20, 900]) as tf.Tensor2D;
  const bias = tf.zeros([900]) as tf.Tensor1D;
  assertNoLeak(be, () => topLogProbabilities(logits, bias, 5));
});
