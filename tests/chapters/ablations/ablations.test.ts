import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import {
  ablationTable,
  compareAblation,
  compareAblations,
  outcomeOf,
} from '#src/chapters/ablations/comparison.js';
import { unigramPerplexity } from '#src/chapters/ablations/measure.js';
import { planAblations } from '#src/chapters/ablations/plan.js';
import { readAblations, storedAblations, writeAblations } from '#src/chapters/ablations/results.js';
import { type AblationRequest, expectPlan, runAblations } from '#src/chapters/ablations/run.js';
import { ABLATIONS } from '#src/chapters/ablations/switches.js';
import { UserError } from '#src/errors.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { evaluateRun, loadRun } from '#src/runs/lm/load-run.js';
import { tinyCorpus } from '../../cli/cli.js';

const sets = ['hidden=8', 'layers=1', 'epochs=1', 'batch=4', 'bptt=10', 'validBatch=2'];
const out = mkdtempSync(path.join(tmpdir(), 'g2-ablations-'));
const dataFolder = tinyCorpus(path.join(out, 'data'));
after(() => rmSync(out, { recursive: true, force: true }));

const request = (only: string[], seeds = [1]): AblationRequest => ({
  plan: planAblations({ preset: 'ptb-unregularised', only, seeds, sets }),
  out,
  dataFolder,
  only,
  threads: 1,
});

describe('running ablations', () => {
  test('stopped, it goes on; finished runs and measurements are used again', async () => {
    const stop = new StopFlag();
    const asked = request(['eval-temperature']);
    const first = asked.plan.runs[0]!.name;
    // Stops after the first of two runs.
    const onProgress = () => stop.request();
    assert.equal(await runAblations({ ...asked, stop, onProgress }), null);
    assert.deepEqual(
      (await expectPlan(asked)).map(({ status }) => status),
      ['finished', 'to do'],
    );
    const written = statSync(path.join(out, first, 'summary.json')).mtimeMs;
    const results = (await runAblations(asked))!;
    assert.equal(statSync(path.join(out, first, 'summary.json')).mtimeMs, written);
    assert.deepEqual(results.failed, []);
    assert.deepEqual(
      results.points.map(({ id }) => id),
      ['g2', 'g2, evalTemperature=true', 'sharpened', 'sharpened, evalTemperature=false'],
    );
    // Read from the kept measurements: the same to the last digit.
    assert.deepEqual((await runAblations(asked))!.points, results.points);
    const expected = await expectPlan(asked);
    assert.ok(expected.every(({ status, seconds }) => status === 'finished' && seconds === 0));

    const file = path.join(out, 'deep/ablations.json');
    writeAblations(file, results);
    const read = readAblations(file);
    assert.equal(read.command, results.command);
    assert.match(
      read.command,
      /^g2lstm ablations --only eval-temperature --preset ptb-unregularised --seeds 1 --set hidden=8/,
    );
    assert.deepEqual(storedAblations('deep', out)?.points, read.points);
    assert.equal(storedAblations('nothing', out), null);
  });

  test('numbers are those of `eval` on the run folder', async () => {
    const results = (await runAblations(request(['eval-temperature'])))!;
    const { runs } = results.points.find(({ id }) => id === 'g2, evalTemperature=true')!;
    const folder = path.join(out, runs[0]!.run);
    const run = await loadRun(folder, { dataFolder, threads: 1, sets: ['evalTemperature=true'] });
    const { perplexity } = await evaluateRun(run);
    const plain = await evaluateRun(run, { batch: results.settings.streams });
    assert.equal(runs[0]!.testPerplexity, perplexity);
    assert.equal(runs[0]!.streams.plain, plain.perplexity);
    run.dispose();
  });

  test('a run that fails is named, the others go on', async () => {
    const asked = request(['sharpened']);
    const broken = asked.plan.runs.find(({ points }) => points[0]!.id === 'baseline')!;
    const started = await runAblations({ ...asked, plan: { ...asked.plan, runs: [broken] } });
    assert.equal(started!.points.length, 1);
    for (const name of readdirSync(path.join(out, 'points')))
      if (name.startsWith(broken.name)) rmSync(path.join(out, 'points', name));
    appendFileSync(path.join(out, broken.name, 'summary.json'), '}');
    const messages: string[] = [];
    const results = (await runAblations({ ...asked, onMessage: (m) => messages.push(m) }))!;
    assert.equal(results.failed.length, 1);
    assert.equal(results.failed[0]!.point, 'baseline');
    assert.match(results.failed[0]!.why, /summary\.json/);
    assert.match(messages[0]!, /^baseline, seed 1: failed/);
    assert.deepEqual(
      results.points.map(({ id }) => id),
      ['sharpened tau=0.5', 'sharpened'],
    );
    const sharpened = compareAblations(results).find(
      ({ ablation }) => ablation.name === 'sharpened',
    )!;
    assert.equal(sharpened.points[0]!.measures.test.outcome, 'not run');
  });

  test('a file of something else is refused by name', () => {
    const file = path.join(out, 'other.json');
    for (const text of ['{}', '{"format":"g2lstm-ablations-1","points":[{"id":1}]}']) {
      writeFileSync(file, text);
      assert.throws(() => readAblations(file), UserError);
    }
    assert.ok(existsSync(file));
  });

  test('word frequencies: every word as often as every other is its number', () => {
    const ids = Int32Array.from([0, 1, 2, 3]);
    const corpus = { train: { ids }, test: { ids }, vocabulary: { size: 4 } };
    assert.ok(Math.abs(unigramPerplexity(corpus as never) - 4) < 1e-12);
  });
});

describe('verdicts', () => {
  const map = (...values: number[]) => new Map(values.map((value, i) => [i + 1, value]));

  test('by rule: the interval of the paired differences covers 0 or not', () => {
    const outcome = (a: number[], b: number[]) => outcomeOf(map(...a), map(...b)).outcome;
    assert.equal(outcome([11, 21, 31.1], [10, 20, 30]), 'worse');
    assert.equal(outcome([9, 19, 28.9], [10, 20, 30]), 'better');
    assert.equal(outcome([11, 19, 30], [10, 20, 30]), 'undecided');
    assert.equal(outcome([10, 20, 30], [10, 20, 30]), 'same');
    assert.equal(outcome([11, 21], [10, 20.1]), 'few seeds');
    assert.equal(outcome([11], [10]), 'few seeds');
    assert.equal(outcome([], [10]), 'not run');
    assert.equal(outcome([10], []), 'not run');
  });

  test('other seeds on either side: not paired', () => {
    const other = new Map([4, 5, 6].map((seed, i) => [seed, 10 + 10 * i]));
    const { difference, outcome } = outcomeOf(map(11, 21, 31), other);
    assert.equal(difference!.method, 'welch');
    assert.equal(outcome, 'undecided');
  });
});

describe('comparison of made-up results', () => {
  const tau = ABLATIONS.find(({ name }) => name === 'tau')!;
  const share = { closed: 0.1, open: 0.2 };
  const run = (seed: number, test: number, coarse: number) => ({
    seed,
    testPerplexity: test,
    streams: { plain: 10, paper: 10, coarse, lowRank: 10, noise: 10, hard: 10 },
    gates: { forget: share, input: share, values: 1 },
    gatesInTraining: { forget: share, input: share, values: 1 },
  });
  const results = {
    preset: 'demo-lm',
    sets: [],
    points: [
      { id: 'g2', runs: [run(1, 20, 12), run(2, 21, 12.5), run(3, 22, 13)] },
      { id: 'g2 tau=0.3', runs: [run(1, 22, 11), run(2, 23.1, 11.4), run(3, 24, 11.9)] },
    ],
  } as never;

  test('points are held against the base, each measure by itself', () => {
    const { points, verdict } = compareAblation(results, tau);
    const of = (label: string) => points.find(({ point }) => point.label === label)!;
    assert.equal(of('0.9').measures.test.outcome, 'reference');
    assert.equal(of('0.3').measures.test.outcome, 'worse');
    assert.equal(of('0.3').measures.coarse.outcome, 'better');
    assert.equal(of('0.3').measures.noise.outcome, 'same');
    assert.equal(of('0.5').measures.test.outcome, 'not run');
    assert.ok(Math.abs(of('0.9').measures.coarse.values[0]! - Math.log(1.2)) < 1e-12);
    assert.ok(Math.abs(of('0.3').saturated!.evaluation - 0.3) < 1e-12);
    assert.match(
      verdict,
      /^test perplexity: worse: 0\.3 \(\+2\.03 \[\+1\.89, \+2\.18\]\)\. not run: 0\.5; 0\.7; 1\.2; 2\.$/m,
    );
    assert.match(verdict, /^rise, three values: better: 0\.3 \(−0\.0/m);
  });

  test('the table has a row a point, not run or not', () => {
    const { columns, rows } = ablationTable(compareAblation(results, tau));
    assert.equal(rows.length, 6);
    assert.ok(rows.every((row) => row.length === columns.length));
    assert.deepEqual(rows[3]!.slice(0, 3), ['0.9 (base)', '3', '21.00 ± 1.00']);
    assert.equal(rows[1]!.at(-1), 'not run');
  });
});
