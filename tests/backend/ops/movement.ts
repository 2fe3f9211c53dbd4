import { tf } from '#tfjs';
import type { Input, OpCase } from './op-case.js';

type Dtype = NonNullable<Input['dtype']>;
const DTYPES: Dtype[] = ['float32', 'int32', 'bool'];
/** Moving numbers around has gradients for floats alone; moves are exact. */
const gradientOf = (dtype: Dtype) => (dtype === 'float32' ? undefined : null);
const shapes = [[7], [5, 6], [3, 4, 5], [2, 3, 2, 5]];
const axesOf = (shape: number[]) => shape.map((_, i) => i);

const slices: OpCase[] = DTYPES.flatMap((dtype) =>
  shapes.flatMap((shape) => [
    ...axesOf(shape).flatMap((axis) =>
      [
        [0, 1],
        [1, shape[axis]! - 1],
        [1, 0],
        [0, shape[axis]!],
      ].map(([start, count]): OpCase => {
        const begin = shape.map((_, i) => (i === axis ? start! : 0));
        const size = shape.map((d, i) => (i === axis ? count! : d));
        return {
          name: `Slice ${dtype} [${shape}] from [${begin}] size [${size}]`,
          inputs: [{ shape, dtype }],
          run: (x) => tf.slice(x!, begin, size),
          gradient: count === 0 ? null : gradientOf(dtype),
        };
      }),
    ),
    {
      name: `Slice ${dtype} [${shape}], all axes cut`,
      inputs: [{ shape, dtype }],
      run: (x: tf.Tensor) =>
        tf.slice(
          x,
          shape.map(() => 1),
          shape.map(() => -1),
        ),
      gradient: gradientOf(dtype),
    } as OpCase,
  ]),
);

const splits: OpCase[] = DTYPES.flatMap((dtype) =>
  axesOf([4, 6, 8]).flatMap((axis) => {
    const n = [4, 6, 8][axis]!;
    return ([2, [1, n - 1], [n - 3, -1, 2], [0, n]] as (number | number[])[]).map(
      (parts): OpCase => ({
        name: `Split ${dtype} axis ${axis} into ${JSON.stringify(parts)}`,
        inputs: [{ shape: [4, 6, 8], dtype }],
        run: (x) => tf.split(x!, parts as number, axis),
        gradient: Array.isArray(parts) && parts.includes(0) ? null : gradientOf(dtype),
      }),
    );
  }),
);

const concats: OpCase[] = DTYPES.flatMap((dtype) =>
  shapes.flatMap((shape) =>
    axesOf(shape).flatMap((axis) =>
      [[1, 3], [2, 0, 5], [4]].map(
        (counts): OpCase => ({
          name: `Concat ${dtype} like [${shape}], axis ${axis}, sizes ${counts}`,
          inputs: counts.map((c) => ({ shape: shape.map((d, i) => (i === axis ? c : d)), dtype })),
          run: (...t) => tf.concat(t, axis),
          gradient: counts.includes(0) ? null : gradientOf(dtype),
        }),
      ),
    ),
  ),
);

const stacks: OpCase[] = DTYPES.flatMap((dtype) =>
  [[], [3], [3, 4], [0, 2]].flatMap((shape) =>
    [...axesOf(shape), shape.length].flatMap((axis) => [
      {
        name: `Stack ${dtype} [${shape}], axis ${axis}`,
        inputs: [1, 2, 3].map(() => ({ shape, dtype })),
        run: (...t: tf.Tensor[]) => tf.stack(t, axis),
        gradient: gradientOf(dtype),
      },
      {
        name: `Unstack ${dtype} [2,${shape}], axis ${axis}`,
        inputs: [{ shape: [2, ...shape], dtype }],
        run: (x: tf.Tensor) => tf.unstack(x, axis),
        gradient: shape.includes(0) ? null : gradientOf(dtype),
      },
    ]),
  ),
);

const PERMUTATIONS = [[0], [0, 1], [1, 0], [0, 1, 2], [2, 0, 1], [0, 2, 1], [3, 1, 0, 2]];
const transposes: OpCase[] = [
  ...DTYPES.flatMap((dtype) =>
    PERMUTATIONS.map(
      (perm): OpCase => ({
        name: `Transpose ${dtype} by [${perm}]`,
        inputs: [{ shape: [6, 5, 3, 2].slice(0, perm.length), dtype }],
        run: (x) => tf.transpose(x!, perm),
        gradient: gradientOf(dtype),
      }),
    ),
  ),
  ...[
    [1, 9],
    [9, 1],
    [4, 4],
    [7, 70],
    [129, 131],
    [0, 3],
  ].map(
    (shape): OpCase => ({
      name: `Transpose [${shape}]`,
      inputs: [{ shape }],
      run: (x) => tf.transpose(x!),
      gradient: shape.includes(0) ? null : undefined,
    }),
  ),
];

const ids = (n: number, rows: number) =>
  Int32Array.from({ length: n }, (_, i) => (i * 7 + 2) % rows);
/** Sums of rows that were gathered several times, in another order of additions. */
const summed = { relative: 2e-6, absolute: 4e-6 };

const gathers: OpCase[] = [
  ...DTYPES.flatMap((dtype) =>
    [[9], [6, 5], [3, 4, 5]].flatMap((shape) =>
      axesOf(shape).flatMap((axis) =>
        [[1], [5], [2, 3], [0]].map(
          (at): OpCase => ({
            name: `Gather ${dtype} [${shape}], axis ${axis}, indices [${at}]`,
            inputs: [{ shape, dtype }],
            run: (x) => {
              const n = tf.util.sizeFromShape(at);
              return tf.gather(x!, tf.tensor(ids(n, shape[axis]!), at, 'int32'), axis);
            },
            gradient: dtype !== 'float32' || at[0] === 0 ? null : summed,
          }),
        ),
      ),
    ),
  ),
  {
    name: 'Gather on all ranks',
    inputs: [{ shape: [50, 65] }],
    run: (x) => tf.gather(x!, tf.tensor1d(ids(400, 50), 'int32')),
    gradient: summed,
  },
  {
    name: 'Gather with a batch axis',
    inputs: [{ shape: [2, 5, 3] }],
    run: (x) => tf.gather(x!, tf.tensor2d([1, 4, 0, 2], [2, 2], 'int32'), 1, 1),
    gradient: null,
  },
  ...[[6], [6, 3], [6, 2, 2]].map(
    (shape): OpCase => ({
      name: `UnsortedSegmentSum [${shape}], ids outside are skipped`,
      inputs: [{ shape }],
      run: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, 0, 2, 4, -1, 3], 'int32'), 4),
      tolerance: summed,
      gradient: null,
    }),
  ),
  {
    name: 'UnsortedSegmentSum, gradient',
    inputs: [{ shape: [6, 3] }],
    run: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, 0, 2, 1, 1, 3], 'int32'), 5),
    tolerance: summed,
  },
  {
    name: 'UnsortedSegmentSum, int32',
    inputs: [{ shape: [4], dtype: 'int32' }],
    run: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([1, 0, 1, 2], 'int32'), 3),
    gradient: null,
  },
];

const large: OpCase[] = [
  {
    name: 'Slice rows of a large one',
    inputs: [{ shape: [140, 130] }],
    run: (x) => tf.slice(x!, [3, 0], [131, 130]),
  },
  {
    name: 'Concat of large ones',
    inputs: [{ shape: [140, 70] }, { shape: [140, 61] }],
    run: (a, b) => tf.concat([a!, b!], 1),
  },
];

export const movementCases: OpCase[] = [
  ...slices,
  ...splits,
  ...concats,
  ...stacks,
  ...transposes,
  ...gathers,
  ...large,
];
