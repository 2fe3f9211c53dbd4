import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { lockHolder } from '#src/runs/lock.js';
import { KILLED, readAttempts } from '#src/sweep/attempts.js';
import { readTasks, type SweepTask, taskFolder } from '#src/sweep/tasks.js';
import { contents, g2lstm, type Running, scratch, start, tinyCorpus, until } from './cli.js';

const SMALL = 'hidden: 8, layers: 1, batch: 4, bptt: 10, validBatch: 2';

/** A corpus and a grid; words that make the sweep of it. */
function prepare(t: TestContext, grid: string, epochs: number) {
  const folder = scratch(t);
  const data = tinyCorpus(path.join(folder, 'data'));
  const file = path.join(folder, 'grid.yaml');
  writeFileSync(file, `preset: ptb-unregularised\nset: { ${SMALL}, epochs: ${epochs} }\n${grid}\n`);
  const sweep = path.join(folder, "my sweep's");
  return { folder, data, sweep, words: ['sweep', file, '--out', sweep, '--data', data] };
}

const checkpoint = (sweep: string, task: SweepTask): string =>
  path.join(taskFolder(sweep, task), 'last.safetensors');

const writtenAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const reasons = (sweep: string, task: SweepTask): string[] =>
  readAttempts(taskFolder(sweep, task)).map(({ reason }) => reason);

const holder = (sweep: string, task: SweepTask): number | null =>
  lockHolder(path.join(taskFolder(sweep, task), 'run.lock'));

describe('sweep-task', () => {
  test('killed, stopped by TERM and by USR1 it ends with the very weights of a run left alone', async (t) => {
    const { folder, data, sweep, words } = prepare(t, 'algorithms: g2', 24);
    const made = await g2lstm([...words, '--executor', 'list', '--json']);
    assert.equal(made.status, 0, made.stderr);
    const [task] = readTasks(sweep) as [SweepTask];
    const words0 = ['sweep-task', sweep, '0', '--threads', '1'];

    /** Starts it, waits for a checkpoint of its own, and sends the signal. */
    const stopped = async (signal: NodeJS.Signals, meanwhile?: () => Promise<void>) => {
      const before = writtenAt(checkpoint(sweep, task));
      const { child, finished } = start(words0);
      t.after(() => child.kill('SIGKILL'));
      const epochs = () => holder(sweep, task) !== null && writtenAt(checkpoint(sweep, task));
      await until('a checkpoint', () => (epochs() || 0) > before);
      // Held up, so that it cannot come to its end meanwhile.
      if (meanwhile) child.kill('SIGSTOP');
      await meanwhile?.();
      if (meanwhile) child.kill('SIGCONT');
      child.kill(signal);
      return finished;
    };
    const killed = await stopped('SIGKILL');
    assert.equal(killed.status, null);
    const second = async () => {
      const other = await g2lstm(words0);
      assert.equal(other.status, 1);
      assert.match(other.stderr, /is in use by process \d+/);
    };
    const terminated = await stopped('SIGTERM', second);
    assert.equal(terminated.status, 75, terminated.stderr);
    assert.match(terminated.stderr, /SIGTERM: saving a checkpoint\n(.*\n)*.*stopped by TERM/);
    if (process.platform !== 'win32') assert.equal((await stopped('SIGUSR1')).status, 75);
    const last = await g2lstm(words0);
    assert.equal(last.status, 0, last.stderr);

    const alone = path.join(folder, 'alone');
    const whole = await g2lstm([...task.args, '--data', data, '--out', alone, '--json']);
    assert.equal(whole.status, 0, whole.stderr);
    const there = contents(taskFolder(sweep, task));
    const left = contents(alone);
    // The logs too; summaries and checkpoints hold training times.
    assert.equal(there['metrics.jsonl'], left['metrics.jsonl']);
    const tensors = (file: string): Buffer => {
      const bytes = readFileSync(file);
      return bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
    };
    for (const name of ['last.safetensors', 'best.safetensors'])
      assert.ok(
        tensors(path.join(taskFolder(sweep, task), name)).equals(tensors(path.join(alone, name))),
        name,
      );

    const again = await g2lstm(words0);
    assert.equal(again.status, 0);
    assert.match(again.stderr, /is finished already/);
    const { 'attempts.jsonl': _, ...files } = contents(taskFolder(sweep, task));
    const { 'attempts.jsonl': __, ...before } = there;
    assert.deepEqual(files, before, 'a finished run is left as it is');
    const [first, refused, ...rest] = reasons(sweep, task).sort((a, b) =>
      a.startsWith('refused') ? 1 : b.startsWith('refused') ? -1 : 0,
    );
    assert.equal(first, KILLED);
    assert.deepEqual(
      [refused, ...rest].map((reason) => reason!.split(':')[0]),
      [
        'checkpointed after TERM',
        ...(process.platform === 'win32' ? [] : ['checkpointed after USR1']),
        ...['finished', 'nothing to do', 'refused'],
      ],
    );
    assert.ok(!Object.keys(there).includes('progress.json'));
  });

  test('a task whose run was taken over while it stood still writes nothing more there', async (t) => {
    const { sweep, words } = prepare(t, 'algorithms: g2', 100_000);
    await g2lstm([...words, '--executor', 'list', '--json']);
    const [task] = readTasks(sweep) as [SweepTask];
    const { child, finished } = start(['sweep-task', sweep, '0', '--checkpoint-every', '0']);
    t.after(() => child.kill('SIGKILL'));
    await until('a checkpoint', () => writtenAt(checkpoint(sweep, task)) > 0);
    child.kill('SIGSTOP');
    const lock = path.join(taskFolder(sweep, task), 'run.lock');
    const thief = JSON.stringify({
      ...JSON.parse(readFileSync(lock, 'utf8')),
      ...{ host: 'elsewhere', pid: 7 },
    });
    // As whoever takes a lock over does it: away with the old file, a new one in its place.
    rmSync(lock);
    writeFileSync(lock, thief);
    child.kill('SIGCONT');
    const { status, stderr } = await finished;
    assert.equal(status, 1);
    assert.match(stderr, /was taken over by process 7 on elsewhere: this process stood still/);
    assert.equal(readFileSync(lock, 'utf8'), thief);
    const second = await g2lstm(['sweep', 'cancel', sweep]);
    assert.match(second.stdout, /task 0 runs on elsewhere \(process 7\): stop it there/);
  });

  test('wrong use is status 2 and leaves nothing behind; a task that means something else today is refused', async (t) => {
    const { sweep, words } = prepare(t, 'algorithms: g2', 1);
    await g2lstm([...words, '--executor', 'list', '--json']);
    for (const args of [[], [sweep], [sweep, 'x'], [sweep, '0', '1'], [sweep, '7']]) {
      const { status, stderr } = await g2lstm(['sweep-task', ...args]);
      assert.equal(status, 2, stderr);
    }
    assert.equal(existsSync(path.join(sweep, 'runs')), false);
    const file = path.join(sweep, 'tasks.jsonl');
    const [task] = readTasks(sweep) as [SweepTask];
    writeFileSync(file, `${JSON.stringify({ ...task, hash: '0000000000000000' })}\n`);
    const { status, stderr } = await g2lstm(['sweep-task', sweep, '0']);
    assert.equal(status, 1);
    assert.match(stderr, /is another training today: .*Defaults have changed since/);
  });
});

describe('sweep --executor local', () => {
  test('two at a time: one setting has no data, the other finishes; status and collect say so', async (t) => {
    const grid = 'algorithms: [baseline, g2]\ngrid: { dataset: [ptb, wikitext-2] }';
    const { sweep, words } = prepare(t, grid, 1);
    const { status, stdout, stderr } = await g2lstm([...words, '-j', '2', '--threads', '1']);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /4 tasks to do, 2 at a time with 1 thread\(s\) each/);
    assert.match(stderr, /task 0 baseline-\w+-seed1: finished \(.*of 4 ended\)/);
    assert.match(stdout, /failed: task 2 baseline-\w+-seed1: .*wikitext-2/);
    assert.match(stdout, /failed: task 3 g2-\w+-seed1: .*\n2 of 4 tasks are finished/);
    const [first] = readTasks(sweep) as [SweepTask];
    assert.equal(readdirSync(path.join(sweep, 'logs')).length, 4);
    assert.match(readFileSync(path.join(sweep, 'logs', `${first.name}.log`), 'utf8'), /test ppl/);
    assert.deepEqual(
      readdirSync(sweep).filter((name) => name.endsWith('.lock')),
      [],
    );

    const shown = await g2lstm(['sweep', 'status', sweep]);
    assert.match(shown.stdout, /4 tasks: 2 finished, 2 failed\n/);
    assert.match(shown.stdout, / 3 +g2-\w+-seed1 +failed +\d+ % +.*wikitext-2/);
    const { counts, tasks } = JSON.parse(
      (await g2lstm(['sweep', 'status', sweep, '--json'])).stdout,
    );
    assert.deepEqual([counts.finished, counts.failed, tasks.length], [2, 2, 4]);

    const collected = await g2lstm(['sweep', 'collect', sweep]);
    assert.equal(collected.status, 0, collected.stderr);
    assert.match(collected.stdout, /baseline dataset=ptb +\d+\.\d\d +\d+\.\d\d +one seed/);
    assert.match(collected.stdout, /not finished: tasks 2, 3/);
    const table = JSON.parse(readFileSync(path.join(sweep, 'results/grid/table.json'), 'utf8'));
    assert.equal(table.rows.length, 2);
    assert.equal(table.label, 'one seed');
  });

  test('Ctrl-C, sweep cancel, and the death of the executor: every task keeps a checkpoint', async (t) => {
    const { sweep, words } = prepare(t, 'algorithms: [baseline, sharpened, g2]', 100_000);
    const words2 = [...words, '-j', '2', '--threads', '1'];
    /** Starts the sweep and waits until two tasks train. */
    const running = async (): Promise<{ all: SweepTask[]; pids: number[]; main: Running }> => {
      const main = start(words2);
      t.after(() => main.child.kill('SIGKILL'));
      const held = () => {
        const all = existsSync(path.join(sweep, 'tasks.jsonl')) ? readTasks(sweep) : [];
        return all.filter((one) => holder(sweep, one) && writtenAt(checkpoint(sweep, one)) > 0);
      };
      await until('two tasks', () => held().length === 2);
      const all = readTasks(sweep).slice(0, 2);
      const pids = all.map((one) => holder(sweep, one)!);
      for (const pid of pids)
        t.after(() => spawnSync('kill', ['-9', `${pid}`], { stdio: 'ignore' }));
      return { all, pids, main };
    };
    const quiet = (all: readonly SweepTask[]) => all.every((one) => holder(sweep, one) === null);

    const first = await running();
    first.main.child.kill('SIGINT');
    const { status, stderr } = await first.main.finished;
    assert.equal(status, 130, stderr);
    assert.match(stderr, /SIGINT: saving checkpoints of all tasks; once more to kill them/);
    assert.match(stderr, /the same command goes on from here/);
    assert.ok(quiet(first.all), 'it waited for its tasks');
    for (const one of first.all) assert.deepEqual(reasons(sweep, one), ['checkpointed after INT']);
    assert.equal(
      existsSync(taskFolder(sweep, readTasks(sweep)[2]!)),
      false,
      'the third was not begun',
    );

    const second = await running();
    const cancel = await g2lstm(['sweep', 'cancel', sweep]);
    assert.equal(cancel.status, 0, cancel.stderr);
    assert.match(cancel.stdout, /asked the executor to stop: process \d+\nasked task 0 to stop/);
    assert.equal((await second.main.finished).status, 130);
    for (const one of second.all)
      assert.equal(reasons(sweep, one).at(-1), 'checkpointed after TERM');
    assert.match((await g2lstm(['sweep', 'cancel', sweep])).stdout, /nothing works on/);

    const third = await running();
    const other = await g2lstm(words2);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /is in use by process \d+/);
    third.main.child.kill('SIGKILL');
    await third.main.finished;
    await until('its tasks notice', () => quiet(third.all));
    for (const one of third.all)
      assert.equal(reasons(sweep, one).at(-1), 'checkpointed after TERM');

    const fourth = await running();
    fourth.main.child.kill('SIGINT');
    fourth.main.child.kill('SIGINT');
    assert.equal((await fourth.main.finished).status, 130);
    await until('its tasks are dead', () => quiet(fourth.all));
  });
});

describe('sweep --executor list', () => {
  test('tasks.txt runs line by line in sh and names unfinished tasks only', async (t) => {
    const { sweep, words } = prepare(t, 'algorithms: [baseline, g2]', 1);
    const made = await g2lstm([...words, '--executor', 'list', '--threads', '1']);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /2 unfinished of 2 tasks, one command line each/);
    const list = path.join(sweep, 'tasks.txt');
    const lines = readFileSync(list, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 2);
    const ran = spawnSync('sh', ['-c', lines[1]!], { encoding: 'utf8', cwd: '/' });
    assert.equal(ran.status, 0, ran.stderr);

    const again = await g2lstm([...words, '--executor', 'list', '--threads', '1']);
    assert.match(again.stdout, /1 unfinished of 2 tasks/);
    assert.equal(readFileSync(list, 'utf8'), `${lines[0]}\n`);
  });
});

describe('sweep', () => {
  test('a dry run shows the tasks and writes nothing', async (t) => {
    const out = path.join(scratch(t), 'sweep');
    const words = ['--preset', 'ablations', '--only', 'tau', '--seeds', '2', '--out', out];
    const { status, stdout } = await g2lstm(['sweep', ...words, '--dry-run']);
    assert.equal(status, 0);
    assert.match(stdout, /^task +run +state +trains\n +0 +\S+-seed1 +to do +--preset demo-lm/);
    assert.equal(existsSync(out), false);
  });

  for (const [what, words, complaint] of [
    ['neither grid nor preset', [], /give a grid or a preset/],
    ['both', ['grid.yaml', '--preset', 'ablations'], /give a grid or a preset/],
    ['an unknown preset', ['--preset', 'ablation'], /did you mean ablations\?/],
    ['an unknown executor', ['grid.yaml', '--executor', 'lokal'], /did you mean local\?/],
    [
      'an option of another executor',
      ['grid.yaml', '--partition', 'x'],
      /--partition belongs to --executor slurm; options of local: --jobs/,
    ],
    [
      'an option of presets',
      ['grid.yaml', '--seeds', '3'],
      /--seeds belongs to --preset; write it into grid\.yaml/,
    ],
    ['seeds that are none', ['--preset', 'ablations', '--seeds', '0'], /--seeds 0: give how many/],
    ['an ablation that is none', ['--preset', 'ablations', '--only', 'tua'], /Did you mean tau\?/],
  ] as const)
    test(`${what}: status 2 and one line`, async () => {
      const { status, stderr } = await g2lstm(['sweep', ...words]);
      assert.equal(status, 2);
      assert.match(stderr, complaint);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });

  test('a mistake in the grid names file, line and column; a missing one is named', async (t) => {
    const folder = scratch(t);
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'grid.yaml');
    writeFileSync(file, 'algorithms: g2\ngrid:\n  hidde: [8]\n');
    const wrong = await g2lstm(['sweep', file]);
    assert.equal(wrong.status, 2);
    assert.match(
      wrong.stderr,
      /grid\.yaml line 3, column 3: unknown key hidde: did you mean hidden\?/,
    );
    const missing = await g2lstm(['sweep', `${file}.not`]);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /grid\.yaml\.not cannot be read/);
  });

  test('help of the group and of the command', async () => {
    const own = await g2lstm(['sweep', '--help']);
    assert.match(own.stdout, /Usage: g2lstm sweep \[GRID\.yaml\]/);
    assert.match(own.stdout, /g2lstm sweep status DIR/);
    assert.match((await g2lstm(['--help', '--all'])).stdout, /sweep collect/);
  });
});
