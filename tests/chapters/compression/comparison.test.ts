import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSITIVITY_COLUMNS } from '#src/chapters/compression/columns.js';
import {
  compressionComparison,
  compressionLosses,
  losesLeast,
  type MeasuredSensitivity,
  measuredSensitivities,
} from '#src/chapters/compression/comparison.js';
import type { SensitivityPoint, SensitivityResult } from '#src/chapters/compression/measure.js';
import { TABLE_3 } from '#src/paper/tables.js';
import { storedMeasurements } from '#src/results/measurement.js';
import { oneSeedEach } from '#src/results/seed-comparison.js';

/** A run whose values are made up: 100 as trained, then 100 + k * slope. */
function made(algorithm: MeasuredSensitivity['algorithm'], slope: number, more = {}, seed = 1) {
  const columns = SENSITIVITY_COLUMNS.map((column, k) => ({
    column,
    spec: k === 0 ? null : `svd:${k}`,
    variant: 'paper',
    perplexity: 1000,
    cachePerplexity: 100 + k * slope,
    multiBleu: null,
    gateParameters: { ratio: k + 1 },
    ...more,
  })) as unknown as SensitivityPoint[];
  const result = { task: 'lm', cache: {}, columns } as unknown as SensitivityResult;
  return { algorithm, seed, result };
}

test('losses are relative to the run itself, ranked column by column', () => {
  const comparison = compressionComparison('lm', [
    made('g2', 1),
    made('baseline', 3),
    made('sharpened', 2),
  ]);
  assert.deepEqual(
    comparison.lines.map(({ algorithm }) => algorithm),
    ['baseline', 'sharpened', 'g2'],
  );
  const { cells } = comparison.lines[0]!;
  assert.equal(cells.original.ours, 100);
  assert.equal(cells.svdLow.ours, 112);
  assert.ok(Math.abs(cells.svdLow.loss! - 12) < 1e-9);
  assert.equal(cells.svdLow.paper, TABLE_3.rows.baseline.svdLow);
  assert.ok(Math.abs(cells.svdLow.paperLoss - 100 * (65.5 / 52.8 - 1)) < 1e-9);
  for (const { ours } of comparison.rankings)
    assert.deepEqual(ours, ['g2', 'sharpened', 'baseline']);
  assert.deepEqual(losesLeast(comparison, 'g2'), { columns: 4, paper: 3, ours: 4 });
  assert.equal(comparison.measure, 'perplexity with cache');
});

test('where a run is missing there is no ranking; seeds are averaged', () => {
  const comparison = compressionComparison('lm', [made('baseline', 1), made('baseline', 3)]);
  assert.equal(comparison.lines[0]!.cells.round.ours, 102);
  assert.equal(comparison.lines[2]!.cells.round.ours, null);
  assert.equal(comparison.rankings[0]!.ours, null);
  assert.equal(losesLeast(comparison, 'g2').ours, null);
});

test('BLEU that is lost counts as positive', () => {
  const bleu = made('baseline', 1, { multiBleu: 30 });
  bleu.result.task = 'nmt';
  bleu.result.columns[1]!.multiBleu = 28;
  const { lines, lossUnit } = compressionComparison('nmt', [bleu]);
  assert.equal(lines[0]!.cells.round.loss, 2);
  assert.equal(lossUnit, 'BLEU');
  assert.equal(compressionComparison('lm', [bleu]).lines[0]!.cells.round.ours, null);
});

test('stored measurements: columns and sweep agree with each other, all numbers finite', () => {
  const stored = storedMeasurements<SensitivityResult>('sensitivity');
  assert.ok(stored.length >= 3);
  for (const { result } of measuredSensitivities(stored)) {
    assert.deepEqual([...new Set(result.columns.map((p) => p.column))], [...SENSITIVITY_COLUMNS]);
    for (const point of [...result.columns, ...result.sweep])
      assert.ok(point.perplexity > 1 && point.gateParameters.ratio > 0.5, `${point.spec}`);
    for (const p of result.columns.slice(1)) {
      const twin = result.sweep.find(
        (q) => q.spec === p.spec && q.variant === p.variant && !q.hard,
      );
      if (twin) assert.equal(twin.gateParameters.bytesAfter, p.gateParameters.bytesAfter);
    }
  }
  for (const m of stored) assert.equal(m.commit?.dirty, false, m.file);
});

test('losses by seed: each against its own run, decided from three seeds on', () => {
  const runs = [
    ...[3.1, 3, 2.9].map((slope, k) => made('baseline', slope, {}, 3 - k)),
    ...[1, 1.1, 0.9].map((slope, k) => made('g2', slope, {}, k + 1)),
    made('sharpened', 2),
  ];
  const losses = compressionLosses('lm', runs);
  assert.deepEqual(
    losses.map(({ column }) => column),
    SENSITIVITY_COLUMNS.slice(1),
  );
  const low = losses.at(-1)!;
  assert.deepEqual(
    low.ours.baseline.map(({ seed, loss }) => [seed, Math.round(10 * loss) / 10]),
    [
      [1, 11.6],
      [2, 12],
      [3, 12.4],
    ],
  );
  assert.ok(Math.abs(low.paper.baseline - 100 * (65.5 / 52.8 - 1)) < 1e-9);
  assert.equal(low.against.g2.outcome, 'better');
  assert.equal(low.against.sharpened.outcome, 'few seeds');
  assert.deepEqual(compressionLosses('nmt', runs)[0]!.ours.g2, []);
});

test('one seed of each algorithm is the lowest there is, whatever the order', () => {
  const runs = [made('g2', 1, {}, 3), made('baseline', 1, {}, 2), made('g2', 1, {}, 2)];
  assert.deepEqual(oneSeedEach(runs), [runs[1], runs[2]]);
  assert.deepEqual(oneSeedEach([]), []);
});
