import { tf } from '#tfjs';
import { allFloat, FALLBACK, type Kernel } from './kernel.js';

const size = tf.util.sizeFromShape;

/** Sum, Mean and Max over neighbouring axes. */
function reduce(isMax: boolean, mean: boolean): Kernel {
  return (be, { x }, attrs) => {
    if (!allFloat(x!)) return FALLBACK;
    const given = (attrs.axis ?? attrs.reductionIndices) as number | number[];
    const axes = tf.util.parseAxisParam(given, x!.shape).sort((a, b) => a - b);
    if (axes.length === 0) return be.alias(x!);
    if (axes.some((axis, i) => i > 0 && axis !== axes[i - 1]! + 1)) return FALLBACK;
    const first = axes[0]!;
    const end = axes[axes.length - 1]! + 1;
    const outer = size(x!.shape.slice(0, first));
    const red = size(x!.shape.slice(first, end));
    const inner = size(x!.shape.slice(end));
    if (outer * red * inner === 0) return FALLBACK;
    const shape = attrs.keepDims
      ? x!.shape.map((d, i) => (i >= first && i < end ? 1 : d))
      : [...x!.shape.slice(0, first), ...x!.shape.slice(end)];
    const out = be.output(shape);
    be.run(
      outer * red * inner,
      'reduce',
      isMax ? 1 : 0,
      be.address(x!),
      be.address(out),
      outer,
      red,
      inner,
      mean ? 1 / red : 1,
    );
    return out;
  };
}

const overLastAxis = (rank: number, axis: unknown): boolean =>
  axis === undefined || axis === -1 || axis === rank - 1;

function softmax(log: boolean): Kernel {
  return (be, { logits }, attrs) => {
    const x = logits!;
    if (
      !allFloat(x) ||
      x.shape.length === 0 ||
      !overLastAxis(x.shape.length, attrs.dim ?? attrs.axis) ||
      size(x.shape) === 0
    )
      return FALLBACK;
    const v = x.shape[x.shape.length - 1]!;
    const n = size(x.shape);
    const out = be.output(x.shape);
    be.run(n * 3, 'softmaxRows', be.address(x), be.address(out), n / v, v, log ? 1 : 0);
    return out;
  };
}

export const reductionKernels: Record<string, Kernel> = {
  Sum: reduce(false, false),
  Mean: reduce(false, true),
  Max: reduce(true, false),
  Softmax: softmax(false),
  LogSoftmax: softmax(true),

  G2LogSoftmaxGrad: (be, { dy, y }) => {
    const v = y!.shape[y!.shape.length - 1]!;
    const n = size(y!.shape);
    const out = be.output(y!.shape);
    be.run(n * 3, 'logSoftmaxGrad', be.address(dy!), be.address(y!), be.address(out), n / v, v);
    return out;
  },
};
