import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { loadCompressed } from '#src/chapters/compression/compressed-file.js';
import { compressModel } from '#src/compression/compress.js';
import { evaluateRun, loadRun } from '#src/runs/lm/load-run.js';
import { trainBoth } from '../../cli/both-runs.js';
import { g2lstm } from '../../cli/cli.js';

let folder = '';
let data = '';
let run = '';
let pairs = '';
let translation = '';
before(async () => {
  ({ folder, data, run, pairs, translation } = await trainBoth(5));
});

// biome-ignore lint/suspicious/noExplicitAny: JSON
async function json(...args: string[]): Promise<any> {
  const { status, stdout, stderr } = await g2lstm(['eval', ...args, '--json']);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('eval --compress of a language model', () => {
  test('the perplexity is that of the compressed model in the library', async () => {
    const loaded = await loadRun(run, { dataFolder: data });
    const plain = (await evaluateRun(loaded)).perplexity;
    const { report } = await compressModel(loaded.model, 'round-clip:0.5:1');
    const { perplexity } = await evaluateRun(loaded);
    loaded.dispose();
    const result = await json(run, '--data', data, '--compress', 'round-clip:0.5:1');
    // Another process may add in another order.
    assert.ok(Math.abs(result.perplexity / perplexity - 1) < 1e-6, `${result.perplexity}`);
    assert.notEqual(result.perplexity, plain);
    assert.deepEqual(result.compression, report);
    assert.equal((await json(run, '--data', data)).compression, undefined);
  });

  test('with the cache', async () => {
    const args = [run, '--data', data, '--cache', '--cache-window', '40'];
    const plain = await json(...args);
    const small = await json(...args, '--compress', 'svd:1');
    assert.notEqual(small.cache.perplexity, plain.cache.perplexity);
    assert.equal(small.compression.blocks[0].rank, 1);
  });

  test('in words, written to a file that holds the measured weights', async () => {
    const file = path.join(folder, 'small', 'model.safetensors');
    const args = [
      'eval',
      run,
      '--data',
      data,
      '--compress',
      'svd-stacked:2',
      '--compress-out',
      file,
    ];
    const { status, stdout, stderr } = await g2lstm(args);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^compression +svd-stacked:2, gates f and i, 2 blocks \(paper\)$/m);
    assert.match(stdout, /^values changed +256 of 256$/m);
    // [16, 8] as 2 * (16 + 8) numbers, twice
    assert.match(stdout, /^blocks +2\.7x, 1,024 to 384 bytes$/m);
    assert.match(stdout, /^gate parameters +[\d.]+x/m);
    assert.match(stdout, /^whole model +[\d.]+x/m);
    assert.match(
      stdout,
      new RegExp(`^written .* ${statSync(file).size.toLocaleString('en-US')} bytes$`, 'm'),
    );
    const shown = /^perplexity +([\d.]+)$/m.exec(stdout)![1];
    const loaded = await loadRun(run, { dataFolder: data });
    loaded.model.load(loadCompressed(file).tensors, file);
    assert.equal((await evaluateRun(loaded)).perplexity.toFixed(2), shown);
    loaded.dispose();
    const again = await g2lstm(['eval', run, '--data', data, '--compressed', file]);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /^compression +svd-stacked:2, gates f and i \(paper\)$/m);
    assert.match(again.stdout, /^read .*model\.safetensors, [\d,]+ bytes$/m);
    assert.equal(/^perplexity +([\d.]+)$/m.exec(again.stdout)![1], shown);
  });

  test('without a BLAS: our own decomposition', async () => {
    const args = ['eval', run, '--data', data, '--compress', 'svd:2', '--json'];
    const results = await Promise.all([g2lstm(args), g2lstm(args, { G2_BLAS: 'none' })]);
    const [one, other] = results.map(({ stdout }) => JSON.parse(stdout));
    assert.ok(Math.abs(other.perplexity / one.perplexity - 1) < 1e-4);
    assert.equal(other.compression.compressed.ratio, one.compression.compressed.ratio);
  });

  test("the paper's ratio stands beside rank 64", async () => {
    const { stdout } = await g2lstm(['eval', run, '--data', data, '--compress', 'svd:64']);
    assert.match(stdout, /^paper +12x at 1,150 units, Table 3$/m);
  });
});

describe('eval --compress of a translation run', () => {
  test('BLEU changes, the variants take different blocks', async () => {
    const args = [translation, '--data', pairs, '--beam', '1'];
    const plain = await json(...args);
    const paper = await json(...args, '--compress', 'svd:1');
    const code = await json(...args, '--compress', 'svd:1', '--compress-variant', 'code');
    assert.notEqual(paper.perplexity, plain.perplexity);
    assert.notEqual(code.perplexity, paper.perplexity);
    const roles = ({ compression }: typeof paper) =>
      new Set(compression.blocks.flatMap((b: { roles: string[] }) => b.roles));
    assert.deepEqual(roles(paper), new Set(['input', 'hidden', 'context']));
    assert.deepEqual(roles(code), new Set(['attention', 'hidden', 'context']));
    assert.equal(typeof paper.bleu, 'number');
  });

  test('in words', async () => {
    const { status, stdout, stderr } = await g2lstm([
      ...['eval', translation, '--data', pairs, '--beam', '1'],
      ...['--compress', 'round:0.5', '--compress-variant', 'code'],
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^compression +round:0.5, gates f and i, \d+ blocks \(code\)$/m);
    assert.match(stdout, /^whole model +[\d.]+x/m);
  });
});

test('weights of a file, of another model or of no model', async () => {
  const file = path.join(folder, 'translation.safetensors');
  const plain = await json(
    translation,
    '--data',
    pairs,
    '--compress',
    'round:0.2',
    '--compress-out',
    file,
  );
  const again = await json(translation, '--data', pairs, '--compressed', file);
  assert.equal(again.bleu, plain.bleu);
  assert.equal(again.perplexity, plain.perplexity);
  assert.deepEqual(again.compression.file, plain.compression.file);
  const other = await g2lstm(['eval', run, '--data', data, '--compressed', file]);
  assert.equal(other.status, 1);
  assert.match(other.stderr, /belongs to another configuration/);
  const none = await g2lstm([
    'eval',
    run,
    '--data',
    data,
    '--compressed',
    path.join(run, 'best.safetensors'),
  ]);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /its format is "g2lstm-checkpoint-1"/);
});

describe('wrong use ends with 2 and writes nothing', () => {
  const out = () => path.join(folder, 'never.safetensors');
  for (const [args, message] of [
    [['--compress', 'svd:0'], /K, the rank, must be a number above 0/],
    [['--compress', 'rond:0.2'], /did you mean round/],
    [['--compress', 'svd:2', '--compress-variant', 'cod'], /choose one of paper, code/],
    [['--compress', 'svd:2', '--compressed', 'x'], /one of them/],
    [['--compressed', 'x', '--from', 'last'], /leave --from and --import out/],
    [['--compress-variant', 'code'], /--compress-variant does nothing without --compress/],
    [
      ['--compress', 'svd-stacked:2', '--compress-variant', 'code'],
      /published code takes every block/,
    ],
    [
      ['--compress', 'svd:2', '--export', 'g2-lstm', '-o', 'x'],
      /--compress-out writes compressed ones/,
    ],
  ] as [string[], RegExp][])
    test(args.join(' '), async () => {
      for (const subject of args.includes('--export') ? [run] : [run, translation]) {
        const more = args.includes('--compress') ? ['--compress-out', out()] : [];
        const { status, stdout, stderr } = await g2lstm([
          'eval',
          subject,
          '--data',
          data,
          ...args,
          ...more,
        ]);
        assert.equal(status, 2, stderr);
        assert.equal(stdout, '');
        assert.match(stderr, message);
        assert.ok(!existsSync(out()));
      }
    });
});
