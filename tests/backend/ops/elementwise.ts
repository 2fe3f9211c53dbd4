import { tf } from '#tfjs';
import type { Tolerance } from '../support.js';
import type { Input, OpCase } from './op-case.js';

// The last two are above the size from which all ranks take part (16384).
const SHAPES = [
  [],
  [0],
  [1],
  [3],
  [4],
  [7, 5],
  [0, 4],
  [2, 3, 5],
  [2, 1, 3, 7],
  [129, 128],
  [3, 5501],
];
/** Zeros of both signs, NaN, infinities, subnormals, the ends of exp's range, large numbers. */
const SPECIAL = [
  ...[0, -0, Number.NaN, Infinity, -Infinity, 1e-40, -1e-40, 88, -88, 104, -104, 1e30, -1e30],
  ...[
    1, -1, 0.5, -0.5, 1e-5, -1e-5, 3.4e38, 1.1754944e-38, 87.5, 89, -87.5, 16777216, 0.62499, 0.625,
  ],
];
const smooth = (relative: number, absolute = 0): Tolerance => ({ relative, absolute });

interface Unary {
  run: (x: tf.Tensor) => tf.Tensor;
  tolerance?: Tolerance;
  range?: [number, number];
  gradient?: Tolerance | null;
}

// Gradient of sigmoid, tanh, exp: products of values that differ in the last bits.
const UNARY: Record<string, Unary> = {
  Neg: { run: tf.neg },
  Exp: { run: tf.exp, tolerance: smooth(2.5e-7, 3e-45) },
  Log: { run: tf.log, tolerance: smooth(2.5e-7, 1e-7), range: [0.01, 5] },
  Sqrt: { run: tf.sqrt, range: [0.01, 5] },
  Square: { run: tf.square },
  // below -88 exp overflows and the result is 0 instead of a subnormal
  Sigmoid: { run: tf.sigmoid, tolerance: smooth(4e-7, 1e-38), range: [-20, 20] },
  // 1 - y^2 cancels near +-1
  Tanh: { run: tf.tanh, tolerance: smooth(4e-7), gradient: smooth(4e-6, 1e-6) },
  Relu: { run: tf.relu },
  Step: { run: (x) => tf.step(x) },
  Abs: { run: tf.abs },
  Reciprocal: { run: tf.reciprocal, range: [0.1, 3] },
  Rsqrt: { run: tf.rsqrt, tolerance: smooth(2.5e-7), range: [0.1, 3] },
  ZerosLike: { run: tf.zerosLike },
  OnesLike: { run: tf.onesLike, gradient: null },
};

const unaryCases: OpCase[] = Object.entries(UNARY).flatMap(([name, u]) => [
  ...SHAPES.map((shape) => ({
    name: `${name} [${shape}]`,
    inputs: [{ shape, range: u.range }],
    run: u.run,
    tolerance: u.tolerance,
    gradient: u.gradient,
  })),
  {
    name: `${name}, special values`,
    inputs: [{ shape: [SPECIAL.length], values: SPECIAL }],
    run: u.run,
    tolerance: u.tolerance,
    gradient: null,
  },
  {
    name: `${name}, int32`,
    inputs: [{ shape: [5], dtype: 'int32', range: [1, 4] }],
    // the kernel itself: most of tfjs's functions refuse whole numbers before they come here
    run: (x: tf.Tensor) => tf.engine().runKernel(name, { x }, { alpha: 0 }) as tf.Tensor,
    tolerance: smooth(3e-7),
    gradient: null,
  },
]);

interface Binary {
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
  tolerance?: Tolerance;
  /** Of b, away from 0 where it divides. */
  range?: [number, number];
  /** tfjs's gradient of this op does not know broadcasts. */
  noBroadcastGradient?: boolean;
}

const BINARY: Record<string, Binary> = {
  Add: { run: tf.add },
  Sub: { run: tf.sub },
  Multiply: { run: tf.mul },
  RealDiv: { run: tf.div, range: [0.5, 3] },
  Maximum: { run: tf.maximum, noBroadcastGradient: true },
  Minimum: { run: tf.minimum, noBroadcastGradient: true },
  // the difference is rounded before it is squared
  SquaredDifference: {
    run: tf.squaredDifference,
    tolerance: smooth(3e-7, 1e-44),
    noBroadcastGradient: true,
  },
};

/** [shape of a, shape of b]: equal, scalar, row, column, middle (falls back), both sides (falls back). */
const PAIRS: [number[], number[]][] = [
  ...SHAPES.map((s): [number[], number[]] => [s, s]),
  [[7, 5], []],
  [[], [7, 5]],
  [[3, 1, 4], [1]],
  [[7, 5], [5]],
  [[5], [7, 5]],
  [
    [2, 3, 5],
    [1, 3, 5],
  ],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [
    [2, 3, 5],
    [2, 1, 1],
  ],
  [
    [2, 1, 1],
    [2, 3, 5],
  ],
  [
    [2, 3, 5],
    [2, 3, 1],
  ],
  [
    [70, 1],
    [70, 69],
  ],
  [[1, 3], [3]],
  [
    [4, 1, 3],
    [4, 5, 3],
  ],
  [
    [3, 1],
    [1, 4],
  ],
  [[1], [0]],
  [
    [0, 3],
    [1, 3],
  ],
  [[129, 130], [130]],
  [
    [129, 130],
    [129, 1],
  ],
  [[1, 17000], [1]],
  [[17000], []],
];

const specialPairs = (): [number[], number[]] => {
  const a: number[] = [];
  const b: number[] = [];
  for (const x of SPECIAL)
    for (const y of SPECIAL) {
      a.push(x);
      b.push(y);
    }
  return [a, b];
};

/** Sums over the broadcast axes: float32 here, float64 there; over 17,000 numbers more is lost. */
function gradientTolerance(b: Binary, sa: number[], sb: number[]): Tolerance | null {
  const same = `${sa}` === `${sb}`;
  const empty = [...sa, ...sb].includes(0); // tfjs's gradients give the empty shape back
  if (!same && (b.noBroadcastGradient || empty)) return null;
  return Math.max(0, ...sa, ...sb) < 1000 ? smooth(5e-6, 1e-4) : smooth(5e-5, 1e-2);
}

const binaryCases: OpCase[] = Object.entries(BINARY).flatMap(([name, binary]) => {
  const [a, b] = specialPairs();
  const { tolerance, range } = binary;
  const run = binary.run as OpCase['run'];
  const int32: Input = { shape: [6], dtype: 'int32', range: [1, 9] };
  return [
    ...PAIRS.map(([sa, sb]) => ({
      name: `${name} [${sa}] [${sb}]`,
      inputs: [
        { shape: sa, range },
        { shape: sb, range },
      ],
      run,
      tolerance,
      gradient: gradientTolerance(binary, sa, sb),
    })),
    {
      name: `${name}, special values`,
      inputs: [a, b].map((values) => ({ shape: [values.length], values })),
      run,
      tolerance,
      gradient: null,
    },
    { name: `${name}, int32`, inputs: [int32, int32], run, gradient: null },
  ];
});

/** A comparison with a scalar is ours, with anything else the cpu backend's. */
const compareCases: OpCase[] = Object.entries({ Less: tf.less, Greater: tf.greater }).flatMap(
  ([name, run]) => [
    ...[
      [[7, 5], []],
      [[17001], []],
      [[0], [1]],
      [
        [3, 4],
        [1, 1],
      ],
      [[7], [7]],
      [[], [3]],
      [[3], [1, 1]],
    ].map(([a, b]) => ({
      name: `${name} [${a}] [${b}]`,
      inputs: [{ shape: a!, range: [-2, 2] as [number, number] }, { shape: b! }],
      run: run as OpCase['run'],
      gradient: null,
    })),
    ...SPECIAL.map((value) => ({
      name: `${name}, special values against ${value}`,
      inputs: [
        { shape: [SPECIAL.length], values: SPECIAL },
        { shape: [], values: [value] },
      ],
      run: run as OpCase['run'],
      gradient: null,
    })),
  ],
);

const others: OpCase[] = [
  ...[1, 2, 3, 5].map((count) => ({
    name: `AddN of ${count}`,
    inputs: Array.from({ length: count }, () => ({ shape: [9, 7] })),
    run: (...t: tf.Tensor[]) => tf.addN(t),
    tolerance: smooth(3e-7, 1e-6),
  })),
  {
    name: 'AddN, large and one tensor twice',
    inputs: [{ shape: [129, 130] }, { shape: [129, 130] }],
    run: (a, b) => tf.addN([a!, b!, a!]),
    tolerance: smooth(3e-7, 1e-6),
  },
  {
    name: 'AddN, int32',
    inputs: [
      { shape: [4], dtype: 'int32' },
      { shape: [4], dtype: 'int32' },
    ],
    run: (...t) => tf.addN(t),
    gradient: null,
  },
  ...(['float32', 'int32', 'bool'] as const).flatMap((from) =>
    (['float32', 'int32', 'bool'] as const).flatMap((to) =>
      [[], [0], [7], [3, 5501]].map(
        (shape): OpCase => ({
          name: `Cast ${from} -> ${to} [${shape}]`,
          inputs: [{ shape, dtype: from, range: from === 'bool' ? [0, 2] : [-9, 9] }],
          run: (x) => tf.cast(x!, to),
          gradient: from === 'float32' && to === 'float32' ? undefined : null,
        }),
      ),
    ),
  ),
  ...[[], [0], [5], [3, 7], [129, 128]].flatMap((shape) =>
    [0.3, -0, Number.NaN, Infinity, 1e-40].map(
      (value): OpCase => ({
        name: `Fill [${shape}] with ${value}`,
        inputs: [],
        run: () => tf.fill(shape, value),
        gradient: null,
      }),
    ),
  ),
  { name: 'Fill, int32', inputs: [], run: () => tf.fill([3], 4, 'int32'), gradient: null },
  {
    name: 'Step with a slope',
    inputs: [{ shape: [9] }],
    run: (x) => tf.step(x!, 0.25),
    gradient: null,
  },
];

export const elementwiseCases: OpCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...compareCases,
  ...others,
];
