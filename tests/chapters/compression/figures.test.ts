import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compressionComparison,
  measuredSensitivities,
} from '#src/chapters/compression/comparison.js';
import { sensitivityCurves } from '#src/chapters/compression/figure-curves.js';
import { compressionDamage, compressionPrice } from '#src/chapters/compression/figure-rise.js';
import {
  compressionTable,
  fewBitsTable,
  rankingTable,
} from '#src/chapters/compression/figure-tables.js';
import {
  gateSpectrum,
  roundingPicture,
  weightDistributions,
  weightsOf,
} from '#src/chapters/compression/figure-weights.js';
import type { SensitivityResult } from '#src/chapters/compression/measure.js';
import { storedMeasurements } from '#src/results/measurement.js';

const ptb = measuredSensitivities(
  storedMeasurements<SensitivityResult>('sensitivity', 'ptb-awd-small'),
);

/** Every number that is drawn, and whether it is one. */
const drawn = (data: readonly Record<string, unknown>[]): unknown[] =>
  data.flatMap(({ x, y }) => [...(x as unknown[]), ...(y as unknown[])]);

test('the curves begin at the model as trained and say the marked points', () => {
  const { data, alt, layout } = sensitivityCurves(ptb);
  assert.equal(data.length, 3 * ptb.length);
  const { sweep, settings } = ptb[0]!.result;
  assert.equal((data[0]!['x'] as number[])[0], 0);
  assert.ok(Math.abs((data[0]!['y'] as number[])[0]! / sweep[0]!.perplexity - 1) < 1e-3);
  assert.match(alt, new RegExp(`with rank ${settings.ranks.low} [\\d.]+`));
  // r, c and both ranks
  assert.equal((layout['shapes'] as unknown[]).length, 4);
  assert.ok(drawn(data).every((x) => Number.isFinite(x)));
});

test('price and damage: nothing below the least rise, nothing that saves no bytes', () => {
  for (const { data } of [compressionPrice(ptb), compressionDamage(ptb)]) {
    assert.ok(data.every(({ y }) => (y as number[]).every((v) => v >= 0.001)));
    assert.ok(drawn(data).every((x) => Number.isFinite(x)));
  }
});

test('where nothing is measured figures and tables say so', () => {
  const columnsOnly = { ...ptb[0]!, result: { ...ptb[0]!.result, sweep: [] } };
  for (const make of [sensitivityCurves, compressionPrice, compressionDamage])
    for (const none of [[], [columnsOnly]]) assert.match(make(none).alt, /not run yet/);
  const comparison = compressionComparison('lm', []);
  assert.ok(compressionTable(comparison).rows.flat().includes('not run yet'));
  assert.deepEqual(rankingTable(comparison).rows[0]!.slice(2), ['not run yet']);
  assert.equal(fewBitsTable([]).rows.length, 7);
});

test("the paper's Table 3 stands beside ours", () => {
  const { rows } = compressionTable(compressionComparison('lm', ptb));
  assert.equal(
    rows[2]!.join(' '),
    'baseline paper 52.8 53.2 (+0.8 %) 53.6 (+1.5 %) 56.6 (+7.2 %) 65.5 (+24.1 %)',
  );
  assert.match(String(rows[3]![2]), /^[\d.]+$/);
  assert.equal(fewBitsTable(ptb).columns.length, 2 + ptb.length);
});

test('weights: every stick is a value that is left', () => {
  const values = Float32Array.of(-0.2, 0, 0, 0.4);
  const { data, alt } = roundingPicture({
    before: Float32Array.of(-0.24, 0.01, 0.02, 0.41),
    after: [{ title: 'round', values }],
  });
  assert.deepEqual(data[1]!['x'], [-0.2, 0, 0.4]);
  assert.deepEqual(data[1]!['y'], [0.25, 0.5, 0.25]);
  assert.match(alt, /round: 3 values, 50 % of them 0/);
  const models = weightsOf(ptb);
  assert.match(weightDistributions(models, 0.2).alt, /baseline 0\.166/);
  const { data: spectrum } = gateSpectrum(models, [14, 28], {
    parameter: 'lstm.1.weight_hh',
    gate: 'f',
  });
  assert.equal((spectrum[0]!['y'] as number[])[0], 1);
  assert.equal((spectrum[1]!['y'] as number[]).at(-1), 1);
});
