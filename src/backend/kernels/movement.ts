import { tf } from '#tfjs';
import type { BlasBackend } from '../backend.js';
import { BYTES, isNumericType } from '../storage.js';
import { allFloat, FALLBACK, type Kernel } from './kernel.js';

const size = tf.util.sizeFromShape;
const fourBytes = (...tensors: tf.TensorInfo[]): boolean =>
  tensors.every((t) => isNumericType(t.dtype) && BYTES[t.dtype] === 4);

/** Copies `width` numbers a row between row strides, all in elements. */
function copyColumns(
  be: BlasBackend,
  src: number,
  dst: number,
  rows: number,
  width: number,
  from: number,
  to: number,
): void {
  be.team.main.kernels.copyRows(src, dst, rows, width * 4, from * 4, to * 4);
}

/** Part [start, start + count) of one axis; a view where the part is contiguous. */
function sliceAxis(
  be: BlasBackend,
  x: tf.TensorInfo,
  axis: number,
  start: number,
  count: number,
): tf.TensorInfo {
  const shape = x.shape.slice();
  shape[axis] = count;
  const outer = size(x.shape.slice(0, axis));
  const inner = size(x.shape.slice(axis + 1));
  if (outer === 1) return be.viewOf(x, start * inner, shape);
  const out = be.output(shape, x.dtype as 'float32');
  copyColumns(
    be,
    be.address(x) + start * inner * 4,
    be.address(out),
    outer,
    count * inner,
    x.shape[axis]! * inner,
    count * inner,
  );
  return out;
}

function concat(
  be: BlasBackend,
  tensors: tf.TensorInfo[],
  axis: number,
  shape: number[],
): tf.TensorInfo {
  const out = be.output(shape, tensors[0]!.dtype as 'float32');
  const outer = size(shape.slice(0, axis));
  const row = size(shape.slice(axis));
  let at = be.address(out);
  for (const t of tensors) {
    const width = size(t.shape) / outer;
    copyColumns(be, be.address(t), at, outer, width, width, row);
    at += width * 4;
  }
  return out;
}

/** Rows of a table by their ids. */
function gatherRows(be: BlasBackend, x: tf.TensorInfo, indices: tf.TensorInfo): tf.TensorInfo {
  const width = size(x.shape.slice(1));
  const n = size(indices.shape);
  const rows = x.shape[0]!;
  const ids = be.entry(indices).values;
  for (let i = 0; i < n; i++) {
    const id = ids[i]!;
    if (id < 0 || id >= rows)
      throw new Error(`gather: index ${id} at position ${i} is outside [0, ${rows})`);
  }
  const out = be.output([...indices.shape, ...x.shape.slice(1)]);
  be.run(n * width, 'gather', be.address(x), be.address(indices), be.address(out), n, width, rows);
  return out;
}

export const movementKernels: Record<string, Kernel> = {
  Slice: (be, { x }, attrs) => {
    if (!fourBytes(x!)) return FALLBACK;
    const [begin, extent] = tf.slice_util.parseSliceParams(
      x as never,
      attrs.begin as number[],
      attrs.size as number[],
    );
    const cut = extent.map((d, i) => (d !== x!.shape[i] ? i : -1)).filter((i) => i >= 0);
    if (size(extent) === 0 || cut.length > 1) return FALLBACK;
    if (begin.some((b, i) => b < 0 || b + extent[i]! > x!.shape[i]!)) return FALLBACK; // cpu words the error
    const axis = cut[0];
    return axis === undefined
      ? be.alias(x!, extent)
      : sliceAxis(be, x!, axis, begin[axis]!, extent[axis]!);
  },

  SplitV: (be, { x }, { numOrSizeSplits, axis }) => {
    if (!fourBytes(x!)) return FALLBACK;
    const ax = tf.util.parseAxisParam(axis as number, x!.shape)[0]!;
    let start = 0;
    return tf.backend_util
      .prepareSplitSize(x as never, numOrSizeSplits as number[], ax)
      .map((count) => {
        start += count;
        return sliceAxis(be, x!, ax, start - count, count);
      });
  },

  Concat: (be, inputs, { axis }) => {
    const all = Object.values(inputs);
    if (!fourBytes(...all) || all.some((t) => t.dtype !== all[0]!.dtype)) return FALLBACK;
    const ax = tf.util.parseAxisParam(axis as number, all[0]!.shape)[0]!;
    tf.backend_util.assertParamsConsistent(
      all.map((t) => t.shape),
      ax,
    );
    const tensors = all.filter((t) => size(t.shape) > 0);
    if (tensors.length === 0) return FALLBACK;
    if (tensors.length === 1) return be.alias(tensors[0]!);
    const shape = tensors[0]!.shape.slice();
    shape[ax] = tensors.reduce((sum, t) => sum + t.shape[ax]!, 0);
    return concat(be, tensors, ax, shape);
  },

  Pack: (be, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const first = tensors[0]!;
    if (
      axis !== 0 ||
      !fourBytes(...tensors) ||
      tensors.some((t) => t.dtype !== first.dtype || !tf.util.arraysEqual(t.shape, first.shape))
    )
      return FALLBACK;
    return concat(be, tensors, 0, [tensors.length, ...first.shape]);
  },

  Unpack: (be, { value }, { axis }) => {
    if (axis !== 0 || !fourBytes(value!)) return FALLBACK;
    const shape = value!.shape.slice(1);
    return Array.from({ length: value!.shape[0]! }, (_, i) =>
      be.viewOf(value!, i * size(shape), shape),
    );
  },

  Transpose: (be, { x }, attrs) => {
    const perm = attrs.perm as number[];
    if (perm.every((p, i) => p === i)) return be.alias(x!);
    if (!allFloat(x!) || perm.length !== 2) return FALLBACK;
    const [rows, cols] = x!.shape as [number, number];
    const out = be.output([cols, rows]);
    be.team.main.kernels.transpose(be.address(x!), be.address(out), rows, cols, cols, rows);
    return out;
  },

  GatherV2: (be, { x, indices }, { axis, batchDims }) => {
    if (!allFloat(x!) || indices!.dtype !== 'int32' || batchDims) return FALLBACK;
    if (tf.util.parseAxisParam(axis as number, x!.shape)[0] !== 0) return FALLBACK;
    return gatherRows(be, x!, indices!);
  },

  /** table [V, E], ids int32 [N] -> rows [N, E] and the table again: see cell/tied-embedding.ts. */
  G2TiedEmbedding: (be, { table, ids }) => [gatherRows(be, table!, ids!), be.alias(table!)],

  /**
   * Gradient of the table: dTable + rows. It is computed in dTable's own memory, which is the last
   * product's result and read by nobody else; a copy where somebody holds it.
   */
  G2TiedEmbeddingGrad: (be, { dRows, dTable, ids }) => {
    const [rows, width] = dTable!.shape as [number, number];
    const dense = be.entry(dTable!);
    const own = dense.refCount <= 1 && !dense.storage.shared && !dense.storage.sparse;
    const out = own ? be.alias(dTable!) : be.output([rows, width]);
    if (!own)
      be.team.main.kernels.copyRows(dense.address, be.address(out), 1, rows * width * 4, 0, 0);
    be.team.main.kernels.scatterAdd(
      be.address(out),
      be.address(ids!),
      be.address(dRows!),
      size(ids!.shape),
      width,
      rows,
    );
    return out;
  },

  /**
   * The gradient of a gather. The touched rows are listed beside the dense result, so that the
   * optimiser can leave the rest of an embedding alone and the buffer is cheap to zero again.
   */
  UnsortedSegmentSum: (be, { x, segmentIds }, { numSegments }) => {
    if (!allFloat(x!) || segmentIds!.dtype !== 'int32' || segmentIds!.shape.length !== 1)
      return FALLBACK;
    const n = segmentIds!.shape[0]!;
    if (n === 0) return FALLBACK;
    const rows = numSegments as number;
    const width = size(x!.shape) / n;
    const storage = be.takeZeros(rows * width * 4);
    const seen = new Set(be.entry(segmentIds!).values);
    const touched = Int32Array.from([...seen].filter((id) => id >= 0 && id < rows));
    const ids = be.allocate(Math.max(4, touched.length * 4)).hold();
    new Int32Array(be.memoryOf.buffer, ids.base, touched.length).set(touched);
    storage.sparse = { ids, count: touched.length, width };
    be.team.main.kernels.scatterAdd(
      storage.base,
      be.address(segmentIds!),
      be.address(x!),
      n,
      width,
      rows,
    );
    return be.register([rows, ...x!.shape.slice(1)], 'float32', storage, storage.base);
  },
};
