import { tf } from '#tfjs';
import { allFloat, FALLBACK, type Kernel } from './kernel.js';

const size = tf.util.sizeFromShape;
const same = tf.util.arraysEqual;

/** Op codes of asm/elementwise.ts. */
export const BINARY: Record<string, number> = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
  G2SigmoidGrad: 7,
  G2TanhGrad: 8,
};
export const UNARY: Record<string, number> = {
  Neg: 0,
  Exp: 1,
  Log: 2,
  Sqrt: 3,
  Square: 4,
  Sigmoid: 5,
  Tanh: 6,
  Relu: 7,
  Step: 8,
  Abs: 9,
  Reciprocal: 10,
  Rsqrt: 11,
};
/** Ops that cost several times an addition; they are worth a second thread sooner. */
const HEAVY = new Set(['Exp', 'Log', 'Sigmoid', 'Tanh']);

/** How a broadcast looks as a matrix: [rows, cols] and, for the smaller side, row stride and step. */
function asMatrix(
  small: number[],
  out: number[],
): { rows: number; cols: number; stride: [number, number] } | null {
  const n = size(out);
  const ns = size(small);
  if (ns === 1) return { rows: 1, cols: n, stride: [0, 0] };
  const padded = [...Array(out.length - small.length).fill(1), ...small] as number[];
  const lead = padded.findIndex((d) => d !== 1);
  if (same(padded.slice(lead), out.slice(lead))) return { rows: n / ns, cols: ns, stride: [0, 1] };
  let end = padded.length;
  while (padded[end - 1] === 1) end--;
  if (same(padded.slice(0, end), out.slice(0, end)))
    return { rows: ns, cols: n / ns, stride: [1, 0] };
  return null;
}

function binary(op: number): Kernel {
  return (be, { a, b }) => {
    if (!allFloat(a!, b!)) return FALLBACK;
    const A = be.address(a!);
    const B = be.address(b!);
    if (same(a!.shape, b!.shape)) {
      const n = size(a!.shape);
      const out = be.output(a!.shape);
      be.run(n, 'binary', op, A, B, be.address(out), 1, n, n, 1, n, 1);
      return out;
    }
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
    const n = size(shape);
    const aIsBig = size(a!.shape) === n;
    if (!aIsBig && size(b!.shape) !== n) return FALLBACK;
    const m = asMatrix((aIsBig ? b! : a!).shape, shape);
    if (!m || n === 0) return FALLBACK;
    const big: [number, number] = [m.cols, 1];
    const [ra, ca] = aIsBig ? big : m.stride;
    const [rb, cb] = aIsBig ? m.stride : big;
    const out = be.output(shape);
    be.run(n, 'binary', op, A, B, be.address(out), m.rows, m.cols, ra, ca, rb, cb);
    return out;
  };
}

function unary(name: string, op: number): Kernel {
  const weight = HEAVY.has(name) ? 3 : 1;
  return (be, { x }, attrs) => {
    if (!allFloat(x!) || (name === 'Step' && attrs?.alpha)) return FALLBACK;
    const n = size(x!.shape);
    const out = be.output(x!.shape);
    be.run(n * weight, 'unary', op, be.address(x!), be.address(out), n);
    return out;
  };
}

function compare(less: boolean): Kernel {
  return (be, { a, b }) => {
    if (!allFloat(a!, b!) || size(b!.shape) !== 1 || b!.shape.length > a!.shape.length)
      return FALLBACK;
    const out = be.output(a!.shape, 'bool');
    const scalar = be.entry(b!).values[0]!;
    be.team.main.kernels.compareScalar(
      be.address(a!),
      scalar,
      be.address(out),
      size(a!.shape),
      less ? 1 : 0,
    );
    return out;
  };
}

const constant =
  (value: number): Kernel =>
  (be, { x }) => {
    if (!allFloat(x!)) return FALLBACK;
    const out = be.output(x!.shape);
    be.run(size(x!.shape), 'fill', be.address(out), size(x!.shape), value);
    return out;
  };

export const elementwiseKernels: Record<string, Kernel> = {
  ...Object.fromEntries(Object.entries(BINARY).map(([name, op]) => [name, binary(op)])),
  ...Object.fromEntries(Object.entries(UNARY).map(([name, op]) => [name, unary(name, op)])),
  Less: compare(true),
  Greater: compare(false),
  ZerosLike: constant(0),
  OnesLike: constant(1),

  AddN: (be, inputs) => {
    const tensors = Object.values(inputs);
    const first = tensors[0]!;
    if (!allFloat(...tensors)) return FALLBACK;
    if (tensors.length === 1) return be.alias(first);
    const n = size(first.shape);
    const out = be.output(first.shape);
    const o = be.address(out);
    let sum = be.address(first);
    for (const t of tensors.slice(1)) {
      be.run(n, 'binary', 0, sum, be.address(t), o, 1, n, n, 1, n, 1);
      sum = o;
    }
    return out;
  },

  Cast: (be, { x }, { dtype }) => {
    if (x!.dtype === dtype) return be.alias(x!);
    if (dtype !== 'float32' || (x!.dtype !== 'bool' && x!.dtype !== 'int32')) return FALLBACK;
    const out = be.output(x!.shape);
    const cast = be.team.main.kernels[x!.dtype === 'bool' ? 'castU8' : 'castI32'];
    cast(be.address(x!), be.address(out), size(x!.shape));
    return out;
  },

  Fill: (be, _inputs, { shape, value, dtype }) => {
    if ((dtype && dtype !== 'float32') || typeof value !== 'number') return FALLBACK;
    const out = be.output(shape as number[]);
    be.run(size(out.shape), 'fill', be.address(out), size(out.shape), value);
    return out;
  },
};
