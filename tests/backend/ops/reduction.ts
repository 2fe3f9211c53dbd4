import { tf } from '#tfjs';
import type { OpCase } from './op-case.js';

/** Every set of axes of a rank. */
const axisSets = (rank: number): number[][] =>
  Array.from({ length: 2 ** rank }, (_, bits) =>
    Array.from({ length: rank }, (_, i) => i).filter((i) => bits & (1 << i)),
  );

const SHAPES = [[], [1], [13], [5, 7], [3, 1, 9], [4, 3, 2, 5], [2, 19, 3], [9, 2, 18]];
const REDUCE = { Sum: tf.sum, Mean: tf.mean, Max: tf.max };
/** Sums in float32 here and in float64 there. */
const sums = { relative: 2e-6, absolute: 2e-6 };

const small: OpCase[] = Object.entries(REDUCE).flatMap(([name, run]) =>
  SHAPES.flatMap((shape) =>
    axisSets(shape.length).flatMap((axes) =>
      [false, true].map(
        (keepDims): OpCase => ({
          name: `${name} [${shape}] over [${axes}]${keepDims ? ', kept' : ''}`,
          inputs: [{ shape }],
          run: (x) => run(x!, axes, keepDims),
          tolerance: sums,
          // tfjs's Max gradient needs at least one axis
          gradient: axes.length === 0 ? null : undefined,
        }),
      ),
    ),
  ),
);

const large: OpCase[] = Object.entries(REDUCE).flatMap(([name, run]) =>
  (
    [
      [[20001], 0],
      [[3, 6001], 1],
      [[3, 6001], 0],
      [[6001, 3], 0],
      [[6001, 3], 1],
      [[4, 65, 70], 1],
      [[17, 65, 17], -2],
      [[129, 130], undefined],
    ] as [number[], number | undefined][]
  ).map(([shape, axis]) => ({
    name: `${name} [${shape}] over ${axis ?? 'all'}`,
    inputs: [{ shape, range: [-1, 1] as [number, number] }],
    run: (x) => run(x!, axis),
    tolerance: { relative: 2e-6, absolute: name === 'Sum' ? 3e-4 : 2e-6 },
  })),
);

const special: OpCase[] = Object.entries(REDUCE).flatMap(([name, run]) =>
  [
    [Number.NaN, 1],
    [1, Number.NaN],
    [-Infinity, -Infinity],
    [Infinity, -Infinity],
    [-0, 0],
    [1e30, -1e30],
  ].flatMap(([p, q]) =>
    [0, 1].map(
      (axis): OpCase => ({
        name: `${name} of ${p}, ${q} over ${axis}`,
        inputs: [
          { shape: [6, 6], values: Array.from({ length: 36 }, (_, i) => (i % 7 === 3 ? q! : p!)) },
        ],
        run: (x) => run(x!, axis),
        tolerance: { relative: 2e-6 },
        gradient: null,
      }),
    ),
  ),
);

const softmaxShapes = [
  [1],
  [3],
  [5],
  [4, 7],
  [3, 2, 16],
  [2, 3, 1, 9],
  [33, 129],
  [300, 67],
  [2, 5001],
];
/** tf.logSoftmax is made of other kernels, and cpu has none of this name: it runs the function. */
const logSoftmax = (x: tf.Tensor): tf.Tensor =>
  tf.getBackend() === 'blas'
    ? (tf.engine().runKernel('LogSoftmax', { logits: x }, { axis: x.rank - 1 }) as tf.Tensor)
    : tf.logSoftmax(x);

const softmaxCases: OpCase[] = softmaxShapes.flatMap((shape) => [
  {
    name: `Softmax [${shape}]`,
    inputs: [{ shape, range: [-9, 9] }],
    run: (x) => tf.softmax(x!),
    tolerance: { relative: 2e-6, absolute: 1e-9 },
  },
  {
    name: `LogSoftmax [${shape}]`,
    inputs: [{ shape, range: [-9, 9] }],
    run: (x) => logSoftmax(x!),
    tolerance: { relative: 2e-6, absolute: 2e-6 },
    gradient: { relative: 2e-5, absolute: 2e-5 },
  },
]);

const others: OpCase[] = [
  ...Object.entries(REDUCE).flatMap(([name, run]): OpCase[] => [
    {
      name: `${name}, int32`,
      inputs: [{ shape: [3, 4], dtype: 'int32' }],
      run: (x) => run(x!, 1),
      gradient: null,
      tolerance: sums,
    },
    {
      name: `${name}, bool`,
      inputs: [{ shape: [3, 4], dtype: 'bool' }],
      run: (x) => run(x!, 0),
      gradient: null,
      tolerance: sums,
    },
  ]),
  {
    name: 'Sum of nothing',
    inputs: [{ shape: [0, 3] }],
    run: (x) => tf.sum(x!, 0),
    gradient: null,
  },
  {
    name: 'Sum of no rows',
    inputs: [{ shape: [0, 3] }],
    run: (x) => tf.sum(x!, 1),
    gradient: null,
  },
  {
    name: 'Softmax with masked logits',
    inputs: [{ shape: [2, 5], values: [1, -1e30, 2, -Infinity, 0, -1e30, -1e30, 3, 4, -Infinity] }],
    run: (x) => tf.softmax(x!),
    // a masked word keeps e^-87 instead of 0
    tolerance: { relative: 2e-6, absolute: 1e-37 },
    gradient: { relative: 2e-5, absolute: 2e-6 },
  },
  {
    name: 'Softmax with NaN and infinity',
    inputs: [
      {
        shape: [3, 5],
        values: [1, 2, Number.NaN, 3, 4, 1, 2, 3, 4, Number.NaN, Infinity, 1, 2, 3, 4],
      },
    ],
    run: (x) => tf.softmax(x!),
    gradient: null,
  },
];

export const reductionCases: OpCase[] = [
  ...small,
  ...large,
  ...special,
  ...softmaxCases,
  ...others,
];
