import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfBits } from '#src/compression/half.js';
import { fromHalf } from '#src/files/half.js';

const fromHalfBits = (bits: number): number => fromHalf(Uint16Array.of(bits))[0]!;

test('every half comes back as it was', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = fromHalfBits(bits);
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromHalfBits(halfBits(value))));
    else assert.equal(halfBits(value), bits, `0x${bits.toString(16)}`);
  }
});

test('numbers between two halves go to the nearer, ties to the even one', () => {
  const table: [number, number][] = [
    [1 + 2 ** -11, 1], // half-way to 1 + 2^-10
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
    [65519, 65504],
    [65520, Number.POSITIVE_INFINITY],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2 ** -23],
    [-0.1, -0.0999755859375],
    [2 ** -14 - 2 ** -26, 2 ** -14],
  ];
  for (const [x, half] of table) assert.equal(fromHalfBits(halfBits(x)), half, `${x}`);
});
