import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { shouldAverage } from '#src/optim/averaged-sgd.js';

const { cases } = JSON.parse(readFileSync('tests/vectors/nn/ntasgd_trigger.json', 'utf8')) as {
  cases: { val_losses: number[]; nonmono: number; triggered_at_epoch_index: number | null }[];
};

/** Index of the first epoch at which the trigger fires. */
function firstTrigger(losses: readonly number[], nonmonotone: number): number | null {
  const at = losses.findIndex((loss, i) => shouldAverage(losses.slice(0, i), loss, nonmonotone));
  return at < 0 ? null : at;
}

describe('shouldAverage', () => {
  cases.forEach((c, n) => {
    test(`fires where the published code does, case ${n}`, () => {
      assert.equal(firstTrigger(c.val_losses, c.nonmono), c.triggered_at_epoch_index);
    });
  });

  const table: [string, number[], number, number | null][] = [
    ['never while it improves', [9, 8, 7, 6, 5, 4, 3], 2, null],
    ['not when equal to the best', [5, 5, 5, 5, 5], 1, null],
    ['not before n + 1 epochs lie behind', [1, 9, 9, 9], 3, null],
    ['at once then', [1, 9, 9, 9, 9], 3, 4],
    ['the best of the last n epochs does not count', [9, 8, 3, 4], 2, null],
    ['n = 1: worse than the best but the last', [5, 4, 4.5, 4.2, 4.1], 1, 3],
  ];
  for (const [name, losses, n, want] of table)
    test(name, () => assert.equal(firstTrigger(losses, n), want));
});
