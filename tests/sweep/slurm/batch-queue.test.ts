import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ownRecord } from '#src/runs/lock-record.js';
import { slurmQueue } from '#src/sweep/slurm/batch-queue.js';
import { slurmHolderGone } from '#src/sweep/slurm/holder.js';
import { submit } from '#src/sweep/slurm/submission.js';
import { taskState } from '#src/sweep/tasks.js';
import { fakeSlurmHere, request, sweepFolder, TAKING } from './fake-slurm.js';

test('cancel: the live jobs of this sweep only, the report too', async (t) => {
  const sweep = sweepFolder(t);
  const fake = fakeSlurmHere(t, {
    sbatch: TAKING,
    scontrol: 'exit 1',
    scancel: 'exit 0',
    squeue: 'echo "100_0|RUNNING|None"; echo "101|PENDING|Dependency"; echo "7_0|RUNNING|None"',
  });
  const cancel = () => slurmQueue().cancel(sweep);
  assert.deepEqual((await cancel()).lines, []);
  await submit(request(sweep, [0]));
  const { lines, complete, took } = await cancel();
  assert.deepEqual([lines, complete], [['cancelled in Slurm: job 100, job 101'], true]);
  assert.ok(fake.calls().includes('scancel 100 101'));
  assert.ok(took({ ...ownRecord(), job: '100_0' }));
  for (const job of ['7_0', null]) assert.ok(!took({ ...ownRecord(), job }));
  fake.set(
    'scancel',
    'echo "scancel: error: Kill job error on job id 100: Access denied" >&2; exit 1',
  );
  assert.match((await cancel()).lines.join(), /^scancel refused: Kill job error/);
  fake.set('squeue', 'true');
  assert.deepEqual((await cancel()).lines, []);
  fake.set('squeue', 'echo "squeue: error: no" >&2; exit 1');
  const silent = await cancel();
  assert.match(silent.lines.join(), /^squeue failed: no: jobs in its queue were not cancelled/);
  assert.equal(silent.complete, false);
});

test('what the queue says of tasks, in sentences', async (t) => {
  const sweep = sweepFolder(t);
  const fake = fakeSlurmHere(t, { sbatch: TAKING, scontrol: 'exit 1', squeue: 'cat "$FAKE/out"' });
  assert.deepEqual((await slurmQueue().ask(sweep)).notes, []);
  assert.deepEqual(fake.calls(), [], 'no question about a sweep that Slurm never got');
  await submit(request(sweep, [0, 1, 2]));
  fake.write('out', '100_0|RUNNING|None\n100_1|TIMEOUT|TimeLimit\n100_[2]|PENDING|Priority\n');
  const { words, ended } = await slurmQueue().ask(sweep);
  assert.deepEqual(
    [...words],
    [
      [0, 'Slurm job 100_0 runs'],
      [1, 'Slurm job 100_1 was ended at its time limit; the same command submits it again'],
      [2, 'Slurm job 100_2 waits behind jobs of higher priority'],
    ],
  );
  // A lock whose job the queue says has ended is nobody's; of other jobs it says nothing.
  const gone = (job: string | null) => ended({ ...ownRecord(), job });
  assert.deepEqual(['100_0', '100_1', '100_9', '7_0', null].map(gone), [
    ...[false, true, true],
    ...[false, false],
  ]);
  fake.set('squeue', 'exit 1');
  const silent = await slurmQueue().ask(sweep);
  assert.equal(silent.ended({ ...ownRecord(), job: '100_1' }), false);
  assert.deepEqual(silent.notes, ['squeue failed: no reason given']);
});

test('a holder on another machine: an earlier turn of the own job is gone, else the queue tells', async (t) => {
  const fake = fakeSlurmHere(t, {
    squeue: 'echo "50_1|RUNNING|None"; echo "50_2|TIMEOUT|TimeLimit"',
  });
  const env = { SLURM_ARRAY_JOB_ID: '60', SLURM_ARRAY_TASK_ID: '3' };
  const gone = slurmHolderGone({ env });
  const holder = (job: string | null) => ({ ...ownRecord(), host: 'another', job });
  assert.equal(await gone(holder(null)), false);
  assert.equal(await gone(holder('60_3')), true);
  assert.deepEqual(fake.calls(), []);
  assert.equal(await gone(holder('50_1')), false);
  assert.equal(await gone(holder('50_2')), true);
  assert.equal(await gone(holder('49_0')), true);
  assert.equal(fake.calls().length, 1, 'one question for all looks of half a minute');
  fake.set('squeue', 'exit 1');
  assert.equal(await slurmHolderGone({ env })(holder('49_0')), false, 'no answer says nothing');
});

test('a run whose lock is of a job that ended does not run', async (t) => {
  const sweep = sweepFolder(t);
  fakeSlurmHere(t, { sbatch: TAKING, scontrol: 'exit 1', squeue: 'echo "100_0|RUNNING|None"' });
  await submit(request(sweep, [0, 1]));
  const { ended } = await slurmQueue().ask(sweep);
  const state = (element: number) => {
    const run = `run${element}`;
    mkdirSync(path.join(sweep, run), { recursive: true });
    const record = { ...ownRecord(), host: 'another', job: `100_${element}` };
    writeFileSync(path.join(sweep, run, 'run.lock'), JSON.stringify(record));
    writeFileSync(path.join(sweep, run, 'config.json'), '{}');
    return [taskState(sweep, { run }), taskState(sweep, { run }, ended)];
  };
  assert.deepEqual(state(0), ['running', 'running']);
  assert.deepEqual(state(1), ['running', 'begun']);
});
