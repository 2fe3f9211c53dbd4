import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  epochBatches,
  PADDING,
  pairBatch,
  SENTENCE_END,
  SENTENCE_START,
  sourceBatch,
} from '#src/nmt/batches.js';
import { reversedPairs } from './support.js';

const ids = (...x: number[]) => Int32Array.from(x);

describe('batches of sentence pairs', () => {
  test('two sentences side by side', () => {
    const b = pairBatch([
      { source: ids(4, 5), target: ids(6) },
      { source: ids(7), target: ids(8, 9) },
    ]);
    assert.deepEqual([b.S, b.T, b.B], [3, 3, 2]);
    const [E, P, S] = [SENTENCE_END, PADDING, SENTENCE_START];
    assert.deepEqual([...b.ids], [4, 7, 5, E, E, P]);
    assert.deepEqual([...b.reversedIds], [E, E, 5, 7, 4, P]);
    assert.deepEqual([...b.lengths], [3, 2]);
    assert.deepEqual([...b.inputs], [S, S, 6, 8, P, 9]);
    assert.deepEqual([...b.rows], [0, 1, 2, 3, 5]);
    assert.deepEqual([...b.targets], [6, 8, E, 9, E]);
  });

  test('reversal is its own inverse and turns ids into reversed ids', () => {
    const b = sourceBatch(reversedPairs(7).map(({ source }) => source));
    b.reversal.forEach((to, from) => {
      assert.equal(b.reversal[to], from);
      assert.equal(b.reversedIds[from], b.ids[to]);
    });
  });

  test('every pair comes once an epoch; the order depends on seed and epoch alone', () => {
    const pairs = reversedPairs(500, { longest: 30 });
    const batches = epochBatches(pairs, 16, { seed: 1, epoch: 2 });
    const all = batches.flatMap((b) => [...b]).sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: 500 }, (_, i) => i),
    );
    assert.deepEqual(epochBatches(pairs, 16, { seed: 1, epoch: 2 }), batches);
    assert.notDeepEqual(epochBatches(pairs, 16, { seed: 1, epoch: 3 }), batches);
    assert.notDeepEqual(epochBatches(pairs, 16, { seed: 2, epoch: 2 }), batches);
  });

  test('batches hold sentences of like length, in random order', () => {
    const pairs = reversedPairs(2000, { longest: 40 });
    const batches = epochBatches(pairs, 16, { seed: 1, epoch: 0 });
    const padded = batches.reduce(
      (n, b) => n + pairBatch([...b].map((i) => pairs[i]!)).T * b.length,
      0,
    );
    const real = pairs.reduce((n, { target }) => n + target.length + 1, 0);
    assert.ok(padded < 1.1 * real, `${padded} of ${real}`);
    const firsts = batches.map((b) => pairs[b[0]!]!.target.length);
    const rises = firsts.filter((n, i) => i > 0 && n >= firsts[i - 1]!).length / firsts.length;
    assert.ok(rises > 0.3 && rises < 0.7, `lengths rise in ${rises} of all steps`);
  });
});
