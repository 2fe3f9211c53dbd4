import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { readAblations } from '#src/chapters/ablations/results.js';
import { compressionLosses } from '#src/chapters/compression/comparison.js';
import { storedTable1 } from '#src/chapters/language-model/stored-table1.js';
import { table1Comparison } from '#src/chapters/language-model/table1.js';
import { distinctResults, eachSeedOnce, type StoredResult } from '#src/results/distinct-runs.js';
import { distinctMeasurements, storedMeasurements } from '#src/results/measurement.js';
import { trainOrGoOn } from '#src/results/run-status.js';
import {
  distinctRuns,
  groupPerplexities,
  RESULTS_FOLDER,
  storedPerplexities,
  storedSummaries,
} from '#src/results/stored-results.js';
import { readSummary } from '#src/runs/summary.js';
import { scratch } from '../runs/helpers.js';

type Stored = { seed: number; config: Record<string, unknown>; result: Record<string, number> };

/** A folder with some committed results of `ptb-awd-small`, and what changes them. */
function results(t: TestContext, ...names: string[]) {
  const folder = scratch(t);
  const place = path.join(folder, 'ptb-awd-small');
  mkdirSync(place);
  for (const name of names)
    cpSync(path.join(RESULTS_FOLDER, 'ptb-awd-small', name), path.join(place, name));
  const change = (from: string, to: string, edit: (stored: never) => void = () => {}) => {
    const stored = JSON.parse(readFileSync(path.join(place, from), 'utf8'));
    edit(stored as never);
    writeFileSync(path.join(place, to), JSON.stringify(stored));
  };
  return { folder, place, change };
}

/** Seeds and verdict of G2-LSTM, finetuned, by experiment. */
function tableOf(folder: string) {
  const { scales, cells } = table1Comparison(storedTable1(folder));
  return scales.flatMap(({ experiment }, s) =>
    cells[s]!.filter(({ run }) => run.finetuned && !run.cache).flatMap(({ run, seeds, verdict }) =>
      seeds.length === 0 ? [] : [`${experiment}: ${run.algorithm} ${seeds.join(',')}: ${verdict}`],
    ),
  );
}

describe('statistics are over distinct configurations and seeds', () => {
  test('copies of a summary are no further seeds: Table 1 decides nothing by them', (t) => {
    const { folder, change } = results(t, 'baseline-seed1.json', 'g2-seed1.json');
    const before = tableOf(folder);
    assert.deepEqual(before, [
      'ptb-awd-small: baseline 1: the reference',
      'ptb-awd-small: g2 1: one seed: no verdict',
    ]);
    for (const gates of ['baseline', 'g2'])
      for (const copy of [`${gates}-seed2.json`, `${gates}-seed1-copy.json`, `a.${gates}.json`])
        change(`${gates}-seed1.json`, copy);
    assert.deepEqual(tableOf(folder), before);
    const { results: counted, leftOut } = distinctRuns(folder);
    assert.deepEqual(
      counted.map(({ file }) => file),
      ['ptb-awd-small/baseline-seed1.json', 'ptb-awd-small/g2-seed1.json'],
    );
    assert.ok(
      leftOut.includes(
        'ptb-awd-small/baseline-seed2.json repeats every number of ptb-awd-small/baseline-seed1.json: counted once',
      ),
    );
    change('g2-seed1.json', 'g2-seed3.json', (stored: Stored) => {
      stored.seed = 3;
      stored.config['seed'] = 3;
    });
    assert.deepEqual(tableOf(folder), before, 'nor does a copy that names another seed');
    const groups = groupPerplexities(storedPerplexities(folder));
    assert.deepEqual(
      groups.map(({ seeds }) => seeds),
      [[1], [1]],
    );
    assert.equal(storedSummaries('ptb-awd-small', folder).length, 2);
  });

  test('of two results of one configuration and seed the first counts, the other is named', (t) => {
    const { folder, change } = results(t, 'baseline-seed1.json');
    change('baseline-seed1.json', 'baseline-seed1-again.json', ({ result }: Stored) => {
      result['testPerplexity'] = 80;
    });
    const { results: counted, leftOut } = distinctRuns(folder);
    assert.deepEqual(
      counted.map(({ file }) => file),
      ['ptb-awd-small/baseline-seed1.json'],
    );
    assert.deepEqual(leftOut, [
      'ptb-awd-small/baseline-seed1-again.json is another result of the configuration and seed (1) of ptb-awd-small/baseline-seed1.json: not counted',
    ]);
  });

  test('runs of another configuration or text are an experiment of their own, named by what differs', (t) => {
    const { folder, change } = results(t, 'baseline-seed1.json', 'g2-seed1.json');
    for (const gates of ['baseline', 'g2'])
      for (const seed of [2, 3, 4])
        change(`${gates}-seed1.json`, `${gates}-seed${seed}.json`, (stored: Stored) => {
          stored.seed = seed;
          stored.config['hidden'] = 128;
          stored.result['testPerplexity']! += seed;
        });
    change('g2-seed1.json', 'g2-seed5.json', (stored: Stored) => {
      stored.seed = 5;
      stored.config['noiseProbability'] = 1;
    });
    change('g2-seed1.json', 'g2-seed6.json', (stored: Stored & { data: { train: string } }) => {
      stored.seed = 6;
      stored.data.train = 'abcdef0123456789';
    });
    // More of the others do not take the place of the preset that the folder is named after.
    assert.deepEqual(
      tableOf(folder)
        .map((line) => line.replace(/: [^:]*$/, ''))
        .sort(),
      [
        'ptb-awd-small, hidden=128: baseline 2,3,4',
        'ptb-awd-small, hidden=128: g2 2,3,4',
        'ptb-awd-small, noiseProbability=1: g2 5',
        'ptb-awd-small, train text abcdef012345: g2 6',
        'ptb-awd-small: baseline 1',
        'ptb-awd-small: g2 1: one seed',
      ],
    );
  });

  test('a copied folder is no second experiment', (t) => {
    const { folder, place } = results(t, 'baseline-seed1.json', 'baseline-seed1.gates.json');
    cpSync(place, path.join(folder, 'a-copy'), { recursive: true });
    assert.deepEqual(
      distinctRuns(folder).results.map(({ experiment }) => experiment),
      ['ptb-awd-small'],
    );
    assert.deepEqual(
      storedMeasurements('gates', undefined, folder).map(({ experiment }) => experiment),
      ['ptb-awd-small'],
    );
  });

  test('links among the results are not followed', (t) => {
    const { folder, place } = results(t, 'baseline-seed1.json');
    symlinkSync(path.join(RESULTS_FOLDER, 'ptb-awd-small'), path.join(folder, 'linked'));
    symlinkSync(
      path.join(RESULTS_FOLDER, 'ptb-awd-small/baseline-seed2.json'),
      path.join(place, 'baseline-seed2.json'),
    );
    assert.deepEqual(tableOf(folder), ['ptb-awd-small: baseline 1: the reference']);
  });

  test('measurements: a copy is no seed, one of another run is left out with a word', (t) => {
    const { folder, change } = results(
      t,
      ...['baseline-seed1.json', 'baseline-seed2.json', 'baseline-seed1.sensitivity.json'],
      ...['g2-seed1.json', 'g2-seed1.sensitivity.json'],
    );
    const kind = 'sensitivity';
    // Without a summary of that name, and beside that of another seed.
    change(`g2-seed1.${kind}.json`, `g2-seed7.${kind}.json`);
    change(`baseline-seed1.${kind}.json`, `baseline-seed2.${kind}.json`);
    const { results: counted, leftOut } = distinctMeasurements(kind, folder);
    assert.deepEqual(
      counted.map(({ file }) => path.basename(file)),
      [`baseline-seed1.${kind}.json`, `g2-seed1.${kind}.json`],
    );
    assert.deepEqual(leftOut, [
      'ptb-awd-small/baseline-seed2.sensitivity.json is of another run than ptb-awd-small/baseline-seed2.json: not counted',
      'ptb-awd-small/g2-seed7.sensitivity.json repeats every number of ptb-awd-small/g2-seed1.sensitivity.json: counted once',
    ]);
  });

  test('measurements of another configuration, of other weights or gates are not averaged with the rest', (t) => {
    const { folder, change } = results(t, 'g2-seed1.json', 'g2-seed1.gates.json');
    type Run = { run: { seed: number; from: string; config: Record<string, unknown> } };
    change('g2-seed1.gates.json', 'g2-seed2.gates.json', ({ run }: Run) => {
      run.seed = 2;
      run.config['hidden'] = 128;
    });
    change('g2-seed1.gates.json', 'g2-seed3.gates.json', ({ run }: Run) => {
      Object.assign(run, { seed: 3, from: 'last' });
    });
    change('g2-seed1.gates.json', 'g2-seed4.gates.json', ({ run }: Run) => {
      run.seed = 4;
      run.config['evalHard'] = true;
    });
    assert.deepEqual(
      storedMeasurements('gates', undefined, folder).map(({ experiment }) => experiment),
      [
        'ptb-awd-small',
        'ptb-awd-small, evalHard=true',
        'ptb-awd-small, from=last',
        'ptb-awd-small, hidden=128',
      ],
    );
  });

  test('a seed that is given twice counts once, also to who calls the statistics', () => {
    const runs = [
      { seed: 2, x: 'b' },
      { seed: 1, x: 'a' },
      { seed: 2, x: 'c' },
    ];
    assert.deepEqual(eachSeedOnce(runs), [runs[1], runs[0]]);
    const stored = storedMeasurements<never>('sensitivity', 'ptb-awd-small');
    const measured = stored.map(({ run, result }) => ({ ...run, result }));
    assert.deepEqual(
      compressionLosses('lm', [...measured, ...measured]),
      compressionLosses('lm', measured),
    );
  });

  test('runs of before AWD-LSTM are of the configuration that their keys mean', () => {
    const run = (file: string, seed: number, config: object): StoredResult => ({
      ...{ file, folder: 'e', command: 'train lm', preset: null, seed, data: {}, numbers: seed },
      config: { gates: 'g2', seed, ...config },
    });
    const { results: counted } = distinctResults([
      run('e/1.json', 1, {}),
      run('e/2.json', 2, { tied: false, weightDrop: 0 }),
    ]);
    assert.deepEqual(
      counted.map(({ experiment }) => experiment),
      ['e', 'e'],
    );
  });

  test('a run folder with the summary of another seed is not taken as finished', async (t) => {
    const { place } = results(t, 'baseline-seed1.json');
    cpSync(path.join(place, 'baseline-seed1.json'), path.join(place, 'summary.json'));
    const { config, data } = readSummary(path.join(place, 'summary.json'));
    const asked: unknown[] = [];
    const train = async (request: { resume?: boolean }) => {
      asked.push(request.resume);
      return { finished: false, epoch: 0, step: 0 } as const;
    };
    const corpus = { name: 'ptb', sums: data };
    const of = (seed: number) =>
      trainOrGoOn(train, { out: place, preset: null, config: { ...config, seed } }, corpus);
    assert.equal((await of(1))?.seed, 1);
    assert.deepEqual(asked, []);
    assert.equal(await of(2), null);
    assert.deepEqual(asked, [true], 'train says what differs');
  });

  test('ablations with a seed or a point twice are refused by name', (t) => {
    const stored = JSON.parse(
      readFileSync(path.join(RESULTS_FOLDER, 'ablations-demo/ablations.json'), 'utf8'),
    );
    const file = path.join(scratch(t), 'ablations.json');
    const refused = (points: unknown[], why: RegExp) => {
      writeFileSync(file, JSON.stringify({ ...stored, points }));
      assert.throws(() => readAblations(file), why);
    };
    const [first] = stored.points;
    refused([first, first], /baseline is there twice/);
    refused([{ ...first, runs: [...first.runs, first.runs[0]] }], /baseline has a seed twice/);
  });

  test('of the committed results nothing is left out', () => {
    assert.deepEqual(distinctRuns().leftOut, []);
    for (const kind of ['gates', 'boundaries', 'flatness', 'sensitivity']) {
      const { results: counted, leftOut } = distinctMeasurements(kind, RESULTS_FOLDER);
      assert.deepEqual(leftOut, []);
      for (const { experiment, file } of counted) assert.equal(experiment, path.dirname(file));
    }
  });
});
