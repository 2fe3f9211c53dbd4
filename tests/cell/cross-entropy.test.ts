import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { negativeLogLikelihood, softmaxCrossEntropy } from '#src/cell/cross-entropy.js';
import { tf } from '#tfjs';
import {
  assertClose,
  assertNoLeak,
  blas,
  generator,
  on,
  relativeError,
  uniform,
} from '../backend/support.js';

interface Problem {
  N: number;
  V: number;
  logits: Float32Array;
  bias: Float32Array;
  labels: Int32Array;
}

function problem(N: number, V: number, range = 4): Problem {
  const random = generator(N * 1000 + V);
  const logits = uniform(random, N * V, -range, range);
  const bias = uniform(random, V, -1, 1);
  return {
    N,
    V,
    logits,
    bias,
    labels: Int32Array.from({ length: N }, () => Math.floor(random() * V)),
  };
}

type Loss = (logits: tf.Tensor2D, bias: tf.Tensor1D, labels: tf.Tensor1D) => tf.Scalar;

/** Loss, gradient of the logits (through a product, so that they may be donated) and of the bias. */
function evaluate(
  p: Problem,
  loss: Loss,
): { loss: number; logits: Float32Array; bias: Float32Array } {
  return tf.tidy(() => {
    const labels = tf.tensor1d(p.labels, 'int32');
    const half = tf.tensor2d(p.logits, [p.N, p.V]);
    const { value, grads } = tf.valueAndGrads((x, b) =>
      loss(tf.mul(x!, 1) as tf.Tensor2D, b as tf.Tensor1D, labels),
    )([half, tf.tensor1d(p.bias)]);
    const [logits, bias] = grads.map((g) => g.dataSync() as Float32Array);
    return { loss: value.dataSync()[0]!, logits, bias } as never;
  }) as unknown as { loss: number; logits: Float32Array; bias: Float32Array };
}

/** The same in float64. */
function expected(p: Problem): { loss: number; logits: Float64Array; bias: Float64Array } {
  const logits = new Float64Array(p.N * p.V);
  const bias = new Float64Array(p.V);
  let loss = 0;
  for (let r = 0; r < p.N; r++) {
    const row = Array.from({ length: p.V }, (_, v) => p.logits[r * p.V + v]! + p.bias[v]!);
    const top = Math.max(...row);
    const sum = row.reduce((s, a) => s + Math.exp(a - top), 0);
    loss += Math.log(sum) + top - row[p.labels[r]!]!;
    row.forEach((a, v) => {
      const g = (Math.exp(a - top) / sum - Number(v === p.labels[r])) / p.N;
      logits[r * p.V + v] = g;
      bias[v]! += g;
    });
  }
  return { loss: loss / p.N, logits, bias };
}

const fused =
  (donate: boolean): Loss =>
  (l, b, y) =>
    softmaxCrossEntropy(l, b, y, { donate });
const SIZES = [
  [1, 1],
  [5, 1],
  [3, 2],
  [4, 7],
  [1, 8],
  [6, 33],
  [20, 301],
  [70, 1000],
] as const;

describe('softmaxCrossEntropy', () => {
  for (const [N, V] of SIZES)
    for (const donate of [false, true])
      test(`loss and gradient, N = ${N}, V = ${V}${donate ? ', donated' : ''}`, async () => {
        const p = problem(N, V);
        const want = expected(p);
        const be = await blas();
        const have = evaluate(p, fused(donate));
        assertClose([have.loss], [want.loss], { relative: 1e-6, absolute: 1e-6 }, 'loss');
        assert.ok(relativeError(have.logits, want.logits) < 3e-6, 'logits');
        assert.ok(relativeError(have.bias, want.bias) < 5e-6, 'bias');
        assertNoLeak(be, () => void evaluate(p, fused(donate)));
      });

  test('the cpu backend and the reference path give the same', async () => {
    const p = problem(6, 33);
    const want = expected(p);
    for (const backend of ['cpu', 'blas'] as const) {
      await on(backend);
      const have = evaluate(p, (l, b, y) => softmaxCrossEntropy(l, b, y, { path: 'reference' }));
      assertClose([have.loss], [want.loss], { relative: 1e-6, absolute: 1e-6 }, 'loss');
      assertClose(have.logits, want.logits, { relative: 1e-5, absolute: 1e-6 }, 'logits');
      assertClose(have.bias, want.bias, { relative: 1e-5, absolute: 1e-6 }, 'bias');
    }
  });

  test('scaled, and summed with another loss of the same inputs', async () => {
    await blas();
    const p = problem(9, 13);
    const want = expected(p);
    for (const donate of [false, true]) {
      const have = evaluate(p, (l, b, y) =>
        tf.add(
          tf.mul(softmaxCrossEntropy(l, b, y, { donate }), 3),
          tf.mul(tf.sum(tf.square(b)), 0.5),
        ),
      );
      assertClose(
        have.logits,
        want.logits.map((g) => 3 * g),
        { relative: 1e-5, absolute: 1e-6 },
        'logits',
      );
      assertClose(
        have.bias,
        want.bias.map((g, v) => 3 * g + p.bias[v]!),
        { relative: 1e-5, absolute: 2e-6 },
        'bias',
      );
    }
    const twice = evaluate(p, (l, b, y) =>
      tf.add(softmaxCrossEntropy(l, b, y), tf.sum(tf.mul(l, 0.25))),
    );
    assertClose(
      twice.logits,
      want.logits.map((g) => g + 0.25),
      { absolute: 1e-6 },
      'logits used twice',
    );
  });

  test('logits of 1e4 and 1e30 neither overflow nor become NaN', async () => {
    await blas();
    for (const range of [1e4, 1e30]) {
      const p = problem(7, 19, range);
      const want = expected(p);
      for (const donate of [false, true]) {
        const have = evaluate(p, fused(donate));
        assertClose([have.loss], [want.loss], { relative: 1e-6 }, 'loss');
        assertClose(have.logits, want.logits, { relative: 1e-5, absolute: 1e-6 }, 'logits');
      }
    }
  });

  test('a logit that is NaN or infinite shows in the loss', async () => {
    await blas();
    for (const [at, value] of [
      [0, Number.NaN],
      [12, Number.NaN],
      [3, Infinity],
      [12, Infinity],
    ] as const) {
      const p = problem(2, 13);
      p.logits[at] = value;
      assert.ok(!Number.isFinite(evaluate(p, fused(false)).loss), `${value} at ${at}`);
    }
    for (const bits of [0xffc00000, 0xffffffff, 0x7fc00001, 0x7fffffff])
      for (const at of [0, 12]) {
        const p = problem(2, 13);
        new Uint32Array(p.logits.buffer)[at] = bits;
        assert.ok(Number.isNaN(evaluate(p, fused(true)).loss), `${bits.toString(16)} at ${at}`);
      }
  });

  test('labels outside the vocabulary give a NaN loss and touch no other memory', async () => {
    await blas();
    for (const wrong of [-1, 13, 2 ** 31 - 1, -(2 ** 31)])
      for (const row of [0, 4, 8]) {
        const p = problem(9, 13);
        p.labels[row] = wrong;
        const guards = Array.from({ length: 20 }, () => tf.ones([9, 13]));
        assert.ok(Number.isNaN(evaluate(p, fused(true)).loss));
        const nll = tf.tidy(
          () =>
            negativeLogLikelihood(
              tf.tensor2d(p.logits, [9, 13]),
              tf.tensor1d(p.bias),
              tf.tensor1d(p.labels, 'int32'),
            ).dataSync() as never,
        ) as unknown as Float32Array;
        assert.deepEqual([...nll].findIndex(Number.isNaN), row);
        for (const g of guards) assert.ok(g.dataSync().every((x) => x === 1));
        tf.dispose(guards);
      }
    await on('cpu');
    const p = problem(9, 13);
    p.labels[0] = 13; // would read the next row
    assert.throws(() => evaluate(p, fused(false)), /label 13 is outside/);
    tf.disposeVariables();
  });

  test('the logits stay as they are unless donated', async () => {
    await blas();
    const p = problem(5, 11);
    tf.tidy(() => {
      const logits = tf.tensor2d(p.logits, [5, 11]);
      const [bias, labels] = [tf.tensor1d(p.bias), tf.tensor1d(p.labels, 'int32')];
      softmaxCrossEntropy(logits, bias, labels);
      negativeLogLikelihood(logits, bias, labels);
      assert.deepEqual(logits.dataSync(), p.logits);
      softmaxCrossEntropy(logits, bias, labels, { donate: true });
      assert.notDeepEqual(logits.dataSync(), p.logits);
    });
  });

  test('a wrong shape or type is an error that names the argument', async () => {
    for (const backend of ['blas', 'cpu'] as const) {
      await on(backend);
      tf.tidy(() => {
        const logits = tf.zeros([3, 5]) as tf.Tensor2D;
        const bias = tf.zeros([5]) as tf.Tensor1D;
        const labels = tf.zeros([3], 'int32') as tf.Tensor1D;
        for (const f of [softmaxCrossEntropy, negativeLogLikelihood]) {
          assert.throws(
            () => f(logits, tf.zeros([4]) as tf.Tensor1D, labels),
            /bias must be \[5\]/,
          );
          assert.throws(
            () => f(logits, bias, tf.zeros([4], 'int32') as tf.Tensor1D),
            /labels must be int32 \[3\]/,
          );
          assert.throws(
            () => f(logits, bias, tf.zeros([3]) as tf.Tensor1D),
            /labels must be int32/,
          );
        }
      });
    }
  });
});

describe('negativeLogLikelihood', () => {
  for (const [N, V] of SIZES)
    test(`per row, N = ${N}, V = ${V}`, async () => {
      const p = problem(N, V);
      const mean = expected(p).loss;
      for (const backend of ['blas', 'cpu'] as const) {
        await on(backend);
        const nll = tf.tidy(
          () =>
            negativeLogLikelihood(
              tf.tensor2d(p.logits, [N, V]),
              tf.tensor1d(p.bias),
              tf.tensor1d(p.labels, 'int32'),
            ).dataSync() as never,
        ) as unknown as Float32Array;
        const sum = nll.reduce((a, b) => a + b, 0);
        assertClose([sum / N], [mean], { relative: 1e-6, absolute: 1e-6 }, backend);
      }
    });
});
