import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { UserError } from '../errors.js';

/** How a module rounds: each operation by itself, or multiply-add fused (faster, other last bits). */
export type WasmVariant = 'simd' | 'relaxed-fma';

interface Probe {
  probe(a: number, c: number): number;
}

const readModule = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`./wasm/${name}`, import.meta.url))));

const validates = (bytes: Uint8Array): boolean => WebAssembly.validate(bytes as BufferSource);

/** Whether this Node compiles relaxed SIMD: from 22 it does; 20 and 21 hold it behind a V8 flag. */
function relaxedCompiles(bytes: Uint8Array): boolean {
  if (validates(bytes)) return true;
  if (Number.parseInt(process.versions.node, 10) >= 22) return false;
  // Takes effect at once, in this thread and in all others of the process.
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return validates(bytes);
}

function instantiate<T>(name: string, bytes: Uint8Array, memory: WebAssembly.Memory): T & Probe {
  const abort = () => {
    throw new Error(`${name}.wasm aborted`);
  };
  const module = new WebAssembly.Module(bytes as BufferSource);
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as never;
}

/** (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24 fused, and 0 when the product is rounded first. */
const fuses = (module: Probe): boolean => module.probe(1 + 2 ** -12, -(1 + 2 ** -11)) !== 0;

/**
 * Instantiates one of our modules on a shared memory. `G2_WASM_FMA`: 0 = rounded one by one, the same
 * bits on every machine; 1 = fused or an error; unset = fused where Node and the processor have it.
 */
export function loadWasmModule<T>(
  name: 'kernels' | 'gemm',
  memory: WebAssembly.Memory,
  env: NodeJS.ProcessEnv = process.env,
): { variant: WasmVariant; exports: T } {
  const wish = env['G2_WASM_FMA'] ?? '';
  if (!['', '0', '1'].includes(wish))
    throw new UserError(`G2_WASM_FMA=${wish} is not understood: use 0 (off), 1 (on) or unset it`);
  if (wish !== '0') {
    const bytes = readModule(`${name}_relaxed.wasm`);
    const relaxed = relaxedCompiles(bytes) ? instantiate<T>(name, bytes, memory) : null;
    if (relaxed && fuses(relaxed)) return { variant: 'relaxed-fma', exports: relaxed };
    if (wish === '1')
      throw new UserError(
        `G2_WASM_FMA=1, but ${relaxed ? 'this processor has no' : `Node ${process.versions.node} does not compile`} fused multiply-add: unset it`,
      );
  }
  return { variant: 'simd', exports: instantiate<T>(name, readModule(`${name}.wasm`), memory) };
}
