import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatRate, Progress, RateEstimate } from '#src/terminal/progress.js';

test('durations and rates in words', () => {
  const durations: [number, string][] = [
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [200, '3 min 20 s'],
    [3599.7, '1 h 00 min'],
    [3900, '1 h 05 min'],
    [86_399, '1 d 0 h'],
    [183_600, '2 d 3 h'],
    [Number.NaN, '?'],
    [-1, '?'],
  ];
  for (const [seconds, words] of durations) assert.equal(formatDuration(seconds), words);
  assert.deepEqual([0.5, 8.312, 942.4, 9999, 12_400, 999_400, 999_600, 3.1e6].map(formatRate), [
    '0.500',
    '8.31',
    '942',
    '9999',
    '12.4k',
    '999k',
    '1.00M',
    '3.10M',
  ]);
});

test('the rate is unknown, then steady, then follows a change', () => {
  const rate = new RateEstimate(10);
  assert.equal(rate.perSecond, null);
  rate.add(0, 500);
  assert.equal(rate.left(1000), null);
  for (let i = 1; i <= 100; i++) rate.add(i / 10, 500 + i * 10);
  assert.ok(Math.abs(rate.perSecond! - 100) < 1e-6);
  assert.ok(Math.abs(rate.left(2500)! - 10) < 1e-6);
  for (let i = 1; i <= 300; i++) rate.add(10 + i / 10, 1500 + i);
  assert.ok(Math.abs(rate.perSecond! - 10) < 0.5, String(rate.perSecond));
  assert.equal(rate.left(100), 0);
});

function setUp(isTTY: boolean, silent = false) {
  const state = { clock: 0, text: '' };
  const write = (text: string) => {
    state.text += text;
  };
  const progress = new Progress({
    label: 'train',
    total: 1000,
    every: 10,
    silent,
    stream: { isTTY, columns: 30, write },
    now: () => state.clock,
  });
  return { state, progress };
}

test('without a terminal: a plain line at most every ten seconds', () => {
  const { state, progress } = setUp(false);
  for (let second = 1; second <= 25; second++) {
    state.clock = second;
    progress.update(second * 10, `loss ${second}`);
  }
  progress.finish('valid 100');
  assert.deepEqual(state.text.split('\n'), [
    'train   10 %  10.0 tokens/s  1 min 30 s left  loss 10',
    'train   20 %  10.0 tokens/s  1 min 20 s left  loss 20',
    'train  25 s  valid 100',
    '',
  ]);
});

test('on a terminal: one line, rewritten, never wider than it', () => {
  const { state, progress } = setUp(true);
  for (let i = 1; i <= 100; i++) {
    state.clock = i / 100;
    progress.update(i, 'a note that is much too long for this terminal');
  }
  const lines = state.text.split('\r').slice(1);
  assert.ok(lines.length <= 11 && lines.length >= 9, String(lines.length));
  assert.ok(lines.every((line) => line.replace('\x1b[K', '').length < 30));
  assert.ok(!state.text.includes('\n'));
  progress.message('epoch 1');
  assert.ok(state.text.endsWith('\r\x1b[Kepoch 1\n'));
});

test('silent writes nothing', () => {
  const { state, progress } = setUp(true, true);
  state.clock = 5;
  progress.update(100);
  progress.message('hello');
  progress.finish();
  assert.equal(state.text, '');
  assert.equal(progress.perSecond, 20);
});
