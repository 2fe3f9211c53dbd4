import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { countsAsLearnt, decideKnown } from '#src/chapters/known-gates/comparison.js';
import { readKnown, storedKnownGates } from '#src/chapters/known-gates/results.js';
import {
  type KnownRequest,
  knownDone,
  knownItems,
  runKnownGates,
} from '#src/chapters/known-gates/run.js';
import { LATCH } from '#src/chapters/known-gates/tasks/latch.js';
import { KnownTraining, knownConfig } from '#src/chapters/known-gates/train.js';
import { StopFlag } from '#src/runs/interrupt.js';
import { blas } from '../../backend/support.js';

const root = mkdtempSync(path.join(tmpdir(), 'g2-known-gates-'));
after(() => rmSync(root, { recursive: true, force: true }));

const SMALL = { ...LATCH, length: 12, units: 8, updates: 12, factors: [1, 2, 4] };
const request = (more: Partial<KnownRequest> = {}): KnownRequest => ({
  ...{ tasks: [SMALL], algorithms: ['baseline', 'g2 p 1'], forgetBiases: [1], seeds: [1, 2] },
  ...{ out: path.join(root, 'a'), command: 'g2lstm known-gates', threads: 1 },
  ...more,
});
const file = path.join(root, 'a', 'latch.json');

test('stopped after a model it goes on with the next; what is there is not trained again', async () => {
  const stop = new StopFlag();
  assert.equal(await runKnownGates(request({ stop, onProgress: () => stop.request() })), false);
  const [first] = readKnown(file).runs;
  assert.equal(readKnown(file).runs.length, 1);
  assert.equal(await runKnownGates(request()), true);
  const { runs, data, commit, machine, command } = readKnown(file);
  assert.deepEqual(runs[0], first);
  assert.deepEqual(
    runs.map(({ algorithm, seed }) => `${algorithm} ${seed}`),
    ['baseline 1', 'g2 p 1 1', 'baseline 2', 'g2 p 1 2'],
  );
  assert.match(data, /^[0-9a-f]{64}$/);
  assert.ok(command && machine.cpu && commit);
  assert.ok(knownItems(request()).every(knownDone(request())));
  for (const { accuracy, gates } of runs) {
    assert.deepEqual(
      Object.values(accuracy).map((list) => list.length),
      [3, 3, 3, 3, 3],
    );
    assert.ok(gates!.distance.input! >= 0 && gates!.nearEnd.forget <= 1);
  }
});

test('results of another version of a task are not mixed with these', async () => {
  const longer = request({ tasks: [{ ...SMALL, updates: 13 }], seeds: [1, 2, 3] });
  const said: string[] = [];
  await runKnownGates({ ...longer, onMessage: (text) => said.push(text) });
  assert.equal(said.length, 2, `${said}`);
  assert.match(said[0]!, /another version of the task/);
  assert.equal(readKnown(file).runs.length, 4);
});

test('a model twice in a file is refused', () => {
  const text = readFileSync(file, 'utf8');
  const stored = JSON.parse(text);
  const copy = path.join(root, 'copy.json');
  writeFileSync(copy, JSON.stringify({ ...stored, runs: [...stored.runs, stored.runs[0]] }));
  assert.throws(() => readKnown(copy), /is there twice/);
});

test('fewer than ten seeds decide nothing, and a task that was not learnt does not count', () => {
  const stored = storedKnownGates(path.join(root, 'a'));
  assert.equal(countsAsLearnt(stored.get('latch')), null);
  const latch = decideKnown('K1', 'g2 p 1', stored).decisions.find(
    ({ task }) => task.name === 'latch',
  );
  assert.equal(latch!.bearing, 'not run');
  const results = stored.get('latch')!;
  const many = (accuracy: number) => ({
    ...results,
    runs: ['baseline', 'g2 p 1'].flatMap((algorithm) =>
      Array.from({ length: 10 }, (_, k) => {
        const plain = [accuracy, 1, algorithm === 'baseline' ? 0.5 + 0.01 * k : 0.9, 1];
        return {
          ...results.runs[0]!,
          algorithm: algorithm as 'baseline',
          seed: k + 1,
          accuracy: { ...results.runs[0]!.accuracy, plain },
        };
      }),
    ),
  });
  const of = (accuracy: number) =>
    decideKnown('K1', 'g2 p 1', new Map([['latch', many(accuracy)]])).decisions.find(
      ({ task }) => task.name === 'latch',
    )!;
  assert.equal(of(0.98).bearing, 'not counted');
  assert.equal(of(1).bearing, 'for');
  assert.ok(Math.abs(of(1).test!.mean - (0.9 - 0.545)) < 1e-9);
});

test('all algorithms of a seed begin alike and read the same; the loss falls', async () => {
  await blas();
  const of = (algorithm: 'baseline' | 'g2 p 1', seed: number) =>
    new KnownTraining({ ...LATCH, length: 16, updates: 60 }, { algorithm, forgetBias: 1, seed });
  const [a, b, c] = [of('baseline', 3), of('g2 p 1', 3), of('baseline', 4)];
  const weights = (t: KnownTraining) => [...t.model.variables[1]!.dataSync()];
  assert.deepEqual(weights(a), weights(b));
  assert.notDeepEqual(weights(a), weights(c));
  const end = await a.train();
  assert.ok(end! < 0.5 * a.losses[0]!, `${a.losses[0]} to ${end}`);
  assert.equal(
    knownConfig(LATCH, { algorithm: 'g2 p 1', forgetBias: 1, seed: 1 }).noiseProbability,
    1,
  );
  for (const t of [a, b, c]) t.dispose();
});
