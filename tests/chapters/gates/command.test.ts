import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gatesCommand } from '#src/chapters/gates/command.js';
import type { BoundariesResult, GatesResult } from '#src/chapters/gates/measure-gates.js';
import { UserError } from '#src/errors.js';
import { readMeasurement } from '#src/results/measurement.js';
import { parseCommand } from '#src/terminal/command.js';
import { g2lstm, newFolder, tinyCorpus, tinyRun } from '../../cli/cli.js';
import { SMALL_SETS, smallCorpus } from '../../runs/nmt/translation-corpus.js';

let folder = '';
let lm: string[] = [];
let nmt: string[] = [];
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
  folder = newFolder();
  const data = tinyCorpus(path.join(folder, 'data'));
  const pairs = smallCorpus(path.join(folder, 'pairs'));
  lm = [path.join(folder, 'run'), '--data', data];
  nmt = [path.join(folder, 'translation'), '--data', pairs];
  const sets = [...SMALL_SETS, 'epochs=2'].flatMap((set) => ['--set', set]);
  const trainings = await Promise.all([
    g2lstm(tinyRun(data, lm[0]!)),
    g2lstm(['train', 'nmt', '--data', pairs, '--out', nmt[0]!, ...sets]),
  ]);
  for (const { status, stderr } of trainings) assert.equal(status, 0, stderr);
});

async function text(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await g2lstm(['gates', ...args]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** In this process: starting another one for every refusal takes longer than the refusal. */
async function refused(message: RegExp, ...args: string[]): Promise<void> {
  const { values, positionals } = parseCommand(gatesCommand, [...args, '--threads', '1']);
  await assert.rejects(
    () => gatesCommand.run(values, positionals),
    (error) => error instanceof UserError && message.test(error.message),
    String(message),
  );
}

describe('g2lstm gates', () => {
  test('histograms of a language model, as a table, as bars, and as a measurement', async () => {
    const file = path.join(folder, 'out', 'gates.json');
    const sentence = ['--sentence', 'w1 w4 W7 w13'];
    const shown = await text(...lm, '--sentences', '40', ...sentence, '-o', file);
    assert.match(shown, /^lstm\.0 +input +training .*%/m);
    assert.match(shown, /^layer 1, evaluation$/m);
    assert.match(shown, /^0\.9-1\.0 +.* %/m);
    const { run, result, command } = readMeasurement<GatesResult>(file, 'gates');
    assert.equal(run.algorithm, 'g2');
    assert.match(command, /^g2lstm gates RUN --sentences 40 --sentence "w1 w4/);
    assert.ok(!command.includes(folder), command);
    assert.equal(result.text.sentences, 40);
    const { training, evaluation } = result.histograms;
    for (const [layer] of [training!, evaluation!]) {
      assert.ok(Math.abs(layer!.forget.shares.reduce((a, b) => a + b) - 1) < 1e-5);
      assert.equal(layer!.forget.values % 8, 0);
    }
    assert.ok(training![0]!.input.deviation > evaluation![0]!.input.deviation);
    assert.deepEqual(
      result.heatmaps.map(({ mode, layers }) => [mode, layers[0]!.words.length]),
      [
        ['training', 4],
        ['evaluation', 4],
      ],
    );
  });

  test('a sentence, in text and in numbers', async () => {
    const shown = await text(...lm, '--sentence', 'w1 w4', '--mode', 'eval');
    assert.match(shown, /^w4 +\S+ 0\.\d\d/m);
    const { heatmaps } = JSON.parse(await text(...lm, '--sentence', 'w1 w4', '--json'));
    assert.deepEqual(heatmaps[0].layers[0].words, ['w1', 'w4']);
    const given = ['--sentence', 'der hund', '--target', 'the dog', '--layer', 'decoder.0.second'];
    const [map] = JSON.parse(await text(...nmt, ...given, '--json')).heatmaps;
    assert.equal(map.target, 'the dog');
    assert.deepEqual(
      map.layers.map((l: { layer: string }) => l.layer),
      ['decoder.0.second'],
    );
  });

  test('a translation run: every layer, and boundaries of both languages', async () => {
    const { histograms, text: read } = JSON.parse(await text(...nmt, '--mode', 'eval', '--json'));
    assert.equal(read.split, 'train');
    const layers = histograms.evaluation.map((l: { layer: string }) => l.layer);
    assert.ok(layers.includes('encoder.0.backward') && layers.includes('decoder.0.second'));
    const file = path.join(folder, 'boundaries.json');
    const shown = await text(...nmt, '--boundaries', '-o', file);
    assert.match(shown, /Hedges/);
    const { result } = readMeasurement<BoundariesResult>(file, 'boundaries');
    const articles = result.effects.filter((e) => e.comparison === 'articles');
    assert.equal(articles.length, 2 * layers.length);
    for (const { effect, interval } of articles)
      assert.ok(interval[0] <= effect && effect <= interval[1]);
  });

  test('wrong use is refused in words', async () => {
    await refused(/no such layer.*lstm\.0/, ...lm, '--layer', '5');
    await refused(/empty/, ...lm, '--sentence', ' ');
    await refused(/never seen "xy", "z"/, ...lm, '--sentence', 'w1 xy z');
    await refused(/train nmt/, ...lm, '--sentence', 'w1', '--target', 'w2');
    await refused(/leave out/, ...lm, '--boundaries', '--sentence', 'w1');
    await refused(/evaluation/, ...lm, '--boundaries', '--mode', 'both');
    await refused(/did you mean eval/, ...lm, '--mode', 'evl');
    await refused(/whole number/, ...lm, '--sentences', '0');
    await refused(/--sentence/, ...nmt, '--target', 'the dog');
    await refused(/one run folder/, '--boundaries');
  });
});
