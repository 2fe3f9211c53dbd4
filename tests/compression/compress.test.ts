import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  type CompressibleModel,
  type CompressOptions,
  compressModel,
  withCompression,
} from '#src/compression/compress.js';
import { compressionBlocks, readBlock } from '#src/compression/gate-blocks.js';
import { svd } from '#src/compression/svd.js';
import { UsageError, UserError } from '#src/errors.js';
import { assertClose, blas, footprint } from '../backend/support.js';
import { languageModel, parameters, translationModel } from './support.js';

/** Compresses and returns the parameters before and after. */
async function compressed(
  model: ReturnType<typeof languageModel> | ReturnType<typeof translationModel>,
  spec: string,
  options?: CompressOptions,
) {
  const was = parameters(model);
  const compression = await compressModel(model, spec, options);
  const now = parameters(model);
  model.dispose();
  return { was, now, ...compression };
}

const SPECS = ['round:0.2', 'round-clip:0.2:0.4', 'svd:3', 'svd-stacked:3', 'int8-unit', 'sign'];

/** What a compression may change, by parameter: 1 where it may. */
function mayChange(model: CompressibleModel, options: CompressOptions): Record<string, Uint8Array> {
  const masks: Record<string, Uint8Array> = {};
  for (const b of compressionBlocks(model.parameters, options)) {
    const [height, width] = model.parameters.get(b.parameter)!.shape as [number, number];
    masks[b.parameter] ??= new Uint8Array(height * width);
    const mask = masks[b.parameter]!;
    for (let r = b.firstRow; r < b.firstRow + b.rows; r++)
      mask.fill(1, r * width + b.firstColumn, r * width + b.firstColumn + b.columns);
  }
  return masks;
}

before(async () => {
  await blas();
});

for (const [what, make] of [
  ['a language model', languageModel],
  ['a translation model', translationModel],
] as const)
  describe(what, () => {
    for (const spec of SPECS)
      for (const options of [{}, { variant: 'code' }, { gates: 'fio' }] as CompressOptions[]) {
        if (spec === 'svd-stacked:3' && options.variant === 'code') continue;
        test(`${spec} ${JSON.stringify(options)}: biases and other gates keep every bit`, async () => {
          const probe = make();
          const masks = mayChange(probe, options);
          probe.dispose();
          const { was, now, report } = await compressed(make(), spec, options);
          let changed = 0;
          for (const [name, values] of Object.entries(was))
            values.forEach((value, i) => {
              if (Object.is(value, now[name]![i])) return;
              assert.ok(masks[name]?.[i], `${name}[${i}] changed`);
              changed++;
            });
          const counted = report.blocks.reduce((n, b) => n + b.changed, 0);
          assert.equal(counted, changed, 'the report counts what changed');
          assert.ok(changed > 0);
        });
      }
  });

test('f and i are the first two quarters of the columns: o, g, biases stay, said plainly', async () => {
  const model = languageModel();
  const widths = [0, 1, 2].map((l) => model.layerSize(l));
  const { was, now } = await compressed(model, 'round-clip:0.5:1');
  for (let l = 0; l < 3; l++) {
    const H = widths[l]!;
    for (const kind of ['weight_ih', 'weight_hh']) {
      const name = `lstm.${l}.${kind}`;
      now[name]!.forEach((value, i) => {
        if (i % (4 * H) < 2 * H) assert.ok([-1, -0.5, 0, 0.5, 1].includes(value), `${value}`);
        else assert.equal(value, was[name]![i]);
      });
    }
    assert.deepEqual(now[`lstm.${l}.bias`], was[`lstm.${l}.bias`]);
  }
});

describe('low precision', () => {
  test('five values of the paper, 3 bits each and a scale', async () => {
    const { now, report } = await compressed(languageModel(), 'round-clip:0.2:0.4');
    const grid = [-0.4, -0.2, 0, 0.2, 0.4].map(Math.fround);
    for (const block of compressionBlocks(
      Object.entries(now).map(([n, v]) => [n, { shape: shapeOf(n, v) }] as const),
    )) {
      const width = shapeOf(block.parameter, now[block.parameter]!)[1]!;
      for (const value of readBlock(now[block.parameter]!, width, block))
        assert.ok(grid.includes(value), `${value}`);
    }
    for (const b of report.blocks) {
      assert.equal(b.bits, 3);
      assert.ok(b.values! <= 5);
      assert.equal(b.bytesBefore, 4 * b.rows * b.columns);
      assert.equal(b.bytesAfter, Math.ceil((3 * b.rows * b.columns) / 8) + 4);
    }
  });

  test('twice is as once', async () => {
    const model = languageModel();
    await compressModel(model, 'round:0.2');
    const once = parameters(model);
    const { report } = await compressModel(model, 'round:0.2');
    assert.deepEqual(parameters(model), once);
    assert.ok(report.blocks.every((b) => b.changed === 0 && b.error === 0));
    model.dispose();
  });

  test("the published code's round of translation models clips at 1 (row 12), the paper's does not", async () => {
    const largest = async (variant: 'paper' | 'code') => {
      const model = translationModel();
      const weight = model.parameters.get('encoder.0.forward.weight_hh')!;
      weight.assign(weight.mul(3)); // up to 2.7
      await compressModel(model, 'round:0.5', { variant });
      const gates = weight.dataSync().filter((_, i) => i % 20 < 10);
      model.dispose();
      return Math.max(...gates);
    };
    assert.equal(await largest('code'), 1);
    assert.equal(await largest('paper'), 2.5);
  });

  test('weights that are not finite are refused', async () => {
    for (const spec of ['round:0.2', 'svd:2']) {
      const model = languageModel();
      const weight = model.parameters.get('lstm.1.weight_hh')!;
      weight.assign(weight.div(0));
      await assert.rejects(compressModel(model, spec), /"lstm.1.weight_hh" holds values/);
      model.dispose();
    }
  });

  test('a step finer than float32 is refused and nothing changes', async () => {
    const model = languageModel();
    const was = parameters(model);
    for (const spec of ['round:1e-9', 'round-clip:1e-9:1', 'round-clip:0.0001:1000'])
      await assert.rejects(compressModel(model, spec), UserError);
    assert.deepEqual(parameters(model), was);
    model.dispose();
  });
});

/** Shapes of the small language model, from its own values. */
function shapeOf(name: string, values: Float32Array): number[] {
  const H = name.startsWith('lstm.2') ? 5 : 7;
  return name.startsWith('lstm') && !name.endsWith('bias')
    ? [values.length / (4 * H), 4 * H]
    : [values.length];
}

describe('low rank', () => {
  test('every block by itself has that rank, and the report its error and energy', async () => {
    const { was, now, report } = await compressed(languageModel(), 'svd:3');
    const blocks = compressionBlocks(
      Object.entries(now).map(([n, v]) => [n, { shape: shapeOf(n, v) }] as const),
    );
    blocks.forEach((block, at) => {
      const width = shapeOf(block.parameter, now[block.parameter]!)[1]!;
      const { s } = svd(readBlock(now[block.parameter]!, width, block), block.rows, block.columns);
      assert.ok(s[2]! > 1e-3 && s[3]! < 1e-6 * s[0]!, `${block.parameter}: ${s}`);
      const full = svd(readBlock(was[block.parameter]!, width, block), block.rows, block.columns).s;
      const [all, tail] = [0, 3].map((from) => Math.hypot(...full.subarray(from)));
      const { error, energyKept, rank, bytesAfter } = report.blocks[at]!;
      assertClose([error], [tail! / all!], { relative: 1e-5 }, 'error');
      assertClose([energyKept!], [1 - (tail! / all!) ** 2], { relative: 1e-9 }, 'energy');
      assert.equal(rank, 3);
      assert.equal(bytesAfter, 4 * 3 * (block.rows + block.columns));
    });
  });

  test('stacked: [W_x; W_h] of a layer has that rank, its halves one factor', async () => {
    const { now, report } = await compressed(languageModel(), 'svd-stacked:3');
    assert.equal(report.blocks.length, 6);
    assert.deepEqual(report.blocks[0]!.parameters, ['lstm.0.weight_ih', 'lstm.0.weight_hh']);
    const blocks = compressionBlocks(
      Object.entries(now).map(([n, v]) => [n, { shape: shapeOf(n, v) }] as const),
    ).filter((b) => b.transition === 'lstm.1' && b.gate === 'i');
    const both = blocks.flatMap((b) => [...readBlock(now[b.parameter]!, 28, b)]);
    const { s } = svd(both, 14, 7);
    assert.ok(s[2]! > 1e-3 && s[3]! < 1e-6 * s[0]!);
  });

  test('a rank that is not below the smaller side leaves the block as it is', async () => {
    const { was, now, report, stored } = await compressed(languageModel(), 'svd:5');
    // layer 2 has 5 units, layer 0 reads 5
    assert.deepEqual(now['lstm.2.weight_hh'], was['lstm.2.weight_hh']);
    assert.deepEqual(now['lstm.0.weight_ih'], was['lstm.0.weight_ih']);
    assert.notDeepEqual(now['lstm.1.weight_hh'], was['lstm.1.weight_hh']);
    assert.equal(report.blocks.length, 12);
    assert.equal(stored.length, 6);
    const left = report.blocks.filter((b) => b.rank === undefined);
    assert.ok(left.every((b) => b.changed === 0 && b.bytesAfter === b.bytesBefore));
  });

  test('the published code stacks nothing', async () => {
    const model = languageModel();
    await assert.rejects(compressModel(model, 'svd-stacked:2', { variant: 'code' }), UsageError);
    model.dispose();
  });
});

describe('the report', () => {
  test('sizes add up', async () => {
    const { was, report } = await compressed(translationModel(), 'round-clip:0.5:1');
    const { compressed: c, gateParameters: g, model: all, blocks } = report;
    assert.equal(
      c.bytesBefore,
      blocks.reduce((n, b) => n + b.bytesBefore, 0),
    );
    assert.equal(
      c.bytesAfter,
      blocks.reduce((n, b) => n + b.bytesAfter, 0),
    );
    assert.equal(all.bytesBefore, 4 * Object.values(was).reduce((n, v) => n + v.length, 0));
    const lstm = Object.entries(was).filter(([name]) => /^(encoder|decoder)\.\d/.test(name));
    assert.equal(g.bytesBefore, 2 * lstm.reduce((n, [, v]) => n + v.length, 0));
    for (const s of [g, all]) {
      assert.equal(s.bytesBefore - s.bytesAfter, c.bytesBefore - c.bytesAfter);
      assert.equal(s.ratio, s.bytesBefore / s.bytesAfter);
    }
  });

  test("the paper's ratios stand beside the ranks they are for", async () => {
    const paper = async (model: Parameters<typeof compressed>[0], spec: string) =>
      (await compressed(model, spec)).report.paper;
    assert.deepEqual(await paper(languageModel(), 'svd:64'), {
      ratio: 12,
      table: 'Table 3',
      units: 1150,
    });
    assert.equal((await paper(translationModel(), 'svd-stacked:16'))!.ratio, 8);
    assert.equal(await paper(languageModel(), 'svd:2'), null);
    assert.equal(await paper(languageModel(), 'round:0.2'), null);
  });

  test('progress comes to 1', async () => {
    const model = languageModel();
    const seen: number[] = [];
    await compressModel(model, 'svd:5', { onProgress: (done) => seen.push(done) });
    assert.equal(seen.length, 12);
    assert.equal(seen.at(-1), 1);
    model.dispose();
  });
});

describe('withCompression', () => {
  test('puts every bit back, also when the work fails, and leaks nothing', async () => {
    const be = await blas();
    const model = translationModel();
    const was = parameters(model);
    const round = () =>
      withCompression(model, 'svd:2', {}, ({ report }) => {
        assert.notDeepEqual(parameters(model), was);
        return report.spec;
      });
    assert.equal(await round(), 'svd:2');
    assert.deepEqual(parameters(model), was);
    const stood = footprint(be);
    await round();
    await assert.rejects(
      withCompression(model, 'round:0.5', {}, () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.deepEqual(parameters(model), was);
    assert.deepEqual(footprint(be), stood);
    model.dispose();
  });
});
