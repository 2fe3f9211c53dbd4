// A grid of tiny models as an array of a real Slurm (.ci/slurm brings it up): one task is killed, some are
// preempted, one hits its time limit, one fails on purpose. All others must finish, with the very bytes
// of runs that nobody disturbed. Ends with a line `N passed, N failed, N skipped`.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const begun = performance.now();
const seconds = () => ((performance.now() - begun) / 1000).toFixed(1).padStart(5);
const log = (text) => console.log(`${seconds()} s  ${text}`);

const program = path.resolve('dist/cli/main.js');
const root = mkdtempSync(path.join(process.env.CI_SLURM_HOME ?? tmpdir(), 'grid-'));
// Neither the shell nor sbatch may take a name apart.
const folder = path.join(root, "it's 100%A & more");
const sweep = path.join(folder, 'sweep-slurm');
const reference = path.join(folder, 'sweep-local');
mkdirSync(folder);

// ---- the grid: eight small runs and one that diverges ----
const word = (i) => `w${((Math.imul(i + 1, 2654435761) >>> 8) % 977) % 40}`;
const lines = (count, from) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: 9 }, (_, j) =>
      j % 3 ? `w${((i + j) * 7) % 40}` : word(from + 9 * i + j),
    ).join(' '),
  ).join('\n');
const data = path.join(folder, 'data');
mkdirSync(data);
const all = Array.from({ length: 40 }, (_, i) => `w${i}`).join(' ');
writeFileSync(path.join(data, 'train.txt'), `${all}\n${lines(1200, 0)}\n`);
writeFileSync(path.join(data, 'valid.txt'), `${lines(60, 50_000)}\n`);
writeFileSync(path.join(data, 'test.txt'), `${lines(60, 90_000)}\n`);
const grid = path.join(folder, 'grid.yaml');
writeFileSync(
  grid,
  `task: lm
preset: ptb-unregularised
algorithms: [baseline, g2]
set: { layers: 1, batch: 4, bptt: 10, validBatch: 2 }
grid: { epochs: [6, 8], hidden: [16, 24] }
`,
);

// ---- calls ----
const env = { ...process.env };
for (const key of Object.keys(env)) if (key.startsWith('G2_')) delete env[key];
const g2lstm = (...args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
    const answer = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (more) => {
        answer[name] += more;
      });
    child.on('close', (status) => resolve({ status, ...answer }));
  });
/** The grid on this machine, one task after the other. */
const locally = (...more) =>
  g2lstm('sweep', grid, '--executor', 'local', '-j', '1', '--threads', '1', ...more);
const slurm = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', timeout: 10_000 });
const queue = () =>
  slurm('squeue', '-r', '-h', '-t', 'all', '-o', '%i|%T|%r')
    .split('\n')
    .filter(Boolean)
    .map((l) => l.split('|'));
const stateOf = (id) => queue().find(([job]) => job === id)?.[1];

let passed = 0;
let failed = 0;
function check(what, right, found = '') {
  if (right) passed++;
  else failed++;
  log(
    `${right ? 'ok' : 'FAILED'}: ${what}${right ? '' : `\n${typeof found === 'string' ? found : JSON.stringify(found, null, 1)}`}`,
  );
}
async function until(what, ready, most = 120) {
  for (const start = performance.now(); ; await sleep(50)) {
    const value = await ready();
    if (value) return value;
    if (performance.now() - start > most * 1000) throw new Error(`waited ${most} s for: ${what}`);
  }
}

const tasks = () =>
  readFileSync(path.join(sweep, 'tasks.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l));
const run = (task) => path.join(sweep, task.run);
const attempts = (task) => {
  const byStart = new Map();
  const file = path.join(run(task), 'attempts.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const line of text.split('\n').filter(Boolean)) {
    const attempt = JSON.parse(line);
    byStart.set(attempt.start, attempt);
  }
  return [...byStart.values()];
};
const reasons = (task) => attempts(task).map(({ reason }) => reason);
const finished = (task) => existsSync(path.join(run(task), 'summary.json'));
/** Process that trains a task, once it has a checkpoint to go on from; null before, and after. */
const trainer = (task) => {
  if (!existsSync(path.join(run(task), 'last.safetensors')) || finished(task)) return null;
  try {
    return JSON.parse(readFileSync(path.join(run(task), 'run.lock'), 'utf8')).pid;
  } catch {
    return null;
  }
};
/** Stops a task where it is: it is still there when Slurm wakes it with its CONT and signal. */
const hold = async (task, what) => {
  const pid = await until(`${what}: ${task.name} trains`, () => trainer(task));
  process.kill(pid, 'SIGSTOP');
  return pid;
};

async function main() {
  // A warning five seconds after the start at the earliest, at most thirty later: Slurm looks twice a minute.
  const slurmOptions = ['--executor', 'slurm', '--data', data, '--out', sweep];
  const asked = [
    '--time',
    '1',
    '--signal-delay-s',
    '50',
    '--cpus-per-task',
    '1',
    '--mem-gb',
    '0.4',
  ];
  const extra = ['--setup', 'export MARK="set up"', '--sbatch', 'comment=it\'s a "comment" # 1'];
  const submit = () => g2lstm('sweep', grid, ...slurmOptions, ...asked, ...extra);

  const dry = await g2lstm('sweep', grid, ...slurmOptions, ...asked, '--dry-run');
  check(
    '--dry-run shows scripts and commands and writes nothing',
    dry.status === 0 && /sbatch --parsable/.test(dry.stdout) && !existsSync(sweep),
    dry,
  );
  const first = await submit();
  check(
    'the grid is submitted as one array and a report',
    first.status === 0 &&
      /job \d+: 8 tasks, 0-7/.test(first.stderr) &&
      /job \d+: report/.test(first.stderr),
    first,
  );
  log(first.stderr.trim());
  const [array, report] = [...first.stderr.matchAll(/job (\d+):/g)].map(([, id]) => id);
  const list = tasks();
  const [preempted, killed, limited] = [list[0], list[1], list[6]];
  const broken = list[7];
  mkdirSync(run(broken), { recursive: true });
  writeFileSync(path.join(run(broken), 'config.json'), '{ broken on purpose');

  // ---- one is killed: Slurm counts it as failed ----
  const dead = until('a task to kill', () => trainer(killed)).then((pid) => {
    process.kill(pid, 'SIGKILL');
    log(`killed ${killed.name}`);
  });
  // ---- one is preempted: an urgent job takes every CPU ----
  await hold(preempted, 'preemption');
  await dead;
  log(`submits an urgent job while ${preempted.name} runs`);
  slurm(
    'sbatch',
    '--parsable',
    '--partition=urgent',
    '--exclusive',
    '--time=1',
    '--output=/dev/null',
    '--wrap=sleep 1',
  );
  await until(
    'the preempted task to leave',
    () => reasons(preempted)[0] === 'checkpointed after TERM',
    60,
  );
  log('preempted');
  // ---- one hits its time limit ----
  const held = hold(limited, 'time limit');
  const status = await g2lstm('sweep', 'status', sweep);
  log(`\n${status.stdout.trim()}`);
  check(
    'status says in words what Slurm knows',
    /Slurm job \d+_1 was killed/.test(status.stdout) && /Slurm job \d+_0 /.test(status.stdout),
    status,
  );
  await held;
  log(`holds ${limited.name} until Slurm warns it of its time limit`);
  const local = locally('--data', data, '--out', reference);
  await until('the warning', () => reasons(limited).includes('checkpointed after USR1'), 120);
  log('warned, and back in the queue');
  await until(
    'the report',
    () => stateOf(report) === 'COMPLETED' || stateOf(report) === 'FAILED',
    180,
  );

  const others = list.filter((task) => task !== killed && task !== broken);
  check(
    'all others finish',
    others.every(finished),
    others.map((task) => [task.name, reasons(task)]),
  );
  check(
    'the preempted one came back by itself',
    /checkpointed after TERM,(.*,)?finished$/.test(reasons(preempted).join()),
    attempts(preempted),
  );
  check(
    'the one at its time limit came back by itself',
    /checkpointed after USR1,(.*,)?finished$/.test(reasons(limited).join()),
    attempts(limited),
  );
  check(
    'attempts name host, job, task and restarts',
    attempts(limited).every((a) => a.host && a.job === array && a.task === limited.index) &&
      attempts(limited).at(-1).restart >= 1,
    attempts(limited),
  );
  check(
    'Slurm counts the killed one as failed',
    stateOf(`${array}_${killed.index}`) === 'FAILED',
    queue(),
  );
  const said = readFileSync(path.join(sweep, 'logs', `report-${report}.log`), 'utf8');
  check(
    'the report names the one that failed, and the killed one',
    said.includes(broken.name) && said.includes(killed.name) && /not valid JSON/.test(said),
    said,
  );
  check(
    'logs of tasks are there, appended to',
    readdirSync(path.join(sweep, 'logs')).includes(`${array}_${limited.index}.log`),
  );

  const second = await submit();
  check(
    'the same command submits the two unfinished ones only',
    /2 tasks, 1,7/.test(second.stderr),
    second,
  );
  const last = [...second.stderr.matchAll(/job (\d+):/g)].at(-1)?.[1];
  await until('the second report', () => ['COMPLETED', 'FAILED'].includes(stateOf(last)), 120);
  check('the killed one is finished', finished(killed), attempts(killed));
  const again = readFileSync(path.join(sweep, 'logs', `report-${last}.log`), 'utf8');
  check(
    'the second report names the failed one only',
    again.includes(broken.name) && !again.includes(killed.name),
    again,
  );
  log(`the report:\n${again.trim()}`);

  // ---- mended, begun in Slurm, cancelled there, brought to its end here ----
  rmSync(run(broken), { recursive: true });
  const third = await submit();
  check('the same command submits the mended one', /task 7$/m.test(third.stderr), third);
  await hold(broken, 'cancelling');
  const cancelled = await g2lstm('sweep', 'cancel', sweep);
  log(cancelled.stdout.trim());
  await until('the cancelled task to stop', () => reasons(broken).at(-1) !== 'running', 60);
  check(
    'a cancelled task keeps a checkpoint',
    reasons(broken).at(-1) === 'checkpointed after TERM',
    attempts(broken),
  );
  await until(
    'the queue to be empty',
    () => queue().every(([, state]) => /^(COMPLETED|FAILED|CANCELLED)$/.test(state)),
    30,
  );
  const here = await locally('--out', sweep);
  check('what Slurm left is finished here', here.status === 0 && list.every(finished), here);
  check(
    'a sweep that is finished submits nothing',
    /all 8 tasks are finished/.test((await submit()).stderr),
  );

  const uninterrupted = await local;
  check('the uninterrupted local run ends well', uninterrupted.status === 0, uninterrupted);
  const pairs = list.flatMap((task) =>
    ['last', 'best'].map((name) => path.join(task.run, `${name}.safetensors`)),
  );
  const same = (file) =>
    readFileSync(path.join(sweep, file)).equals(readFileSync(path.join(reference, file)));
  const differing = pairs.filter((file) => !same(file));
  check(
    `all ${pairs.length} weight files are those of the local run, byte for byte`,
    differing.length === 0,
    differing,
  );
  check(
    'and their logs are the same files',
    list.every((task) => same(path.join(task.run, 'metrics.jsonl'))),
  );
}

try {
  await main();
} catch (error) {
  check(error.message, false, error.stack);
  const logs = path.join(sweep, 'logs');
  for (const name of existsSync(logs) ? readdirSync(logs) : [])
    console.log(
      `== ${name}\n${readFileSync(path.join(logs, name), 'utf8').split('\n').slice(-12).join('\n')}`,
    );
  console.log(slurm('squeue', '-r', '-t', 'all'));
}
rmSync(root, { recursive: true, force: true });
log('done');
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
