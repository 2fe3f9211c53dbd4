import type { Gemm } from './gemm.js';
import { LAYOUT, MAX_RANKS, type SharedMemory } from './memory.js';
import type { KernelModule } from './wasm-kernels.js';

/** Words of the control block (index into i32 from LAYOUT.control; far apart: own cache lines). */
export const WORD = {
  arrived: 0,
  generation: 16,
  op: 32,
  argCount: 33,
  failing: 34,
  failed: 35,
  profile: 36,
};

const SPIN = 20000;
const TIMEOUT_MS = 600_000;

/**
 * How skinny products (a batch of rows times a weight matrix) are fastest. Both kinds of GEMM want the
 * weights as contiguous panels of `width` columns; a BLAS takes its path without packing only below a
 * certain amount of work M * N * K, so longer sums are cut.
 */
export interface SkinnyForm {
  /** Columns of a panel. */
  width: number;
  /** Largest M * N * K of one call. */
  work: number;
  /** Rows of one call where ranks share the rows: a fixed number, so that no bit depends on the ranks. */
  rows: number;
}

/** OpenBLAS's AVX-512 kernels multiply without packing up to this work; other BLAS do not mind. */
export const BLAS_FORM: SkinnyForm = { width: 64, work: 1e6, rows: 16 };
/** Our own GEMM reads a panel of exactly its tile's width in place. */
export const WASM_FORM: SkinnyForm = { width: 8, work: Number.POSITIVE_INFINITY, rows: 10 };

/** A rank failed or does not answer; the team cannot be used any more. */
export class RankError extends Error {}

/**
 * One of the equal workers that run every kernel together on one memory: rank 0 is the main thread,
 * the others are worker threads. A program (programs/) is a function that each rank runs on its part.
 */
export class Rank {
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  readonly scratch: number;
  /** Milliseconds in GEMM since the last reset; counted while profiling only. */
  gemmTime = 0;

  constructor(
    readonly rank: number,
    readonly count: number,
    readonly memory: SharedMemory,
    readonly kernels: KernelModule,
    /** The product on this rank's part; addresses are byte offsets in the shared memory. */
    private readonly product: Gemm,
    readonly skinny: SkinnyForm,
  ) {
    // Fixed places only: these views stay right when the memory grows.
    this.i32 = new Int32Array(memory.buffer, 0, LAYOUT.heap / 4);
    this.f64 = new Float64Array(memory.buffer, 0, LAYOUT.heap / 8);
    this.scratch = LAYOUT.scratch + rank * 512;
  }

  gemm: Gemm = (ta, tb, m, n, ...rest) => {
    if (m === 0 || n === 0) return;
    if (this.i32[LAYOUT.control / 4 + WORD.profile]) {
      const start = performance.now();
      this.product(ta, tb, m, n, ...rest);
      this.gemmTime += performance.now() - start;
    } else this.product(ta, tb, m, n, ...rest);
  };

  /** This rank's [from, to) of n items, cut at multiples of `align`. */
  part(n: number, align: number): [number, number] {
    const units = Math.ceil(n / align);
    const from = Math.min(n, Math.floor((units * this.rank) / this.count) * align);
    const to = Math.min(n, Math.floor((units * (this.rank + 1)) / this.count) * align);
    return [from, to];
  }

  /** Stores this rank's value of a reduction. */
  setReduction(slot: number, value: number): void {
    this.f64[LAYOUT.reduce / 8 + slot * MAX_RANKS + this.rank] = value;
  }

  /** Sum over the ranks in rank order, so that every rank gets the same bits. */
  reduction(slot: number): number {
    let sum = 0;
    const at = LAYOUT.reduce / 8 + slot * MAX_RANKS;
    for (let r = 0; r < this.count; r++) sum += this.f64[at + r] as number;
    return sum;
  }

  /**
   * Waits until all ranks are here: spins a little, then sleeps (pure spinning collapses when a core
   * is shared). `idle` = waiting for work, which may take for ever.
   */
  barrier(idle = false): void {
    if (this.count === 1) return;
    const { i32 } = this;
    const base = LAYOUT.control / 4;
    const generation = Atomics.load(i32, base + WORD.generation);
    if (Atomics.add(i32, base + WORD.arrived, 1) === this.count - 1) {
      Atomics.store(i32, base + WORD.arrived, 0);
      Atomics.add(i32, base + WORD.generation, 1);
      Atomics.notify(i32, base + WORD.generation);
      return;
    }
    let spins = 0;
    let since = 0;
    while (Atomics.load(i32, base + WORD.generation) === generation) {
      if (++spins < SPIN) continue;
      if (Atomics.load(i32, base + WORD.failed)) throw new RankError(this.failure());
      const woken = Atomics.wait(i32, base + WORD.generation, generation, idle ? 60_000 : 1000);
      if (woken !== 'timed-out' || idle) continue;
      since += 1000;
      if (since >= TIMEOUT_MS)
        throw new RankError(`a worker thread has not answered for ${TIMEOUT_MS / 1000} s`);
    }
    if (Atomics.load(i32, base + WORD.failed)) throw new RankError(this.failure());
  }

  /** Marks the whole team as failed and wakes whoever waits. */
  fail(error: unknown): void {
    const base = LAYOUT.control / 4;
    // The first failure is the one to tell; the flag is raised only when its text is complete.
    if (Atomics.compareExchange(this.i32, base + WORD.failing, 0, this.rank + 1) === 0) {
      const text = `rank ${this.rank}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      const bytes = new TextEncoder().encode(text).slice(0, 4000);
      new Uint8Array(this.memory.buffer, LAYOUT.error, 4096).set(bytes, 4);
      this.i32[LAYOUT.error / 4] = bytes.length;
      Atomics.store(this.i32, base + WORD.failed, 1);
      Atomics.notify(this.i32, base + WORD.failed);
    } else Atomics.wait(this.i32, base + WORD.failed, 0, 1000); // another rank is writing its text
    Atomics.notify(this.i32, base + WORD.generation);
  }

  /** The text of the first failure. */
  failure(): string {
    const length = this.i32[LAYOUT.error / 4] as number;
    const bytes = new Uint8Array(this.memory.buffer, LAYOUT.error + 4, length).slice();
    return new TextDecoder().decode(bytes);
  }
}
