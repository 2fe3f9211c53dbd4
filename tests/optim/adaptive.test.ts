import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'node:test';
import { AdaDelta } from '#src/optim/adadelta.js';
import { Adam } from '#src/optim/adam.js';
import type { AdaptiveOptimizer } from '#src/optim/adaptive.js';
import { tf } from '#tfjs';
import {
  assertClose,
  type Backend,
  blas,
  footprint,
  generator,
  on,
  randomTensor,
} from '../backend/support.js';

interface Arguments {
  lr: number;
  rho: number;
  betas: [number, number];
  eps: number;
  weight_decay?: number;
}
interface Step {
  param: number[];
  exp_avg: number[];
  exp_avg_sq: number[];
  square_avg: number[];
  acc_delta: number[];
  grad_norm_before_clip?: number;
}
const vectors = JSON.parse(readFileSync('tests/vectors/nn/optimizers.json', 'utf8')) as {
  A: number[][];
  b: number[];
  x0: number[];
  noise: number[][];
  runs: { optimizer: string; args: Arguments; clip_norm: number | null; trajectory: Step[] }[];
};

/** The gradient of the vectors' quadratic, not clipped, in float64. */
const gradientAt = (x: readonly number[], step: number): number[] =>
  vectors.A.map(
    (row, i) =>
      row.reduce((s, a, j) => s + a * x[j]!, 0) - vectors.b[i]! + vectors.noise[step]![i]!,
  );

const MAKE: Record<string, (v: tf.Variable[], a: Arguments) => AdaptiveOptimizer> = {
  Adam: (v, { lr, betas, eps }) =>
    new Adam(v, { learningRate: lr, beta1: betas[0], beta2: betas[1], epsilon: eps }),
  Adadelta: (v, { lr, rho, eps }) => new AdaDelta(v, { learningRate: lr, rho, epsilon: eps }),
};
const KINDS: [string, (v: tf.Variable[]) => AdaptiveOptimizer][] = [
  ['Adam', (v) => new Adam(v)],
  ['AdaDelta', (v) => new AdaDelta(v)],
];

const BACKENDS: Backend[] = ['blas', 'cpu'];
const values = (t: tf.Tensor): number[] => [...t.dataSync()];
afterEach(() => tf.disposeVariables());

for (const backend of BACKENDS)
  describe(`adaptive optimisers on ${backend}`, () => {
    for (const run of vectors.runs.filter((r) => r.optimizer in MAKE))
      for (const scale of [1, 0.125])
        test(`${run.optimizer} ${JSON.stringify(run.args)} follows PyTorch's, scale ${scale}`, async () => {
          await on(backend);
          const v = tf.variable(tf.tensor1d(vectors.x0));
          const optimizer = MAKE[run.optimizer]!([v], run.args);
          let at = vectors.x0;
          run.trajectory.forEach((step, k) => {
            const gradient = gradientAt(at, k);
            const g = tf.tensor1d(gradient.map((x) => x / scale));
            v.assign(tf.tensor1d(at)); // where PyTorch stood: errors of float32 do not add up
            const weightDecay = run.args.weight_decay ?? 0;
            const norm = optimizer.step([g], { clip: run.clip_norm ?? 0, weightDecay, scale });
            assertClose([norm], [Math.hypot(...gradient)], { relative: 1e-6 }, 'norm');
            assertClose(v.dataSync(), step.param, { relative: 1e-6, absolute: 2e-6 }, `w ${k}`);
            const moments = [step.exp_avg ?? step.square_avg, step.exp_avg_sq ?? step.acc_delta];
            moments.forEach((want, i) => {
              const have = optimizer.tensors[i]![0]!.dataSync();
              assertClose(have, want, { relative: 1e-5, absolute: 1e-9 }, `moment ${i}, ${k}`);
            });
            at = step.param;
          });
          assert.equal(optimizer.steps, run.trajectory.length);
          optimizer.dispose();
        });

    for (const [name, make] of KINDS) {
      test(`${name}: clipping is that of all gradients together, after the scale`, async () => {
        await on(backend);
        const random = generator(2);
        const shapes = [[7], [30, 5]];
        const grads = shapes.map((s) => randomTensor(random, s));
        const norm = Math.hypot(...grads.flatMap(values));
        const after = (factor: number, clip: number, scale: number) => {
          const variables = shapes.map((s) => tf.variable(tf.ones(s)));
          const optimizer = make(variables);
          const own = grads.map((g) => tf.mul(g, factor));
          const told = [optimizer.step(own, { clip, scale }), optimizer.step(own, { clip, scale })];
          const result = [...variables, ...optimizer.tensors.flat()].flatMap(values);
          optimizer.dispose();
          return { told, result };
        };
        const clipped = after(1, 0.5 * 0.25 * norm, 0.25);
        assertClose(clipped.told, [0.25 * norm, 0.25 * norm], { relative: 1e-6 }, 'norm');
        const want = after(0.125 / (1 + 1e-6 / (0.25 * norm)), 0, 1);
        assertClose(clipped.result, want.result, { relative: 2e-6, absolute: 1e-12 }, 'w, moments');
        const loose = after(1, 2 * 0.25 * norm, 0.25).result;
        assertClose(loose, after(0.25, 0, 1).result, { relative: 2e-6, absolute: 1e-12 }, 'loose');
      });

      for (const bad of [Number.NaN, Infinity])
        test(`${name}: a gradient with ${bad} changes nothing`, async () => {
          await on(backend);
          const v = tf.variable(randomTensor(generator(1), [50]));
          const optimizer = make([v]);
          optimizer.step([tf.ones([50])], { clip: 1 });
          const all = () => [v, ...optimizer.tensors.flat()].flatMap(values);
          const before = all();
          const norm = optimizer.step([tf.fill([50], bad)], { clip: 1, weightDecay: 0.1 });
          assert.ok(!Number.isFinite(norm));
          assert.equal(optimizer.steps, 1);
          assert.deepEqual(all(), before);
          optimizer.dispose();
        });

      test(`${name}: goes on from stored moments bit for bit`, async () => {
        await on(backend);
        const random = generator(6);
        const start = randomTensor(random, [9, 5]);
        const grads = Array.from({ length: 6 }, () => randomTensor(random, [9, 5]));
        const v = tf.variable(start);
        const whole = make([v]);
        for (const g of grads.slice(0, 3)) whole.step([g], { clip: 1 });
        const stored = Object.fromEntries(
          whole.names.map((n, k) => [n, values(whole.tensors[k]![0]!)]),
        );
        const w = tf.variable(v.clone());
        const resumed = make([w]);
        resumed.restore((n, _, shape) => tf.tensor(stored[n]!, shape), whole.steps);
        for (const g of grads.slice(3)) {
          whole.step([g], { clip: 1 });
          resumed.step([g], { clip: 1 });
        }
        assert.deepEqual(values(w), values(v));
        assert.equal(resumed.steps, 6);
        whole.dispose();
        resumed.dispose();
      });
    }

    test('wrong counts and scales are errors', async () => {
      await on(backend);
      const optimizer = new Adam([tf.variable(tf.zeros([2]))]);
      assert.throws(() => optimizer.step([], { clip: 1 }), /1 variables, 0 gradients/);
      assert.throws(() => optimizer.step([tf.ones([2])], { clip: 1, scale: 0 }), /scale must be/);
      optimizer.dispose();
    });
  });

for (const [name, make] of KINDS) {
  test(`${name}: blas and cpu agree over ten steps, rows of an embedding among them`, async () => {
    const shapes = [[1], [3], [65], [7, 9], [300, 70]];
    const results: number[][][] = [];
    for (const backend of BACKENDS) {
      await on(backend);
      const random = generator(5);
      const table = tf.variable(randomTensor(random, [40, 13]));
      const variables = [table, ...shapes.map((s) => tf.variable(randomTensor(random, s)))];
      const optimizer = make(variables);
      for (let step = 0; step < 10; step++) {
        const others = shapes.map((s) => randomTensor(random, s));
        const ids = tf.tensor1d([step, 39, step + 3, step], 'int32');
        // a gradient that touches a few rows, as the model makes it
        const rows = tf.tidy(
          () =>
            tf.variableGrads(() => tf.sum(tf.square(tf.gather(table, ids))) as tf.Scalar, [table])
              .grads[table.name]!,
        );
        const options = { clip: step % 2 ? 5 : 0, weightDecay: step > 5 ? 0.01 : 0, scale: 0.5 };
        optimizer.step([rows, ...others], options);
        tf.dispose([rows, others, ids]);
      }
      results.push([...variables, ...optimizer.tensors.flat()].map(values));
      optimizer.dispose();
      tf.disposeVariables();
    }
    results[1]!.forEach((want, i) => {
      assertClose(results[0]![i]!, want, { relative: 1e-5, absolute: 5e-6 }, `tensor ${i}`);
    });
  });

  test(`${name}: a step on blas allocates nothing, and spares a clone taken before`, async () => {
    const be = await blas();
    const v = tf.variable(tf.zeros([300, 70]));
    const optimizer = make([v]);
    const g = tf.ones([300, 70]);
    const before = v.clone();
    optimizer.step([g], { clip: 1 });
    assert.ok(values(before).every((x) => x === 0));
    assert.ok(values(v).every((x) => x < 0));
    before.dispose();
    const held = footprint(be);
    for (let i = 0; i < 5; i++) optimizer.step([g], { clip: 1 });
    assert.deepEqual(footprint(be), held);
    optimizer.dispose();
  });
}
