import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { environmentFacts } from '#src/runs/environment-facts.js';
import { readCommit } from '#src/runs/git-commit.js';
import { type RunSummary, readSummary, writeSummary } from '#src/runs/summary.js';
import { scratch } from './helpers.js';

const summary: RunSummary = {
  command: 'train lm',
  preset: 'demo-lm',
  config: { hidden: 96 },
  seed: 1,
  result: { validPerplexity: 120.5, testPerplexity: null },
  seconds: 12.5,
  tokensPerSecond: 8000,
  ...environmentFacts(),
  data: { 'train.txt': 'ab' },
  backend: { name: 'blas', blas: null, threads: 2 },
  label: 'one seed',
  curve: [{ epoch: 1, learningRate: 1, trainPerplexity: 300, validPerplexity: null, seconds: 3 }],
};

test('a summary comes back as it was written', (t) => {
  const file = path.join(scratch(t), 'summary.json');
  writeSummary(file, summary);
  assert.deepEqual(readSummary(file), summary);
  const noGit: RunSummary = { ...summary, commit: null, preset: null, curve: [] };
  writeSummary(file, noGit);
  assert.deepEqual(readSummary(file), noGit);
});

test('a diverged score is stored as null', (t) => {
  const file = path.join(scratch(t), 'summary.json');
  writeSummary(file, { ...summary, result: { validPerplexity: Number.POSITIVE_INFINITY } });
  assert.deepEqual(readSummary(file).result, { validPerplexity: null });
});

test('a wrong summary names the key', (t) => {
  const file = path.join(scratch(t), 'summary.json');
  const format = 'g2lstm-summary-1';
  const cases: [unknown, RegExp][] = [
    [[], /not a JSON object/],
    [{}, /its format is null/],
    [{ ...summary, format: 'x' }, /its format is "x"/],
    [{ ...summary, format, seed: '1' }, /seed must be a number/],
    [{ ...summary, format, result: { a: 'b' } }, /result\.a must be a number, found "b"/],
    [{ ...summary, format, machine: undefined }, /machine must be an object/],
    [{ ...summary, format, commit: {} }, /commit\.hash must be text/],
    [{ ...summary, format, backend: { name: 'x', blas: null } }, /backend\.threads/],
    [{ ...summary, format, curve: [{ epoch: 1 }] }, /curve\[0\]\.learningRate/],
    [{ ...summary, format, curve: [null] }, /curve\[0\] must be an object, found null/],
  ];
  for (const [value, expected] of cases) {
    nodeFs.writeFileSync(file, JSON.stringify(value));
    assert.throws(() => readSummary(file), expected);
  }
  nodeFs.writeFileSync(file, '{');
  assert.throws(() => readSummary(file), /not valid JSON/);
  nodeFs.unlinkSync(file);
  assert.throws(() => readSummary(file), /is not there/);
  assert.throws(() => writeSummary(file, { ...summary, seed: Number.NaN }), /seed must be/);
});

test('environment facts say what computed, and nothing about whose machine it is', () => {
  const facts = environmentFacts();
  assert.ok(facts.machine.cores >= 1 && facts.machine.memoryGiB > 0);
  assert.equal(facts.versions.node, process.versions.node);
  assert.match(facts.versions.tfjs!, /^4\./);
  assert.match(facts.versions.g2lstm!, /^\d/);
  assert.match(facts.versions.koffi!, /^\d/);
  // Not a search for this machine's own names: a host may be called linux, a user node.
  assert.deepEqual(Object.keys(facts), ['machine', 'versions', 'commit']);
  assert.deepEqual(Object.keys(facts.machine), ['cpu', 'cores', 'memoryGiB', 'platform']);
  assert.equal(facts.machine.platform, `${process.platform}-${process.arch}`);
  assert.deepEqual(Object.keys(facts.versions), ['node', 'g2lstm', 'tfjs', 'koffi']);
  if (facts.commit) assert.deepEqual(Object.keys(facts.commit), ['hash', 'dirty']);
});

const noGit = spawnSync('git', ['--version']).status === 0 ? false : 'needs git';

test('the commit is read from loose, packed, detached and linked work trees', {
  skip: noGit,
}, (t) => {
  const root = path.join(scratch(t), 'repo');
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
    return execFileSync('git', [...who, ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
      // no signing of commits, no hooks, no other repository that this machine is set up for
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  };
  nodeFs.mkdirSync(root);
  assert.equal(readCommit(root), null);
  git('init', '-q');
  assert.equal(readCommit(root), null);
  nodeFs.writeFileSync(path.join(root, 'a'), '1');
  git('add', 'a');
  git('commit', '-q', '-m', 'one');
  const hash = git('rev-parse', 'HEAD');
  assert.deepEqual(readCommit(root), { hash, dirty: false });
  nodeFs.writeFileSync(path.join(root, 'a'), '2');
  assert.deepEqual(readCommit(root), { hash, dirty: true });
  git('pack-refs', '--all');
  assert.equal(readCommit(root)!.hash, hash);
  git('worktree', 'add', '-q', '-b', 'side', '../side');
  assert.deepEqual(readCommit(path.join(root, '../side')), { hash, dirty: false });
  git('checkout', '-q', '--detach');
  assert.equal(readCommit(root)!.hash, hash);
});
