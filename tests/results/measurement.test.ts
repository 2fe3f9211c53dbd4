import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  type Measurement,
  measurementOf,
  readMeasurement,
  storedMeasurements,
  writeMeasurement,
} from '#src/results/measurement.js';
import { scratch } from '../runs/helpers.js';

const run = (gates: string, seed: number) =>
  ({
    preset: 'p',
    config: { dataset: 'demo', gates, seed, hidden: 4 },
    from: 'best',
    epochs: 3,
    model: { parameterCount: 12 },
    backend: { name: 'blas', gemm: 'wasm', threads: 1 },
  }) as never;

const own = (result: object) => ({
  kind: 'widths',
  command: 'g2lstm gates RUN',
  data: { test: 'abc' },
  seconds: 1.5,
  result,
});

test('a measurement says what was measured, on what and with what, and reads back equal', (t) => {
  const file = path.join(scratch(t), 'deep/er/g2-seed2.widths.json');
  const measured = measurementOf(
    run('g2', 2),
    own({ shares: [0.25, 1e-7, null, -3], name: 'a [1, 2]' }),
  );
  writeMeasurement(file, measured);
  assert.deepEqual(readMeasurement(file, 'widths'), JSON.parse(JSON.stringify(measured)));
  assert.deepEqual(
    [measured.run.algorithm, measured.run.seed, measured.run.parameters, measured.backend.blas],
    ['g2', 2, 12, 'wasm'],
  );
  assert.equal(measured.versions.node, process.versions.node);
  assert.match(readFileSync(file, 'utf8'), /"shares": \[0\.25, 1e-7, null, -3\],\n/);
});

test('stored measurements come by experiment, algorithm and seed', (t) => {
  const folder = scratch(t);
  const write = (name: string, gates: string, seed: number) =>
    writeMeasurement(path.join(folder, name), measurementOf(run(gates, seed), own({ seed })));
  write('b/g2-seed1.widths.json', 'g2', 1);
  write('a/g2-seed10.widths.json', 'g2', 10);
  write('a/g2-seed9.widths.json', 'g2', 9);
  write('a/baseline-seed3.widths.json', 'baseline', 3);
  write('a/baseline-seed3.flatness.json', 'baseline', 3);
  writeFileSync(path.join(folder, 'a/other.json'), '{"rows": []}');
  const names = (experiment?: string) =>
    storedMeasurements('widths', experiment, folder).map(({ file }) => file);
  assert.deepEqual(names(), [
    'a/baseline-seed3.widths.json',
    'a/g2-seed9.widths.json',
    'a/g2-seed10.widths.json',
    'b/g2-seed1.widths.json',
  ]);
  assert.deepEqual(names('b'), ['b/g2-seed1.widths.json']);
  assert.deepEqual(names('c'), []);
});

test('experiments come in the order of their letters as numbers, in every locale', (t) => {
  const folder = scratch(t);
  for (const experiment of ['ä', 'z', 'a', 'a-b', 'ab', 'B'])
    writeMeasurement(
      path.join(folder, experiment, 'g2-seed1.widths.json'),
      measurementOf(run('g2', 1), own({})),
    );
  const stored = storedMeasurements('widths', undefined, folder);
  assert.deepEqual(
    stored.map(({ experiment }) => experiment),
    ['B', 'a', 'a-b', 'ab', 'z', 'ä'],
  );
});

test('what is no such measurement is named', (t) => {
  const folder = path.join(scratch(t), 'x');
  mkdirSync(folder);
  const file = path.join(folder, 'g2-seed1.gates.json');
  const measured = measurementOf(run('g2', 1), { ...own({}), kind: 'gates' });
  const refused = (change: (m: Measurement) => object, why: RegExp) => {
    const format = 'g2lstm-measurement-1';
    const copy = JSON.parse(JSON.stringify({ format, ...measured }));
    writeFileSync(file, JSON.stringify(change(copy)));
    assert.throws(() => readMeasurement(file, 'gates'), why);
  };
  refused(
    (m) => ({ ...m, format: 'x' }),
    /gates\.json is not a measurement of gates: its format is "x"/,
  );
  refused((m) => ({ ...m, kind: 'flatness' }), /it is one of "flatness"/);
  refused((m) => ({ ...m, run: { ...m.run, algorithm: 'lstm' } }), /run\.algorithm must be one of/);
  refused((m) => ({ ...m, result: 3 }), /result must be an object, found 3/);
  refused(
    (m) => ({ ...m, result: { text: { dataset: 'demo', split: null } } }),
    /result\.text\.split must be text, found null/,
  );
});
