/** Numbers stored in half precision. */

/** The float32 of the same value of IEEE 754 halves: 1 bit sign, 5 bits exponent, 10 bits fraction. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  const floats = new Float32Array(bits.buffer);
  halves.forEach((half, i) => {
    const sign = half & 0x8000;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) floats[i] = (sign ? -fraction : fraction) * 2 ** -24;
    else {
      const wide = exponent === 0x1f ? 0xff : exponent + 112;
      bits[i] = (sign << 16) | (wide << 23) | (fraction << 13);
    }
  });
  return floats;
}
