// The same source compiled with relaxed SIMD: fused multiply-add where the machine has it.
export { probe, sgemm, workspaceBytes } from './gemm_core';
