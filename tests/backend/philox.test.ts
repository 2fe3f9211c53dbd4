import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { philox4x32, philoxUniform, toUniform } from '#src/backend/philox.js';
import { type RandomSource, randomUniform, randomWords } from '#src/cell/random.js';
import { tf } from '#tfjs';
import { blas, on } from './support.js';

const hex = (words: number[]): string =>
  words.map((w) => w.toString(16).padStart(8, '0')).join(' ');
const draw = (n: number, source: RandomSource): Float32Array =>
  tf.tidy(() => randomUniform([n], source).dataSync() as never) as unknown as Float32Array;

describe('Philox4x32-10', () => {
  // kat_vectors of Random123 (Salmon et al. 2011)
  const ones = 0xffffffff;
  for (const [counter, key, want] of [
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[ones, ones, ones, ones], [ones, ones], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ] as [[number, number, number, number], [number, number], string][])
    test(`known answer ${want}`, () => assert.equal(hex(philox4x32(counter, key)), want));

  test('negative words mean the same bits', () => {
    assert.deepEqual(
      philox4x32([-1, -1, -1, -1], [-1, -1]),
      philox4x32([ones, ones, ones, ones], [ones, ones]),
    );
  });

  test('uniforms lie inside (0, 1) and are exact in float32, as are their complements', () => {
    for (const bits of [0, 511, 512, ones, 0x80000000]) {
      const u = toUniform(bits);
      assert.ok(u > 0 && u < 1);
      assert.equal(Math.fround(u), u);
      assert.equal(Math.fround(1 - u), 1 - u);
    }
  });
});

describe('randomUniform', () => {
  const sources: RandomSource[] = [];
  for (const seed of [0, 1, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1])
    for (const stream of [0, 0x1000, 0x3003])
      for (const step of [0, 7, 2 ** 31 + 1, 2 ** 32, 2 ** 40 - 1])
        sources.push({ seed, stream, step });

  test('the SIMD kernel equals the JavaScript bit for bit, at any length', async () => {
    await blas();
    sources.forEach((source, i) => {
      const n = [0, 1, 3, 4, 15, 16, 17, 63, 65, 1000][i % 10]!;
      const { key0, key1, step, stream } = randomWords(source);
      assert.deepEqual(
        draw(n, source),
        philoxUniform(n, [key0, key1], step, stream),
        JSON.stringify(source),
      );
    });
    const large = { seed: 3, stream: 4, step: 5 };
    assert.deepEqual(draw(30_001, large), philoxUniform(30_001, [3, 0], 5, 4)); // on all ranks
  });

  test('the cpu backend gives the same numbers', async () => {
    const source = { seed: 123, stream: 9, step: 77 };
    await blas();
    const want = draw(101, source);
    await on('cpu');
    assert.deepEqual(draw(101, source), want);
  });

  test('an element does not depend on how many are drawn', async () => {
    await blas();
    const source = { seed: 42, stream: 1, step: 2 };
    const all = draw(20_000, source);
    for (const n of [1, 5, 64, 100, 4097, 16_385])
      assert.deepEqual(draw(n, source), all.slice(0, n));
  });

  test('seed, stream and step all matter, also above 2^32, and nothing repeats', async () => {
    await blas();
    const seen = new Set<string>();
    for (const source of sources) seen.add([...draw(3, source)].join());
    assert.equal(seen.size, sources.length);
  });

  test('chi-square of 200,000 numbers in 100 bins, also over steps and of neighbours', async () => {
    await blas();
    const chiSquare = (counts: number[]): number => {
      const mean = counts.reduce((a, b) => a + b) / counts.length;
      return counts.reduce((sum, c) => sum + (c - mean) ** 2 / mean, 0);
    };
    const inOneDraw = new Array<number>(100).fill(0);
    const pairs = new Array<number>(100).fill(0);
    const u = draw(200_000, { seed: 5, stream: 0, step: 0 });
    u.forEach((x, i) => {
      inOneDraw[Math.floor(x * 100)]!++;
      if (i % 2) pairs[Math.floor(x * 10) * 10 + Math.floor(u[i - 1]! * 10)]!++;
    });
    const overSteps = new Array<number>(100).fill(0);
    for (let step = 0; step < 2000; step++)
      for (const x of draw(10, { seed: 5, stream: 0, step })) overSteps[Math.floor(x * 100)]!++;
    // 99 degrees of freedom: mean 99, standard deviation 14; the seeds are fixed, so this cannot flicker
    for (const counts of [inOneDraw, pairs, overSteps]) {
      const x2 = chiSquare(counts);
      assert.ok(x2 > 55 && x2 < 150, `chi-square ${x2}`);
    }
  });

  test('a seed that is not a whole number >= 0 is refused', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53])
      assert.throws(() => randomWords({ seed, stream: 0, step: 0 }), /seed must be a whole number/);
  });
});
