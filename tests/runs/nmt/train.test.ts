import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { bleu, bleuMetric } from '#src/metrics/bleu.js';
import { corpusScore } from '#src/metrics/metric.js';
import type { TranslationConfig } from '#src/nmt/config.js';
import { storedPerplexities } from '#src/results/stored-results.js';
import { type CheckpointName, loadCheckpoint } from '#src/runs/checkpoint.js';
import { estimateRequest } from '#src/runs/estimate.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { loadRun } from '#src/runs/lm/load-run.js';
import { evaluateTranslationRun, loadTranslationRun } from '#src/runs/nmt/load-run.js';
import { resolveTranslationConfig, translationTask } from '#src/runs/nmt/presets.js';
import { readStatistics } from '#src/runs/nmt/scores.js';
import { trainTranslation } from '#src/runs/nmt/train.js';
import { type RunSummary, readSummary } from '#src/runs/summary.js';
import type { TrainOutcome, TrainRequest } from '#src/runs/training-run.js';
import { blas } from '../../backend/support.js';
import { SMALL_SETS, sentencePairs, smallCorpus, writePairs } from './translation-corpus.js';

const SETS = [...SMALL_SETS, 'epochs=4', 'learningRate=0.03', 'learningRateDecay=0.5', 'clip=20'];

const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-nmt-'));
const data = path.join(folder, 'data');
const dir = (name: string) => path.join(folder, name);

type Request = TrainRequest<TranslationConfig>;

function request(name: string, sets = SETS, more: Partial<Request> = {}): Request {
  const config = resolveTranslationConfig({ preset: 'demo-nmt', gates: 'g2', sets });
  return { out: dir(name), preset: null, config, dataFolder: data, silent: true, ...more };
}

async function finish(r: Request): Promise<RunSummary> {
  const outcome = await trainTranslation({ checkpointSeconds: 1000, ...r });
  assert.ok(outcome.finished);
  return outcome.summary;
}

/** Trains until some step is done, then stops as Ctrl-C does. */
function stopAt(r: Request, step: number): Promise<TrainOutcome> {
  const stop = new StopFlag();
  return trainTranslation({
    checkpointSeconds: 1000,
    ...r,
    stop,
    onProgress: (progress) => {
      if (progress.step >= step) stop.request('SIGINT');
    },
  });
}

function assertSame(a: string, b: string, names: CheckpointName[] = ['last', 'best']): void {
  for (const name of names) {
    const [x, y] = [a, b].map((run) => loadCheckpoint(dir(run), name).tensors);
    assert.deepEqual(Object.keys(x!), Object.keys(y!), name);
    for (const key of Object.keys(x!))
      assert.ok(
        Buffer.from(x![key]!.data.buffer).equals(Buffer.from(y![key]!.data.buffer)),
        `${name}: ${key} differs`,
      );
  }
}

const log = (name: string) => readFileSync(path.join(dir(name), 'metrics.jsonl'), 'utf8');
const user = (words: RegExp) => (e: unknown) => e instanceof UserError && words.test(e.message);

let calm: RunSummary;

before(async () => {
  await blas();
  smallCorpus(data);
  // Validation on translations in reverse: what is learnt makes it worse, and the rate falls.
  const reverse = (line: string) => line.split(' ').reverse().join(' ');
  const wrong = sentencePairs(24, 2).map(([de, en]): [string, string] => [de, reverse(en)]);
  writePairs(data, { valid: wrong });
  calm = await finish(request('calm'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a translation run', () => {
  test('leaves a summary with scores, their signatures, and checksums of every file', () => {
    assert.deepEqual(readSummary(path.join(dir('calm'), 'summary.json')), calm);
    const { result, signatures, curve } = calm;
    assert.equal(calm.command, 'train nmt');
    assert.deepEqual(Object.keys(calm.data), [
      ...['train.de', 'train.en', 'valid.de', 'valid.en', 'test.de', 'test.en'],
    ]);
    assert.deepEqual(Object.keys(signatures!), [
      ...['validBleu', 'testBleu', 'testMultiBleu', 'testChrf', 'curve.validBleu'],
    ]);
    assert.match(signatures!.testBleu!, /^nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|/);
    assert.match(signatures!['curve.validBleu']!, /tok:none/);
    assert.equal(result.testSentences, 24);
    const best = [...curve].sort((a, b) => a.validPerplexity! - b.validPerplexity!)[0]!;
    assert.equal(result.bestEpoch, best.epoch);
    // the same weights and text; padded batches are summed in another order
    assert.ok(Math.abs(result.validPerplexity! / best.validPerplexity! - 1) < 1e-5);
    assert.ok(curve.every((p) => typeof p.validBleu === 'number'));
    assert.ok(curve.every((p) => !('phase' in p)));
    assert.deepEqual(calm.notes, []);
  });

  test('the scores are those of the translations beside it', () => {
    const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');
    const hypotheses = lines(path.join(dir('calm'), 'test.hyp'));
    const references = lines(path.join(data, 'test.en'));
    const score = bleu(hypotheses, [references]);
    assert.equal(calm.result.testBleu, score.score);
    const file = path.join(dir('calm'), 'test.scores.json');
    const { statistics, signature, score: stored } = readStatistics(file);
    assert.equal(stored, score.score);
    assert.equal(signature, calm.signatures!.testBleu);
    assert.deepEqual(statistics, bleuMetric().statistics(hypotheses, [references]));
    assert.equal(corpusScore(bleuMetric(), statistics).score, score.score);
    assert.ok(!/[a-z]{3} der|the /.test(readFileSync(file, 'utf8').split('"sentences"')[1]!));
  });

  test('the rate is lowered after every epoch without a better validation, and only then', () => {
    let best = Number.POSITIVE_INFINITY;
    let rate = 0.03;
    for (const point of calm.curve) {
      assert.equal(point.learningRate, rate, `epoch ${point.epoch}`);
      if (point.validPerplexity! >= best) rate *= 0.5;
      best = Math.min(best, point.validPerplexity!);
    }
    assert.ok(rate < 0.03, 'validation never got worse: choose a higher rate');
  });

  test('stopped at many moments it ends with the same bytes, optimiser and rate included', async () => {
    // every step of the first epoch, of ten steps, and those around the ends of the others
    const moments = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 19, 20, 21, 30, 31, 39];
    for (const step of moments) {
      const outcome = await stopAt(request('stopped', SETS, { resume: step > 1 }), step);
      assert.ok(!outcome.finished, `step ${step}`);
    }
    const summary = await finish(request('stopped', SETS, { resume: true }));
    assertSame('calm', 'stopped');
    assert.ok(
      Object.keys(loadCheckpoint(dir('calm'), 'last').tensors).some((n) => /^optimizer\./.test(n)),
    );
    assert.deepEqual(summary.result, calm.result);
    assert.equal(log('stopped'), log('calm'));
    for (const name of ['test.hyp', 'test.scores.json', 'vocab.json', 'config.json'])
      assert.equal(
        readFileSync(path.join(dir('stopped'), name), 'utf8'),
        readFileSync(path.join(dir('calm'), name), 'utf8'),
        name,
      );
  });

  test('stopped during validation or the test it changes nothing, and goes on', async () => {
    for (const [i, epochs] of [1, 4].entries()) {
      const stop = new StopFlag();
      const { requested } = Object.getOwnPropertyDescriptors(StopFlag.prototype);
      let asked = 0;
      // the first question after the steps of these epochs comes from the work that follows them
      Object.defineProperty(stop, 'requested', {
        get: () => requested!.get!.call(stop) || (done && asked++ > 0),
      });
      let done = false;
      const outcome = await trainTranslation({
        ...request('tested', SETS, { resume: i > 0 }),
        checkpointSeconds: 1000,
        stop,
        onProgress: ({ step }) => {
          done ||= step === 10 * epochs;
        },
      });
      assert.ok(!outcome.finished);
      assert.equal(outcome.step, 10 * epochs);
    }
    const summary = await finish(request('tested', SETS, { resume: true }));
    assert.deepEqual(summary.result, calm.result);
    assertSame('calm', 'tested');
    assert.equal(log('tested'), log('calm'));
  });

  test('adadelta goes on as exactly', async () => {
    const sets = [...SETS, 'optimizer=adadelta', 'learningRate=1', 'epochs=1', 'layers=1'];
    await finish(request('delta', sets));
    for (const step of [3, 7]) await stopAt(request('delta 2', sets, { resume: step > 3 }), step);
    await finish(request('delta 2', sets, { resume: true }));
    assertSame('delta', 'delta 2');
  });

  test('more epochs later give what they give at once; fewer are refused', async () => {
    const longer = [...SETS, 'epochs=2'];
    await finish(request('later', longer));
    const summary = await finish(request('later', SETS, { resume: true }));
    assert.deepEqual(summary.result, calm.result);
    assertSame('calm', 'later');
    await assert.rejects(
      finish(request('later', longer, { resume: true })),
      user(/4 epochs already/),
    );
  });

  test('a folder from before zigzag and the readout of its own is read, and goes on', async () => {
    const sets = [...SETS, 'epochs=1'];
    await stopAt(request('older', sets), 5);
    const file = path.join(dir('older'), 'config.json');
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { config: Record<string, unknown> };
    for (const key of ['zigzag', 'dropoutReadout']) delete stored.config[key];
    writeFileSync(file, JSON.stringify(stored));
    await finish(request('older', sets, { resume: true }));
    await finish(request('newer', sets));
    assertSame('older', 'newer');
    writeFileSync(file, JSON.stringify(stored));
    const run = await loadTranslationRun(dir('older'));
    assert.deepEqual([run.config.zigzag, run.config.dropoutReadout], [false, 'same']);
    run.dispose();
  });

  test('patience ends it early', async () => {
    const sets = [...SETS, 'patience=1', 'epochs=30'];
    const { curve, result } = await finish(request('patient', sets));
    assert.ok(curve.length < 30);
    assert.equal(curve.length, result.bestEpoch! + 1);
  });

  test('eval gives the numbers of the summary, for valid and test', async () => {
    const run = await loadTranslationRun(dir('calm'));
    for (const split of ['valid', 'test'] as const) {
      const e = await evaluateTranslationRun(run, { split, dataFolder: data });
      assert.equal(e.bleu.score, calm.result[`${split}Bleu`]);
      assert.equal(e.perplexity, calm.result[`${split}Perplexity`]);
      assert.deepEqual(e.warnings, []);
    }
    run.dispose();
  });

  test('is no language model', async () => {
    await assert.rejects(
      loadRun(dir('calm')),
      user(/made by "train nmt"; only runs of "train lm"/),
    );
    assert.deepEqual(storedPerplexities(dir('calm')), []);
  });

  test('an estimate of parameters and time, and nothing left behind', async () => {
    const { config } = request('never');
    const estimate = await estimateRequest(translationTask, config, { dataFolder: data });
    assert.equal(estimate.parameters, calm.result.parameters);
    assert.equal(estimate.stepsPerEpoch, 10);
    assert.ok(estimate.msPerStep > 0 && estimate.hours > 0 && estimate.testSeconds! > 0);
    assert.ok(!existsSync(dir('never')));
  });
});

describe('what is refused', () => {
  test('a folder in use, or without a run to resume, before anything is read', async () => {
    const nowhere = { dataFolder: dir('no data') };
    await assert.rejects(finish(request('calm', SETS, nowhere)), user(/holds a finished run/));
    const resume = { ...nowhere, resume: true };
    await assert.rejects(finish(request('nothing', SETS, resume)), user(/no run to resume/));
    assert.ok(!existsSync(dir('nothing')));
  });

  test('another text when going on', async () => {
    await stopAt(request('other'), 2);
    const changed = dir('changed');
    cpSync(data, changed, { recursive: true });
    appendFileSync(path.join(changed, 'valid.de'), 'der hund sieht den ball .\n');
    appendFileSync(path.join(changed, 'valid.en'), 'the dog sees the ball .\n');
    const more = { resume: true, dataFolder: changed };
    await assert.rejects(
      finish(request('other', SETS, more)),
      user(/valid\.de text is not the one/),
    );
  });

  test('another configuration when going on', async () => {
    const other = [...SETS, 'dropout=0.2'];
    await assert.rejects(
      finish(request('other', other, { resume: true })),
      user(/another configuration: dropout/),
    );
  });

  test('pairs that are all too long; too long ones are counted in the notes', async () => {
    const sets = [...SETS, 'bpeMerges=0', 'maxLength=3'];
    await assert.rejects(finish(request('long', sets)), user(/longer than maxLength=3/));
    assert.ok(!existsSync(dir('long')));
    const { notes } = await finish(
      request('some', [...SETS, 'bpeMerges=0', 'maxLength=7', 'epochs=1']),
    );
    assert.match(notes![0]!, /^\d+ of 160 training pairs have more than 7 units/);
  });

  test('notes name files, not folders', async () => {
    const decomposed = sentencePairs(20, 5).map(([de, en]) => [de.normalize('NFD'), en]);
    const own = writePairs(dir('nfd'), {
      train: sentencePairs(20, 4),
      valid: sentencePairs(20, 6),
      test: decomposed as [string, string][],
    });
    const sets = [...SETS, 'epochs=1'];
    const { notes } = await finish(request('noted', sets, { dataFolder: own }));
    assert.match(notes!.join(), /^test\.de: \d+ lines were not in Unicode normal form/);
  });

  test('a vocabulary that is not that of the weights', async () => {
    const mixed = dir('mixed');
    cpSync(dir('calm'), mixed, { recursive: true });
    cpSync(path.join(dir('noted'), 'vocab.json'), path.join(mixed, 'vocab.json'));
    await assert.rejects(
      loadTranslationRun(mixed),
      user(/vocab\.json has \d+ source units, .*best\.safetensors was trained with \d+/),
    );
    const units = JSON.parse(readFileSync(path.join(dir('calm'), 'vocab.json'), 'utf8'));
    const { words } = units.target;
    [words[5], words[6]] = [words[6], words[5]];
    writeFileSync(path.join(mixed, 'vocab.json'), JSON.stringify(units));
    await assert.rejects(
      loadTranslationRun(mixed),
      user(/best\.safetensors belongs to another vocabulary than vocab\.json beside it/),
    );
    rmSync(path.join(mixed, 'vocab.json'));
    await assert.rejects(loadTranslationRun(mixed), user(/vocab\.json is not there/));
  });
});
