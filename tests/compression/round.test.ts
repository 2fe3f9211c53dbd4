import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bitsFor, pack, unpack } from '#src/compression/pack.js';
import { gridNumbers, round, roundClip, roundHalfEven, stepsTo } from '#src/compression/round.js';
import { generator, uniform } from '../backend/support.js';

const some = uniform(generator(5), 4000, -3, 3);

test('half to even at ties, never -0', () => {
  const cases: [number, number][] = [
    ...([
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, 0],
      [-1.5, -2],
      [-2.5, -2],
      [-3.5, -4],
      [0.49999999999999994, 0],
      [0.5000000000000001, 1],
      [2 ** 52 + 1, 2 ** 52 + 1],
      [-0, 0],
    ] as [number, number][]),
  ];
  for (const [value, expected] of cases)
    assert.ok(Object.is(roundHalfEven(value), expected), `${value}`);
});

describe('the grid', () => {
  for (const r of [0.2, 0.5, 0.1, 0.03])
    test(`r = ${r}: exactly on it, nearest, and the second time nothing changes`, () => {
      const rounded = round(some, r);
      const k = gridNumbers(some, r);
      rounded.forEach((value, i) => {
        assert.equal(value, Math.fround(k[i]! * r));
        assert.ok(Math.abs(value - some[i]!) <= r / 2 + 1e-6);
      });
      assert.deepEqual(round(rounded, r), rounded);
      assert.ok(rounded.some((value, i) => value !== some[i]));
    });

  test('the paper: 0, +-0.2, +-0.4 and 0, +-0.5, +-1', () => {
    for (const [r, c] of [
      [0.2, 0.4],
      [0.5, 1],
    ] as const) {
      const values = [...new Set(roundClip(some, r, c))].sort((a, b) => a - b);
      assert.deepEqual(values, [-c, -r, 0, r, c].map(Math.fround));
    }
  });

  test('which clips lie on a grid', () => {
    assert.deepEqual(
      [stepsTo(0.4, 0.2), stepsTo(0.6, 0.2), stepsTo(1, 0.5), stepsTo(0.5, 0.2), stepsTo(0.1, 0.2)],
      [2, 3, 2, null, null],
    );
  });
});

describe('packed whole numbers', () => {
  test('bits: 3 for five values, 2 for three, 8 for 255', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 127, 128].map(bitsFor), [1, 2, 3, 3, 4, 8, 9]);
  });

  for (const most of [0, 1, 2, 5, 100, 2 ** 22])
    test(`come back, up to ${most}`, () => {
      for (const count of [1, 7, 8, 1000]) {
        const random = generator(most + count);
        const k = Int32Array.from(
          { length: count },
          () => Math.floor(random() * (2 * most + 1)) - most,
        );
        k[0] = most;
        k[count - 1] = -most;
        const packed = pack(k, most);
        assert.equal(packed.length, Math.ceil((count * bitsFor(most)) / 8));
        assert.deepEqual(unpack(packed, most, count), k);
      }
    });
});
