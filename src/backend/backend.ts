import { tf } from '#tfjs';
import type { Gemm } from './gemm.js';
import type { Allocator, MemoryReport, SharedMemory } from './memory.js';
import type { ProgramName } from './programs/index.js';
import { BYTES, Entry, isNumericType, type NumericType, Storage } from './storage.js';
import type { Team } from './team.js';

/** Elements of simple work below which waking the other ranks costs more than it saves. */
const PARALLEL_MINIMUM = 16384;

type Values = Float32Array | Int32Array | Uint8Array;

/**
 * The tfjs backend `blas`: tensors lie in one shared wasm memory, kernels run on all ranks. It
 * extends tfjs's cpu backend, whose kernels serve as fallback for whatever has none of its own.
 */
export class BlasBackend extends tf.MathBackendCPU {
  /** Buffers known to be all zero, by size in bytes: embedding gradients reuse them. */
  private readonly zeros = new Map<number, number[]>();
  /** Calls per cpu fallback kernel since the start. */
  readonly fallbacks = new Map<string, number>();

  constructor(
    readonly memoryOf: SharedMemory,
    readonly allocator: Allocator,
    readonly team: Team,
  ) {
    super();
    // Silences the cpu backend's advice to install tfjs-node.
    (this as unknown as { firstUse: boolean }).firstUse = false;
  }

  private get entries(): Map<tf.DataId, Entry> & { numDataIds(): number } {
    return this.data as unknown as Map<tf.DataId, Entry> & { numDataIds(): number };
  }

  // ---- storage

  allocate(bytes: number): Storage {
    return new Storage(this, this.allocator.allocate(bytes), bytes);
  }

  /** A new float32 workspace of n numbers, held once: drop() it. */
  workspace(n: number): Storage {
    return this.allocate(n * 4).hold();
  }

  /** Registers a tensor that lies at `address` of a storage. */
  register(shape: number[], dtype: NumericType, storage: Storage, address: number): tf.TensorInfo {
    const dataId: tf.DataId = {};
    const entry = new Entry(this, dtype, tf.util.sizeFromShape(shape), storage, address);
    this.entries.set(dataId, entry);
    return { dataId, shape, dtype };
  }

  /** A new tensor with undefined contents. */
  output(shape: number[], dtype: NumericType = 'float32'): tf.TensorInfo {
    const storage = this.allocate(tf.util.sizeFromShape(shape) * BYTES[dtype]);
    return this.register(shape, dtype, storage, storage.base);
  }

  /** A tensor that lies inside another, `offset` elements from its start. */
  viewOf(source: tf.TensorInfo, offset: number, shape: number[]): tf.TensorInfo {
    const e = this.entry(source);
    return this.register(shape, e.dtype, e.storage, e.address + offset * BYTES[e.dtype]);
  }

  /** The same data under another shape. */
  alias(source: tf.TensorInfo, shape: number[] = source.shape): tf.TensorInfo {
    this.incRef(source.dataId);
    return { dataId: source.dataId, shape, dtype: source.dtype };
  }

  entry(t: tf.TensorInfo): Entry {
    return this.entries.get(t.dataId) as Entry;
  }

  /** Byte offset of a tensor's first element. */
  address(t: tf.TensorInfo): number {
    return this.entry(t).address;
  }

  /** An all-zero buffer whose touched rows will be listed in `sparse`; comes back by recycleZeros. */
  takeZeros(bytes: number): Storage {
    const reused = this.zeros.get(bytes)?.pop();
    if (reused !== undefined) return new Storage(this, reused, bytes);
    const storage = this.allocate(bytes);
    this.run(bytes / 4, 'fill', storage.base, bytes / 4, 0);
    return storage;
  }

  recycleZeros(storage: Storage): void {
    const rows = storage.sparse;
    if (!rows) return;
    this.run(
      rows.count * rows.width,
      'zeroRows',
      storage.base,
      rows.ids.base,
      rows.count,
      rows.width,
    );
    rows.ids.drop();
    storage.sparse = null;
    const pool = this.zeros.get(storage.bytes);
    if (pool) pool.push(storage.base);
    else this.zeros.set(storage.bytes, [storage.base]);
  }

  // ---- what tfjs asks of a backend

  override write(values: Values | Uint8Array[], shape: number[], dtype: tf.DataType): tf.DataId {
    if (!isNumericType(dtype) || values == null || typeof values[0] === 'string')
      return super.write(values as never, shape, dtype);
    const t = this.output(shape, dtype);
    this.entry(t).values.set(values as Values);
    return t.dataId;
  }

  override move(
    dataId: tf.DataId,
    values: Values,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    if (!isNumericType(dtype) || values == null) {
      super.move(dataId, values as never, shape, dtype, refCount);
      return;
    }
    const storage = this.allocate(tf.util.sizeFromShape(shape) * BYTES[dtype]);
    const entry = new Entry(this, dtype, tf.util.sizeFromShape(shape), storage, storage.base);
    entry.refCount = refCount;
    entry.values.set(values);
    this.entries.set(dataId, entry);
  }

  /** A copy: a view would change under the reader when the memory is reused. */
  override readSync(dataId: tf.DataId): Values {
    const entry = this.entries.get(dataId);
    return entry instanceof Entry ? entry.values.slice() : (super.readSync(dataId) as Values);
  }

  override async read(dataId: tf.DataId): Promise<Values> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const entry = this.entries.get(dataId);
    if (!(entry instanceof Entry)) return super.disposeData(dataId, force);
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    entry.free();
    this.entries.delete(dataId);
    return true;
  }

  override memory(): { unreliable: boolean; reasons: string[] } & MemoryReport {
    return { unreliable: false, reasons: [], ...this.allocator.report() };
  }

  override dispose(): void {
    void this.team.close();
  }

  // ---- work

  /** Runs a program on all ranks, or on this thread alone when `work` (elements) is small. */
  run(work: number, name: ProgramName, ...args: number[]): void {
    if (work < PARALLEL_MINIMUM) this.team.runSolo(name, ...args);
    else this.team.run(name, ...args);
  }

  /** C = op(A) op(B) + beta C on byte offsets, cut over the ranks. */
  gemm: Gemm = (ta, tb, m, n, k, ...rest) => {
    this.run((2 * m * n * k) / 16, 'gemm', ta, tb, m, n, k, ...rest);
  };
}
