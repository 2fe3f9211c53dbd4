import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gateClaims } from '#src/chapters/gates/gate-claims.js';
import { storedGates } from '#src/chapters/gates/measure-gates.js';
import { measurementOf, storedMeasurements, writeMeasurement } from '#src/results/measurement.js';

test('gates and boundaries of one run come together; what is missing is empty', (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'g2-gates-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (algorithm: string, seed: number, kind: string, result: object) =>
    writeMeasurement(
      path.join(folder, 'small', `${algorithm}-seed${seed}.${kind}.json`),
      measurementOf(
        {
          preset: null,
          config: { dataset: 'demo', gates: algorithm, seed },
          from: 'best',
          epochs: 1,
          backend: { name: 'blas', gemm: 'wasm', threads: 1 },
          model: { parameterCount: 12 },
        } as never,
        { kind, command: 'g2lstm gates RUN', data: {}, seconds: 1, result },
      ),
    );
  const text = { dataset: 'demo', split: 'train', sentences: 3, words: { text: 9 } };
  const gates = { text, histograms: {}, heatmaps: [] };
  const effect = {
    comparison: 'of seed 2',
    layer: 'lstm.0',
    gate: 'forget',
    words: [4, 5],
    means: [0.4, 0.5],
    effect: -0.1,
    interval: [-0.2, 0],
  };
  write('g2', 1, 'gates', gates);
  write('g2', 2, 'gates', gates);
  write('baseline', 1, 'gates', gates);
  write('g2', 2, 'boundaries', { text, samples: 10, effects: [effect] });
  const found = storedGates('small', folder);
  assert.deepEqual(
    found.map((run) => [run.algorithm, run.seed, run.effects.map((e) => e.comparison)]),
    [
      ['baseline', 1, []],
      ['g2', 1, []],
      ['g2', 2, ['of seed 2']],
    ],
  );
  assert.deepEqual(storedGates('elsewhere', folder), []);
  assert.equal(storedMeasurements('boundaries', 'small', folder).length, 1);
});

test('what is committed can be held against the claims', () => {
  const ptb = storedGates('ptb-awd-small');
  assert.ok(ptb.length >= 3);
  for (const { algorithm, histograms, effects, text, heatmaps } of ptb) {
    assert.equal(text.dataset, 'ptb');
    assert.ok(effects.some((e) => e.comparison === 'end of sentence' && e.effect < -1));
    assert.ok(heatmaps.length > 0);
    for (const layers of [histograms.training!, histograms.evaluation!])
      for (const { input, forget, output } of layers)
        for (const gate of [input, forget, output]) {
          const sum = gate.shares.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(sum - 1) < 1e-4, algorithm);
          // A value lies within 0.05 of the middle of its bin.
          const middle = gate.shares.reduce((s, share, bin) => s + share * (bin + 0.5) * 0.1, 0);
          assert.ok(Math.abs(gate.mean - middle) < 0.05);
        }
  }
  assert.ok(gateClaims(ptb, 'lstm.0').every(({ verdict }) => verdict !== 'no data'));
});
