import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { SweepBoard } from '#src/cli/sweep-board.js';
import type { SweepTask } from '#src/sweep/tasks.js';
import { scratch } from './cli.js';

/** Three tasks, the first of them half done. */
function prepare(t: TestContext) {
  const sweep = scratch(t);
  const tasks = [0, 1, 2].map(
    (index): SweepTask => ({
      ...{ index, name: `g2-seed${index}`, task: 'lm', run: `runs/${index}` },
      ...{ hash: 'a', seed: index, args: [] },
    }),
  );
  for (const { run } of tasks) nodeFs.mkdirSync(path.join(sweep, run), { recursive: true });
  const reach = (index: number, share: number) =>
    nodeFs.writeFileSync(
      path.join(sweep, `runs/${index}/progress.json`),
      JSON.stringify({ epoch: 3, epochs: 4, step: 1, share, secondsLeft: 75, at: '' }),
    );
  reach(0, 0.5);
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  return { sweep, tasks, reach, write, read: () => text };
}

test('on a terminal the table is drawn over itself, and lines go above it', (t) => {
  const { sweep, tasks, write, read } = prepare(t);
  const stream = { write, isTTY: true, columns: 60, rows: 24 };
  const board = new SweepBoard({ sweep, tasks, stream });
  t.after(() => board.close());
  board.started(tasks[0]!);
  board.started(tasks[1]!);
  board.say('hello');
  assert.match(
    read(),
    /^hello\ntask +run +state +done +left\n +0 +g2-seed0 +epoch 3\/4 +50 % +1 min 15 s\n +1 +g2-seed1 +begins\n2 running, 0 of 3 ended\n$/,
  );
  board.ended(tasks[0]!, 'failed: the disk is full', 61);
  const after = read();
  // four lines up, all below cleared
  assert.ok(
    after.includes(
      '\x1b[4A\x1b[Jtask 0 g2-seed0: failed: the disk is full (1 min 01 s; 1 of 3 ended)\n',
    ),
  );
  assert.match(after, /1 running, 1 of 3 ended, 1 failed, about \d+ s left\n$/);
  board.close();
  assert.ok(read().endsWith('\x1b[3A\x1b[J'), 'the table goes');
  for (const line of read().split('\n')) assert.ok(line.length < 200);
});

test('elsewhere plain lines: starts, ends, and now and then how far it is', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { sweep, tasks, reach, write, read } = prepare(t);
  const board = new SweepBoard({ sweep, tasks, stream: { write }, every: 60 });
  board.started(tasks[0]!);
  reach(0, 0.75);
  t.mock.timers.tick(60_000);
  board.ended(tasks[0]!, 'finished', 5);
  board.close();
  assert.match(
    read(),
    /^task 0 g2-seed0: started\n1 running, 0 of 3 ended, about .* left: 0 at 75 %\ntask 0 g2-seed0: finished \(5 s; 1 of 3 ended\)\n$/,
  );
  assert.ok(!read().includes('\x1b'));
});

test('silent it writes nothing', (t) => {
  const { sweep, tasks, write, read } = prepare(t);
  const board = new SweepBoard({ sweep, tasks, stream: { write, isTTY: true }, silent: true });
  board.started(tasks[0]!);
  board.ended(tasks[0]!, 'finished', 5);
  board.close();
  assert.equal(read(), '');
});
