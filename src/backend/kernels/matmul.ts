import { tf } from '#tfjs';
import type { BlasBackend } from '../backend.js';
import { UNARY } from './elementwise.js';
import { allFloat, FALLBACK, type Kernel } from './kernel.js';

const size = tf.util.sizeFromShape;

function matMul(
  be: BlasBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  ta: boolean,
  tb: boolean,
): tf.TensorInfo | typeof FALLBACK {
  const ra = a.shape.length;
  const rb = b.shape.length;
  const m = a.shape[ra - (ta ? 1 : 2)]!;
  const k = a.shape[ra - (ta ? 2 : 1)]!;
  const n = b.shape[rb - (tb ? 2 : 1)]!;
  const lda = a.shape[ra - 1]!;
  const ldb = b.shape[rb - 1]!;
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batchesA = size(batchA);
  const batchesB = size(batchB);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  if (size(batch) > Math.max(batchesA, batchesB))
    // the cpu kernel would leave part of the result unset
    throw new Error(`matMul: batches [${batchA}] and [${batchB}] cannot be broadcast both ways`);
  if (batchesA !== batchesB && batchesA !== 1 && batchesB !== 1) return FALLBACK;
  if (m === 0 || n === 0 || k === 0) return FALLBACK;
  if (k !== b.shape[rb - (tb ? 1 : 2)]) return FALLBACK; // the cpu kernel words the error
  const out = be.output([...batch, m, n]);
  const A = be.address(a);
  const B = be.address(b);
  const C = be.address(out);
  for (let i = 0; i < Math.max(batchesA, batchesB); i++) {
    const ai = A + (batchesA > 1 ? i * m * k * 4 : 0);
    const bi = B + (batchesB > 1 ? i * k * n * 4 : 0);
    be.gemm(ta ? 1 : 0, tb ? 1 : 0, m, n, k, ai, lda, bi, ldb, 0, C + i * m * n * 4, n);
  }
  return out;
}

const FUSED_ACTIVATIONS: Record<string, number | null> = {
  linear: null,
  relu: UNARY.Relu!,
  sigmoid: UNARY.Sigmoid!,
  tanh: UNARY.Tanh!,
};

export const matMulKernels: Record<string, Kernel> = {
  BatchMatMul: (be, { a, b }, { transposeA, transposeB }) =>
    allFloat(a!, b!) ? matMul(be, a!, b!, transposeA as boolean, transposeB as boolean) : FALLBACK,

  // The cpu kernel calls the cpu MatMul directly and would bypass BLAS.
  _FusedMatMul: (be, { a, b, bias, preluActivationWeights }, attrs) => {
    const activation = (attrs.activation as string | undefined) ?? 'linear';
    if (!allFloat(a!, b!) || preluActivationWeights || !(activation in FUSED_ACTIVATIONS))
      return FALLBACK;
    if (bias && bias.shape.length > 1 && size(bias.shape) !== bias.shape[bias.shape.length - 1])
      return FALLBACK;
    const out = matMul(be, a!, b!, attrs.transposeA as boolean, attrs.transposeB as boolean);
    if (out === FALLBACK) return out;
    const at = be.address(out);
    const cols = out.shape[out.shape.length - 1]!;
    const n = size(out.shape);
    if (bias)
      be.run(
        n,
        'binary',
        0,
        at,
        be.address(bias),
        at,
        n / cols,
        cols,
        cols,
        1,
        0,
        size(bias.shape) === 1 ? 0 : 1,
      );
    const op = FUSED_ACTIVATIONS[activation];
    if (op != null) be.run(n, 'unary', op, at, at, n);
    return out;
  },
};
