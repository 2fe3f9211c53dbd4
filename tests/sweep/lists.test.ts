import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parse } from 'yaml';
import { UserError } from '#src/errors.js';
import { jobManifest, shellLine } from '#src/sweep/lists.js';

const AWKWARD = ["it's", 'a b', '$HOME', '"x"', '`ls`', 'a;b', '-n', '', '*', 'plain/path.js'];

test('a shell reads the words back as they are', () => {
  const line = shellLine([
    process.execPath,
    '-e',
    'console.log(process.argv.slice(1).join("|"))',
    '--',
    ...AWKWARD,
  ]);
  const { stdout, status } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.equal(stdout, `${AWKWARD.join('|')}\n`);
});

test('a name with a line break is refused in a list of lines, not run as a command', () => {
  assert.throws(
    () => shellLine(['node', '/sweeps/a\ntouch b', '0']),
    (error) =>
      error instanceof UserError && /a\\ntouch b: a list of command lines/.test(error.message),
  );
});

test('the Kubernetes job says the name of any folder, and nothing else', () => {
  const name = '$(HOSTNAME)\n- $x\u0085#';
  const text = jobManifest({ name, completions: 1, parallelism: 1, threads: 1 });
  const [container] = parse(text).spec.template.spec.containers;
  // Kubernetes reads $$ as $, and puts a value for $(HOSTNAME).
  const [line] = container.args as string[];
  assert.equal(
    line,
    `exec g2lstm sweep-task '/sweeps/${name.replaceAll('$', '$$$$')}' $JOB_COMPLETION_INDEX --threads 1`,
  );
  for (const one of text.split('\n').filter((words) => words.startsWith('# Kubernetes')))
    assert.match(one, /as \$\(HOSTNAME\)\\n- \$x\\u0085#\.$/);
});

test('the Kubernetes job: an index for each task, 75 starts again uncounted', () => {
  const job = parse(
    jobManifest({ name: 'Sweep_My "Grid"', completions: 12, parallelism: 4, threads: 2 }),
  );
  assert.equal(job.apiVersion, 'batch/v1');
  assert.equal(job.kind, 'Job');
  assert.equal(job.metadata.name, 'sweep-my-grid');
  const { spec } = job;
  assert.equal(spec.completionMode, 'Indexed');
  assert.deepEqual([spec.completions, spec.parallelism, spec.backoffLimitPerIndex], [12, 4, 2]);
  const exits = spec.podFailurePolicy.rules.flatMap(
    (rule: { action: string; onExitCodes?: { values: number[] } }) =>
      rule.onExitCodes ? [[rule.action, ...rule.onExitCodes.values]] : [],
  );
  assert.deepEqual(exits, [
    ['Ignore', 75],
    ['FailIndex', 2],
  ]);
  const pod = spec.template.spec;
  // podFailurePolicy is refused with any other
  assert.equal(pod.restartPolicy, 'Never');
  const [container] = pod.containers;
  assert.equal(container.name, spec.podFailurePolicy.rules[0].onExitCodes.containerName);
  assert.deepEqual(container.command, ['sh', '-c']);
  assert.deepEqual(container.args, [
    `exec g2lstm sweep-task '/sweeps/Sweep_My "Grid"' $JOB_COMPLETION_INDEX --threads 2`,
  ]);
  assert.equal(container.volumeMounts[0].name, pod.volumes[0].name);
});
