/** What the library needs of the program it runs in: Node (node.ts) or a web page (browser.ts). */
import type { Gemm } from '../gemm.js';
import type { SharedMemory } from '../memory.js';
import type { RankSetup } from '../team.js';

export type BlasFamily = 'openblas' | 'mkl' | 'blis' | 'accelerate' | 'cblas';

export interface BlasLibrary {
  family: BlasFamily;
  /** What the system's loader was given: a file, or a name it looks up itself. */
  path: string;
  /** Version and kernels, e.g. 'OpenBLAS 0.3.21 SkylakeX'. */
  description: string;
  /** Whether this project has run this family on this platform. */
  tested: boolean;
}

/** One thread's handle on a BLAS. */
export interface BlasBinding {
  library: BlasLibrary;
  /** Addresses are absolute: addressOf(buffer) + offset. */
  sgemm: Gemm;
  /** Threads that a call from this thread may use. A binding starts with 1: ranks share the work out. */
  setThreads(count: number): void;
}

/** A = U diag(s) V^T of a row-major [m, n] matrix, K = min(m, n), singular values descending. */
export interface SingularValues {
  /** Row-major [m, K], orthonormal columns. */
  u: Float64Array;
  /** [K] */
  s: Float64Array;
  /** Row-major [K, n], orthonormal rows. */
  vt: Float64Array;
}

export interface Lapack {
  library: BlasLibrary;
  /** dgesdd; `a` row-major [m, n] is left as it is. */
  svd(a: ArrayLike<number>, m: number, n: number): SingularValues;
}

/** One more thread that is a rank. */
export interface RankThread {
  /** Lets the program end while it waits. */
  unref(): void;
  terminate(): Promise<unknown>;
}

/** Name of a WebAssembly module of asm/, as it is built. */
export type WasmName = 'kernels' | 'kernels_relaxed' | 'gemm' | 'gemm_relaxed';

/** The one place that differs between Node and a page: bundlers take browser.ts for node.ts (package.json). */
export interface Platform {
  /** What messages call it, with its version. */
  readonly name: string;
  /** The switches `G2_...`; a page has none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The system's BLAS, or null. @throws UserError where `G2_BLAS` names one that cannot be used */
  findBlas(): BlasBinding | null;
  /** The same library for another thread. */
  openBlas(path: string): BlasBinding;
  /** The first byte's address in the process. */
  addressOf(buffer: ArrayBufferLike): number;
  /** LAPACK of that BLAS, or null. */
  findLapack(): Lapack | null;
  /** Asks for large memory pages; false where there is nobody to ask. */
  adviseHugePages(memory: SharedMemory): boolean;
  /** Ranks to compute with. @throws UserError for a number that cannot be */
  threadCount(asked?: number): number;
  /** Bytes of a WebAssembly module. */
  wasmBytes(name: WasmName): Uint8Array<ArrayBuffer>;
  /** Lifts what hides relaxed SIMD, where something does; true if it may compile now. */
  allowRelaxedSimd(): boolean;
  /** Starts a thread as a rank; resolves when it is ready. */
  startRank(setup: RankSetup): Promise<RankThread>;
  /** Loads the package behind `G2_BACKEND=tensorflow`. */
  loadTensorflow(): Promise<void>;
}
