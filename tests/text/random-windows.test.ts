import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meanWindowLength, randomWindowLength } from '#src/text/random-windows.js';

const lengths = (bptt: number, seed: number, epoch: number, n: number) =>
  Array.from({ length: n }, (_, index) => randomWindowLength(bptt, { seed, epoch, index }));

describe('randomWindowLength', () => {
  test('whole numbers of at least 5', () => {
    for (const bptt of [1, 5, 10, 70])
      for (const n of lengths(bptt, 3, 1, 2000)) assert.ok(Number.isInteger(n) && n >= 5, `${n}`);
  });

  test('0.95 Normal(70, 5) + 0.05 Normal(35, 5), cut to whole numbers', () => {
    const N = 20_000;
    const drawn = lengths(70, 1, 0, N);
    const short = drawn.filter((n) => n < 52.5); // 3.5 standard deviations from either mean
    const share = short.length / N;
    assert.ok(Math.abs(share - 0.05) < 4 * Math.sqrt((0.05 * 0.95) / N), `share ${share}`);
    for (const [part, mean] of [
      [short, 35],
      [drawn.filter((n) => n >= 52.5), 70],
    ] as const) {
      const m = part.reduce((a, b) => a + b, 0) / part.length;
      // the whole part of x is x - 1/2 in the mean, and adds 1/12 to the variance
      const variance = part.reduce((a, b) => a + (b - m) ** 2, 0) / part.length;
      assert.ok(Math.abs(m - (mean - 0.5)) < (4 * 5) / Math.sqrt(part.length), `mean ${m}`);
      const spread = 4 * 25 * Math.sqrt(2 / part.length);
      assert.ok(Math.abs(variance - 25 - 1 / 12) < spread + 0.2, `variance ${variance}`);
    }
    const all = drawn.reduce((a, b) => a + b, 0) / N;
    assert.ok(Math.abs(all - meanWindowLength(70)) < (4 * 9.2) / Math.sqrt(N), `mean ${all}`);
  });

  test('the number of the window decides, and nothing else', () => {
    const some = lengths(70, 7, 2, 50);
    assert.deepEqual(lengths(70, 7, 2, 50), some);
    assert.equal(randomWindowLength(70, { seed: 7, epoch: 2, index: 33 }), some[33]);
    assert.notDeepEqual(lengths(70, 7, 3, 50), some);
    assert.notDeepEqual(lengths(70, 8, 2, 50), some);
  });
});
