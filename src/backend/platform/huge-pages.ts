import koffi from 'koffi';
import type { SharedMemory } from '../memory.js';
import { addressOf } from './blas.js';

const MADV_HUGEPAGE = 14;
const RESERVED_BYTES = 2 ** 32; // a wasm32 memory's whole range, grown or not

/**
 * Asks Linux to back tensor memory with 2 MiB pages: weights and logits span thousands of small ones,
 * and looking those up costs 3 to 10 % of a training step. Only advice: where it is not taken (other
 * systems, a kernel set to `never`, another C library) nothing changes.
 */
export function adviseHugePages(memory: SharedMemory): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const madvise = koffi.load('libc.so.6').func('madvise', 'int', ['uintptr_t', 'size_t', 'int']);
    return madvise(addressOf(memory.buffer), RESERVED_BYTES, MADV_HUGEPAGE) === 0;
  } catch {
    return false;
  }
}
