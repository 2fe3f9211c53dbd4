import type { SharedMemory } from './memory.js';
import { loadWasmModule } from './wasm-module.js';

type F = (...args: number[]) => void;
type Sum = (...args: number[]) => number;

/** The exports of asm/kernels.ts; see the sources there for what each argument means. */
export interface KernelModule {
  adaDeltaStep: F;
  adamStep: F;
  attentionBackward: F;
  attentionForward: F;
  averageStep: F;
  axpy: F;
  axpyRows: F;
  binary: F;
  castI32: F;
  castU8: F;
  compareScalar: F;
  copyRows: F;
  dropoutMask: F;
  fill: F;
  gateNoise: F;
  gatesBackward: F;
  gatesForward: F;
  gatherRows: F;
  logSoftmaxGrad: F;
  negativeLogLikelihood: F;
  randomUniform: F;
  reduce: F;
  scatterAdd: F;
  sgdStep: F;
  softmaxCrossEntropy: Sum;
  softmaxRows: F;
  sumSquares: Sum;
  sumSquaresRows: Sum;
  topLogProbabilities: F;
  transpose: F;
  unary: F;
  weightDrop: F;
  weightDropGrad: F;
  zeroBytes: F;
  zeroRows: F;
}

/** Instantiates the SIMD kernels on a shared memory (once per rank). */
export function loadKernels(memory: SharedMemory): KernelModule {
  return loadWasmModule<KernelModule>('kernels', memory.wasm).exports;
}
