import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'node:test';
import { averagingSchedule, WeightAverages } from '#src/optim/averaged-sgd.js';
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

const optimizers = JSON.parse(readFileSync('tests/vectors/nn/optimizers.json', 'utf8')) as {
  A: number[][];
  b: number[];
  x0: number[];
  noise: number[][];
  runs: {
    optimizer: string;
    args: { lr: number; weight_decay: number; lambd?: number; t0?: number; alpha?: number };
    clip_norm: number | null;
    trajectory: { param: number[]; ax: number[]; eta: number; mu: number }[];
  }[];
};

/** The gradient of the vectors' quadratic, not clipped, in float64. */
const gradientAt = (x: readonly number[], step: number): number[] =>
  optimizers.A.map(
    (row, i) =>
      row.reduce((s, a, j) => s + a * x[j]!, 0) - optimizers.b[i]! + optimizers.noise[step]![i]!,
  );

const BACKENDS: Backend[] = ['blas', 'cpu'];
afterEach(() => tf.disposeVariables());

describe('averagingSchedule', () => {
  for (const run of optimizers.runs.filter((r) => r.optimizer === 'ASGD'))
    test(`is PyTorch's, lambd ${run.args.lambd}, t0 ${run.args.t0}`, () => {
      // PyTorch stores after step k what step k + 1 uses
      run.trajectory.forEach(({ eta, mu }, k) => {
        const next = averagingSchedule(run.args.lr, k + 2, run.args);
        assertClose([next.learningRate, next.mu], [eta, mu], { relative: 1e-12 }, `step ${k + 2}`);
      });
      assert.deepEqual(averagingSchedule(run.args.lr, 1, run.args), {
        learningRate: run.args.lr,
        mu: 1,
      });
    });
});

for (const backend of BACKENDS)
  describe(`averaged SGD on ${backend}`, () => {
    for (const run of optimizers.runs.filter((r) => r.optimizer === 'ASGD'))
      test(`follows PyTorch's ASGD, clip ${run.clip_norm}, lambd ${run.args.lambd}`, async () => {
        await on(backend);
        const { lr, weight_decay: weightDecay } = run.args;
        const v = tf.variable(tf.tensor1d(optimizers.x0));
        const averages = new WeightAverages([v], run.args);
        let at = optimizers.x0;
        run.trajectory.forEach((step, k) => {
          const g = tf.tensor1d(gradientAt(at, k));
          v.assign(tf.tensor1d(at)); // where PyTorch stood: errors of float32 do not add up
          averages.step([g], { learningRate: lr, clip: run.clip_norm ?? 0, weightDecay });
          assertClose(v.dataSync(), step.param, { relative: 1e-6, absolute: 2e-6 }, `w ${k}`);
          const ax = averages.tensors[0]!.dataSync();
          assertClose(ax, step.ax, { relative: 3e-6, absolute: 5e-6 }, `average ${k}`);
          g.dispose();
          at = step.param;
        });
        averages.dispose();
      });

    test('the average is the mean of the weights after steps 2, 3, ...', async () => {
      await on(backend);
      const v = tf.variable(tf.tensor1d([5, -1]));
      const averages = new WeightAverages([v]);
      const seen: number[][] = [];
      for (let k = 0; k < 6; k++) {
        averages.step([tf.tensor1d([k, 1])], { learningRate: 0.5, clip: 0 });
        if (k > 0) seen.push([...v.dataSync()]);
      }
      const mean = [0, 1].map((i) => seen.reduce((s, w) => s + w[i]!, 0) / seen.length);
      assertClose(averages.tensors[0]!.dataSync(), mean, { relative: 1e-6 }, 'mean');
      averages.dispose();
    });

    test('swap exchanges weights and averages and gives back the very bytes', async () => {
      await on(backend);
      const v = tf.variable(randomTensor(generator(3), [30, 7]));
      const averages = new WeightAverages([v]);
      const g = randomTensor(generator(4), [30, 7]);
      for (let k = 0; k < 4; k++) averages.step([g], { learningRate: 0.1, clip: 0 });
      const [w, a] = [v.dataSync().slice(), averages.tensors[0]!.dataSync().slice()];
      assert.notDeepEqual(w, a);
      const tensors = tf.memory().numTensors;
      averages.swap();
      assert.deepEqual([v.dataSync(), averages.tensors[0]!.dataSync()], [a, w]);
      averages.swap();
      assert.deepEqual([v.dataSync(), averages.tensors[0]!.dataSync()], [w, a]);
      assert.equal(tf.memory().numTensors, tensors);
      averages.dispose();
    });

    for (const bad of [Number.NaN, Infinity])
      test(`a gradient with ${bad} moves neither weights nor averages`, async () => {
        await on(backend);
        const v = tf.variable(randomTensor(generator(1), [50]));
        const averages = new WeightAverages([v]);
        averages.step([tf.ones([50])], { learningRate: 1, clip: 0 });
        const before = [v.dataSync().slice(), averages.tensors[0]!.dataSync().slice()];
        const wrong = tf.fill([50], bad);
        const norm = averages.step([wrong], { learningRate: 1, clip: 1, weightDecay: 0.1 });
        assert.ok(!Number.isFinite(norm));
        assert.equal(averages.steps, 1);
        assert.deepEqual([v.dataSync(), averages.tensors[0]!.dataSync()], before);
        averages.dispose();
      });
  });

for (const weightDecay of [0, 0.01])
  test(`blas and cpu agree over ten steps with averages, decay ${weightDecay}, rows of an embedding`, async () => {
    const shapes = [[1], [3], [65], [7, 9], [300, 70]];
    const results: number[][][] = [];
    for (const backend of BACKENDS) {
      await on(backend);
      const random = generator(5);
      const table = tf.variable(randomTensor(random, [40, 13]));
      const variables = [table, ...shapes.map((s) => tf.variable(randomTensor(random, s)))];
      const averages = new WeightAverages(variables);
      for (let step = 0; step < 10; step++) {
        const others = shapes.map((s) => randomTensor(random, s));
        const ids = tf.tensor1d([step, 39, step + 3, step], 'int32');
        // a gradient that touches a few rows, as the model makes it
        const rows = tf.tidy(
          () =>
            tf.variableGrads(() => tf.sum(tf.square(tf.gather(table, ids))) as tf.Scalar, [table])
              .grads[table.name]!,
        );
        averages.step([rows, ...others], {
          learningRate: 0.1,
          clip: step % 2 ? 5 : 0,
          weightDecay,
        });
        tf.dispose([rows, others, ids]);
      }
      results.push([...variables, ...averages.tensors].map((v) => [...v.dataSync()]));
      averages.dispose();
      tf.disposeVariables();
    }
    results[1]!.forEach((want, i) => {
      assertClose(results[0]![i]!, want, { relative: 3e-6, absolute: 3e-6 }, `tensor ${i}`);
    });
  });

test('the weights of averaged SGD are those of SGD, bit for bit', async () => {
  await blas();
  const run = (averaged: boolean, weightDecay: number) => {
    const random = generator(8);
    const v = tf.variable(randomTensor(random, [33, 17]));
    const averages = averaged ? new WeightAverages([v]) : null;
    for (let k = 0; k < 5; k++) {
      const g = randomTensor(random, [33, 17]);
      const options = { learningRate: 0.3, clip: 1, weightDecay };
      if (averages) averages.step([g], options);
      else sgdStep([v], [g], options);
    }
    return v.dataSync().slice();
  };
  assert.deepEqual(run(true, 1e-3), run(false, 1e-3));
});

test('a step with averages on blas allocates nothing', async () => {
  const be = await blas();
  const v = tf.variable(tf.zeros([300, 70]));
  const averages = new WeightAverages([v]);
  const g = tf.ones([300, 70]);
  const step = () => averages.step([g], { learningRate: 1, clip: 1, weightDecay: 1e-3 });
  step();
  averages.swap();
  averages.swap();
  step();
  const before = footprint(be);
  for (let i = 0; i < 5; i++) {
    step();
    averages.swap();
    averages.swap();
  }
  assert.deepEqual(footprint(be), before);
  averages.dispose();
});
