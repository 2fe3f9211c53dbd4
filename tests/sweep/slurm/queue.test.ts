import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveJobs, type SubmittedJob, tasksInQueue } from '#src/sweep/slurm/jobs.js';
import { slurmOptions } from '#src/sweep/slurm/options.js';
import { askQueue, isLive, parseQueue } from '#src/sweep/slurm/queue.js';
import { explainJob } from '#src/sweep/slurm/reasons.js';
import { fakeSlurmHere } from './fake-slurm.js';

const text = (...lines: string[]) => `${lines.join('\n')}\n`;

test('lines of squeue in the forms of its versions', () => {
  const { jobs, odd } = parseQueue(
    text(
      '123_4|RUNNING|None',
      '123_[5-7%2]|PENDING|JobArrayTaskLimit',
      '123_[8,10-12:2]|PENDING|(Priority)',
      '124|PENDING|Dependency',
      '  125_0|FAILED|NonZeroExitCode  ',
      '126|PENDING|ReqNodeNotAvail, UnavailableNodes:n[1-2]|x',
      '',
    ),
  );
  assert.deepEqual(odd, []);
  const job = (job: string, element: number | null, state: string, reason: string) => ({
    ...{ job, element, state, reason },
  });
  assert.deepEqual(jobs, [
    job('123', 4, 'RUNNING', 'None'),
    ...[5, 6, 7].map((i) => job('123', i, 'PENDING', 'JobArrayTaskLimit')),
    ...[8, 10, 12].map((i) => job('123', i, 'PENDING', 'Priority')),
    job('124', null, 'PENDING', 'Dependency'),
    job('125', 0, 'FAILED', 'NonZeroExitCode'),
    job('126', null, 'PENDING', 'ReqNodeNotAvail, UnavailableNodes:n[1-2]|x'),
  ]);
});

test('odd lines are passed over with a word', async (t) => {
  const fake = fakeSlurmHere(t, { squeue: 'cat "$FAKE/out"' });
  fake.write(
    'out',
    text('slurm: note of the site', '7_1|PENDING|', '7_[x]|PENDING|None', '9+1|RUNNING|None'),
  );
  const { jobs, note } = await askQueue();
  assert.deepEqual(jobs, [{ job: '7', element: 1, state: 'PENDING', reason: 'None' }]);
  assert.match(
    note!,
    /^3 lines of squeue were not understood, the first: slurm: note of the site$/,
  );
  assert.match(fake.calls()[0]!, /^squeue -r -h -t all -o %i\|%T\|%r -u \d+$/);
});

test('a queue that fails, hangs or is not there says so, soon', async (t) => {
  const fake = fakeSlurmHere(t, {
    squeue: 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1',
  });
  assert.deepEqual(await askQueue(), {
    jobs: null,
    note: 'squeue failed: Unable to contact slurm controller',
  });
  // The sleeping child holds the pipes open; it must not hold us.
  fake.set('squeue', 'sleep 30; echo late');
  const started = performance.now();
  assert.deepEqual(await askQueue(undefined, 0.3), {
    jobs: null,
    note: 'Slurm did not answer within 0.3 s',
  });
  assert.ok(performance.now() - started < 20_000);
  process.env.PATH = '/nowhere';
  assert.match((await askQueue()).note!, /squeue is not on this machine/);
});

const submitted = (
  id: string,
  offset: number,
  indices: number[],
  kind: 'tasks' | 'report' = 'tasks',
) => ({ id, kind, offset, indices, time: '', options: slurmOptions({}) }) satisfies SubmittedJob;

test('tasks by their index, the newest job first, a live one before one that ended', () => {
  const jobs = [
    submitted('100', 0, [0, 1, 2]),
    submitted('101', 1001, [1001, 1002]),
    submitted('102', 0, [], 'report'),
    submitted('200', 0, [1, 2]),
  ];
  const { jobs: queue } = parseQueue(
    text(
      ...['100_0|RUNNING|None', '100_1|FAILED|NonZeroExitCode', '100_2|RUNNING|None'],
      ...['101_1|PENDING|Priority', '102|PENDING|Dependency', '200_1|PENDING|Priority'],
      ...['200_2|TIMEOUT|TimeLimit', '999_0|RUNNING|None'],
    ),
  );
  const tasks = tasksInQueue(jobs, queue);
  assert.deepEqual(
    [...tasks].map(([index, { id }]) => `${index}: ${id}`),
    ['0: 100_0', '1: 200_1', '2: 100_2', '1002: 101_1'],
  );
  assert.deepEqual(liveJobs(jobs, queue), ['100', '101', '102', '200']);
  assert.deepEqual(liveJobs(jobs, queue, 'report'), ['102']);
});

test('every cause of waiting or failing in one sentence; unknown words as they are', () => {
  const sentences: [state: string, reason: string, words: RegExp][] = [
    ['PENDING', 'Resources', /next in line/],
    ['PENDING', 'Priority', /higher priority/],
    ['PENDING', 'Dependency', /other jobs to end/],
    ['PENDING', 'DependencyNeverSatisfied', /for ever.*cancel/],
    ['PENDING', 'JobArrayTaskLimit', /--array-parallelism/],
    ['PENDING', 'PartitionTimeLimit', /for ever: --time/],
    ['PENDING', 'QOSMaxWallDurationPerJobLimit', /for ever: --time.*QOS/],
    ['PENDING', 'QOSMaxCpuPerUserLimit', /QOS allows are in use/],
    ['PENDING', 'QOSMaxJobsPerUserLimit', /as many jobs of yours run/],
    ['PENDING', 'QOSMaxCpuPerJobLimit', /for ever: it asks for more/],
    ['PENDING', 'AssocGrpCpuLimit', /account allows are in use/],
    ['PENDING', 'AssocGrpCPUMinutesLimit', /account has used up its time/],
    ['PENDING', 'AssocMaxJobsLimit', /as many jobs run as the account/],
    ['PENDING', 'ReqNodeNotAvail, UnavailableNodes:n1', /maintenance.*shorter --time/],
    [
      'PENDING',
      'Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions',
      /down, drained/,
    ],
    ['PENDING', 'BeginTime', /time to begin.*put back into the queue/],
    ['PENDING', 'BadConstraints', /no node has what it asks for/],
    ['PENDING', 'JobHeldUser', /held by you.*scontrol release/],
    ['PENDING', 'JobHeldAdmin', /who runs the cluster/],
    ['PENDING', 'launch failed requeued held', /start failed.*scontrol release/],
    ['REQUEUE_HOLD', 'None', /held.*scontrol release/],
    ['PENDING', 'SolarEclipse', /^waits: SolarEclipse \(see "man squeue", JOB REASON CODES\)$/],
    ['RUNNING', 'None', /^runs$/],
    ['COMPLETING', 'None', /cleared away/],
    ['NODE_FAIL', 'NodeDown', /lost its node/],
    ['OUT_OF_MEMORY', 'OutOfMemory', /--mem-gb/],
    ['FAILED', 'RaisedSignal:53(Real-time_signal_19)', /log \(0:53\).*folder logs/],
    ['FAILED', 'RaisedSignal:9(Killed)', /signal 9/],
    ['FAILED', 'NonZeroExitCode', /its log says why/],
    ['FAILED', 'JobLaunchFailure', /was killed, or could not be started/],
    ['TIMEOUT', 'TimeLimit', /time limit.*submits it again/],
    ['CANCELLED', 'None', /cancelled/],
    ['PREEMPTED', 'None', /more urgent/],
    ['FAILED', 'Gremlins', /^failed: Gremlins \(see "man squeue"/],
    ['STRANGE', 'None', /STRANGE: None/],
  ];
  for (const [state, reason, words] of sentences) {
    const sentence = explainJob({ state, reason });
    assert.match(sentence, words, `${state} ${reason}`);
    assert.ok(!sentence.includes('\n'));
  }
  for (const state of ['PENDING', 'RUNNING', 'COMPLETING', 'REQUEUED', 'NEW_WORD'])
    assert.ok(isLive({ state }));
  for (const state of ['FAILED', 'TIMEOUT', 'NODE_FAIL', 'OUT_OF_MEMORY', 'CANCELLED', 'COMPLETED'])
    assert.ok(!isLive({ state }));
});
