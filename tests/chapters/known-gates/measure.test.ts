import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaUnderCurve, carriersOf, explained } from '#src/chapters/known-gates/measure.js';
import type { Sequence } from '#src/chapters/known-gates/tasks/task.js';

test('the area under the curve counts pairs, ties half', () => {
  assert.equal(areaUnderCurve([3, 4], [1, 2]), 1);
  assert.equal(areaUnderCurve([1], [2, 3]), 0);
  assert.equal(areaUnderCurve([2, 2], [2]), 0.5);
  assert.equal(areaUnderCurve([1, 3], [2, 2]), 0.5);
});

test('a unit whose cell is the value explains it all, one that is not nothing', () => {
  const carried = [0, 1, 0, 1];
  const list = carried.map((value): Sequence => {
    const known = { carried: value, at: 1, forget: [], input: [] };
    return { input: [0, 0], target: [0, 0], known };
  });
  const [T, B, H] = [2, 4, 2];
  const c = new Float32Array(T * B * H);
  carried.forEach((value, b) => {
    c[(B + b) * H] = b < 2 ? 1 : 2; // has nothing to do with the value
    c[(B + b) * H + 1] = 5 - 2 * value;
  });
  const gates = { T, B, H, c, f: c, i: c };
  assert.deepEqual(explained(gates, list), [0, 1]);
  assert.deepEqual(carriersOf(gates, list), [1, 0]);
});
