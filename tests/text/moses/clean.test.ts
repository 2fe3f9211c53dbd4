import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanPairs } from '#src/text/moses/clean.js';

const words = (n: number): string => Array.from({ length: n }, (_, i) => `w${i}`).join(' ');

test('pairs go for the first reason that applies; the others keep their line numbers', () => {
  const pairs: [string, string][] = [
    ['a b', 'c d'],
    ['', 'c'],
    [' \t', 'c'],
    [words(176), words(176)],
    [words(175), words(175)],
    [words(6), words(4)], // ratio 1.5 exactly: stays
    [words(7), words(4)],
    [words(4), words(7)],
    ['x'.repeat(1001), 'y'],
    ['x'.repeat(1000), 'y'],
    ['😀'.repeat(1000), 'y'], // characters, not UTF-16 units
    ['  a   b ', 'c\u00a0d'],
  ];
  const cleaned = cleanPairs(
    pairs.map(([s]) => s),
    pairs.map(([, t]) => t),
  );
  assert.deepEqual(cleaned.lines, [1, 5, 6, 10, 11, 12]);
  assert.deepEqual(cleaned.dropped, { empty: 2, short: 0, long: 1, ratio: 2, word: 1 });
  assert.deepEqual([cleaned.source.at(-1), cleaned.target.at(-1)], ['a b', 'c d']);
});

test('limits', () => {
  const source = ['a', 'a b', 'a b c'];
  const target = ['x', 'x y', 'x y z'];
  assert.deepEqual(cleanPairs(source, target, { min: 2 }).lines, [2, 3]);
  assert.deepEqual(cleanPairs(source, target, { max: 2 }).lines, [1, 2]);
  assert.deepEqual(cleanPairs(source, ['x y', 'x', 'x'], { ratio: 2 }).lines, [1, 2]);
});

test('sides of unequal length are named', () => {
  const names = ['train.de', 'train.en'] as const;
  assert.throws(() => cleanPairs(['a', 'b'], ['x'], { names }), {
    name: 'UserError',
    message: /^train\.en ends after line 1, train\.de goes on/,
  });
  assert.throws(() => cleanPairs(['a'], ['x', 'y', 'z'], { names }), {
    message: /^train\.de ends after line 1, train\.en goes on/,
  });
});
