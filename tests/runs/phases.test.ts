import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { type CheckpointName, loadCheckpoint, saveCheckpoint } from '#src/runs/checkpoint.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { evaluateRun, loadRun } from '#src/runs/lm/load-run.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { type TrainOutcome, type TrainRequest, trainLanguageModel } from '#src/runs/lm/train.js';
import { type RunSummary, readSummary } from '#src/runs/summary.js';
import { blas } from '../backend/support.js';

// Main training, the turn to averaging, finetuning: each with a few steps an epoch.

const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-phases-'));
const AWD = [
  ...['dataset=ptb', 'layers=2', 'hidden=16', 'embedding=12', 'tied=true', 'initialisation=awd'],
  ...['weightDrop=0.2', 'dropoutInput=0.1', 'dropoutHidden=0.1', 'dropoutEmbedding=0.05'],
  ...['activationRegularisation=2', 'temporalRegularisation=1', 'batch=8', 'bptt=20'],
  ...['validBatch=2', 'randomBptt=true', 'optimizer=nt-asgd', 'nonmonotone=1', 'epochs=8'],
  ...['finetuneEpochs=3', 'lossReduction=token', 'learningRate=10', 'learningRateDecay=1'],
  ...['clip=0.5', 'weightDecay=1e-5'],
];

function request(name: string, sets: string[] = AWD, more: Partial<TrainRequest> = {}) {
  const config = resolveLanguageModelConfig({ preset: 'ptb-unregularised', gates: 'g2', sets });
  const out = path.join(folder, name);
  return { out, preset: null, config, dataFolder: folder, silent: true, ...more };
}

async function finish(r: TrainRequest): Promise<RunSummary> {
  const outcome = await trainLanguageModel({ checkpointSeconds: 1000, ...r });
  assert.ok(outcome.finished);
  return outcome.summary;
}

/** Trains until some step is done, then stops as Ctrl-C does. */
function stopAt(r: TrainRequest, step: number): Promise<TrainOutcome> {
  const stop = new StopFlag();
  return trainLanguageModel({
    checkpointSeconds: 1000,
    ...r,
    stop,
    onProgress: (progress) => {
      if (progress.step >= step) stop.request('SIGINT');
    },
  });
}

function assertSame(a: string, b: string, names: CheckpointName[]): void {
  for (const name of names) {
    const [x, y] = [a, b].map((out) => loadCheckpoint(out, name).tensors);
    assert.deepEqual(Object.keys(x!), Object.keys(y!), name);
    for (const key of Object.keys(x!))
      assert.ok(
        Buffer.from(x![key]!.data.buffer).equals(Buffer.from(y![key]!.data.buffer)),
        `${name}: ${key} differs`,
      );
  }
}

let calm: RunSummary;
/** Steps at the end of each epoch of the calm run. */
const ends: number[] = [];

before(async () => {
  await blas();
  const line = (i: number) =>
    Array.from({ length: 9 }, (_, j) => `w${(i * 7 + j * j * 3 + (i % 5)) % 60}`).join(' ');
  const text = (from: number, lines: number) =>
    `${Array.from({ length: lines }, (_, i) => line(from + i)).join('\n')}\n`;
  for (const [name, from, lines] of [
    ['train', 0, 500],
    ['test', 7000, 40],
  ] as const)
    writeFileSync(path.join(folder, `${name}.txt`), text(from, lines));
  // Validation on words without the pattern: the better that is known, the worse the validation, so
  // that the turn to averaging comes whatever a machine's rounding does.
  let seed = 1;
  const words = Array.from({ length: 540 }, () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return `w${Math.floor((seed / 2 ** 32) * 60)}`;
  });
  const lines = Array.from({ length: 60 }, (_, i) => words.slice(9 * i, 9 * i + 9).join(' '));
  writeFileSync(path.join(folder, 'valid.txt'), `${lines.join('\n')}\n`);
  let step = 0;
  calm = await finish(
    request('calm', AWD, {
      onProgress: (p) => {
        step = p.step;
      },
      onEpoch: () => void ends.push(step),
    }),
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a run with averaging and finetuning', () => {
  test('goes through both phases, and says so', () => {
    const since = calm.result.averagingSince!;
    assert.ok(since > 2 && since < 8, `averaging since ${since}: choose another rate`);
    const main = calm.curve.filter((p) => p.phase === 'main');
    assert.equal(main.length, 8);
    for (const p of main) assert.equal(p.averaged, p.epoch >= since);
    // before that epoch the trigger: worse than the best of all but the last one
    const losses = main.map((p) => p.validPerplexity!);
    assert.ok(losses[since - 2]! > Math.min(...losses.slice(0, since - 3)));
    const finetuning = calm.curve.filter((p) => p.phase === 'finetune');
    assert.ok(finetuning.length >= 1 && finetuning.length <= 3);
    assert.ok(finetuning.every((p) => p.averaged));
    assert.deepEqual(
      calm.curve.map((p) => p.epoch),
      calm.curve.map((_, i) => i + 1),
    );
  });

  test('windows are drawn anew in each epoch: the numbers of steps differ', () => {
    const steps = ends.map((end, i) => end - (ends[i - 1] ?? 0));
    assert.ok(new Set(steps).size > 1, `${steps}`);
  });

  test('best and main hold the weights that validation measured, averaged', async () => {
    const best = [...calm.curve].sort((a, b) => a.validPerplexity! - b.validPerplexity!)[0]!;
    assert.equal(calm.result.bestEpoch, best.epoch);
    for (const [from, epoch] of [
      ['best', calm.result.bestEpoch!],
      ['main', calm.result.mainBestEpoch!],
    ] as const) {
      const run = await loadRun(path.join(folder, 'calm'), { from, dataFolder: folder });
      const measured = await evaluateRun(run, { split: 'valid', batch: 2 });
      run.dispose();
      assert.equal(measured.perplexity, calm.curve[epoch - 1]!.validPerplexity);
    }
  });

  test('last holds the averages beside the weights', () => {
    const { tensors } = loadCheckpoint(path.join(folder, 'calm'), 'last');
    const weights = Object.keys(tensors).filter((n) => !/^(state|average)\./.test(n));
    for (const name of weights) {
      assert.deepEqual(tensors[`average.${name}`]?.shape, tensors[name]!.shape);
      assert.notDeepEqual(tensors[`average.${name}`]!.data, tensors[name]!.data);
    }
  });

  test('stopped at many moments, also at the turns, it ends with the same bytes', async () => {
    const since = calm.result.averagingSince!;
    const moments = [
      3, // in the first epoch
      ends[0]!, // at its end
      ends[since - 2]!, // the epoch that turns averaging on
      ends[since - 2]! + 1,
      ends[since - 1]! + 4,
      ends[7]!, // the end of main training
      ends[7]! + 1, // the first step of finetuning
      ends[8]! - 2,
    ];
    for (const [i, step] of moments.entries()) {
      const outcome = await stopAt(request('stopped', AWD, { resume: i > 0 }), step);
      assert.ok(!outcome.finished, `step ${step}`);
    }
    const summary = await finish(request('stopped', AWD, { resume: true }));
    assertSame(path.join(folder, 'calm'), path.join(folder, 'stopped'), ['last', 'best', 'main']);
    assert.deepEqual(summary.result, calm.result);
    const log = (name: string) => readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8');
    assert.equal(log('stopped'), log('calm'));
  });

  test('going back to before finetuning does not take finetuned weights for main ones', async () => {
    const out = path.join(folder, 'back');
    await stopAt(request('back'), ends[7]! - 1);
    cpSync(path.join(out, 'last.safetensors'), path.join(folder, 'earlier.safetensors'));
    await stopAt(request('back', AWD, { resume: true }), ends[8]! + 1);
    cpSync(path.join(folder, 'earlier.safetensors'), path.join(out, 'last.safetensors'));
    await finish(request('back', AWD, { resume: true }));
    assertSame(path.join(folder, 'calm'), out, ['last', 'best', 'main']);
  });

  test('a finished run may be finetuned later, or longer, with the same result', async () => {
    const none = AWD.map((s) => (s === 'finetuneEpochs=3' ? 'finetuneEpochs=0' : s));
    const one = AWD.map((s) => (s === 'finetuneEpochs=3' ? 'finetuneEpochs=1' : s));
    const first = await finish(request('later', none));
    assert.equal(first.result.testPerplexity, calm.result.mainTestPerplexity);
    assert.ok(!('mainTestPerplexity' in first.result));
    await finish(request('later', one, { resume: true }));
    const last = await finish(request('later', AWD, { resume: true }));
    assert.deepEqual(last.result, calm.result);
    assertSame(path.join(folder, 'calm'), path.join(folder, 'later'), ['last', 'best', 'main']);
    // but main training is over
    const more = AWD.map((s) => (s === 'epochs=8' ? 'epochs=9' : s));
    await assert.rejects(
      finish(request('later', more, { resume: true })),
      (e: unknown) => e instanceof UserError && /finetuned after 8 epochs/.test(e.message),
    );
    await assert.rejects(finish(request('later', one, { resume: true })), /finetuneEpochs/);
  });

  test('finetuning ends when it helps no more', async () => {
    // without dropout and at this rate averages soon get worse
    const long = [...AWD, 'finetuneEpochs=30', 'epochs=2', 'seed=2'];
    const { curve } = await finish(request('long', long));
    const losses = curve.filter((p) => p.phase === 'finetune').map((p) => p.validPerplexity!);
    assert.ok(losses.length < 30, 'it never ended');
    assert.ok(losses.at(-1)! > Math.min(...losses.slice(0, -2)), `${losses}`);
    for (let n = 2; n < losses.length - 1; n++)
      assert.ok(losses[n]! <= Math.min(...losses.slice(0, n - 1)), 'it could have ended before');
  });
});

test('a folder and checkpoint of before all this go on as if nothing had happened', async () => {
  const sgd = ['dataset=ptb', 'hidden=12', 'epochs=2', 'batch=8', 'bptt=20', 'validBatch=2'];
  await finish(request('plain', sgd));
  await stopAt(request('old', sgd), 17);
  const out = path.join(folder, 'old');
  const file = path.join(out, 'config.json');
  const description = JSON.parse(readFileSync(file, 'utf8'));
  for (const key of Object.keys(description.config))
    if (
      /^(embedding|tied|initialisation$|forgetBias|residual|dropout|weightD|.*Regul|randomB|optim|nonm|fine)/.test(
        key,
      )
    )
      delete description.config[key];
  assert.equal(Object.keys(description.config).length, 22);
  writeFileSync(file, JSON.stringify(description));
  const { tensors, state } = loadCheckpoint(out, 'last');
  const {
    start: _,
    averagedSteps: __,
    finetuneFrom: ___,
    ...position
  } = state.position as Record<string, unknown>;
  const { averagingSince: ____, ...older } = state;
  saveCheckpoint(out, 'last', { tensors, state: { ...older, position } });
  await finish(request('old', sgd, { resume: true }));
  assertSame(path.join(folder, 'plain'), out, ['last', 'best']);
  const { result } = readSummary(path.join(out, 'summary.json'));
  assert.deepEqual(Object.keys(result), [
    'validPerplexity',
    'testPerplexity',
    'testTokens',
    'bestEpoch',
    'parameters',
  ]);
});
