import assert from 'node:assert/strict';
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { contents, type Finished, g2lstm, newFolder, tinyCorpus, tinyRun } from './cli.js';

describe('train, eval, train again', () => {
  let folder = '';
  let data = '';
  let out = '';
  let trained: Finished;
  after(() => rmSync(folder, { recursive: true, force: true }));

  // biome-ignore lint/suspicious/noExplicitAny: JSON
  let summary: any;

  before(async () => {
    folder = newFolder();
    data = tinyCorpus(path.join(folder, 'data'));
    out = path.join(folder, 'run');
    trained = await g2lstm(tinyRun(data, out));
    summary = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8'));
  });

  test('training ends with one line', () => {
    assert.equal(trained.status, 0, trained.stderr);
    assert.match(
      trained.stdout,
      /^.*run: valid perplexity [\d.]+, test perplexity [\d.]+ \(.*\)\n$/,
    );
    assert.ok(summary.result.testPerplexity < 27, 'it learned less than nothing');
  });

  test('--estimate measures, says how long it takes, and leaves nothing behind', async () => {
    const args = [
      ...tinyRun(data, path.join(folder, 'never')),
      '--estimate',
      '--set',
      'finetuneEpochs=2',
    ];
    const words = await g2lstm(args);
    assert.equal(words.status, 0, words.stderr);
    assert.match(words.stdout, /^model: .* parameters.*\ntime: about .* epochs .* finetuning/);
    const { status, stdout, stderr } = await g2lstm([...args, '--json']);
    assert.equal(status, 0, stderr);
    const estimate = JSON.parse(stdout);
    assert.equal(estimate.parameters, summary.result.parameters);
    assert.ok(estimate.msPerStep > 0 && estimate.hours > estimate.hoursMain);
    assert.equal(estimate.finetuneEpochs, 2);
    assert.ok(!existsSync(path.join(folder, 'never')));
  });

  for (const split of ['test', 'valid'] as const)
    test(`eval --split ${split} gives the perplexity of summary.json`, async () => {
      const args = ['eval', out, '--split', split, '--data', data, '--json'];
      const { status, stdout, stderr } = await g2lstm(args);
      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      const result = JSON.parse(stdout);
      assert.equal(result.perplexity, summary.result[`${split}Perplexity`]);
      assert.ok(Math.abs(result.bitsPerWord - Math.log2(result.perplexity)) < 1e-9);
      assert.deepEqual(result.warnings, []);
    });

  test('eval in words, of the last weights', async () => {
    const { status, stdout } = await g2lstm(['eval', out, '--data', data, '--from', 'last']);
    assert.equal(status, 0);
    const shown = summary.result.testPerplexity.toFixed(2).replace('.', '\\.');
    assert.match(stdout, new RegExp(`^perplexity +${shown}$`, 'm'));
    assert.match(stdout, /^bits a word +\d/m);
  });

  test('eval with rounded gates; other keys are refused', async () => {
    const hard = ['eval', out, '--data', data, '--set', 'evalHard=true', '--json'];
    const { status, stdout } = await g2lstm(hard);
    assert.equal(status, 0);
    const result = JSON.parse(stdout);
    assert.equal(result.evalHard, true);
    assert.notEqual(result.perplexity, summary.result.testPerplexity);
    const refused = await g2lstm(['eval', out, '--data', data, '--set', 'hidden=9']);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /only evalHard and evalTemperature can be set/);
  });

  test('eval warns about another text', async () => {
    const other = path.join(folder, 'other');
    cpSync(data, other, { recursive: true });
    appendFileSync(path.join(other, 'test.txt'), 'w1 w4 w13\n');
    const { status, stdout, stderr } = await g2lstm(['eval', out, '--data', other, '--json']);
    assert.equal(status, 0);
    assert.match(stderr, /^warning: the test text is not the one this run was trained with/);
    assert.equal(JSON.parse(stdout).warnings.length, 1);
  });

  test('eval of what is no run', async () => {
    const { status, stdout, stderr } = await g2lstm(['eval', data]);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /is no run folder: it has no config\.json/);
  });

  test('training there again is refused and changes nothing', async () => {
    const was = contents(out);
    const again = await g2lstm(tinyRun(data, out));
    assert.equal(again.status, 1);
    assert.equal(again.stdout, '');
    assert.match(again.stderr, /holds a finished run\. Look at it with --resume/);
    assert.deepEqual(contents(out), was);
  });

  test('--resume of a finished run shows its result and changes nothing', async () => {
    const was = contents(out);
    const again = await g2lstm(tinyRun(data, out, '--resume', '--json'));
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(JSON.parse(again.stdout).result, summary.result);
    assert.deepEqual(contents(out), was);
  });

  test('--resume with more epochs goes on, as if asked for them at once; fewer are refused', async () => {
    const longer = path.join(folder, 'longer');
    cpSync(out, longer, { recursive: true });
    const two = ['--set', 'epochs=2', '--json'];
    const went = await g2lstm(tinyRun(data, longer, ...two, '--resume'));
    assert.equal(went.status, 0, went.stderr);
    const atOnce = await g2lstm(tinyRun(data, path.join(folder, 'two'), ...two));
    assert.deepEqual(JSON.parse(went.stdout).result, JSON.parse(atOnce.stdout).result);
    const was = contents(longer);
    const fewer = await g2lstm(tinyRun(data, longer, '--resume'));
    assert.equal(fewer.status, 1);
    assert.match(fewer.stderr, /was trained for 2 epochs already/);
    assert.deepEqual(contents(longer), was);
  });

  test('--resume where there is no run', async () => {
    const nowhere = path.join(folder, 'nowhere');
    const { status, stderr } = await g2lstm(tinyRun(data, nowhere, '--resume'));
    assert.equal(status, 1);
    assert.match(stderr, /holds no run to resume/);
  });
});
