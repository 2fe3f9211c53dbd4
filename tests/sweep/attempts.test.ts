import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import {
  type Attempt,
  beginAttempt,
  concludeAttempts,
  endAttempt,
  KILLED,
  lastAttempt,
  readAttempts,
} from '#src/sweep/attempts.js';
import { scratch } from '../runs/helpers.js';

const reasons = (folder: string) => readAttempts(folder).map(({ reason }) => reason);

/** An attempt of a process that is not there. */
const dead: Attempt = {
  ...{ host: os.hostname(), pid: 999_999_999, job: null, task: null, restart: 0 },
  ...{ start: '2026-01-01T00:00:00.000Z', end: null, reason: 'running' },
};

test('a start and its end are one attempt, whoever and wherever it was', (t) => {
  const folder = path.join(scratch(t), 'run');
  assert.deepEqual(readAttempts(folder), []);
  const slurm = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '3', SLURM_JOB_ID: '9' };
  const begun = beginAttempt(folder, { ...slurm, SLURM_RESTART_COUNT: '2' });
  assert.deepEqual(
    { job: begun.job, task: begun.task, restart: begun.restart },
    { job: '7', task: 3, restart: 2 },
  );
  assert.deepEqual(readAttempts(folder), [begun]);
  assert.equal(begun.end, null);
  const ended = endAttempt(folder, begun, 'finished');
  assert.deepEqual(readAttempts(folder), [ended]);
  assert.ok(Date.parse(ended.end!) >= Date.parse(ended.start));
  const alone = beginAttempt(folder, { SLURM_JOB_ID: '9' });
  assert.deepEqual([alone.job, alone.task, alone.restart], ['9', null, 0]);
});

test('a line cut short by kill -9 hides no other one', (t) => {
  const folder = scratch(t);
  endAttempt(folder, beginAttempt(folder, {}), 'checkpointed after TERM');
  nodeFs.appendFileSync(path.join(folder, 'attempts.jsonl'), '{"host":"a","pid":1,"sta');
  // Not a second start of this process: in the same millisecond it would be the same attempt.
  endAttempt(folder, dead, 'finished');
  assert.deepEqual(reasons(folder).slice(0, 1), ['checkpointed after TERM']);
  assert.equal(reasons(folder).at(-1), 'finished');
});

test('the next start says of a process that is gone that it ended without a word', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'attempts.jsonl');
  // In a container the process before had the number of this one.
  const sameNumber = { ...dead, pid: process.pid };
  const other = { ...dead, host: 'elsewhere', pid: process.ppid };
  // A process of this machine that lives: its run is being prepared.
  const living = { ...dead, pid: process.ppid };
  const lines = [dead, sameNumber, other, living].map((one) => `${JSON.stringify(one)}\n`);
  nodeFs.writeFileSync(file, lines.join(''));
  const own = beginAttempt(folder, {});
  concludeAttempts(folder, own);
  assert.deepEqual(reasons(folder), [KILLED, KILLED, KILLED, 'running', 'running']);
  assert.equal(readAttempts(folder)[0]!.end, null);
});

test('who was refused says nothing of how far the run is', (t) => {
  const folder = scratch(t);
  assert.equal(lastAttempt(folder), null);
  nodeFs.writeFileSync(path.join(folder, 'attempts.jsonl'), `${JSON.stringify(dead)}\n`);
  endAttempt(folder, beginAttempt(folder, {}), 'refused: in use by process 1');
  assert.equal(lastAttempt(folder)!.pid, dead.pid);
});
