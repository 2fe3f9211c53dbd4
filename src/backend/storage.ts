import type { BlasBackend } from './backend.js';

/** Rows of a mostly-zero matrix that may be non-zero; `ids` is an int32 list in tensor memory. */
export interface SparseRows {
  ids: Storage;
  count: number;
  width: number;
}

/**
 * A counted stretch of the shared memory. Several entries (row slices, split parts, clones) may lie
 * in one storage; it goes back to the allocator with its last holder.
 */
export class Storage {
  private holders = 0;
  /** Workspaces of a fused op: they live exactly as long as this output does. */
  attached: Storage[] = [];
  /** What a fused op left for its gradient. */
  meta: unknown = undefined;
  /** Set when the rows that may be non-zero are known (embedding gradients). */
  sparse: SparseRows | null = null;

  constructor(
    private readonly backend: BlasBackend,
    readonly base: number,
    readonly bytes: number,
  ) {}

  hold(): this {
    this.holders++;
    return this;
  }

  drop(): void {
    if (--this.holders > 0) return;
    for (const s of this.attached) s.drop();
    this.attached = [];
    this.meta = undefined;
    if (this.sparse) this.backend.recycleZeros(this);
    else this.backend.allocator.release(this.base);
  }

  get shared(): boolean {
    return this.holders > 1;
  }
}

export type NumericType = 'float32' | 'int32' | 'bool';

export const BYTES: Record<NumericType, number> = { float32: 4, int32: 4, bool: 1 };

export const isNumericType = (dtype: string): dtype is NumericType => dtype in BYTES;

/**
 * What the backend keeps per tensor. tfjs's cpu kernels look only at `values`, a view made when asked
 * for, so that every cpu kernel works on this memory as it is.
 */
export class Entry {
  refCount = 1;
  private view: Float32Array | Int32Array | Uint8Array | undefined;

  constructor(
    private readonly backend: BlasBackend,
    readonly dtype: NumericType,
    readonly length: number,
    readonly storage: Storage,
    /** Address of the first element. */
    readonly address: number,
  ) {
    storage.hold();
  }

  get values(): Float32Array | Int32Array | Uint8Array {
    if (!this.view) {
      const { buffer } = this.backend.memoryOf;
      this.view =
        this.dtype === 'float32'
          ? new Float32Array(buffer, this.address, this.length)
          : this.dtype === 'int32'
            ? new Int32Array(buffer, this.address, this.length)
            : new Uint8Array(buffer, this.address, this.length);
    }
    return this.view;
  }

  free(): void {
    this.view = undefined;
    this.storage.drop();
  }
}
