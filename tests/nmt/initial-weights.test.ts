import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { initialWeights } from '#src/nmt/initial-weights.js';
import { type Blocks, parameterPlans, type Start } from '#src/nmt/layout.js';
import { resolveTranslationConfig } from '#src/runs/nmt/presets.js';
import { type Backend, blas, on } from '../backend/support.js';
import { tinyConfig } from './support.js';

const source = (seed: number) => ({ seed, stream: 0x1000, step: 0 });

function drawn(shape: number[], start: Start, seed = 1): Float32Array {
  const t = initialWeights(shape, start, source(seed));
  const values = t.dataSync() as Float32Array;
  t.dispose();
  return values;
}

/** The parts of a matrix that are drawn by themselves, each row-major. */
function parts(values: Float32Array, [height, width = 1]: number[], blocks: Blocks) {
  const { heights = [height!], width: across = width } = blocks;
  let top = 0;
  return heights.flatMap((down) => {
    const from = top;
    top += down;
    return Array.from({ length: width / across }, (_, k) => ({
      down,
      across,
      at: (r: number, c: number) => values[(from + r) * width + k * across + c]!,
    }));
  });
}

/** How far rows, or columns where those are fewer, are from orthonormal; and the root mean square. */
function measured({ down, across, at }: ReturnType<typeof parts>[number]) {
  const [count, length] = [Math.min(down, across), Math.max(down, across)];
  const entry = (i: number, k: number) => (down <= across ? at(i, k) : at(k, i));
  let worst = 0;
  let squares = 0;
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < length; k++) dot += entry(i, k) * entry(j, k);
      worst = Math.max(worst, Math.abs(dot - (i === j ? 1 : 0)));
      if (i === j) squares += dot;
    }
  return { worst, deviation: Math.sqrt(squares / (count * length)) };
}

describe('an orthonormal start', () => {
  before(async () => void (await blas()));

  // The deviations that the published code's normal_weight has, whatever scale it is called with.
  for (const [shape, deviation] of [
    [[256, 256], 0.0625],
    [[512, 256], 0.0442],
    [[256, 512], 0.0442],
    [[25_000, 32], 0.0063],
    [[32, 25_000], 0.0063],
    [[300], 0.0577],
  ] as const)
    test(`has orthonormal rows or columns and deviation ${deviation}: ${shape.join(' x ')}`, () => {
      const [part] = parts(drawn([...shape], { kind: 'orthonormal' }), [...shape], {});
      const found = measured(part!);
      assert.ok(found.worst < 1e-5, `${found.worst}`);
      assert.ok(Math.abs(found.deviation - deviation) < 5e-5, `${found.deviation}`);
    });

  test('every matrix of a model is so block by block, as the published code draws them', () => {
    const config = tinyConfig('baseline', { layers: 3, initialisation: 'orthonormal' });
    const counts: Record<string, number> = {};
    for (const { name, shape, start } of parameterPlans(config, 11, 12)) {
      if (name.endsWith('bias')) {
        assert.equal(start.kind, 'zero', name);
        continue;
      }
      assert.equal(start.kind, 'orthonormal', name);
      const found = parts(drawn(shape, start), shape, start as Blocks);
      counts[name] = found.length;
      for (const part of found) assert.ok(measured(part).worst < 1e-5, name);
    }
    const gates = 4;
    for (const [name, blocks] of [
      ['encoder.embedding.weight', 1],
      ['encoder.0.forward.weight_ih', gates],
      ['encoder.2.weight_hh', gates],
      ['decoder.0.weight_ih', gates],
      // one matrix for all gates there
      ['decoder.0.weight_ctx', 1],
      ['decoder.0.second.weight_hh', gates],
      // the layer below and the context
      ['decoder.1.weight_ih', 2 * gates],
      // hidden state, context and word
      ['readout.weight', 3],
      ['attention.score.weight', 1],
      ['output.weight', 1],
    ] as const)
      assert.equal(counts[name], blocks, name);
  });

  test('is uniformly distributed: an entry of three orthonormal rows of three is uniform in -1..1', () => {
    const n = 2000;
    for (const entry of [0, 4, 5, 8]) {
      const sorted = Array.from(
        { length: n },
        (_, seed) => drawn([3, 3], { kind: 'orthonormal' }, seed)[entry]!,
      ).sort((a, b) => a - b);
      const distance = Math.max(...sorted.map((x, i) => Math.abs((x + 1) / 2 - (i + 0.5) / n)));
      assert.ok(distance < 1.63 / Math.sqrt(n), `entry ${entry}: ${distance}`); // p = .01
    }
  });

  test('is the same numbers on every backend, and others with another seed', async () => {
    const found: Float32Array[] = [];
    for (const backend of ['cpu', 'blas'] as Backend[]) {
      await on(backend);
      found.push(drawn([6, 8], { kind: 'orthonormal', heights: [2, 4], width: 4 }));
    }
    assert.deepEqual(found[0], found[1]);
    assert.notDeepEqual(
      found[0],
      drawn([6, 8], { kind: 'orthonormal', heights: [2, 4], width: 4 }, 2),
    );
  });

  test('is what the presets of the paper have', () => {
    for (const preset of ['iwslt14-paper', 'wmt14-paper'])
      assert.equal(resolveTranslationConfig({ preset }).initialisation, 'orthonormal');
  });
});

test('square blocks of an orthogonal start are orthogonal, other weights Normal(0, 0.01)', () => {
  const config = tinyConfig('baseline', { initialisation: 'orthogonal' });
  for (const { name, shape, start } of parameterPlans(config, 11, 12)) {
    if (!name.endsWith('weight_hh')) {
      if (!name.endsWith('bias'))
        assert.deepEqual(start, { kind: 'normal', deviation: 0.01 }, name);
      continue;
    }
    assert.deepEqual(start, { kind: 'orthonormal', width: shape[0] }, name);
  }
});
