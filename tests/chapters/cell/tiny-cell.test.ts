import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preactivations, tinyCell } from '#src/chapters/cell/tiny-cell.js';
import { UserError } from '#src/errors.js';

test('a cell has the shapes it says, two decimals, and one vector a word', () => {
  const cell = tinyCell('a b  a', { hidden: 2, input: 5, seed: 3 });
  assert.deepEqual(cell.words, ['a', 'b', 'a']);
  const { wx, wh, b } = cell.weights;
  assert.deepEqual([wx.length, wh.length, b.length], [5, 2, 8]);
  assert.ok([...wx, ...wh].every((row) => row.length === 8));
  assert.equal(cell.x[0], cell.x[2]);
  assert.notDeepEqual(cell.x[0], cell.x[1]);
  for (const value of [...wx, ...wh, b, ...cell.x].flat())
    assert.equal(Math.round(value * 100) / 100, value);
});

test('the seed decides the weights', () => {
  assert.deepEqual(tinyCell('a b', { seed: 3 }), tinyCell('a b', { seed: 3 }));
  assert.notDeepEqual(tinyCell('a b', { seed: 3 }).weights, tinyCell('a b', { seed: 4 }).weights);
});

test('pre-activations of a cell computed by hand', () => {
  const cell = {
    words: ['a'],
    hidden: 1,
    x: [[2, -1]],
    weights: {
      wx: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      wh: [[10, 20, 30, 40]],
      b: [0.5, 0, 0, -1],
    },
  };
  // f: 2*1 - 1*5 + 0.1*10 + 0.5
  assert.deepEqual(preactivations(cell, 0, [0.1]), { f: [-1.5], i: [0], o: [2], g: [3] });
  assert.throws(() => preactivations(cell, 1, [0]), RangeError);
});

test('what has no meaning is refused', () => {
  assert.throws(() => tinyCell('  '), UserError);
  assert.throws(() => tinyCell('a', { hidden: 0 }), /hidden/);
  assert.throws(() => tinyCell('a', { input: 1.5 }), /input/);
});
