/** IEEE 754 half precision: trained weights in half the bytes, to send to a page; `files/half` reads them. */
import { roundHalfEven } from './round.js';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The nearest half of a number, ties to even, as its 16 bits. */
export function halfBits(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const magnitude = bits[0]! & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // from 65536 on
  // Below 2^-14 a half is a whole number of 2^-24.
  if (magnitude < 0x38800000) return sign | roundHalfEven(Math.abs(float[0]!) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
