import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { apart, type RunState, TIMES_FILE, withTimes } from '#src/runs/train-state.js';

const state = {
  position: { epoch: 2, step: 30, epochTokens: 5 },
  curve: [1, 2].map((epoch) => ({ epoch, learningRate: 1, seconds: 10 * epoch })),
  best: { epoch: 2, validPerplexity: 9 },
  seconds: 33.5,
  epochSeconds: 3.5,
} as unknown as RunState;

const folderWith = (t: { after: (f: () => void) => void }, times: unknown): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'g2-times-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (times !== undefined)
    writeFileSync(
      path.join(folder, TIMES_FILE),
      typeof times === 'string' ? times : JSON.stringify(times),
    );
  return folder;
};

test('state and times come apart and together again', (t) => {
  const { timeless, times } = apart(state);
  assert.doesNotMatch(JSON.stringify(timeless), /seconds/i);
  assert.deepEqual(times, { seconds: 33.5, epochSeconds: 3.5, epochs: [10, 20] });
  assert.deepEqual(withTimes(timeless, folderWith(t, times)), state);
});

test('a checkpoint of an earlier version keeps its own times', (t) => {
  const folder = folderWith(t, { seconds: 1, epochSeconds: 1, epochs: [1, 1] });
  assert.equal(withTimes(state, folder), state);
});

test('without times, or with broken ones, a run goes on from zero', (t) => {
  const { timeless } = apart(state);
  const damaged = [undefined, '{"seconds":', 'null', { seconds: 'x', epochs: 3 }, { seconds: -1 }];
  for (const times of damaged) {
    const { seconds, epochSeconds, curve } = withTimes(timeless, folderWith(t, times));
    assert.deepEqual([seconds, epochSeconds], [0, 0]);
    assert.deepEqual(
      curve.map((point) => point.seconds),
      [0, 0],
    );
  }
});

test('back at an earlier checkpoint: its epochs, all seconds, an epoch under way that begins anew', (t) => {
  const { timeless, times } = apart(state);
  const folder = folderWith(t, times);
  const earlier = { ...timeless, curve: timeless.curve.slice(0, 1) };
  const { seconds, epochSeconds, curve } = withTimes(earlier, folder);
  assert.deepEqual([seconds, epochSeconds, curve.length, curve[0]!.seconds], [33.5, 0, 1, 10]);
});
