// The matrix product with multiplications and additions rounded one by one.
export { probe, sgemm, workspaceBytes } from './gemm_core';
