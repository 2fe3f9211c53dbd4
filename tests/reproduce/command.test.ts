import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { storedTable1 } from '#src/chapters/language-model/stored-table1.js';
import { readJsonFile } from '#src/files/json-file.js';
import { type ReproduceRequest, reproduceDemo } from '#src/reproduce/demo.js';
import { gateTable, perplexityTable } from '#src/reproduce/demo-table.js';
import { planReproduction } from '#src/reproduce/items.js';
import { RUN_MEASUREMENTS } from '#src/reproduce/measurements.js';
import { runReproduction } from '#src/reproduce/run.js';
import { planTrainings, type ReproductionRequest } from '#src/reproduce/trainings.js';
import { meanAndDeviation } from '#src/results/statistics.js';
import { RESULTS_FOLDER } from '#src/results/stored-results.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { appears, g2lstm, scratch, start, tinyCorpus } from '../cli/cli.js';

/** The demo experiment in miniature. */
const small = (out: string): ReproduceRequest => ({
  out,
  seeds: 1,
  threads: 1,
  sets: ['hidden=8', 'epochs=1', 'bptt=40', 'batch=80'],
  silent: true,
});

describe('reproduce', () => {
  test('goes on with an interrupted run, stores the table, uses finished runs again', async (t) => {
    const out = scratch(t);
    const stop = new StopFlag();
    stop.request();
    assert.equal(await reproduceDemo({ ...small(out), stop }), null);
    assert.ok(!existsSync(path.join(out, 'results.json')));

    const messages: string[] = [];
    const again = { ...small(out), onMessage: (m: string) => void messages.push(m) };
    const first = await reproduceDemo(again);
    assert.ok(first);
    assert.deepEqual(messages.splice(0), [
      'baseline-1: begun before, goes on',
      'sharpened-1: training',
      'g2-1: training',
    ]);
    assert.deepEqual(
      first.runs.map((r) => r.algorithm),
      ['baseline', 'sharpened', 'g2'],
    );
    for (const r of first.runs) {
      assert.ok(r.testPerplexity > 1 && r.testPerplexity < 1600);
      for (const { closed, open } of [r.gates.forget, r.gates.input])
        assert.ok(closed >= 0 && open >= 0 && closed + open <= 1);
      assert.equal(r.gatesInTraining === null, r.algorithm !== 'g2');
    }
    const noisy = first.runs[2]!;
    assert.ok(
      noisy.gatesInTraining!.forget.open > noisy.gates.forget.open,
      'noise saturates gates',
    );
    assert.equal(perplexityTable(first).rows.length, 3);
    assert.equal(gateTable(first).rows.length, 4);
    assert.deepEqual(JSON.parse(readFileSync(path.join(out, 'results.json'), 'utf8')), first);
    const page = readFileSync(path.join(out, 'results.md'), 'utf8');
    assert.match(page, /\| baseline \| /);
    assert.match(page, /One seed, demo scale/);

    const second = await reproduceDemo(again);
    assert.deepEqual(second!.runs, first.runs);
    assert.ok(messages.every((m) => m.endsWith('finished before, used as it is')));
  });

  test('mean and sample deviation', () => {
    assert.deepEqual(meanAndDeviation([3]), { mean: 3, deviation: null });
    assert.deepEqual(meanAndDeviation([1, 3]), { mean: 2, deviation: Math.SQRT2 });
  });
});

/** The state of every item of a plan, by stage. */
async function dryRun(...args: string[]): Promise<Record<string, unknown>[]> {
  const { status, stdout, stderr } = await g2lstm(['reproduce', ...args, '--dry-run', '--json']);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>[];
}

describe('reproduce, larger profiles', () => {
  test('without data: what is stored is used, what is missing is said, nothing is trained', async (t) => {
    const folder = scratch(t);
    const out = path.join(folder, 'out');
    const where = ['--profile', 'small', '--data', folder, '--out', out];
    // more seeds than will ever be stored
    const plan = await dryRun(...where, '--only', 'lm,nmt,ablations', '--seeds', '9');
    const of = (seed: number) => plan.filter(({ part }) => part === `seed ${seed}`);
    const presets = /^(ptb-awd-small|ptb-unregularised|multi30k-small) /;
    const first = of(1).filter(({ what }) => presets.test(String(what)));
    assert.equal(first.length, 9);
    // The stored one had its temperature in training only: another configuration than today's.
    for (const { what, state } of first)
      if (what !== 'multi30k-small sharpened') assert.equal(state, 'stored', String(what));
    // Variants of the campaign: noise on every gate, on the output gate too; dropouts with one seed.
    const names = of(1).map(({ what }) => what);
    for (const name of [
      'ptb-awd-small-p1 g2',
      'ptb-unregularised-fio g2',
      'ptb-awd-small-drop50 g2',
    ])
      assert.ok(names.includes(name), name);
    assert.ok(!of(2).some(({ what }) => /-drop\d+ /.test(String(what))));
    assert.deepEqual(new Set(of(9).map(({ state }) => state)), new Set(['no data']));
    // The committed ablations are of today's settings.
    assert.deepEqual(
      plan.find(({ what }) => what === 'ablations-demo'),
      {
        ...{ stage: 'ablations', what: 'ablations-demo', part: '', state: 'stored', seconds: 0 },
      },
    );
    assert.ok(!existsSync(out), 'a plan writes nothing where nothing is measured');

    const some = await g2lstm(['reproduce', ...where, '--only', 'lm', '--seeds', '9']);
    assert.equal(some.status, 1);
    assert.match(
      some.stderr,
      /data set ptb is not on this machine; \d+ runs need it: g2lstm data get ptb --data /,
    );
    assert.match(some.stderr, /ptb-unregularised g2 +seeds? 1.* stored/);
    assert.match(some.stdout, /^not done, for want of data: ptb-[\w-]+ \w+, seed \d; /);
    const copied = path.join(out, 'results/ptb-awd-small/g2-seed1.json');
    const committed = path.join(RESULTS_FOLDER, 'ptb-awd-small/g2-seed1.json');
    assert.deepEqual(readFileSync(copied), readFileSync(committed));
    assert.ok(existsSync(path.join(out, 'results/ptb-awd-small/g2-seed1.cache-test.json')));
  });

  test('the neural cache: chosen on valid, then measured on test, as eval gives it', async (t) => {
    const folder = scratch(t);
    const dataFolder = tinyCorpus(path.join(folder, 'data'));
    const sets = ['hidden=4', 'embedding=4', 'layers=1', 'epochs=1', 'finetuneEpochs=0', 'batch=4'];
    const tiny = { task: 'lm', preset: 'ptb-awd-small', experiment: 'tiny', sets } as const;
    const asked: ReproductionRequest = {
      profile: { name: 'small', presets: [tiny], seeds: 1, usual: [] },
      ...{ seeds: 1, out: path.join(folder, 'out'), stages: ['lm', 'measure'], dataFolder },
      ...{ threads: 1, stored: null, silent: true },
    };
    const measured = RUN_MEASUREMENTS.filter(({ kind }) => kind.startsWith('cache-'));
    const { items } = await planTrainings(asked, measured);
    const own = items.filter(({ group, part }) => `${group} ${part}`.includes('baseline'));
    assert.deepEqual(await runReproduction(own, { out: asked.out }), {
      stopped: false,
      failed: [],
    });
    const [row] = storedTable1(path.join(asked.out, 'results')).filter(({ cache }) => cache);
    const stored = (split: string) =>
      readJsonFile(path.join(asked.out, `results/tiny/baseline-seed1.cache-${split}.json`)) as {
        split: string;
        cache: { theta: number; lambda: number; perplexity: number };
      };
    const [valid, testing] = [stored('valid'), stored('test')];
    assert.deepEqual([valid.split, testing.split], ['valid', 'test']);
    assert.deepEqual(
      [testing.cache.theta, testing.cache.lambda],
      [valid.cache.theta, valid.cache.lambda],
    );
    assert.deepEqual([row!.valid, row!.test], [valid.cache.perplexity, testing.cache.perplexity]);

    const store = path.join(folder, 'kept');
    const plan = await planReproduction({ ...asked, stages: ['notebooks'] }, [], { store });
    const first = plan.items[0]!;
    assert.deepEqual([first.stage, plan.items[1]!.stage], ['store', 'notebooks']);
    await first.work();
    assert.deepEqual(storedTable1(store), storedTable1(path.join(asked.out, 'results')));
  });
});

test('Ctrl-C: status 130, a checkpoint, and the plan knows where it was', async (t) => {
  const out = path.join(scratch(t), 'out');
  const { child, finished } = start(['reproduce', '--out', out], { G2_BLAS: 'none' });
  t.after(() => child.kill('SIGKILL'));
  await appears(path.join(out, 'baseline-1/last.safetensors'));
  child.kill('SIGINT');
  const { status, stderr, stdout } = await finished;
  assert.equal(status, 130, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /lm +demo-lm baseline +seed 1 to do /);
  assert.match(stderr, /^without a BLAS: /m, 'what it goes without is said');
  assert.match(stderr, /stopped; the same command goes on from here\n$/);
  const plan = await dryRun('--out', out);
  assert.deepEqual(
    plan.map(({ what, state }) => [what, state]),
    [
      ['demo-lm baseline', 'begun'],
      ['demo-lm sharpened', 'to do'],
      ['demo-lm g2', 'to do'],
      ['demo-lm table', 'to do'],
    ],
  );
});
