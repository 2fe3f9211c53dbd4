import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { UserError } from '../errors.js';

/** How the product is rounded: each operation by itself, or multiply-add fused (faster, other last bits). */
export type WasmGemmVariant = 'simd' | 'relaxed-fma';

/** Our own matrix product on one shared memory, single-threaded; one instance a rank. */
export interface WasmGemm {
  variant: WasmGemmVariant;
  /** Bytes of scratch memory, 16-byte aligned, that each rank needs for itself. */
  workspaceBytes: number;
  /**
   * C = op(A) op(B) + beta C, row-major, op(A) [m, k], op(B) [k, n], transposed where ta or tb is 1;
   * leading dimensions in floats. beta is 0 (C is not read) or 1. Addresses are byte offsets in the
   * memory, 0 to 2^32 - 1 (the negative i32 of the same bits means the same). Sums depend on k
   * alone, so splitting m or n, over ranks or otherwise, leaves every bit as it is. Fastest with few
   * rows and n = ldb = 8, tb 0: then B needs no packing.
   */
  sgemm(
    ta: number,
    tb: number,
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    work: number,
  ): void;
}

interface GemmExports {
  sgemm: WasmGemm['sgemm'];
  workspaceBytes(): number;
  probe(a: number, c: number): number;
}

function readModule(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(`./wasm/${name}`, import.meta.url))));
}

/** Whether this Node compiles relaxed SIMD: from 22 it does; 20 and 21 hold it behind a V8 flag. */
function relaxedCompiles(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(bytes)) return true;
  if (Number.parseInt(process.versions.node, 10) >= 22) return false;
  // Takes effect at once, in this thread and in all others of the process.
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(bytes);
}

function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): GemmExports {
  const abort = () => {
    throw new Error('the wasm GEMM aborted');
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, abort },
  });
  return instance.exports as unknown as GemmExports;
}

/** (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24 fused, and 0 when the product is rounded first. */
function fuses(gemm: GemmExports): boolean {
  return gemm.probe(1 + 2 ** -12, -(1 + 2 ** -11)) !== 0;
}

/**
 * Instantiates the matrix product on a shared memory. `G2_WASM_FMA`: 0 = rounded one by one, the
 * same bits on every machine; 1 = fused or an error; unset = fused where Node and the processor
 * have it.
 */
export function loadWasmGemm(memory: WebAssembly.Memory, env = process.env): WasmGemm {
  const wish = env['G2_WASM_FMA'] ?? '';
  if (!['', '0', '1'].includes(wish))
    throw new UserError(`G2_WASM_FMA=${wish} is not understood: use 0 (off), 1 (on) or unset it`);
  if (wish !== '0') {
    const bytes = readModule('gemm_relaxed.wasm');
    const gemm = relaxedCompiles(bytes) ? instantiate(bytes, memory) : null;
    if (gemm && fuses(gemm))
      return {
        variant: 'relaxed-fma',
        workspaceBytes: gemm.workspaceBytes(),
        sgemm: gemm.sgemm,
      };
    if (wish === '1')
      throw new UserError(
        `G2_WASM_FMA=1, but ${gemm ? 'this processor has no' : `Node ${process.versions.node} does not compile`} fused multiply-add: unset it`,
      );
  }
  const gemm = instantiate(readModule('gemm.wasm'), memory);
  return { variant: 'simd', workspaceBytes: gemm.workspaceBytes(), sgemm: gemm.sgemm };
}
