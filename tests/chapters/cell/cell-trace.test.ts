import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gateOptions } from '#src/cell/gates.js';
import {
  biasGradient,
  numericPreactivationGradient,
  type PreactivationGradient,
  preactivationGradient,
} from '#src/chapters/cell/cell-gradient.js';
import {
  cellNoise,
  cellTrace,
  cellTraces,
  largestDifference,
  type TraceOptions,
} from '#src/chapters/cell/cell-trace.js';
import { preactivations, tinyCell } from '#src/chapters/cell/tiny-cell.js';
import { binaryGate, sigmoid } from '#src/gumbel/gate.js';
import { tf } from '#tfjs';
import { blas } from '../../backend/support.js';

const cell = tinyCell('the cat sat on the mat', { hidden: 3, seed: 5 });
const every = gateOptions('g2', { noiseProbability: 1, noiseEpsilon: 0 });
const SETTINGS: TraceOptions[] = [
  { gates: gateOptions('baseline'), training: true },
  { gates: gateOptions('sharpened'), training: true },
  { gates: every, training: true, step: 3 },
  { gates: gateOptions('g2', { noiseProbability: 0.5, gates: 'fio' }), training: true },
  { gates: every },
];
const ALL = ['f', 'i', 'o'] as const;

function furthest(a: PreactivationGradient, b: PreactivationGradient): number {
  const gaps = ALL.flatMap((gate) =>
    a[gate].map((row, t) => row.map((v, j) => v - b[gate][t]![j]!)),
  );
  return Math.max(...gaps.flat().map(Math.abs));
}

describe('a tiny cell', () => {
  before(async () => {
    await blas();
  });

  test('the first word is Eq 2-7 with an empty mind', () => {
    const a = preactivations(cell, 0, [0, 0, 0]);
    const trace = cellTrace(cell, { gates: gateOptions('baseline') });
    for (const j of [0, 1, 2]) {
      const c = sigmoid(a.i[j]!) * Math.tanh(a.g[j]!);
      assert.ok(Math.abs(trace.f[0]![j]! - sigmoid(a.f[j]!)) < 1e-6);
      assert.ok(Math.abs(trace.c[0]![j]! - c) < 1e-6);
      assert.ok(Math.abs(trace.h[0]![j]! - sigmoid(a.o[j]!) * Math.tanh(c)) < 1e-6);
    }
  });

  test('in training the first gates are s((a + noise) / tau), Eq 11-12, with the noise it shows', () => {
    const options = { gates: every, training: true, step: 9 };
    const noise = cellNoise(cell, options);
    const a = preactivations(cell, 0, [0, 0, 0]);
    const trace = cellTrace(cell, options);
    for (const gate of ['f', 'i'] as const)
      for (const j of [0, 1, 2]) {
        const u = sigmoid(noise[gate][0]![j]!);
        assert.ok(Math.abs(trace[gate][0]![j]! - binaryGate(a[gate][j]!, 0.9, u)) < 1e-6);
      }
    assert.ok(noise.o.flat().every((value) => value === 0));
  });

  test('the fused kernel equals the reference', () => {
    for (const options of SETTINGS) {
      const [fused, reference] = (['fused', 'reference'] as const).map((path) =>
        cellTrace(cell, { ...options, path }),
      );
      assert.ok(largestDifference(fused!, reference!) < 2e-6);
    }
  });

  test('every training step has its own noise, evaluation has none', () => {
    const [one, two] = cellTraces(cell, { gates: every, training: true, step: 4 }, 2);
    assert.deepEqual(two, cellTrace(cell, { gates: every, training: true, step: 5 }));
    assert.ok(largestDifference(one!, two!) > 0.1);
    const plain = cellTrace(cell, { gates: gateOptions('baseline') });
    assert.equal(largestDifference(cellTrace(cell, { gates: every, step: 8 }), plain), 0);
    const silent = cellNoise(cell, { gates: every });
    assert.ok([silent.f, silent.i, silent.o].flat(2).every((value) => value === 0));
  });

  test('gradients equal central differences, and a bias collects them over the words', () => {
    for (const options of SETTINGS) {
      const automatic = preactivationGradient(cell, options);
      assert.ok(furthest(automatic, numericPreactivationGradient(cell, options)) < 1e-6);
      assert.ok(Math.max(...automatic.f.flat().map(Math.abs)) > 1e-3, 'there is a gradient');
      const bias = biasGradient(cell, options);
      for (const gate of ALL)
        bias[gate].forEach((value, j) => {
          const sum = automatic[gate].reduce((total, row) => total + row[j]!, 0);
          assert.ok(Math.abs(value - sum) < 2e-6);
        });
    }
  });

  test('nothing is left behind', () => {
    const options = { gates: every, training: true };
    const work = () => [
      cellTrace(cell, options),
      cellNoise(cell, options),
      preactivationGradient(cell, options),
      biasGradient(cell, options),
    ];
    work();
    const { numTensors } = tf.memory();
    work();
    assert.equal(tf.memory().numTensors, numTensors);
  });

  test('traces of different sentences have no difference', () => {
    const other = tinyCell('the cat', { hidden: 3, seed: 5 });
    const gates = gateOptions('baseline');
    assert.throws(
      () => largestDifference(cellTrace(cell, { gates }), cellTrace(other, { gates })),
      RangeError,
    );
  });
});
