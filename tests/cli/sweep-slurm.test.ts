import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readAttempts } from '#src/sweep/attempts.js';
import { readTasks, taskFolder } from '#src/sweep/tasks.js';
import { fakeSlurm, TAKING } from '../sweep/slurm/fake-slurm.js';
import { appears, g2lstm, scratch, start, tinyCorpus } from './cli.js';

/** A grid of `seeds` tiny runs with its texts, in a folder of its own. */
function tinyGrid(t: TestContext, seeds: number, epochs: number) {
  const folder = scratch(t);
  const grid = path.join(folder, 'grid.yaml');
  writeFileSync(
    grid,
    `preset: ptb-unregularised
algorithms: [g2]
seeds: ${seeds}
set: { hidden: 8, layers: 1, epochs: ${epochs}, batch: 4, bptt: 10, validBatch: 2 }
`,
  );
  const sweep = path.join(folder, 'sweep');
  const data = tinyCorpus(path.join(folder, 'data'));
  const words = ['sweep', grid, '--out', sweep, '--data', data];
  return { sweep, words, slurm: [...words, '--executor', 'slurm'] };
}

test('--dry-run needs no Slurm and writes nothing', async (t) => {
  const { sweep, slurm } = tinyGrid(t, 3, 1);
  const options = ['--partition', 'cpu', '--time', '2:00:00', '--setup', 'module load node'];
  const env = { PATH: '/nowhere' };
  const shown = await g2lstm([...slurm, ...options, '--cpus-per-task', '2', '--dry-run'], env);
  assert.equal(shown.stderr.trim(), `${sweep}: 3 tasks`);
  assert.equal(shown.status, 0);
  assert.match(shown.stdout, /#SBATCH --partition=cpu\n/);
  assert.match(shown.stdout, /\nmodule load node\n/);
  assert.match(shown.stdout, /\nsbatch --parsable --array=0-2 .+slurm\/tasks\.sh'? 0\n/);
  assert.ok(!existsSync(sweep));
  // --threads is what a task computes with, so it is what it asks for.
  const threads = await g2lstm([...slurm, '--threads', '3', '--dry-run'], env);
  assert.match(threads.stdout, /#SBATCH --cpus-per-task=3\n[\s\S]* --threads 3\n/);
  const json = await g2lstm([...slurm, '--dry-run', '--json'], env);
  const { commands } = JSON.parse(json.stdout) as { commands: string[][] };
  assert.deepEqual(
    commands.map((words) => words.slice(0, 3)),
    [
      ['sbatch', '--parsable', '--array=0-2'],
      ['sbatch', '--parsable', '--dependency=afterany:JOBS'],
    ],
  );
  const here = await g2lstm(slurm, env);
  assert.equal(here.status, 1);
  assert.match(here.stderr, /there is no sbatch on this machine/);
});

test('wrong options of Slurm are refused before anything is made', async (t) => {
  const { sweep, words, slurm } = tinyGrid(t, 1, 1);
  const cases: [args: string[], stderr: RegExp][] = [
    [
      [...slurm, '--timeout-min', '5'],
      /Unknown option '--timeout-min'.*\noptions: .*--partition, /,
    ],
    [[...slurm, '--partion', 'cpu'], /did you mean --partition\?.*\noptions: /],
    [[...slurm, '--time', '2h'], /--time 2h: Slurm takes/],
    [[...slurm, '--mem-gb', '4G'], /--mem-gb NaN|--mem-gb 4G/],
    [[...slurm, '--sbatch', 'array=0-3'], /use --array-parallelism instead/],
    [[...words, '--partition', 'cpu'], /--partition belongs to --executor slurm/],
  ];
  for (const [args, stderr] of cases) {
    const refused = await g2lstm([...args, '--dry-run']);
    assert.match(refused.stderr, stderr);
    assert.equal(refused.status, 2, args.join(' '));
  }
  assert.ok(!existsSync(sweep));
});

test('submit, look, submit again, cancel', async (t) => {
  const { sweep, slurm } = tinyGrid(t, 3, 1);
  const fake = fakeSlurm(t, {
    sbatch: TAKING,
    scontrol: 'echo "MaxArraySize = 1001"',
    squeue: 'cat "$FAKE/out"',
    scancel: 'true',
  });
  const env = { PATH: fake.path };
  const first = await g2lstm([...slurm, '--array-parallelism', '2'], env);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /job 100: 3 tasks, 0-2\njob 101: report, when these have ended\n/);
  fake.write('out', '100_0|FAILED|OutOfMemory\n100_1|RUNNING|None\n100_2|PENDING|Resources\n');
  const status = await g2lstm(['sweep', 'status', sweep], env);
  assert.match(status.stdout, /3 tasks: 3 to do/);
  assert.match(status.stdout, /Slurm job 100_0 needed more memory than it had/);
  assert.match(status.stdout, /Slurm job 100_2 waits for free nodes/);
  const second = await g2lstm([...slurm, '--mem-gb', '2'], env);
  assert.match(
    second.stderr,
    /job 102: task 0\nleft alone, they wait or run already: 2 tasks, 1-2\njob 103: report/,
  );
  assert.match(fake.calls().at(-1)!, /--dependency=afterany:100:102 /);
  const cancel = await g2lstm(['sweep', 'cancel', sweep], env);
  assert.match(cancel.stdout, /^cancelled in Slurm: job 100\n/);
  // A queue that hangs is not waited for.
  fake.set('squeue', 'sleep 300');
  const began = performance.now();
  const hanging = await g2lstm(['sweep', 'status', sweep], env);
  assert.ok(performance.now() - began < 200_000);
  assert.equal(hanging.status, 0);
  assert.match(
    hanging.stdout,
    /3 tasks: 3 to do\n[\s\S]*\nnote: Slurm did not answer within 5 s\n$/,
  );
});

test('a task at its time limit: a checkpoint, back into the queue so many times, status 75', async (t) => {
  const { sweep, words } = tinyGrid(t, 1, 500);
  await g2lstm([...words, '--executor', 'list']);
  const [task] = readTasks(sweep);
  const run = taskFolder(sweep, task!);
  // A requeue makes Slurm end the job at once: its TERM must not break anything off.
  const fake = fakeSlurm(t, { scontrol: 'kill -TERM $PPID; sleep 0.2' });
  const env = {
    ...{ PATH: fake.path, SLURM_JOB_ID: '130', SLURM_ARRAY_JOB_ID: '123' },
    ...{ SLURM_ARRAY_TASK_ID: '0', SLURM_RESTART_COUNT: '4', SLURM_CPUS_PER_TASK: '1' },
  };
  const turn = async (signal: NodeJS.Signals) => {
    const running = start(['sweep-task', sweep, '0', '--max-timeouts', '1'], env);
    await appears(path.join(run, 'last.safetensors'));
    await appears(path.join(run, 'run.lock'));
    running.child.kill(signal);
    return running.finished;
  };
  const preempted = await turn('SIGTERM');
  assert.equal(preempted.status, 75, preempted.stderr);
  assert.deepEqual(fake.calls(), []);
  const first = await turn('SIGUSR1');
  assert.equal(first.status, 75, first.stderr);
  assert.match(first.stderr, /job 123_0 was put back into the queue \(1 of at most 1 times\)/);
  assert.deepEqual(fake.calls(), ['scontrol requeue 123_0']);
  const second = await turn('SIGUSR1');
  assert.equal(second.status, 75, second.stderr);
  assert.match(second.stderr, /--max-timeouts is 1: not put back into the queue/);
  assert.equal(fake.calls().length, 1);
  assert.deepEqual(
    readAttempts(run).map(({ job, task: index, restart, reason }) => [job, index, restart, reason]),
    ['TERM', 'USR1', 'USR1'].map((name) => ['123', 0, 4, `checkpointed after ${name}`]),
  );
  const text = readFileSync(path.join(run, 'attempts.jsonl'), 'utf8');
  assert.equal(text.trim().split('\n').length, 6);
});
