import assert from 'node:assert/strict';
import { once } from 'node:events';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { RunFolder, type RunFolderOptions } from '#src/runs/folder.js';
import { lockHolder } from '#src/runs/lock.js';
import { killed, scratch, startFixture } from './helpers.js';

const options: RunFolderOptions = { command: 'train lm', preset: null, config: { hidden: 3 } };

function refusal(folder: string, changes: Partial<RunFolderOptions> = {}): string {
  try {
    RunFolder.create(folder, { ...options, ...changes }).release();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.split('\n').length <= 2);
    return error.message;
  }
  return 'no error';
}

test('a run begins, is refused a second time, and resumes', (t) => {
  const folder = path.join(scratch(t), 'deep', 'run');
  const run = RunFolder.create(folder, options);
  assert.equal(run.finished, false);
  assert.equal(run.hasCheckpoint('last'), false);
  assert.equal(run.metricsFile, path.join(folder, 'metrics.jsonl'));
  run.release();
  run.release();
  assert.deepEqual(nodeFs.readdirSync(folder), ['config.json']);
  assert.match(refusal(folder), /holds a run that was begun.*--resume.*another --out/);
  nodeFs.writeFileSync(path.join(folder, 'summary.json'), '{}');
  assert.match(refusal(folder), /holds a finished run.*--resume/);
  const again = RunFolder.create(folder, { ...options, resume: true });
  assert.equal(again.finished, true);
  assert.deepEqual(again.description.config, { hidden: 3 });
  again.release();
});

test('resume needs a run with the same configuration', (t) => {
  const folder = path.join(scratch(t), 'run');
  assert.match(refusal(folder, { resume: true }), /holds no run to resume/);
  assert.equal(nodeFs.existsSync(folder), false);
  RunFolder.create(folder, { ...options, preset: 'demo-lm' }).release();
  const config = { hidden: 4, extra: true };
  assert.match(
    refusal(folder, { resume: true, config }),
    /hidden \(3 there, 4 asked\), extra \(\(none\) there, true asked\)/,
  );
  assert.match(refusal(folder, { resume: true, command: 'train nmt' }), /made by "train lm"/);
  const mayDiffer = ['hidden', 'extra'];
  assert.equal(refusal(folder, { resume: true, config, mayDiffer }), 'no error');
  const stored = RunFolder.open(folder).description;
  assert.deepEqual(stored, { command: 'train lm', preset: 'demo-lm', config });
});

test('a damaged or foreign config.json is an error in words', (t) => {
  const folder = scratch(t);
  assert.throws(() => RunFolder.open(folder), /is no run folder/);
  nodeFs.writeFileSync(path.join(folder, 'config.json'), '{"comm');
  assert.throws(() => RunFolder.open(folder), /config\.json is not valid JSON/);
  nodeFs.writeFileSync(path.join(folder, 'config.json'), '[]');
  assert.throws(() => RunFolder.open(folder), /not the configuration of a run/);
});

test('a folder in use by this process and by another one is refused with the pid', async (t) => {
  const folder = path.join(scratch(t), 'run');
  const run = RunFolder.create(folder, options);
  assert.equal(lockHolder(run.file('run.lock')), process.pid);
  assert.match(refusal(folder, { resume: true }), new RegExp(`same process \\(${process.pid}\\)`));
  run.release();

  const child = await startFixture(t, 'hold-run', `${folder}2`, 'stay');
  assert.match(
    refusal(`${folder}2`, { resume: true }),
    new RegExp(`in use by process ${child.pid}`),
  );
  assert.match(refusal(`${folder}2`), new RegExp(`in use by process ${child.pid}`));

  await killed(child);
  assert.ok(nodeFs.existsSync(path.join(`${folder}2`, 'run.lock')));
  assert.equal(refusal(`${folder}2`, { resume: true }), 'no error');
});

test('the lock goes with process.exit and with an uncaught error', async (t) => {
  for (const end of ['exit', 'throw']) {
    const folder = path.join(scratch(t), 'run');
    const child = await startFixture(t, 'hold-run', folder, end);
    if (child.exitCode === null) await once(child, 'exit');
    assert.deepEqual(nodeFs.readdirSync(folder), ['config.json'], end);
  }
});

test('a lock of a process number that was given to another process is stale', (t) => {
  const folder = path.join(scratch(t), 'run');
  const run = RunFolder.create(folder, options);
  const lock = JSON.parse(nodeFs.readFileSync(run.file('run.lock'), 'utf8'));
  run.release();
  const put = (changes: object) =>
    nodeFs.writeFileSync(run.file('run.lock'), JSON.stringify({ ...lock, ...changes }));
  if (process.platform === 'linux') {
    put({ pid: process.ppid, born: lock.born });
    assert.equal(refusal(folder, { resume: true }), 'no error');
  }
  put({ pid: process.ppid, born: null });
  assert.match(refusal(folder, { resume: true }), /in use by process/);
  put({ host: 'elsewhere' });
  assert.match(refusal(folder, { resume: true }), /on elsewhere .*\n.*delete .*run\.lock/);
  nodeFs.writeFileSync(run.file('run.lock'), '{"pi');
  assert.match(refusal(folder, { resume: true }), /in use/);
  nodeFs.utimesSync(run.file('run.lock'), 1, 1);
  assert.equal(refusal(folder, { resume: true }), 'no error');
});

test('opening a run cleans what killed processes left', (t) => {
  const folder = scratch(t);
  nodeFs.writeFileSync(path.join(folder, '.last.safetensors.4194399-7.partial'), '');
  assert.equal(refusal(folder), 'no error');
  assert.deepEqual(nodeFs.readdirSync(folder), ['config.json']);
});

test('a run folder that cannot be made or written', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'file');
  nodeFs.writeFileSync(file, '');
  assert.match(refusal(file), /is a file\. Choose another --out/);
  assert.match(refusal(path.join(file, 'run')), /is a file\. Choose another --out/);
  if (process.platform !== 'win32' && process.getuid?.() !== 0) {
    nodeFs.chmodSync(folder, 0o555);
    assert.match(refusal(folder), /cannot be written \(no permission\)/);
    assert.match(refusal(path.join(folder, 'run')), /cannot be written \(no permission\)/);
    nodeFs.chmodSync(folder, 0o755);
  }
});
