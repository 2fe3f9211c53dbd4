import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { SensitivityPoint, SensitivityResult } from '#src/chapters/compression/measure.js';
import { readMeasurement, roundedNumbers } from '#src/results/measurement.js';
import { trainBoth } from '../../cli/both-runs.js';
import { g2lstm } from '../../cli/cli.js';

let folder = '';
let data = '';
let run = '';
let pairs = '';
let translation = '';
before(async () => {
  ({ folder, data, run, pairs, translation } = await trainBoth(1));
});

/** What is read of `g2lstm eval --json`. */
interface Said {
  perplexity: number;
  tokens: number;
  bleu: number;
  multiBleu: number;
  cache: { perplexity: number };
  compression: { gateParameters: { ratio: number } };
}

/** What `g2lstm eval` says of a point, numbers as stored. */
async function evaluated(
  subject: string,
  point: SensitivityPoint,
  ...more: string[]
): Promise<Said> {
  const compress = point.spec === null ? [] : ['--compress', point.spec];
  const variant = point.spec === null ? [] : ['--compress-variant', point.variant];
  const hard = point.hard ? ['--set', 'evalHard=true'] : [];
  const args = ['eval', subject, ...compress, ...variant, ...hard, ...more, '--json'];
  const { status, stdout, stderr } = await g2lstm(args);
  assert.equal(status, 0, stderr);
  return roundedNumbers(JSON.parse(stdout));
}

const find = (points: readonly SensitivityPoint[], spec: string | null, hard = false) =>
  points.find((p) => p.spec === spec && p.hard === hard)!;

describe('a language model', () => {
  let result: SensitivityResult;
  const file = () => path.join(folder, 'deep', 'g2-seed1.sensitivity.json');

  before(async () => {
    const args = [
      'sensitivity',
      run,
      '--data',
      data,
      '--cache',
      '--cache-window',
      '40',
      '-o',
      file(),
    ];
    const { status, stdout, stderr } = await g2lstm(args);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ *compression +gates +gate parameters +bytes|compression/m);
    assert.match(stdout, /^round & clip +round-clip:0\.2:0\.4 +paper +[\d.]+x/m);
    const measurement = readMeasurement<SensitivityResult>(file(), 'sensitivity');
    assert.equal(measurement.command, 'g2lstm sensitivity RUN --cache --cache-window 40');
    assert.deepEqual(Object.keys(measurement.data), ['test']);
    assert.deepEqual(measurement.run.algorithm, 'g2');
    result = measurement.result;
  });

  test('the columns are what eval --compress --cache gives', async () => {
    assert.deepEqual(
      result.columns.map(({ column, spec }) => [column, spec]),
      [
        ['original', null],
        ['round', 'round:0.2'],
        ['roundClip', 'round-clip:0.2:0.4'],
        ['svdHigh', 'svd:1'], // 128 of 1150 units, of 8 less than one
        ['svdLow', 'svd:1'],
      ],
    );
    for (const point of [result.columns[2]!]) {
      const said = await evaluated(run, point, '--data', data, '--cache', '--cache-window', '40');
      assert.equal(point.perplexity, said.perplexity);
      assert.equal(point.cachePerplexity, said.cache.perplexity);
      if (point.spec)
        assert.equal(point.gateParameters.ratio, said.compression.gateParameters.ratio);
      assert.equal(point.tokens, said.tokens);
    }
  });

  test('the sweep is what eval --compress --batch gives, hard gates too', async () => {
    for (const point of [find(result.sweep, 'sign', true)]) {
      assert.equal(point.batch, 20);
      const said = await evaluated(run, point, '--data', data, '--batch', '20');
      assert.equal(point.perplexity, said.perplexity);
    }
    const hard = find(result.sweep, null, true);
    assert.notEqual(hard.perplexity, find(result.sweep, null).perplexity);
  });

  test('all numbers are there, and every point left the weights as they were', () => {
    const [first] = result.columns;
    assert.equal(first!.changed, 0);
    assert.equal(first!.gateParameters.ratio, 1);
    for (const p of [...result.columns, ...result.sweep]) {
      assert.ok(Number.isFinite(p.perplexity) && p.perplexity > 1, `${p.spec}`);
      if (p.spec?.startsWith('round')) assert.ok(p.changed > 0.9 && p.error > 0);
    }
    // Points measured last see the same weights: finer grids are nearer, in the same order.
    const errors = ['round:0.05', 'round:0.1', 'round:0.2'].map((s) => find(result.sweep, s).error);
    assert.deepEqual([...errors].sort(), errors);
    const shares = result.weights.histogram.shares.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(shares - 1) < 1e-4);
    assert.equal(result.weights.spectra.length, 4);
  });
});

describe('a translation model', () => {
  test('BLEU at the columns of both variants, as eval gives it', async () => {
    const args = ['--data', pairs, '--beam', '1'];
    const { status, stdout, stderr } = await g2lstm([
      ...['sensitivity', translation, ...args, '--points', 'paper', '--json'],
    ]);
    assert.equal(status, 0, stderr);
    const measurement = JSON.parse(stdout);
    assert.equal(measurement.command, 'g2lstm sensitivity RUN --beam 1 --points paper');
    assert.deepEqual(Object.keys(measurement.data), ['test.de', 'test.en']);
    const { columns, sweep, sentences } = measurement.result as SensitivityResult;
    assert.equal(sweep.length, 0);
    assert.equal(sentences, 24);
    assert.equal(columns.filter(({ variant }) => variant === 'code').length, 4);
    const point = columns.find((p) => p.column === 'roundClip' && p.variant === 'code')!;
    const said = await evaluated(translation, point, ...args);
    assert.equal(point.perplexity, said.perplexity);
    assert.equal(point.bleu, said.bleu);
    assert.equal(point.multiBleu, said.multiBleu);
  });
});

describe('wrong use ends with 2', () => {
  for (const [subject, args, message] of [
    ['lm', ['--points', 'papers'], /did you mean paper\?/],
    ['lm', ['--beam', '2'], /--beam is for translation runs/],
    ['nmt', ['--cache'], /--cache is for language models/],
    ['nmt', ['--words', '100'], /--words is for language models/],
    ['lm', ['--cache-theta', '1'], /does nothing without --cache/],
    ['lm', ['other'], /needs one run folder, not also 'other'/],
  ] as [string, string[], RegExp][])
    test(`${subject} ${args.join(' ')}`, async () => {
      const [of, where] = subject === 'lm' ? [run, data] : [translation, pairs];
      const out = path.join(folder, 'never.json');
      const all = ['sensitivity', of, '--data', where, '-o', out, ...args];
      const { status, stderr } = await g2lstm(all);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
      assert.ok(!existsSync(out));
    });
});
