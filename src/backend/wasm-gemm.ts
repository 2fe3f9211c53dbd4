import type { Gemm } from './gemm.js';
import { platform } from './platform/node.js';
import { loadWasmModule, type WasmVariant } from './wasm-module.js';

/** Our own matrix product on one shared memory, single-threaded; one instance a rank. */
export interface WasmGemm {
  variant: WasmVariant;
  /** Bytes of scratch memory, 16-byte aligned, that each rank needs for itself. */
  workspaceBytes: number;
  /**
   * Addresses are byte offsets in the memory, 0 to 2^32 - 1 (the negative i32 of the same bits means
   * the same); `work` is this rank's scratch. Sums depend on k alone, so splitting m or n, over ranks
   * or otherwise, leaves every bit as it is. Fastest with few rows and n = ldb = 8, tb 0: then B needs
   * no packing.
   */
  sgemm: (...args: [...product: Parameters<Gemm>, work: number]) => void;
}

interface GemmExports {
  sgemm: WasmGemm['sgemm'];
  workspaceBytes(): number;
}

/** Instantiates the matrix product; see loadWasmModule for `G2_WASM_FMA`. */
export function loadWasmGemm(memory: WebAssembly.Memory, env = platform.environment): WasmGemm {
  const { variant, exports } = loadWasmModule<GemmExports>('gemm', memory, env);
  return { variant, workspaceBytes: exports.workspaceBytes(), sgemm: exports.sgemm };
}
