import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { spread } from '#src/bench/statistics.js';
import { stepGemmFlops } from '#src/bench/train.js';
import { g2lstm } from './cli.js';

const TINY = '--hidden 16 --layers 2 --batch 4 --bptt 5 --vocab 50 --steps 4 --warmup 1'.split(' ');

describe('bench', () => {
  for (const path of ['fused', 'reference'])
    test(`bench train --path ${path}`, async () => {
      const args = ['bench', 'train', ...TINY, '--path', path, '--json'];
      const { status, stdout, stderr } = await g2lstm(args);
      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      const r = JSON.parse(stdout);
      assert.ok(r.msMin > 0 && r.msMin <= r.msMedian && r.msMin <= r.msPerStep);
      assert.ok(Math.abs(r.tokensPerSecond - (4 * 5 * 1000) / r.msPerStep) < 1e-6);
      assert.ok(r.gemmShare > 0 && r.gemmShare < 1);
      assert.ok(r.shareOfPeak > 0 && r.peakGflops > 0);
      assert.deepEqual(r.fallbacks, {});
      assert.equal(r.tensorsAfter, r.tensorsBefore);
      assert.equal(r.parameters, 50 * 16 + 2 * (2 * 16 * 64 + 64) + 16 * 50 + 50);
      assert.ok(path === 'fused' ? r.kernelsPerStep < 100 : r.kernelsPerStep > 100);
    });

  test('bench train in words', async () => {
    const { status, stdout } = await g2lstm(['bench', 'train', ...TINY, '--gates', 'baseline']);
    assert.equal(status, 0);
    assert.match(stdout, /^step +[\d.]+ ms mean/m);
    assert.match(stdout, /^fallbacks +none$/m);
  });

  test('bench train --preset times the model in turn with one that has no regularisers', async () => {
    const args = ['bench', 'train', '--preset', 'demo-awd', '--vocab', '50', '--steps', '3'];
    const { status, stdout, stderr } = await g2lstm([...args, '--warmup', '1', '--json']);
    assert.equal(status, 0, stderr);
    const r = JSON.parse(stdout);
    assert.deepEqual(
      [r.settings.preset, r.settings.hidden, r.settings.layers, r.settings.bptt],
      ['demo-awd', 64, 2, 35],
    );
    assert.equal(r.parameters, 50 * 64 + 2 * (2 * 64 * 256 + 256) + 50);
    assert.ok(r.plain.msMin > 0 && r.plain.ratio > 0);
    assert.deepEqual(r.fallbacks, {});
    assert.equal(r.tensorsAfter, r.tensorsBefore);
    const sizes = await g2lstm([...args, '--hidden', '16']);
    assert.equal(sizes.status, 2);
    assert.match(sizes.stderr, /leave out --hidden/);
    const unknown = await g2lstm(['bench', 'train', '--preset', 'ptb-awd-smal']);
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /ptb-awd-small/);
  });

  test('bench compressed times whole matrices and factors', async () => {
    const sizes = '--hidden 16 --vocab 50 --words 60 --batch 3 --repeats 2'.split(' ');
    const args = ['bench', 'compressed', ...sizes, '--threads', '1'];
    const { status, stdout, stderr } = await g2lstm([...args, '--ranks', '2,4', '--json']);
    assert.equal(status, 0, stderr);
    const r = JSON.parse(stdout);
    assert.deepEqual(
      r.rows.map(({ rank }: { rank: number }) => rank),
      [2, 4],
    );
    for (const row of r.rows)
      for (const way of ['whole', 'fused', 'composed'])
        assert.ok(row[way].wordsPerSecond > 0 && row[way].wordsPerCpuSecond > 0);
    // 2 layers of 8 blocks of 256; 8 of them become 2 * 2 * 16; and 50 * 16 for the softmax
    assert.equal(r.rows[0].multiplications, 4896 / (4896 - 8 * (256 - 64)));
    const words = await g2lstm(args);
    assert.equal(words.status, 0);
    assert.match(words.stdout, /^ *rank +multiplications +whole, words\/s/m);
    for (const wrong of [
      ['--ranks', '16'],
      ['--gates', 'ff'],
    ])
      assert.equal((await g2lstm([...args, ...wrong])).status, 2);
  });

  test('bench nmt times steps and a beam search', async () => {
    const sizes = [
      '--hidden',
      '8',
      '--batch',
      '4',
      '--source',
      '5',
      '--target',
      '6',
      '--vocab',
      '30',
    ];
    const { status, stdout, stderr } = await g2lstm([
      ...['bench', 'nmt', ...sizes, '--steps', '3', '--warmup', '1', '--sentences', '7', '--json'],
    ]);
    assert.equal(status, 0, stderr);
    const r = JSON.parse(stdout);
    assert.ok(r.step.min > 0 && r.step.min <= r.step.median && r.step.cpu > 0);
    assert.ok(r.decoding.seconds > 0 && r.decoding.sentencesPerSecond > 0);
    assert.deepEqual(r.fallbacks, {});
    assert.equal(r.tensorsAfter, r.tensorsBefore);
    const wrong = await g2lstm(['bench', 'nmt', '--target', '1']);
    assert.equal(wrong.status, 2);
  });

  test('bench gemm', async () => {
    const shapes = ['--shapes', '64x48x32,8x64x16', '--json'];
    const { status, stdout, stderr } = await g2lstm(['bench', 'gemm', ...shapes]);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    const { products } = JSON.parse(stdout);
    assert.equal(products.length, 2);
    assert.deepEqual([products[0].m, products[0].n, products[0].k], [64, 48, 32]);
    for (const p of products) assert.ok(p.one.median > 0 && p.one.best >= p.one.median);
  });

  test('products of a step are counted from the shapes', () => {
    const sizes = { hidden: 200, layers: 2, batch: 20, bptt: 35, vocabulary: 10_000 };
    const layer = 2 * 700 * (200 + 200) * 800;
    assert.equal(stepGemmFlops(sizes), 3 * (2 * layer + 2 * 700 * 200 * 10_000));
    // unequal widths: 400 -> 1150 -> 1150 -> 400, softmax over 400
    const awd = { hidden: 1150, layers: 3, batch: 20, bptt: 70, vocabulary: 10_000 };
    const products = 4600 * (400 + 1150) + 4600 * (1150 + 1150) + 1600 * (1150 + 400);
    const want = 3 * 2 * 1400 * (products + 400 * 10_000);
    assert.equal(stepGemmFlops({ ...awd, embedding: 400, tied: true }), want);
  });

  test('spread', () => {
    assert.deepEqual(spread([4, 1, 3]), { mean: 8 / 3, median: 3, min: 1, max: 4 });
    assert.equal(spread([4, 1, 3, 2]).median, 2.5);
  });
});
