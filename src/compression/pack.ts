/** Small whole numbers in as few bits as their grid needs. */

/** Bits that hold every whole number from -most to most. */
export const bitsFor = (most: number): number => Math.max(1, Math.ceil(Math.log2(2 * most + 1)));

/** Most bits a number is packed into; float32 has no finer grids. */
export const MOST_BITS = 24;

/**
 * k + most of every whole number k, `bits` bits each without gaps, least significant bit first; the
 * last byte is filled up with zeros.
 */
export function pack(k: ArrayLike<number>, most: number): Uint8Array {
  const bits = bitsFor(most);
  const packed = new Uint8Array(Math.ceil((k.length * bits) / 8));
  let waiting = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < k.length; i++) {
    waiting |= (k[i]! + most) << held;
    held += bits;
    for (; held >= 8; held -= 8) {
      packed[at++] = waiting;
      waiting >>>= 8;
    }
  }
  if (held > 0) packed[at] = waiting;
  return packed;
}

/** The `count` whole numbers of `pack`. */
export function unpack(packed: Uint8Array, most: number, count: number): Int32Array {
  const bits = bitsFor(most);
  const mask = 2 ** bits - 1;
  const k = new Int32Array(count);
  let waiting = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (; held < bits; held += 8) waiting |= packed[at++]! << held;
    k[i] = (waiting & mask) - most;
    waiting >>>= bits;
    held -= bits;
  }
  return k;
}
