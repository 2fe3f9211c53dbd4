import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compressModel } from '#src/compression/compress.js';
import {
  energyKept,
  gateValues,
  gateWeights,
  weightHistogram,
} from '#src/compression/gate-weights.js';
import { lowRankRatios } from '#src/compression/report.js';
import { parameterPlans } from '#src/lm/layout.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { blas } from '../backend/support.js';
import { languageModel } from './support.js';

before(async () => {
  await blas();
});

test('histogram: shares of all values, the outer bins take what is beyond', () => {
  const { shares } = weightHistogram(Float32Array.of(-9, -0.9, 0.1, 0.1, 5), {
    limit: 1,
    width: 0.5,
  });
  assert.deepEqual(
    shares.map((s) => Math.round(5 * s)),
    [2, 0, 2, 1],
  );
});

test('squares kept', () => {
  assert.deepEqual(energyKept([2, 1, 0]), [0, 0.8, 1, 1]);
  assert.deepEqual(energyKept([0]), [1, 1]);
});

test('what is told of a model is told of its input and forget gates', async () => {
  const model = languageModel();
  const weights = gateWeights(model);
  assert.equal(weights.count, gateValues(model).length);
  // What the spectra say is what a low rank leaves.
  const { report } = await compressModel(model, 'svd:2');
  weights.spectra.forEach(({ values, parameter, gate }, i) => {
    const block = report.blocks[i]!;
    assert.deepEqual([block.parameters[0], block.gate], [parameter, gate]);
    assert.ok(Math.abs(block.energyKept! - energyKept(values)[2]!) < 1e-6);
  });
  model.dispose();
});

test("the paper's 12x: one layer stacked; 7.3x by block; the report of a model agrees", async () => {
  const config = resolveLanguageModelConfig({ preset: 'ptb-awd-paper' });
  const shapes = parameterPlans(config, 10_000).map((plan) => [plan.name, plan] as const);
  const stacked = lowRankRatios(shapes, 64, { stacked: true });
  assert.deepEqual(
    stacked.matrices.map(({ ratio }) => Number(ratio.toFixed(1))),
    [10.3, 12, 5],
  );
  assert.equal(lowRankRatios(shapes, 64).ratio.toFixed(1), '7.3');
  const model = languageModel();
  for (const spec of ['svd:2', 'svd-stacked:2'] as const) {
    const counted = lowRankRatios(model.parameters, 2, { stacked: spec !== 'svd:2' });
    const { report } = await compressModel(model, spec);
    assert.equal(counted.ratio, report.compressed.ratio);
  }
  model.dispose();
});
