import { tf } from '#tfjs';
import type { OpCase } from './op-case.js';

/** Sums of k products: float32 in some order here, float64 per block of 48 there. */
const sums = (k: number) => ({ relative: 1e-6, absolute: 1e-6 * k });

type Size = [number, number, number];
const SIZES: Size[] = [
  [1, 1, 1],
  [1, 7, 3],
  [5, 1, 9],
  [4, 4, 4],
  [13, 17, 11],
  [33, 70, 50],
  [70, 33, 65],
];

const transposed: OpCase[] = SIZES.flatMap(([m, n, k]) =>
  [0, 1, 2, 3].map((t): OpCase => {
    const [ta, tb] = [(t & 1) === 1, (t & 2) === 2];
    return {
      name: `MatMul ${m}x${n}x${k}${ta ? ', A transposed' : ''}${tb ? ', B transposed' : ''}`,
      inputs: [{ shape: ta ? [k, m] : [m, k] }, { shape: tb ? [n, k] : [k, n] }],
      run: (a, b) => tf.matMul(a!, b!, ta, tb),
      tolerance: sums(k),
      gradient: sums(m + n),
    };
  }),
);

const zeroSized: OpCase[] = (
  [
    [0, 3, 2],
    [3, 0, 2],
    [3, 2, 0],
  ] as Size[]
).map(([m, n, k]) => ({
  name: `MatMul ${m}x${n}x${k}`,
  inputs: [{ shape: [m, k] }, { shape: [k, n] }],
  run: (a, b) => tf.matMul(a!, b!),
  gradient: null,
}));

/** Batch axes of A and B, with and without broadcast. */
const BATCHES: [number[], number[]][] = [
  [[3], [3]],
  [
    [2, 3],
    [2, 3],
  ],
  [[3], [1]],
  [[1], [3]],
  [[], [3]],
  [[3], []],
  [[1, 3], [3]],
  [[3], [1, 3]],
  [[1, 1], [3]],
  [[2, 3], [3]],
];

const batched: OpCase[] = BATCHES.flatMap(([ba, bb]) =>
  [false, true].map(
    (t): OpCase => ({
      name: `MatMul, batches [${ba}] [${bb}]${t ? ', transposed' : ''}`,
      inputs: [
        { shape: [...ba, ...(t ? [4, 5] : [5, 4])] },
        { shape: [...bb, ...(t ? [6, 4] : [4, 6])] },
      ],
      run: (a, b) => tf.matMul(a!, b!, t, t),
      tolerance: sums(4),
      // tfjs's own gradient of a broadcast MatMul has the broadcast shape and is refused
      gradient: `${ba}` === `${bb}` ? sums(6) : null,
    }),
  ),
);

const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'elu', 'relu6'] as const;
const BIASES: (number[] | null)[] = [null, [6], [1], [], [1, 6], [5, 1]];

const fused: OpCase[] = ACTIVATIONS.flatMap((activation) =>
  BIASES.map(
    (bias): OpCase => ({
      name: `fused MatMul, ${activation}, bias ${bias ? `[${bias}]` : 'none'}`,
      inputs: [{ shape: [5, 4] }, { shape: [4, 6] }, ...(bias ? [{ shape: bias }] : [])],
      run: (a, b, c) =>
        tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: c, activation }),
      tolerance: { relative: 2e-6, absolute: 2e-6 },
      gradient: { relative: 1e-5, absolute: 1e-5 },
    }),
  ),
);

export const matMulCases: OpCase[] = [
  ...transposed,
  ...zeroSized,
  ...batched,
  ...fused,
  {
    name: 'MatMul on all ranks, by rows',
    inputs: [{ shape: [150, 70] }, { shape: [70, 61] }],
    run: (a, b) => tf.matMul(a!, b!),
    tolerance: sums(70),
    gradient: sums(210),
  },
  {
    name: 'MatMul on all ranks, by columns, in batches',
    inputs: [{ shape: [2, 35, 64] }, { shape: [2, 131, 64] }],
    run: (a, b) => tf.matMul(a!, b!, false, true),
    tolerance: sums(64),
    gradient: sums(170),
  },
  {
    name: 'MatMul of int32',
    inputs: [
      { shape: [3, 4], dtype: 'int32' },
      { shape: [4, 2], dtype: 'int32' },
    ],
    run: (a, b) => tf.matMul(a!, b!),
    gradient: null,
  },
  {
    name: 'fused MatMul, prelu',
    inputs: [{ shape: [5, 4] }, { shape: [4, 6] }, { shape: [6] }],
    run: (a, b, c) =>
      tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: b as tf.Tensor2D,
        activation: 'prelu',
        preluActivationWeights: c,
      }),
    tolerance: sums(4),
    gradient: null,
  },
  {
    name: 'fused MatMul, transposed, on all ranks',
    inputs: [{ shape: [70, 150] }, { shape: [61, 70] }, { shape: [61] }],
    run: (a, b, bias) =>
      tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: b as tf.Tensor2D,
        transposeA: true,
        transposeB: true,
        bias,
        activation: 'sigmoid',
      }),
    tolerance: { relative: 1e-5, absolute: 1e-5 },
    gradient: null,
  },
];
