import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  predictedTokens,
  streams,
  window,
  windowCount,
  windows,
} from '#src/text/language-model-batches.js';

const text = (n: number) => Int32Array.from({ length: n }, (_, i) => 100 + i);

test('streams are contiguous pieces, time-major, without the remainder', () => {
  const s = streams(text(11), 3);
  assert.equal(s.length, 3);
  assert.deepEqual([...s.ids], [100, 103, 106, 101, 104, 107, 102, 105, 108]);
});

test('windows predict every word but the first of each stream once, in order', () => {
  for (const [n, batch, bptt] of [
    [11, 3, 1],
    [100, 4, 7],
    [97, 1, 35],
    [64, 8, 100],
    [22, 2, 5],
  ] as const) {
    const s = streams(text(n), batch);
    const inputs: number[][] = Array.from({ length: batch }, () => []);
    const targets: number[][] = Array.from({ length: batch }, () => []);
    let count = 0;
    for (const { x, y, T, start } of windows(s, bptt)) {
      assert.equal(start, count * bptt);
      assert.equal(x.length, T * batch);
      assert.equal(y.length, T * batch);
      count++;
      assert.ok(count === windowCount(s, bptt) ? T <= bptt && T > 0 : T === bptt);
      for (let i = 0; i < x.length; i++) {
        inputs[i % batch]!.push(x[i]!);
        targets[i % batch]!.push(y[i]!);
      }
    }
    assert.equal(count, windowCount(s, bptt));
    assert.equal(targets.flat().length, predictedTokens(s));
    for (let b = 0; b < batch; b++) {
      const piece = [...text(n)].slice(b * s.length, (b + 1) * s.length);
      assert.deepEqual(inputs[b], piece.slice(0, -1));
      assert.deepEqual(targets[b], piece.slice(1));
    }
  }
});

test('random access: a window does not depend on the ones before, nor share memory', () => {
  const s = streams(text(50), 2);
  const all = [...windows(s, 10)];
  assert.deepEqual(window(s, 20, 10), all[2]);
  assert.deepEqual([...windows(s, 10, 10)], all.slice(1));
  window(s, 0, 10).x.fill(0);
  assert.deepEqual(window(s, 0, 10), all[0]);
});

test('errors say what to do', () => {
  assert.throws(() => streams(text(5), 3), { name: 'UserError', message: /5 tokens.*at most 2/ });
  assert.throws(() => streams(text(5), 0), /batch must be/);
  const s = streams(text(10), 2);
  assert.throws(() => window(s, 4, 3), RangeError);
  assert.throws(() => windowCount(s, 1.5), /bptt must be/);
});
