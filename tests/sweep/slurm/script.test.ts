import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { slurmOptions } from '#src/sweep/slurm/options.js';
import { reportScript, taskScript } from '#src/sweep/slurm/script.js';
import { shellWord } from '#src/terminal/shell-word.js';

const PLACE = {
  sweep: '/home/me/runs/sweep-grid',
  cwd: '/home/me',
  node: '/opt/node/bin/node',
  program: '/opt/g2lstm/dist/cli/main.js',
};

test('the script of the tasks', () => {
  const options = slurmOptions({
    ...{ partition: 'cpu', time: '2:00:00', memGb: 1.5, cpusPerTask: 4 },
    ...{ setup: ['module load node'], maxTimeouts: 3 },
    sbatch: [
      ['gres', 'gpu:1'],
      ['exclusive', null],
      ['comment', 'a "b" # c'],
    ],
  });
  assert.equal(
    taskScript(PLACE, options),
    String.raw`#!/bin/bash
#SBATCH --job-name=g2-grid
#SBATCH --output=/home/me/runs/sweep-grid/logs/%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@90
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --time=2:00:00
#SBATCH --mem=1536M
#SBATCH --partition=cpu
#SBATCH --gres=gpu:1
#SBATCH --exclusive
#SBATCH --comment="a \"b\" # c"

# A warning that comes before the task listens must not end it.
trap '' USR1
# The node of the submission, unless a line below puts another one first.
export PATH=/opt/node/bin:"$PATH"
cd /home/me || exit 1
module load node
# exec: signals go to the task itself, not to a shell that waits for it.
exec node /opt/g2lstm/dist/cli/main.js sweep-task /home/me/runs/sweep-grid "$((SLURM_ARRAY_TASK_ID + ${'$'}{1:-0}))" --max-timeouts 3
`,
  );
});

test('the report collects, then names what failed; it is short and small', () => {
  const text = reportScript(PLACE, slurmOptions({ time: '2-0', memGb: 64, partition: 'cpu' }));
  assert.match(text, /#SBATCH --time=30\n#SBATCH --mem=2G\n#SBATCH --partition=cpu\n/);
  assert.match(text, /sweep collect \/home\/me\/runs\/sweep-grid\n.*\nexec node .* sweep status /);
  assert.doesNotMatch(text, /--array|--signal|--requeue/);
});

test('hostile names reach the program as they are', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'g2-script-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const hostile = `it's a $HOME; "x" \`id\` %A #! & * ~ |`;
  const cwd = path.join(root, hostile);
  const node = path.join(root, 'bi n', 'node');
  for (const folder of [cwd, path.dirname(node)]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    node,
    `#!/bin/sh\npwd\necho "setup: $MARK"\nfor word; do printf '<%s>' "$word"; done\n`,
  );
  chmodSync(node, 0o755);
  const place = {
    cwd,
    node,
    sweep: path.join(cwd, 'sweep-x y'),
    program: path.join(cwd, 'main.js'),
  };
  const run = (script: string, ...args: string[]) =>
    spawnSync('bash', ['-s', ...args], {
      input: script,
      encoding: 'utf8',
      // bash warns of a locale that is not installed
      env: { ...process.env, LC_ALL: 'C', SLURM_ARRAY_TASK_ID: '7' },
    });
  const script = taskScript(place, slurmOptions({ setup: ['export MARK="ran first"'] }));
  for (const [args, index] of [
    [[], 7],
    [['1001'], 1008],
  ] as const) {
    const { stdout, stderr } = run(script, ...args);
    assert.equal(stderr, '');
    assert.equal(
      stdout,
      `${cwd}\nsetup: ran first\n<${place.program}><sweep-task><${place.sweep}><${index}><--max-timeouts><5>`,
    );
  }
  // sbatch, too, reads a quoted word; a % of the name is doubled, that of the pattern is not.
  assert.ok(
    script.includes(
      `#SBATCH --output="${place.sweep.replace(/"/g, '\\"').replace('%', '%%')}/logs/%A_%a.log"\n`,
    ),
  );
  for (const name of ['a\\b', 'a\nb'])
    assert.throws(
      () => taskScript({ ...place, sweep: path.join(root, name) }, slurmOptions({})),
      /Slurm writes no logs into .* Choose another --out/s,
    );
});

test('shell words', () => {
  for (const word of ['', 'a b', "'", "''", '$(x)', '~', 'a\nb', '-n', 'ü'])
    assert.equal(
      spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' }).stdout,
      word,
    );
});
