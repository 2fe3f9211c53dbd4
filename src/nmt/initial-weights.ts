import { tf } from '#tfjs';
import { philoxUniform } from '../backend/philox.js';
import { type RandomSource, randomUniform, randomWords } from '../cell/random.js';
import type { Blocks, Start } from './layout.js';

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
 * Makes `count` rows of `n` numbers orthonormal (modified Gram-Schmidt, in float64, the same bits on
 * every machine). From normal draws: uniformly distributed over all such rows, as are those of U V^T
 * or of U alone in a singular value decomposition of the draws. 256 rows of 25,000: some three seconds.
 */
function orthonormalise(a: Float64Array, count: number, n: number): void {
  const rows = Array.from({ length: count }, (_, i) => a.subarray(i * n, (i + 1) * n));
  // Twice keeps rows orthogonal to rounding; draws with as much room as this are so after once.
  const passes = n < 2 * count ? 2 : 1;
  for (const [i, row] of rows.entries())
    for (let pass = 0; pass < passes; pass++) {
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

/**
 * A matrix of which each block has orthonormal rows, or columns where those are fewer: as the published
 * code draws every weight, whatever deviation it is asked for (paper.DEPARTURES, row 14). A vector is one
 * column.
 */
function orthonormalBlocks(
  [height, width = 1]: number[],
  { heights = [height!], width: across = width }: Blocks,
  source: RandomSource,
): Float32Array {
  const draws = normals(height! * width, source);
  const out = new Float32Array(draws.length);
  let [drawn, top] = [0, 0];
  for (const down of heights) {
    for (let left = 0; left < width; left += across) {
      const one = draws.subarray(drawn, drawn + down * across);
      const wide = down <= across;
      orthonormalise(one, Math.min(down, across), Math.max(down, across));
      for (let r = 0; r < down; r++)
        for (let c = 0; c < across; c++)
          out[(top + r) * width + left + c] = one[wide ? r * across + c : c * down + r]!;
      drawn += one.length;
    }
    top += down;
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
    case 'orthonormal':
      return tf.tensor(orthonormalBlocks(shape, start, source), shape);
  }
}
