import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunFlatness } from '#src/chapters/flatness/flatness-of-run.js';
import { readMeasurement } from '#src/results/measurement.js';
import { g2lstm, newFolder, tinyCorpus, tinyRun } from '../../cli/cli.js';
import { SMALL_SETS, smallCorpus } from '../../runs/nmt/translation-corpus.js';

let folder = '';
after(() => rmSync(folder, { recursive: true, force: true }));
before(() => {
  folder = newFolder();
});

const QUICK = ['--words', '60', '--draws', '2', '--grid', '3'];

describe('flatness', () => {
  test('of a language model: table, stored measurement, the same JSON', async () => {
    const data = tinyCorpus(path.join(folder, 'data'));
    const run = path.join(folder, 'run');
    assert.equal((await g2lstm(tinyRun(data, run))).status, 0);
    const file = path.join(folder, 'out/flat.json');
    const shown = await g2lstm(['flatness', run, ...QUICK, '-o', file, '--data', data]);
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /segments? of \d+ words/);
    for (const heading of ['Gaussian noise', 'ends of the Hessian', 'gradient by tensor'])
      assert.ok(shown.stdout.includes(heading), heading);
    const stored = readMeasurement<RunFlatness>(file, 'flatness');
    assert.match(stored.command, /^g2lstm flatness RUN --split valid --words 60 /);
    assert.ok(!JSON.stringify(stored).includes(folder), 'no path of this machine');
    assert.deepEqual(Object.keys(stored.data), ['valid']);
    assert.equal(stored.result.perturb![0]!.rises[0]!.length, 2);
    assert.equal(stored.result.gradient!.preactivations![0]!.gate, 'f');
    const parts = ['--parts', 'landscape, gradient', '--json', '--data', data];
    const json = await g2lstm(['flatness', run, ...QUICK, ...parts]);
    assert.equal(json.stderr, '');
    const { result } = JSON.parse(json.stdout) as { result: RunFlatness };
    assert.deepEqual(result.landscape, stored.result.landscape);
    assert.deepEqual(result.gradient, stored.result.gradient);
    assert.equal(result.hessian, undefined);
  });

  test('of a translation model, without pre-activations', async () => {
    const pairs = smallCorpus(path.join(folder, 'pairs'));
    const run = path.join(folder, 'translation');
    const sets = [...SMALL_SETS, 'epochs=1'].flatMap((set) => ['--set', set]);
    await g2lstm(['train', 'nmt', '--data', pairs, '--out', run, ...sets]);
    const args = ['flatness', run, ...QUICK, '--data', pairs, '--json'];
    const { status, stdout, stderr } = await g2lstm(args);
    assert.equal(status, 0, stderr);
    const { result, data } = JSON.parse(stdout) as { result: RunFlatness; data: object };
    assert.match(result.text, /^\d+ pairs$/);
    assert.equal(Object.keys(data).length, 2);
    assert.equal(result.hessian!.length, 2);
    assert.equal(result.gradient!.preactivations, undefined);
    assert.ok(result.gradient!.blocks.some(({ tensor }) => tensor === 'encoder.0.backward.bias'));
  });

  test('wrong use is said in a line', async () => {
    for (const [args, message] of [
      [[], /flatness needs one run folder/],
      [['run', '--grid', '4'], /--grid 4: give an odd number/],
      [['run', '--parts', 'hessian,walk'], /--parts hessian,walk: choose of perturb, landscape/],
    ] as const) {
      const { status, stderr } = await g2lstm(['flatness', ...args]);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });
});
