import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'node:test';
import { sgdStep } from '#src/optim/sgd.js';
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

type Nested = number | Nested[];
const flat = (n: Nested): number[] => (Array.isArray(n) ? n.flatMap(flat) : [n]);
const read = (name: string) => JSON.parse(readFileSync(`tests/vectors/nn/${name}.json`, 'utf8'));

const clipping = read('clip_grad_norm') as {
  cases: { grads: Nested[]; max_norm: number; total_norm: number; clipped: Nested[] }[];
};
const optimizers = read('optimizers') as {
  A: number[][];
  b: number[];
  x0: number[];
  noise: number[][];
  runs: {
    optimizer: string;
    args: { lr: number; weight_decay: number };
    clip_norm: number;
    trajectory: { loss: number; grad: number[]; param: number[]; grad_norm_before_clip: number }[];
  }[];
};

const BACKENDS: Backend[] = ['blas', 'cpu'];
afterEach(() => tf.disposeVariables());

for (const backend of BACKENDS)
  describe(`sgdStep on ${backend}`, () => {
    clipping.cases.forEach((c, n) => {
      test(`clips as PyTorch's clip_grad_norm_, case ${n}`, async () => {
        await on(backend);
        const grads = c.grads.map((g) => tf.tensor(g as never));
        const variables = grads.map((g) => tf.variable(tf.zerosLike(g)));
        const norm = sgdStep(variables, grads, { learningRate: 1, clip: c.max_norm });
        assertClose([norm], [c.total_norm], { relative: 1e-6 }, 'norm');
        c.clipped.forEach((want, i) => {
          const moved = variables[i]!.dataSync().map((w) => -w);
          assertClose(moved, flat(want), { relative: 1e-6, absolute: 1e-8 }, `gradient ${i}`);
        });
        tf.dispose(grads);
      });
    });

    for (const run of optimizers.runs.filter((r) => r.optimizer === 'SGD'))
      test(`follows PyTorch's SGD on a quadratic, clip ${run.clip_norm}`, async () => {
        await on(backend);
        const { lr, weight_decay } = run.args;
        let at = optimizers.x0;
        run.trajectory.forEach((step, k) => {
          // the unclipped gradient in float64, at the point where PyTorch stood
          const gradient = optimizers.A.map(
            (row, i) =>
              row.reduce((s, a, j) => s + a * at[j]!, 0) -
              optimizers.b[i]! +
              optimizers.noise[k]![i]!,
          );
          const v = tf.variable(tf.tensor1d(at));
          const g = tf.tensor1d(gradient);
          const options = { learningRate: lr, clip: run.clip_norm, weightDecay: weight_decay };
          const norm = sgdStep([v], [g], options);
          assertClose([norm], [step.grad_norm_before_clip], { relative: 1e-6 }, 'norm');
          assertClose(v.dataSync(), step.param, { relative: 1e-6, absolute: 2e-6 }, `step ${k}`);
          tf.dispose([g, v]);
          at = step.param;
        });
      });

    test('without clipping, w -= rate * g', async () => {
      await on(backend);
      const v = tf.variable(tf.tensor1d([1, 2, 3]));
      const norm = sgdStep([v], [tf.tensor1d([30, 0, 40])], { learningRate: 0.1, clip: 0 });
      assert.equal(norm, 50);
      assertClose(v.dataSync(), [-2, 2, -1], { absolute: 1e-6 }, 'w');
    });

    for (const bad of [Number.NaN, Infinity, -Infinity])
      test(`a gradient with ${bad} changes nothing and is told`, async () => {
        await on(backend);
        const values = [randomTensor(generator(1), [40, 41]), randomTensor(generator(2), [7])];
        const variables = values.map((t) => tf.variable(t.clone()));
        const grads = values.map((t) => tf.onesLike(t));
        const wrong = tf.tensor1d([1, 1, 1, bad, 1, 1, 1]);
        const norm = sgdStep(variables, [grads[0]!, wrong], { learningRate: 1, clip: 0.25 });
        assert.ok(!Number.isFinite(norm));
        assert.deepEqual(
          variables.map((v) => v.dataSync()),
          values.map((t) => t.dataSync()),
        );
      });

    test('as many gradients as variables, or an error', async () => {
      await on(backend);
      const v = tf.variable(tf.zeros([2]));
      assert.throws(
        () => sgdStep([v], [], { learningRate: 1, clip: 0 }),
        /1 variables, 0 gradients/,
      );
    });

    test('leaves no tensor behind', async () => {
      await blas();
      await on(backend);
      const v = tf.variable(tf.zeros([20, 3]));
      const g = tf.ones([20, 3]);
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) sgdStep([v], [g], { learningRate: 1, clip: 0.1 });
      assert.equal(tf.memory().numTensors, before);
    });
  });

test('blas and cpu agree over ten clipped steps of many variables', async () => {
  const shapes = [[1], [3], [65], [7, 9], [300, 70], [4, 5, 6]];
  const results: number[][][] = [];
  const norms: number[][] = [];
  for (const backend of BACKENDS) {
    await on(backend);
    const random = generator(5);
    const variables = shapes.map((s) => tf.variable(randomTensor(random, s)));
    norms.push([]);
    for (let step = 0; step < 10; step++) {
      const grads = shapes.map((s) => randomTensor(random, s));
      norms.at(-1)!.push(sgdStep(variables, grads, { learningRate: 0.5, clip: step % 2 ? 5 : 0 }));
      tf.dispose(grads);
    }
    results.push(variables.map((v) => [...v.dataSync()]));
    tf.disposeVariables();
  }
  assertClose(norms[0]!, norms[1]!, { relative: 1e-6 }, 'norms');
  results[1]!.forEach((want, i) => {
    assertClose(results[0]![i]!, want, { relative: 2e-6, absolute: 2e-6 }, `variable ${i}`);
  });
});

test('a step on blas allocates nothing', async () => {
  const be = await blas();
  const v = tf.variable(tf.zeros([300, 70]));
  const g = tf.ones([300, 70]);
  sgdStep([v], [g], { learningRate: 1, clip: 1 });
  const before = footprint(be);
  for (let i = 0; i < 5; i++) sgdStep([v], [g], { learningRate: 1, clip: 1 });
  assert.deepEqual(footprint(be), before);
});

for (const backend of BACKENDS)
  test(`weight decay on ${backend}: w -= rate * (clipped g + decay * w)`, async () => {
    await on(backend);
    const v = tf.variable(tf.tensor1d([1, -2, 3, 0, 5]));
    const g = tf.tensor1d([3, 0, 4, 0, 0]);
    const norm = sgdStep([v], [g], { learningRate: 0.5, clip: 1, weightDecay: 0.25 });
    assert.equal(norm, 5);
    const want = [1 - 0.5 * (0.6 + 0.25), -2 + 0.25, 3 - 0.5 * (0.8 + 0.75), 0, 5 - 0.625];
    assertClose(v.dataSync(), want, { relative: 1e-6, absolute: 1e-7 }, 'w');
  });
