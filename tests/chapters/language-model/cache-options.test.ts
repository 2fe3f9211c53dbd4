import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { g2lstm, newFolder, tinyCorpus, tinyRun } from '../../cli/cli.js';

describe('eval with the cache, and with weights of other codes', () => {
  let folder = '';
  let data = '';
  let out = '';
  after(() => rmSync(folder, { recursive: true, force: true }));

  before(async () => {
    folder = newFolder();
    data = tinyCorpus(path.join(folder, 'data'));
    out = path.join(folder, 'run');
    const { status, stderr } = await g2lstm(tinyRun(data, out));
    assert.equal(status, 0, stderr);
  });

  // biome-ignore lint/suspicious/noExplicitAny: JSON
  async function json(...args: string[]): Promise<any> {
    const { status, stdout, stderr } = await g2lstm(['eval', ...args, '--data', data, '--json']);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  test('--cache keeps the perplexity of the model and adds that with the cache', async () => {
    const plain = await json(out);
    assert.equal(plain.cache, undefined);
    const cached = await json(out, '--cache', '--cache-theta', '0.5', '--cache-window', '40');
    assert.ok(Math.abs(cached.perplexity / plain.perplexity - 1) < 1e-6);
    assert.equal(cached.tokens, plain.tokens);
    const { theta, lambda, window, variant } = cached.cache;
    assert.deepEqual([theta, lambda, window, variant], [0.5, 0.1, 40, 'growing']);
    assert.equal(cached.cache.cached, cached.tokens - 1);
    assert.notEqual(cached.cache.perplexity, cached.perplexity);
    const full = await json(
      out,
      '--cache',
      '--cache-window',
      '40',
      '--cache-variant',
      'full-window',
    );
    assert.equal(full.cache.cached, full.tokens - 41);
  });

  test('--search-cache: the best of the grid on valid is what the text is measured with', async () => {
    const grid = ['--cache-theta', '0.3,1', '--cache-lambda', '0.01,0.2', '--cache-window', '40'];
    const found = await json(out, '--search-cache', ...grid);
    const { search, cache } = found;
    const all = search.perplexities.flat();
    assert.equal(all.length, 4);
    assert.equal(search.perplexity, Math.min(...all));
    const at = all.indexOf(search.perplexity);
    assert.equal(cache.theta, [0.3, 1][Math.floor(at / 2)]);
    assert.equal(cache.lambda, [0.01, 0.2][at % 2]);
    const settings = ['--cache-theta', `${cache.theta}`, '--cache-lambda', `${cache.lambda}`];
    const again = await json(out, '--cache', ...settings, '--cache-window', '40');
    assert.equal(again.cache.perplexity, cache.perplexity);
    const valid = await json(
      out,
      '--cache',
      ...settings,
      '--cache-window',
      '40',
      '--split',
      'valid',
    );
    assert.equal(valid.cache.perplexity, search.perplexity);
    const words = await g2lstm(['eval', out, '--data', data, '--search-cache', ...grid]);
    assert.match(words.stdout, /^valid +lambda 0\.01 +lambda 0\.2$/m);
    assert.match(words.stdout, /\*\d+\.\d\d/);
    assert.match(words.stdout, /^best (theta|lambda) is at the grid's edge/m);
    assert.match(words.stdout, /^with cache +perplexity \d/m);
  });

  for (const code of ['torch-lstm', 'g2-lstm'])
    test(`--export ${code} and --import give the same perplexity`, async () => {
      const file = path.join(folder, `${code}.safetensors`);
      const wrote = await json(out, '--export', code, '-o', file);
      assert.equal(wrote.format, code);
      const own = await json(out);
      const back = await json(file, '--import', code);
      assert.ok(Math.abs(back.nll / own.nll - 1) < 1e-6, `${back.nll}, ${own.nll}`);
      assert.deepEqual([back.batch, back.widths, back.tied], [1, [8, 8], false]);
      assert.equal(back.gates, 'g2');
      const printed = Math.exp(back.nll / (back.tokens + 1));
      assert.equal(back.printedByOriginal, printed);
      assert.equal((await json(file, '--import', code, '--split', 'valid')).batch, 10);
      const { stdout } = await g2lstm(['eval', file, '--import', code, '--data', data]);
      assert.match(stdout, new RegExp(`^weights +${code}, 8 > 8 units$`, 'm'));
    });

  const wrong: [string[], RegExp][] = [
    [['--cache-theta', '2'], /--cache-theta does nothing without --cache or --search-cache/],
    [['--cache', '--cache-theta', '1,2'], /--cache-theta: several values need --search-cache/],
    [['--cache', '--cache-lambda', '2'], /--cache-lambda 2: give a number from 0 to 1/],
    [['--cache', '--batch', '4'], /--batch: the cache needs one unbroken context/],
    [['--cache', '--cache-variant', 'full'], /choose one of growing, full-window/],
    [['--cache', '--search-cache'], /--cache and --search-cache: one of them/],
    [['--export', 'g2-lstm'], /--export g2-lstm needs a file: -o FILE\.safetensors/],
    [['--export', 'g2-lstm', '-o', 'x', '--cache'], /--export measures nothing/],
    [['--out', 'x'], /--out does nothing without --export/],
    [['--import', 'torch'], /--import torch: choose one of torch-lstm, g2-lstm/],
    [['--import', 'g2-lstm', '--from', 'last'], /--from names a checkpoint of a run/],
    [['--import', 'g2-lstm', '--set', 'hidden=3'], /sizes come from the file/],
  ];
  for (const [args, message] of wrong)
    test(`refused: ${args.join(' ')}`, async () => {
      const { status, stdout, stderr } = await g2lstm(['eval', out, ...args]);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1);
    });
});
