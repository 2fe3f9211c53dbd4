import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { takeLock } from '#src/runs/lock.js';
import { ownRecord } from '#src/runs/lock-record.js';
import { beginAttempt, endAttempt } from '#src/sweep/attempts.js';
import { askQueues, cancelQueues } from '#src/sweep/queue.js';
import { countStates, sweepStatus } from '#src/sweep/status.js';
import { type SweepTask, taskFolder } from '#src/sweep/tasks.js';
import { scratch } from '../runs/helpers.js';
import { finishTask, makeSweep } from './made-sweep.js';

test('every state, with how far it is and one sentence why', async (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  const tasks = makeSweep(sweep, 'algorithms: g2\nseeds: 6');
  const begin = (task: SweepTask): string => {
    const folder = taskFolder(sweep, task);
    nodeFs.mkdirSync(folder, { recursive: true });
    nodeFs.writeFileSync(path.join(folder, 'config.json'), '{}');
    return folder;
  };
  const [finished, running, stopped, failed, killed] = tasks as [
    ...[SweepTask, SweepTask, SweepTask, SweepTask, SweepTask],
  ];
  finishTask(sweep, finished, { testPerplexity: 100 });
  const lock = takeLock(path.join(begin(running), 'run.lock'));
  const progress = { epoch: 2, epochs: 4, step: 10, share: 0.375, secondsLeft: 90, at: '' };
  nodeFs.writeFileSync(
    path.join(taskFolder(sweep, running), 'progress.json'),
    JSON.stringify(progress),
  );
  const folder = begin(stopped);
  endAttempt(folder, beginAttempt(folder, {}), 'checkpointed after USR1');
  endAttempt(
    begin(failed),
    beginAttempt(taskFolder(sweep, failed), {}),
    'failed: the disk is full',
  );
  beginAttempt(begin(killed), {});

  const words = new Map([
    [5, 'waits for a free node'],
    [0, 'never shown'],
  ]);
  const status = sweepStatus(sweep, { words });
  assert.deepEqual(
    status.map(({ state, share, secondsLeft }) => [state, share, secondsLeft]),
    [
      ['finished', 1, null],
      ['running', 0.375, 90],
      ['begun', 0, null],
      ['failed', 0, null],
      ['begun', 0, null],
      ['to do', 0, null],
    ],
  );
  assert.equal(status[0]!.why, '');
  assert.match(status[1]!.why, new RegExp(`^process ${process.pid} on `));
  assert.match(
    status[2]!.why,
    /^checkpointed after USR1 \(.*\); it goes on when it is started again$/,
  );
  assert.equal(status[3]!.why, 'the disk is full');
  assert.match(status[4]!.why, /ended without a word: killed, out of memory/);
  assert.equal(status[5]!.why, 'waits for a free node');
  assert.deepEqual(countStates(status), {
    ...{ finished: 1, running: 1, begun: 2, failed: 1, 'to do': 1 },
  });
  lock.release();
  assert.equal(sweepStatus(sweep)[1]!.state, 'begun');
});

test('the words of several queues together', async () => {
  const queue = (index: number, text: string) => ({
    ask: async () => ({
      words: new Map([[index, text]]),
      ended: ({ pid }: { pid: number }) => pid === index,
      notes: [`note ${text}`],
    }),
    cancel: async () => ({ lines: [text], complete: index > 0, took: () => false }),
  });
  const queues = [queue(0, 'a'), queue(1, 'b')];
  const { words, ended, notes } = await askQueues(queues, 'sweep');
  assert.deepEqual(
    [...words],
    [
      [0, 'a'],
      [1, 'b'],
    ],
  );
  assert.deepEqual(notes, ['note a', 'note b']);
  const holder = (pid: number) => ({ ...ownRecord(), pid });
  assert.deepEqual([0, 1, 2].map(holder).map(ended), [true, true, false]);
  const { lines, complete } = await cancelQueues(queues, 'sweep');
  assert.deepEqual([lines, complete], [['a', 'b'], false]);
});
