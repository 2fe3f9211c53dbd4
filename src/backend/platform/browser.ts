/** The library in a web page or its worker: our own kernels on one thread, modules inside the bundle. */
import gemm from '../wasm/gemm.wasm';
import gemm_relaxed from '../wasm/gemm_relaxed.wasm';
import kernels from '../wasm/kernels.wasm';
import kernels_relaxed from '../wasm/kernels_relaxed.wasm';
import type { Platform } from './platform.js';

const MODULES = { kernels, kernels_relaxed, gemm, gemm_relaxed };

const not = (what: string) => (): never => {
  throw new Error(`a web page has no ${what}`);
};

export const platform: Platform = {
  name: 'this browser',
  environment: {},
  findBlas: () => null,
  openBlas: not('BLAS'),
  addressOf: not('addresses'),
  findLapack: () => null,
  adviseHugePages: () => false,
  // More would need headers that many static hosts do not send, and gains little.
  threadCount: () => 1,
  wasmBytes: (name) => MODULES[name],
  allowRelaxedSimd: () => false,
  startRank: not('second rank'),
  loadTensorflow: not('libtensorflow'),
};
