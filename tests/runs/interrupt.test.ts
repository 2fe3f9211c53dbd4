import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { StopFlag, stopOnSignals } from '#src/runs/interrupt.js';

test('a flag is set once, polled, and cleared', async () => {
  const flag = new StopFlag();
  assert.equal(await flag.poll(), false);
  setImmediate(() => flag.request());
  await flag.poll();
  assert.equal(await flag.poll(), true);
  flag.request('later');
  assert.equal(flag.reason, 'request');
  flag.clear();
  assert.equal(flag.requested, false);
});

test('the first signal asks, the second ends the process with its status', () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const source = new EventEmitter();
    const codes: number[] = [];
    const heard: string[] = [];
    const flag = new StopFlag();
    const dispose = stopOnSignals(flag, {
      signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
      source,
      exit: (code) => codes.push(code),
      onStop: (name) => heard.push(name),
    });
    source.emit(signal);
    assert.deepEqual([flag.reason, heard, codes], [signal, [signal], []]);
    source.emit(signal);
    assert.deepEqual([heard, codes], [[signal], [status]]);
    dispose();
    assert.deepEqual(source.eventNames(), []);
  }
});

test('a real signal reaches the flag', { skip: process.platform === 'win32' }, async () => {
  const flag = new StopFlag();
  const dispose = stopOnSignals(flag);
  process.kill(process.pid, 'SIGTERM');
  while (!(await flag.poll()));
  assert.equal(flag.reason, 'SIGTERM');
  dispose();
});
