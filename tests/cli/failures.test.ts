import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { loadCheckpoint, saveCheckpoint } from '#src/runs/checkpoint.js';
import { contents, g2lstm, scratch, tinyCorpus, tinyRun } from './cli.js';

describe('what goes wrong', () => {
  test('a learning rate far too high: status 1, the checkpoints are kept', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    const sets = ['learningRate=1000', 'clip=0'].flatMap((set) => ['--set', set]);
    for (const more of [[], ['--resume']]) {
      const { status, stdout, stderr } = await g2lstm(tinyRun(data, out, ...sets, ...more));
      assert.equal(status, 1, stderr);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /the validation perplexity after epoch 1 is Infinity: training diverged/,
      );
    }
    loadCheckpoint(out, 'last', { finite: true });
  });

  test('a loss that is no number: status 1, nothing is overwritten', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    assert.equal((await g2lstm(tinyRun(data, out))).status, 0);
    // Weights of a bounded network grow large but hardly ever become NaN by themselves.
    const last = loadCheckpoint(out, 'last');
    last.tensors['decoder.bias']!.data[0] = Number.NaN;
    saveCheckpoint(out, 'last', last);
    const longer = ['--set', 'epochs=2', '--resume'];
    const was = contents(out)['last.safetensors'];
    const { status, stdout, stderr } = await g2lstm(tinyRun(data, out, ...longer));
    assert.equal(status, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^g2lstm: the loss is NaN at epoch 2, step \d+: training diverged\./m);
    assert.doesNotMatch(stderr, /^ +at /m, 'no stack trace');
    assert.equal(contents(out)['last.safetensors'], was);
    assert.ok(!existsSync(path.join(out, 'run.lock')));
    const previous = await g2lstm(tinyRun(data, out, ...longer, '--from', 'previous', '--json'));
    assert.equal(previous.status, 0, previous.stderr);
    assert.equal(JSON.parse(previous.stdout).curve.length, 2);
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

describe('ordinary mistakes are no defects of the program', () => {
  /** Runs a command that fails with status 1 and a message of at most two lines. */
  async function refused(args: string[], message: RegExp, env: Record<string, string> = {}) {
    const { status, stdout, stderr } = await g2lstm(args, env);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /defect of the program|^ +at |NaN/m);
    assert.ok(stderr.trim().split('\n').length <= 2, stderr);
    assert.deepEqual([status, stdout], [1, '']);
  }

  test('a report on stored results that are not there, or not what their names say', async (t) => {
    const folder = scratch(t);
    const results = path.join(folder, 'results');
    const report = ['report', '--no-pdf', '-o', path.join(folder, 'out'), '--results'];
    await refused(
      [...report, results],
      /the folder of results .*results cannot be read: it is not/,
    );
    mkdirSync(path.join(results, 'small'), { recursive: true });
    const file = path.join(results, 'small', 'g2-seed1.json');
    for (const [text, message] of [
      ['{"format": "g2lstm-summary-1"}', /g2-seed1\.json is not the summary.*command must be text/],
      ['null', /g2-seed1\.json is not a file of results: it is null, not a JSON object/],
      ['{"format": "x"', /g2-seed1\.json is not valid JSON: line 1, column 15: the text ends/],
    ] as const) {
      writeFileSync(file, text);
      await refused([...report, results], message);
    }
  });

  test('--data of a folder that is not there, also where nothing of it would be read', async (t) => {
    const folder = scratch(t);
    const data = ['--data', path.join(folder, 'none')];
    for (const words of [
      ['reproduce', '--dry-run'],
      ['train', 'lm', '--preset', 'demo-lm'],
    ])
      await refused(
        [...words, ...data, '--out', path.join(folder, 'out')],
        /^g2lstm: --data .*none: no such folder/,
      );
    assert.ok(!existsSync(path.join(folder, 'out')));
  });

  test('a run folder whose parts are of another shape', async (t) => {
    const folder = scratch(t);
    for (const [text, message] of [
      ['null', /config\.json is not the configuration of a run: it is null, not a JSON object/],
      ['{"command": "train lm", "config": []}', /config must be an object, found a list/],
      ['[[', /config\.json is not valid JSON: line 1, column 3: the text ends/],
    ] as const) {
      writeFileSync(path.join(folder, 'config.json'), text);
      await refused(['eval', folder], message);
    }
  });
});
