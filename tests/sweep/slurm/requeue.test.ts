import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requeueAtTimeLimit, timeoutsOf } from '#src/sweep/slurm/requeue.js';
import { fakeSlurmHere } from './fake-slurm.js';

test('requeue at the time limit, so many times', async (t) => {
  const fake = fakeSlurmHere(t, { scontrol: 'true' });
  const env = { SLURM_JOB_ID: '130', SLURM_ARRAY_JOB_ID: '123', SLURM_ARRAY_TASK_ID: '4' };
  const requeue = (timeouts: number, other: NodeJS.ProcessEnv = env) =>
    requeueAtTimeLimit({ timeouts, maxTimeouts: 2, env: other });
  assert.match(await requeue(0), /job 123_4 was put back into the queue \(1 of at most 2 times\)/);
  assert.match(await requeue(1), /\(2 of at most 2 times\)/);
  assert.match(await requeue(2), /--max-timeouts is 2: not put back/);
  assert.deepEqual(fake.calls(), ['scontrol requeue 123_4', 'scontrol requeue 123_4']);
  assert.match(await requeue(0, { SLURM_JOB_ID: '9' }), /job 9 was put back/);
  assert.match(await requeue(0, {}), /no Slurm job/);
  fake.set('scontrol', 'echo "Job is pending execution for 123_4" >&2; exit 1');
  assert.match(await requeue(0), /was put back/);
  fake.set('scontrol', 'echo "slurm_requeue error: Access denied" >&2; exit 1');
  assert.match(await requeue(0), /refused: Access denied; the same g2lstm sweep command/);
});

test('turns that count: the same job and task, ended at the time limit', () => {
  const attempt = (job: string | null, task: number | null, reason: string) => ({
    ...{ host: 'n1', pid: 1, job, task, restart: 0, start: '', end: '' },
    reason: reason as 'finished',
  });
  const own = attempt('123', 4, 'checkpointed after USR1');
  const attempts = [
    attempt('99', 4, 'checkpointed after USR1'),
    attempt('123', 5, 'checkpointed after USR1'),
    attempt('123', 4, 'checkpointed after TERM'),
    attempt('123', 4, 'ended without a word: killed?'),
    attempt('123', 4, 'checkpointed after USR1'),
    own,
  ];
  assert.equal(timeoutsOf(attempts, own), 2);
});
