import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureFlatness } from '#src/chapters/flatness/flatness.js';
import {
  blockGradients,
  preactivationGradients,
  preactivationRows,
} from '#src/chapters/flatness/gate-gradient.js';
import { gateSlopes } from '#src/chapters/flatness/gate-sensitivity.js';
import {
  displaced,
  eachBlock,
  filterDirection,
  gateFilters,
  gateSpace,
  gaussianDirection,
  gradientIn,
  at as inPlace,
  lossAt,
  timesEach,
  unitsOf,
} from '#src/chapters/flatness/gate-space.js';
import { dot } from '#src/chapters/flatness/lanczos.js';
import {
  type LossModel,
  languageModelLoss,
  pairsOf,
  segmentsOf,
  timeMajor,
  translationLoss,
} from '#src/chapters/flatness/loss-model.js';
import { absoluteNoise, blockNoise, relativeNoise } from '#src/chapters/flatness/perturbation.js';
import { plainTwin } from '#src/chapters/flatness/rescaling.js';
import { gateBlocks } from '#src/compression/gate-parameters.js';
import { evaluate } from '#src/lm/evaluate.js';
import { TranslationModel } from '#src/nmt/model.js';
import { evaluatePairs } from '#src/nmt/translate.js';
import { blas, footprint } from '../../backend/support.js';
import { enliven, reversedPairs, tinyConfig } from '../../nmt/support.js';
import { parameters, tinyLoss as tiny } from './support.js';

function translation(): {
  m: TranslationModel;
  loss: LossModel;
  pairs: ReturnType<typeof reversedPairs>;
} {
  const m = new TranslationModel(tinyConfig(), 12, 12);
  enliven(m);
  const pairs = reversedPairs(9);
  return { m, loss: translationLoss(m, pairs, { batch: 4, words: 1e6 }), pairs };
}

describe('segments', () => {
  test('lie over the whole text, do not overlap, and are followed by their targets', () => {
    const ids = Int32Array.from({ length: 1001 }, (_, i) => i);
    const { x, y, steps } = segmentsOf(ids, { words: 300, steps: 100 });
    assert.equal(steps, 100);
    assert.deepEqual(
      x.map((s) => s[0]),
      [0, 450, 900],
    );
    assert.deepEqual(
      [...y[2]!],
      [...x[2]!].map((w) => w + 1),
    );
    assert.equal(segmentsOf(ids, { words: 1e9, steps: 100 }).x.length, 10);
    assert.deepEqual(
      segmentsOf(ids, { words: 5 }).x.map((s) => s.length),
      [5],
    );
    assert.throws(() => segmentsOf(Int32Array.of(1)), RangeError);
    assert.deepEqual([...timeMajor([Int32Array.of(1, 2), Int32Array.of(3, 4)])], [1, 3, 2, 4]);
  });

  test('pairs are taken evenly, about as many units as asked for', () => {
    const pairs = reversedPairs(100);
    const some = pairsOf(pairs, 100);
    const units = some.reduce((n, p) => n + p.target.length + 1, 0);
    assert.ok(units > 70 && units < 130, `${units}`);
    assert.equal(some[0], pairs[0]);
    assert.equal(pairsOf(pairs, 1e9).length, 100);
  });
});

describe('LossModel', () => {
  test('of one segment is what evaluate measures', async () => {
    await blas();
    const { m, ids } = tiny('baseline');
    const some = ids.slice(0, 101);
    const { nll, tokens } = await evaluate(m, some);
    const loss = languageModelLoss(m, some, { steps: 100, words: 100 });
    assert.equal(loss.tokens, 100);
    assert.ok(Math.abs((await loss.loss()) - nll / tokens) < 1e-6);
    m.dispose();
  });

  test('of pairs is what evaluatePairs measures', async () => {
    await blas();
    const { m, loss, pairs } = translation();
    const { nll, tokens } = await evaluatePairs(m, pairs);
    assert.equal(loss.tokens, tokens);
    assert.ok(Math.abs((await loss.loss()) - nll / tokens) < 1e-6);
    m.dispose();
  });

  for (const [name, make] of [
    ['language model', () => tiny('sharpened')],
    ['translation model', translation],
  ] as const)
    test(`the gradient of a ${name} is the slope of the loss`, async () => {
      const be = await blas();
      const { m, loss } = make();
      const space = gateSpace(m);
      const before = parameters(m as never);
      const gradient = await loss.gradient();
      assert.ok(Math.abs(gradient.loss - (await loss.loss())) < 1e-6);
      const g = gradientIn(space, gradient);
      const footing = footprint(be);
      for (const seed of [1, 2]) {
        const direction = gaussianDirection(space, seed);
        const h = 0.01;
        const slope =
          ((await lossAt(loss, space, [h, direction])) -
            (await lossAt(loss, space, [-h, direction]))) /
          (2 * h);
        // float32 losses: 1e-7 / h
        assert.ok(Math.abs(slope - dot(g, direction)) < 1e-3 * Math.abs(slope) + 1e-4, `${slope}`);
        assert.ok(Math.abs(slope) > 1e-3, `${slope}`);
      }
      await loss.gradient();
      assert.deepEqual(footprint(be), footing);
      assert.deepEqual(parameters(m as never), before);
      m.dispose();
    });
});

describe('gate space', () => {
  test('directions are those of the noise', async () => {
    await blas();
    const { m } = tiny('baseline', 4);
    const space = gateSpace(m);
    const eps = gaussianDirection(space, 7);
    for (const [unit, noise] of [
      ['relative', relativeNoise],
      ['block', blockNoise],
      ['absolute', absoluteNoise],
    ] as const) {
      const moved = displaced(space, [0.3, timesEach(eps, unitsOf(space, unit))]);
      const change = noise(0.3, 7);
      eachBlock(gateBlocks(m), (block, from) => {
        change(block).forEach((value, i) => {
          assert.ok(Math.abs(value - moved[from + i]!) < 1e-6);
        });
      });
    }
    m.dispose();
  });

  test('a move touches the gates asked for and comes back when the work fails', async () => {
    await blas();
    const { m } = translation();
    const before = parameters(m as never);
    const space = gateSpace(m, 'og');
    const failing = inPlace(space, new Float32Array(space.size), async () => {
      for (const { gate, values } of gateBlocks(m, 'fiog'))
        assert.equal(
          values.some((v) => v !== 0),
          gate === 'f' || gate === 'i',
        );
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(parameters(m as never), before);
    m.dispose();
  });

  test('filters: every weight once, no bias, as long as the trained ones', async () => {
    await blas();
    for (const { m } of [tiny('baseline', 3), translation()]) {
      const space = gateSpace(m);
      const direction = filterDirection(space, 1);
      const places = gateFilters(space).flat();
      assert.equal(new Set(places).size, places.length);
      eachBlock(space.blocks, ({ tensor, values }, from) => {
        const own = direction.subarray(from, from + values.length);
        if (tensor.endsWith('bias')) assert.ok(own.every((d) => d === 0));
        else assert.ok(own.every((d) => d !== 0));
      });
      const squares = (v: ArrayLike<number>, filter: number[]) =>
        filter.reduce((sum, i) => sum + v[i]! ** 2, 0);
      for (const filter of gateFilters(space)) {
        const [a, b] = [squares(direction, filter), squares(space.origin, filter)];
        assert.ok(Math.abs(a - b) < 1e-9 * b);
      }
      m.dispose();
    }
    const { m } = tiny('baseline', 3);
    const filters = gateFilters(gateSpace(m));
    // 2 layers x 2 gates x 3 units, of 3 inputs and 3 hidden units each
    assert.deepEqual(
      filters.map((f) => f.length),
      new Array(12).fill(6),
    );
    m.dispose();
  });
});

describe('gradients of gates', () => {
  test('in pre-activations: their sum over tokens is the gradient of the bias', async () => {
    const be = await blas();
    const { m, ids } = tiny('sharpened', 3);
    const { x, y } = segmentsOf(ids, { words: 40, steps: 20 });
    const [inputs, targets] = [timeMajor(x), timeMajor(y)];
    const loss = languageModelLoss(m, ids, { words: 40, steps: 20 });
    const { gradients } = await loss.gradient();
    const footing = footprint(be);
    const all = preactivationGradients(m, inputs, targets, 2);
    assert.deepEqual(footprint(be), footing);
    all.forEach((g, layer) => {
      const bias = gradients.get(`lstm.${layer}.bias`)!;
      bias.forEach((want, k) => {
        let sum = 0;
        for (let n = 0; n < 40; n++) sum += g[n * bias.length + k]!;
        assert.ok(Math.abs(sum / 40 - want) < 1e-6, `${sum / 40}, not ${want}`);
      });
    });
    m.dispose();
  });

  test('rows: slopes are those of gateSlopes, gradients those of the sigmoid argument', async () => {
    await blas();
    const { m, ids } = tiny('sharpened', 3);
    const rows = await preactivationRows(m, ids, { words: 1e6, steps: 49, streams: 7 });
    assert.deepEqual(rows.map((r) => `${r.layer}${r.gate}`).join(' '), '0f 0i 0o 0g 1f 1i 1o 1g');
    const fi = rows.filter(({ gate }) => 'fi'.includes(gate));
    const slope = fi.reduce((sum, r) => sum + r.slope, 0) / fi.length;
    // gateSlopes counts in pre-activations (1 / tau), and over streams that begin once
    assert.ok(Math.abs(slope / 0.2 - gateSlopes(m, ids).mean) < 0.02);
    for (const { gradient, median } of rows) assert.ok(median > 0 && median < gradient);
    const twin = plainTwin(m);
    const same = await preactivationRows(twin, ids, { words: 1e6, steps: 49, streams: 7 });
    rows.forEach((row, k) => {
      assert.ok(Math.abs(row.gradient - same[k]!.gradient) < 1e-3 * row.gradient);
    });
    twin.dispose();
    m.dispose();
  });

  test('in blocks: all four gates of every tensor', async () => {
    await blas();
    const { m, loss } = translation();
    const blocks = await blockGradients(loss);
    const packed = [...m.parameters.values()].filter((v) => v.shape.at(-1)! % 20 === 0);
    assert.equal(
      blocks.reduce((n, b) => n + b.parameters, 0),
      packed.reduce((n, v) => n + v.size, 0),
    );
    for (const { norm, rms, scaled } of blocks)
      assert.ok(norm > 0 && Math.abs(scaled - norm * rms) < 1e-12);
    m.dispose();
  });
});

describe('measureFlatness', () => {
  test('is the same each time, of the parts asked for, with rising progress', async () => {
    await blas();
    const { m, loss } = tiny('baseline');
    const before = parameters(m);
    const shares: number[] = [];
    const options = { draws: 2, directions: 2, grid: 5, onProgress: (s: number) => shares.push(s) };
    const flat = await measureFlatness(loss, options);
    assert.deepEqual(await measureFlatness(loss, { ...options, onProgress: undefined }), flat);
    assert.deepEqual(parameters(m), before);
    assert.equal(shares.at(-1), 1);
    shares.slice(1).forEach((s, k) => {
      assert.ok(s >= shares[k]!);
    });
    const { sizes, lines, grid, gridSizes } = flat.landscape!;
    assert.deepEqual([sizes[0], sizes[10], sizes[20], gridSizes.length], [-1, 0, 1, 5]);
    assert.equal(lines.length, 2);
    assert.equal(lines[0]![10], 0);
    assert.deepEqual(
      grid[2],
      [0, 5, 10, 15, 20].map((k) => lines[0]![k]),
      'a row is direction 1',
    );
    assert.deepEqual(
      grid.map((row) => row[2]),
      [0, 5, 10, 15, 20].map((k) => lines[1]![k]),
    );
    // first order: the smallest noise
    for (const { sizes: s, rises, slopes } of flat.perturb!)
      rises[0]!.forEach((rise, d) => {
        assert.ok(Math.abs(rise - s[0]! * slopes[d]!) < 0.05, `${rise} ${s[0]! * slopes[d]!}`);
      });
    const only = await measureFlatness(loss, { parts: ['gradient'] });
    assert.deepEqual(Object.keys(only), ['loss', 'tokens', 'parameters', 'gradient']);
    m.dispose();
  });
});
