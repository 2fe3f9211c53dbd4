import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayChunks, arrayText, parseRanges, rangesText } from '#src/sweep/slurm/array.js';

test('indices as Slurm writes them, and back', () => {
  assert.equal(arrayText([3, 5, 6, 7, 8, 9], 4), '3,5-9%4');
  assert.equal(arrayText([9, 0, 1, 1], null), '0-1,9');
  assert.deepEqual(parseRanges('3,5-9%4'), [3, 5, 6, 7, 8, 9]);
  assert.deepEqual(parseRanges('0-10:5'), [0, 5, 10]);
  for (const text of ['', 'a', '1-', '1--2', '3;4', '1-5:0']) assert.equal(parseRanges(text), null);
  const some = Array.from({ length: 300 }, (_, i) => (i * i) % 601);
  const sorted = [...new Set(some)].sort((a, b) => a - b);
  assert.deepEqual(parseRanges(rangesText(some)), sorted);
});

test('arrays stay below MaxArraySize, their indices too', () => {
  const all = (n: number) => Array.from({ length: n }, (_, i) => i);
  assert.deepEqual(arrayChunks([], 1001), []);
  assert.deepEqual(arrayChunks([0, 2, 1000], 1001), [{ offset: 0, elements: [0, 2, 1000] }]);
  assert.deepEqual(arrayChunks([1000, 1001, 1500], 1001), [
    { offset: 0, elements: [1000] },
    { offset: 1001, elements: [0, 499] },
  ]);
  // One task far behind needs an offset of its own, not an array of all before it.
  assert.deepEqual(arrayChunks([5000], 1001), [{ offset: 5000, elements: [0] }]);
  const chunks = arrayChunks(all(2500), 1001);
  assert.deepEqual(
    chunks.map(({ elements }) => elements.length),
    [1001, 1001, 498],
  );
  const back = chunks.flatMap(({ offset, elements }) => elements.map((e) => offset + e));
  assert.deepEqual(back, all(2500));
  for (const { elements } of chunks) assert.ok(Math.max(...elements) < 1001);
  // The text of one array is one argument, which Linux limits to 128 KiB.
  const sparse = all(40_000).map((i) => 2 * i);
  for (const { elements } of arrayChunks(sparse, 4_000_001))
    assert.ok(arrayText(elements, 9).length < 100_000);
});
