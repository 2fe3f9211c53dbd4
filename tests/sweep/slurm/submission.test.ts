import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { readJobs } from '#src/sweep/slurm/jobs.js';
import { describeSubmission, planSubmission, submit } from '#src/sweep/slurm/submission.js';
import { type FakeSlurm, fakeSlurmHere, request, sweepFolder, TAKING } from './fake-slurm.js';

const arrays = (fake: FakeSlurm) =>
  fake
    .calls()
    .filter((call) => call.startsWith('sbatch'))
    .map((call) => call.replace(/ \/.*\/(slurm\/\w+\.sh)/, ' $1'));

test('arrays, then a report that waits for all of them; all written down', async (t) => {
  const sweep = sweepFolder(t);
  const fake = fakeSlurmHere(t, {
    sbatch: `[ -d 'sweep-a b/logs' ] || exit 3\n${TAKING}`,
    scontrol: 'echo "MaxArraySize            = 4"',
  });
  const told: string[] = [];
  const outcome = await submit({
    ...request(sweep, [0, 1, 3, 4, 9], { arrayParallelism: 2 }),
    onSubmitted: (job, indices) => told.push(`${job}: ${indices}`),
  });
  assert.deepEqual(arrays(fake), [
    'sbatch --parsable --array=0-1,3%2 slurm/tasks.sh 0',
    'sbatch --parsable --array=0%2 slurm/tasks.sh 4',
    'sbatch --parsable --array=0%2 slurm/tasks.sh 9',
    'sbatch --parsable --dependency=afterany:100:101:102 slurm/report.sh',
  ]);
  assert.deepEqual(told, ['100: 0,1,3', '101: 4', '102: 9']);
  assert.equal(outcome.report, '103');
  assert.match(outcome.notes.join(), /--array-parallelism 2 holds for each of the 3 arrays/);
  assert.deepEqual(
    readJobs(sweep).map(({ id, kind, offset, indices }) => [id, kind, offset, indices]),
    [
      ['100', 'tasks', 0, [0, 1, 3]],
      ['101', 'tasks', 4, [4]],
      ['102', 'tasks', 9, [9]],
      ['103', 'report', 0, []],
    ],
  );
  assert.match(readFileSync(path.join(sweep, 'slurm/tasks.sh'), 'utf8'), /exec node /);
});

test('what waits or runs is not submitted again; one call of squeue', async (t) => {
  const sweep = sweepFolder(t);
  const fake = fakeSlurmHere(t, { sbatch: TAKING, scontrol: 'exit 1', squeue: 'cat "$FAKE/out"' });
  await submit(request(sweep, [0, 1, 2, 3]));
  assert.ok(!fake.calls().some((call) => call.startsWith('squeue')), 'nothing to ask for yet');
  fake.write('out', '100_0|RUNNING|None\n100_1|FAILED|NonZeroExitCode\n100_[2]|PENDING|Priority\n');
  const second = await submit(request(sweep, [0, 1, 2, 3]));
  assert.deepEqual(second.live, [0, 2]);
  assert.deepEqual(second.arrays, [{ id: '102', indices: [1, 3] }]);
  assert.equal(fake.calls().filter((call) => call.startsWith('squeue')).length, 1);
  assert.match(arrays(fake).at(-1)!, /afterany:100:102 /);
  fake.write(
    'out',
    '100_0|RUNNING|None\n102_1|PENDING|None\n100_[2]|PENDING|Priority\n102_3|RUNNING|None\n',
  );
  const third = await submit(request(sweep, [0, 1, 2, 3]));
  assert.deepEqual([third.arrays, third.report, third.live], [[], null, [0, 1, 2, 3]]);
  // Not knowing what waits, it submits nothing.
  fake.set('squeue', 'echo "slurm_load_jobs error: Socket timed out" >&2; exit 1');
  const before = fake.calls().length;
  await assert.rejects(
    submit(request(sweep, [0, 1, 2, 3])),
    /^UserError: squeue failed: Socket timed out: .* nothing was submitted/,
  );
  assert.equal(fake.calls().length, before + 1);
});

test('refusals in two lines: what Slurm said and what to do', async (t) => {
  const fake = fakeSlurmHere(t, { scontrol: 'exit 1' });
  const cases: [stderr: string, words: RegExp][] = [
    [
      'Batch job submission failed: Invalid partition name specified',
      /^sbatch refused: Invalid partition name.*\n.*sinfo -s/,
    ],
    [
      'Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)',
      /time limit is invalid.*\nGive a --time within/,
    ],
    ['Batch job submission failed: Invalid job array specification', /\n.*MaxArraySize/],
    [
      'Batch job submission failed: Unable to contact slurm controller (connect failure)',
      /\nSlurm's controller does not answer/,
    ],
    [
      "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
      /violates accounting.*\n.*limit of the account or QOS/,
    ],
    ["unrecognized option '--gress=gpu:1'", /gress.*\nLook at the --sbatch options/],
    ['Batch job submission failed: The moon is wrong', /The moon is wrong$/],
  ];
  for (const [stderr, words] of cases) {
    const sweep = sweepFolder(t);
    fake.write('err', `sbatch: error: ${stderr}\n`);
    fake.set('sbatch', 'cat "$FAKE/err" >&2; exit 1');
    await assert.rejects(submit(request(sweep, [0])), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, words);
      assert.ok(error.message.split('\n').length <= 2);
      return true;
    });
    assert.deepEqual(readJobs(sweep), []);
  }
});

test('an array refused after others: those stand, the next call submits the rest', async (t) => {
  const sweep = sweepFolder(t);
  const fake = fakeSlurmHere(t, {
    scontrol: 'echo "MaxArraySize = 2"',
    squeue: 'echo "100_0|PENDING|None"; echo "100_1|PENDING|None"',
    sbatch: `case "$*" in *" 2") echo "sbatch: error: Slurm temporarily unable to accept job" >&2; exit 1;; esac\n${TAKING}`,
  });
  await assert.rejects(submit(request(sweep, [0, 1, 2, 3])), /takes no more jobs just now/);
  assert.deepEqual(
    readJobs(sweep).map(({ id }) => id),
    ['100'],
  );
  fake.set('sbatch', TAKING);
  const { arrays: taken } = await submit(request(sweep, [0, 1, 2, 3]));
  assert.deepEqual(taken, [{ id: '101', indices: [2, 3] }]);
});

test('a report that Slurm does not take leaves the tasks in the queue', async (t) => {
  const sweep = sweepFolder(t);
  fakeSlurmHere(t, {
    scontrol: 'exit 1',
    sbatch: `case "$*" in *afterany*) echo "sbatch: error: Job violates accounting/QOS policy" >&2; exit 1;; esac\n${TAKING}`,
  });
  const { arrays: taken, report, notes } = await submit(request(sweep, [0]));
  assert.deepEqual([taken, report], [[{ id: '100', indices: [0] }], null]);
  assert.match(notes.join(), /no job will collect the results \(sbatch refused: Job violates/);
});

test('odd answers of sbatch', async (t) => {
  const fake = fakeSlurmHere(t, { scontrol: 'exit 1' });
  const ask = async (body: string) => {
    fake.set('sbatch', body);
    return (await submit(request(sweepFolder(t), [0]))).arrays[0]!.id;
  };
  assert.equal(await ask('echo "123;cluster2"'), '123');
  assert.equal(await ask('echo "site: welcome"; echo 124'), '124');
  await assert.rejects(ask('echo "Submitted batch job 5"'), /printed no job number/);
  await assert.rejects(ask('true'), /printed no job number/);
  process.env.PATH = '/nowhere';
  await assert.rejects(
    submit(request(sweepFolder(t), [0])),
    /there is no sbatch on this machine.*\n.*--dry-run/,
  );
});

test('a cluster without arrays', async (t) => {
  fakeSlurmHere(t, { sbatch: TAKING, scontrol: 'echo "MaxArraySize = 0"' });
  await assert.rejects(
    submit(request(sweepFolder(t), [0])),
    /takes no job arrays.*\n.*--executor list/,
  );
});

test('the plan is shown without Slurm and without writing anything', (t) => {
  const sweep = sweepFolder(t);
  const { place, options } = request(sweep, [], { partition: 'cpu' });
  const text = describeSubmission(planSubmission(place, options, [0, 1, 1500]));
  assert.ok(!existsSync(sweep));
  assert.match(text, /#SBATCH --partition=cpu/);
  assert.match(text, /\nsbatch --parsable --array=0-1 '.*sweep-a b\/slurm\/tasks\.sh' 0\n/);
  assert.match(text, /\nsbatch --parsable --array=0 '.*\/slurm\/tasks\.sh' 1500\n/);
  assert.match(
    text,
    /afterany:JOB1:JOB2 '.*\/slurm\/report\.sh' {3}# JOB1, JOB2: as the lines above printed$/,
  );
});
