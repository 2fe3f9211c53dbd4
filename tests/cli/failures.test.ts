import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { loadCheckpoint } from '#src/runs/checkpoint.js';
import { g2lstm, scratch, tinyCorpus, tinyRun } from './cli.js';

describe('what goes wrong', () => {
  test('a diverging run says so and keeps a checkpoint', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    const wild = ['learningRate=1000', 'clip=0', 'initRange=10', 'epochs=50'];
    const sets = wild.flatMap((set) => ['--set', set]);
    const { status, stdout, stderr } = await g2lstm(tinyRun(data, out, ...sets));
    assert.equal(status, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /training diverged/);
    assert.doesNotMatch(stderr, /^ +at /m, 'no stack trace');
    const { tensors } = loadCheckpoint(out, 'last', { finite: true });
    assert.ok(Object.keys(tensors).length > 0);
    assert.ok(!existsSync(path.join(out, 'summary.json')));
    assert.ok(!existsSync(path.join(out, 'run.lock')));
  });

  test('a BLAS that is not there', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    const { status, stderr } = await g2lstm(tinyRun(data, out), { G2_BLAS: '/nonexistent' });
    assert.equal(status, 1);
    assert.match(stderr, /^g2lstm: G2_BLAS=\/nonexistent cannot be used: not found\./);
    assert.ok(!existsSync(out), 'no folder is left behind');
  });

  test('G2_BLAS=none computes with our own product', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const args = tinyRun(data, path.join(folder, 'run'), '--json');
    const { status, stdout, stderr } = await g2lstm(args, { G2_BLAS: 'none' });
    assert.equal(status, 0, stderr);
    assert.match(JSON.parse(stdout).backend.blas, /^wasm GEMM/);
  });

  test('data that is nowhere', async (t) => {
    const folder = scratch(t);
    const { status, stderr } = await g2lstm(tinyRun(folder, path.join(folder, 'run')));
    assert.equal(status, 1);
    assert.match(stderr, /^g2lstm: --data: ptb \(train\.txt, valid\.txt, test\.txt/);
  });
});
