import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropoutMasks } from '#src/chapters/language-model/dropout-masks.js';

test('locked masks stand still, ordinary ones do not; both drop about p', () => {
  const { locked, ordinary } = dropoutMasks({ p: 0.25, units: 400, steps: 20, seed: 2 });
  assert.deepEqual([locked.length, locked[0]!.length], [400, 20]);
  for (const row of locked) assert.equal(new Set(row).size, 1);
  assert.ok(ordinary.some((row) => new Set(row).size === 2));
  for (const [mask, n] of [
    [locked.map((row) => row[0]!), 400],
    [ordinary.flat(), 8000],
  ] as const) {
    const kept = mask.filter((m) => m !== 0);
    assert.ok(kept.every((m) => Math.abs(m - 4 / 3) < 1e-6));
    assert.ok(Math.abs(1 - kept.length / n - 0.25) < 4 * Math.sqrt(0.1875 / n));
  }
});
