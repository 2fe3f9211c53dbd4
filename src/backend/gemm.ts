/**
 * C = op(A) op(B) + beta C in row-major float32: op(A) [m, k], op(B) [k, n], transposed where ta or tb
 * is 1; leading dimensions in floats; beta is 0 (C is not read) or 1. What an address counts from
 * (the process or the shared memory) is the provider's to say.
 */
export type Gemm = (
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
) => void;
