import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitmix64, uniformAt, uniformSource } from '#src/gumbel/uniform.js';
import { kolmogorovSmirnov } from './statistics.js';

test('splitmix64 gives the published sequences', () => {
  assert.deepEqual(
    [0, 1, 2].map((i) => splitmix64(0, i)),
    [0xe220a8397b1dcdafn, 0x6e789e6aa1b965f4n, 0x06c45d188009454fn],
  );
  assert.deepEqual(
    [0, 1, 2].map((i) => splitmix64(1234567, i)),
    [6457827717110365317n, 3203168211198807973n, 9817491932198370423n],
  );
});

test('a stream repeats, follows its counter and stays inside (0, 1)', () => {
  const a = uniformSource(5);
  const draws = Array.from({ length: 20000 }, () => a());
  const b = uniformSource(5);
  for (let i = 0; i < 100; i++) assert.equal(b(), draws[i]);
  assert.equal(uniformAt(5, 777), draws[777]);
  assert.notEqual(uniformAt(6, 0), draws[0]);
  assert.ok(draws.every((u) => u > 0 && u < 1));
  const distance = kolmogorovSmirnov(
    draws,
    (x) => x,
    (x) => 1 - x,
  );
  assert.ok(distance < 1.95, `KS ${distance}`);
});

test('seed and index must be integers', () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => uniformSource(seed), RangeError);
  }
  assert.throws(() => uniformAt(0, -1), /index must be an integer/);
});
