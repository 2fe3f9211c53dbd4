/** Few bits and a scale that the values themselves choose: 8 bits, or 1. Not in the paper. */
import { roundHalfEven } from './round.js';

/** Values as whole numbers times a scale: one scale, or one for each column. */
export interface Scaled {
  /** 8: k from -127 to 127; 1: k is -1 or 1. */
  bits: 8 | 1;
  k: Int32Array;
  /** One, or as many as there are columns. */
  scales: Float32Array;
}

/** Largest magnitude of 8 bits; -128 is not used, so that the grid is symmetric. */
export const INT8_MOST = 127;

/**
 * Symmetric 8-bit values of a row-major matrix: the largest magnitude, of the whole matrix or of each
 * column, becomes 127.
 */
export function int8(values: Float32Array, columns: number, perColumn: boolean): Scaled {
  const width = perColumn ? columns : 1;
  const scales = new Float32Array(width);
  values.forEach((x, i) => {
    scales[i % width] = Math.max(scales[i % width]!, Math.abs(x));
  });
  for (let j = 0; j < width; j++) scales[j] = scales[j]! / INT8_MOST;
  const k = Int32Array.from(values, (x, i) => {
    const scale = scales[i % width]!;
    const nearest = scale === 0 ? 0 : roundHalfEven(x / scale);
    return Math.max(-INT8_MOST, Math.min(INT8_MOST, nearest));
  });
  return { bits: 8, k, scales };
}

/**
 * 1 bit a value: sign(x) (of 0: +1) times the mean magnitude, which among all scales leaves the least
 * squared error (Rastegari et al. 2016, Eq 6).
 */
export function signs(values: Float32Array): Scaled {
  const sum = values.reduce((total, x) => total + Math.abs(x), 0);
  const scales = Float32Array.of(values.length === 0 ? 0 : sum / values.length);
  return { bits: 1, k: Int32Array.from(values, (x) => (x < 0 ? -1 : 1)), scales };
}

/** The float32 values. */
export function scaledValues({ k, scales }: Pick<Scaled, 'k' | 'scales'>): Float32Array {
  return Float32Array.from(k, (x, i) => x * scales[i % scales.length]!);
}
