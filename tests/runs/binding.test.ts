import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadCheckpoint, saveCheckpoint } from '#src/runs/checkpoint.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { loadRun } from '#src/runs/lm/load-run.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { type TrainRequest, trainLanguageModel } from '#src/runs/lm/train.js';
import { blas } from '../backend/support.js';
import { tinyCorpus } from '../cli/cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-binding-'));
const dataFolder = tinyCorpus(path.join(folder, 'data'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs of the same shape: nothing but what is stored tells their weights apart. */
function request(name: string, seed: number, sets: string[] = []): TrainRequest {
  const own = ['hidden=8', 'layers=1', 'epochs=1', 'batch=4', 'bptt=20', 'validBatch=2', ...sets];
  const preset = 'ptb-unregularised';
  const config = resolveLanguageModelConfig({ preset, gates: 'g2', seed, sets: own });
  return { out: path.join(folder, name), preset, config, dataFolder, threads: 1, silent: true };
}

/** Trains to the end, or until a step is done. */
function train(asked: TrainRequest, step = Number.POSITIVE_INFINITY) {
  const stop = new StopFlag();
  const onProgress = (progress: { step: number }) => {
    if (progress.step >= step) stop.request('SIGINT');
  };
  return trainLanguageModel({ checkpointSeconds: 1000, ...asked, stop, onProgress });
}

/** A copy of run A in which some files are those of another. */
function mixed(name: string, from: string, other: string, ...files: string[]): string {
  const out = path.join(folder, name);
  cpSync(path.join(folder, from), out, { recursive: true });
  for (const file of files) cpSync(path.join(folder, other, file), path.join(out, file));
  return out;
}

const user = (message: RegExp) => ({ name: 'UserError', message });

describe('parts of a run folder belong together', () => {
  before(async () => {
    await blas();
    await train(request('a', 1));
    await train(request('b', 2));
    await train(request('stopped-a', 1), 3);
    await train(request('stopped-b', 2), 3);
    await train(request('stopped-clip', 1, ['clip=4']), 3);
  });

  test('checkpoint and log of another run are not gone on from; what differs is named', async () => {
    const parts = ['last.safetensors', 'metrics.jsonl', 'times.json'];
    const seeds = mixed('mixed-seeds', 'stopped-a', 'stopped-b', ...parts);
    await assert.rejects(
      train({ ...request('mixed-seeds', 1), resume: true }),
      user(/last\.safetensors belongs to another configuration \(seed 2, here 1\)\.\nPut back/),
    );
    assert.ok(
      readFileSync(path.join(seeds, 'last.safetensors')).equals(
        readFileSync(path.join(folder, 'stopped-b/last.safetensors')),
      ),
      'nothing is written',
    );
    mixed('mixed-clip', 'stopped-a', 'stopped-clip', ...parts);
    await assert.rejects(
      train({ ...request('mixed-clip', 1), resume: true }),
      user(/another configuration \(clip 4, here 5\)/),
    );
  });

  test('best weights of another run are not tested in the end, nor evaluated', async () => {
    const out = mixed('mixed-best', 'a', 'b', 'best.safetensors');
    await assert.rejects(
      loadRun(out, { dataFolder }),
      user(/best\.safetensors belongs to another configuration \(seed 2, here 1\)/),
    );
    rmSync(path.join(out, 'summary.json'));
    await assert.rejects(
      train({ ...request('mixed-best', 1), resume: true }),
      user(/best\.safetensors belongs to another configuration/),
    );
  });

  test('log, times and summary of another run are refused by their names', async () => {
    for (const [file, words] of [
      ['metrics.jsonl', /metrics\.jsonl is not the log that the checkpoint was written with/],
      ['times.json', /times\.json belongs to another run/],
    ] as const) {
      const out = mixed(`mixed-${file}`, 'a', 'b', file);
      rmSync(path.join(out, 'summary.json'));
      const again = { ...request(`mixed-${file}`, 1), resume: true };
      await assert.rejects(train(again), user(words));
      // As the message says, the run goes on without it.
      rmSync(path.join(out, file));
      assert.ok((await train(again)).finished);
    }
    mixed('mixed-summary', 'a', 'b', 'summary.json');
    await assert.rejects(
      train({ ...request('mixed-summary', 1), resume: true }),
      user(/summary\.json belongs to another run \(seed 2, here 1\)/),
    );
  });

  test('two words that changed places in vocab.json are not evaluated', async () => {
    const out = mixed('swapped', 'a', 'a');
    const file = path.join(out, 'vocab.json');
    const vocabulary = JSON.parse(readFileSync(file, 'utf8'));
    const { words } = vocabulary;
    [words[2], words[3]] = [words[3], words[2]];
    writeFileSync(file, JSON.stringify(vocabulary));
    await assert.rejects(
      loadRun(out, { dataFolder }),
      user(/best\.safetensors belongs to another vocabulary than vocab\.json beside it/),
    );
    // Other white space is the same vocabulary.
    [words[2], words[3]] = [words[3], words[2]];
    writeFileSync(file, JSON.stringify(vocabulary, null, 4));
    (await loadRun(out, { dataFolder })).dispose();
  });

  test('more epochs may be asked for, and folders of before it are read and gone on from', async () => {
    const out = mixed('longer', 'a', 'a');
    const longer = { ...request('longer', 1, ['epochs=2']), resume: true };
    assert.ok((await train(longer)).finished);
    (await loadRun(out, { dataFolder })).dispose();
    const old = mixed('old', 'a', 'a');
    for (const name of ['best', 'last'] as const) {
      const { tensors, state } = loadCheckpoint(old, name);
      const { run: _, logSum: __, ...before } = state;
      saveCheckpoint(old, name, { tensors, state: before });
    }
    (await loadRun(old, { dataFolder })).dispose();
    assert.ok((await train({ ...request('old', 1, ['epochs=2']), resume: true })).finished);
    const state = loadCheckpoint(old, 'last').state as { run?: { vocabulary: string } };
    assert.equal(state.run?.vocabulary.length, 64, 'from now on it is bound');
  });
});
