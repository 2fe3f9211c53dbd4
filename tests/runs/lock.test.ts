import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from '#src/host.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { awaitVerdict, InUse, type LockRecord, lockRecord, takeLock } from '#src/runs/lock.js';
import { BEAT_SECONDS, isLocal, ownRecord, STALE_SECONDS } from '#src/runs/lock-record.js';
import { scratch } from './helpers.js';

/** A lock as a process elsewhere would have left it, its last sign of life so many seconds ago. */
function left(t: TestContext, seconds: number, changes: Partial<LockRecord> = {}): string {
  const file = path.join(scratch(t), 'run.lock');
  const record = { ...ownRecord(), host: 'elsewhere', pid: 4711, ...changes };
  nodeFs.writeFileSync(file, `${JSON.stringify(record)}\n`);
  const then = Date.now() / 1000 - seconds;
  nodeFs.utimesSync(file, then, then);
  return file;
}

test('a process of another host: its lock stands while it gives signs of life', (t) => {
  const fresh = left(t, STALE_SECONDS - 30);
  assert.throws(() => takeLock(fresh), /in use by process 4711 on elsewhere.*\n.*wait 10 minutes/);
  assert.equal(lockRecord(fresh)?.host, 'elsewhere');
  const stale = left(t, STALE_SECONDS + 30);
  assert.equal(lockRecord(stale), null);
  const lock = takeLock(stale);
  assert.equal(lockRecord(stale)?.pid, process.pid);
  lock.release();
  assert.deepEqual(nodeFs.readdirSync(path.dirname(stale)), []);
});

test('a lock of before there were signs of life is never taken from another host', (t) => {
  assert.throws(() => takeLock(left(t, 1e6, { beat: null })), InUse);
});

test('another container of the same host name is another place, a machine booted anew is not', (t) => {
  const own = ownRecord();
  if (own.space === null) return t.skip('no namespaces here');
  const [boot] = own.space.split(':pid:');
  assert.equal(isLocal({ ...own, pid: 999_999_999 }), true);
  assert.equal(isLocal({ ...own, space: `${boot}:pid:[1]` }), false);
  assert.equal(isLocal({ ...own, space: null }), true);
  const first = 'pid:[4026531836]';
  if (own.space.endsWith(first)) assert.equal(isLocal({ ...own, space: `other:${first}` }), true);
  const file = left(t, 5, { host: os.hostname(), pid: 999_999_999, space: `${boot}:pid:[1]` });
  assert.throws(() => takeLock(file), InUse);
});

test('waiting for a verdict: touched meanwhile it lives, silent for ten minutes it is gone', async (t) => {
  const file = left(t, STALE_SECONDS - 50);
  let said = '';
  const wait = awaitVerdict(file, {
    every: 20,
    say: (text) => {
      said += text;
    },
  });
  await sleep(60);
  nodeFs.utimesSync(file, new Date(), new Date());
  await wait;
  assert.match(
    said,
    /held by process 4711 on elsewhere: waiting for a sign of life, 1 min at most/,
  );
  assert.throws(() => takeLock(file), InUse);

  const dying = left(t, STALE_SECONDS - 0.15);
  await awaitVerdict(dying, { every: 20 });
  takeLock(dying).release();
});

test('waiting ends at once for a holder that a batch system knows to be gone, and when asked to stop', async (t) => {
  const file = left(t, 5, { job: '12_3' });
  const asked: (string | null)[] = [];
  await awaitVerdict(file, {
    gone: async ({ job }) => {
      asked.push(job);
      return true;
    },
  });
  assert.deepEqual(asked, ['12_3']);
  takeLock(file).release();

  const stop = new StopFlag();
  stop.request('SIGTERM');
  await assert.rejects(awaitVerdict(left(t, 5), { every: 10, stop }), Interrupted);
});

test('a held lock gives signs of life, and notices that it was taken over', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const file = path.join(scratch(t), 'run.lock');
  const lock = takeLock(file);
  const old = new Date(1_700_000_000_000);
  nodeFs.utimesSync(file, old, old);
  const text = nodeFs.readFileSync(file, 'utf8');
  t.mock.timers.tick(BEAT_SECONDS * 1000);
  assert.ok(Date.now() - nodeFs.statSync(file).mtimeMs < 60_000);
  assert.equal(nodeFs.readFileSync(file, 'utf8'), text);
  lock.check();

  // Another process took it over while this one stood still: neither file is touched any more.
  nodeFs.rmSync(file);
  nodeFs.writeFileSync(file, JSON.stringify({ ...ownRecord(), host: 'thief', pid: 1 }));
  nodeFs.utimesSync(file, old, old);
  t.mock.timers.tick(BEAT_SECONDS * 1000);
  assert.equal(nodeFs.statSync(file).mtimeMs, old.getTime());
  assert.throws(() => lock.check(), /taken over by process 1 on thief/);
  lock.release();
  assert.ok(nodeFs.existsSync(file));
});

test('what Slurm calls the job stands in the lock', () => {
  const array = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '2', SLURM_JOB_ID: '9' };
  assert.equal(ownRecord(array).job, '7_2');
  assert.equal(ownRecord({ SLURM_JOB_ID: '9' }).job, '9');
  assert.equal(ownRecord({}).job, null);
});
