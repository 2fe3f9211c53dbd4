import { UserError } from '../errors.js';
import { platform } from './platform/node.js';

/** How a module rounds: each operation by itself, or multiply-add fused (faster, other last bits). */
export type WasmVariant = 'simd' | 'relaxed-fma';

interface Probe {
  probe(a: number, c: number): number;
}

const validates = (bytes: Uint8Array<ArrayBuffer>): boolean => WebAssembly.validate(bytes);

function instantiate<T>(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): T & Probe {
  const abort = () => {
    throw new Error(`${name}.wasm aborted`);
  };
  const module = new WebAssembly.Module(bytes);
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
  env = platform.environment,
): { variant: WasmVariant; exports: T } {
  const wish = env['G2_WASM_FMA'] ?? '';
  if (!['', '0', '1'].includes(wish))
    throw new UserError(`G2_WASM_FMA=${wish} is not understood: use 0 (off), 1 (on) or unset it`);
  if (wish !== '0') {
    const bytes = platform.wasmBytes(`${name}_relaxed`);
    const compiles = validates(bytes) || (platform.allowRelaxedSimd() && validates(bytes));
    const relaxed = compiles ? instantiate<T>(name, bytes, memory) : null;
    if (relaxed && fuses(relaxed)) return { variant: 'relaxed-fma', exports: relaxed };
    if (wish === '1')
      throw new UserError(
        `G2_WASM_FMA=1, but ${relaxed ? 'this processor has no' : `${platform.name} does not compile`} fused multiply-add: unset it`,
      );
  }
  return { variant: 'simd', exports: instantiate<T>(name, platform.wasmBytes(name), memory) };
}
