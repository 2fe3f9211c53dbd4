import * as tf from '@tensorflow/tfjs';
import { philoxUniform } from '../backend/philox.js';
import { type RandomSource, randomUniform, randomWords } from '../nn/random.js';
import type { Start } from './layout.js';

/** n draws of Normal(0, 1), by Box and Muller from pairs of uniform numbers. */
function normals(n: number, source: RandomSource): Float64Array {
  const { key0, key1, step, stream } = randomWords(source);
  const u = philoxUniform(2 * Math.ceil(n / 2), [key0, key1], step, stream);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(u[i]!));
    out[i] = radius * Math.cos(2 * Math.PI * u[i + 1]!);
    if (i + 1 < n) out[i + 1] = radius * Math.sin(2 * Math.PI * u[i + 1]!);
  }
  return out;
}

/**
 * Makes the rows of a square matrix orthonormal (modified Gram-Schmidt, twice, which keeps them
 * orthogonal to rounding). From normal draws: uniformly distributed over the orthogonal matrices.
 */
function orthonormalise(a: Float64Array, n: number): void {
  const rows = Array.from({ length: n }, (_, i) => a.subarray(i * n, (i + 1) * n));
  for (const [i, row] of rows.entries())
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows[j]!;
        let dot = 0;
        for (let k = 0; k < n; k++) dot += row[k]! * other[k]!;
        for (let k = 0; k < n; k++) row[k]! -= dot * other[k]!;
      }
      let square = 0;
      for (let k = 0; k < n; k++) square += row[k]! ** 2;
      const norm = Math.sqrt(square);
      for (let k = 0; k < n; k++) row[k]! /= norm;
    }
}

/** [H, B * H] of B orthogonal blocks side by side. */
function orthogonalBlocks([H, width]: number[], source: RandomSource): Float32Array {
  const draws = normals(H! * width!, source);
  const out = new Float32Array(draws.length);
  for (let block = 0; block * H! < width!; block++) {
    const one = draws.subarray(block * H! * H!, (block + 1) * H! * H!);
    orthonormalise(one, H!);
    for (let r = 0; r < H!; r++)
      out.set(one.subarray(r * H!, (r + 1) * H!), r * width! + block * H!);
  }
  return out;
}

/** A parameter's first values; the same on every backend. */
export function initialWeights(shape: number[], start: Start, source: RandomSource): tf.Tensor {
  switch (start.kind) {
    case 'zero':
      return tf.zeros(shape);
    case 'uniform':
      return tf.tidy(() => tf.mul(tf.sub(randomUniform(shape, source), 0.5), 2 * start.range));
    case 'normal': {
      const draws = normals(tf.util.sizeFromShape(shape), source);
      return tf.tensor(
        Float32Array.from(draws, (x) => x * start.deviation),
        shape,
      );
    }
    case 'orthogonal':
      return tf.tensor(orthogonalBlocks(shape, source), shape);
  }
}
