import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compressModel } from '#src/compression/compress.js';
import { compressionBlocks, readBlock } from '#src/compression/gate-blocks.js';
import { int8, scaledValues, signs } from '#src/compression/scaled.js';
import { blas, generator } from '../backend/support.js';
import { languageModel, parameters } from './support.js';

const random = generator(5);
const matrix = Float32Array.from({ length: 6 * 4 }, () => 4 * random() - 2);

before(async () => {
  await blas();
});

test('8 bits by hand: the largest magnitude is 127, halves go to even', () => {
  const values = Float32Array.of(-1.27, 0.5, 0.004, 0, 1.26, -0.011);
  const { k, scales, bits } = int8(values, 2, false);
  assert.equal(bits, 8);
  assert.deepEqual([...k], [-127, 50, 0, 0, 126, -1]);
  assert.equal(scales[0], Math.fround(Math.fround(1.27) / 127));
  // Columns of their own: 1.27 0.004 1.26 and 0.5 0 -0.011
  const own = int8(values, 2, true);
  assert.deepEqual([...own.k], [-127, 127, 0, 0, 126, -3]);
  assert.equal(own.scales.length, 2);
});

test('8 bits: no value moves by more than half a step, and a scale a column is never worse', () => {
  const lost = (perColumn: boolean) => {
    const scaled = int8(matrix, 4, perColumn);
    const now = scaledValues(scaled);
    let sum = 0;
    matrix.forEach((x, i) => {
      const step = scaled.scales[i % scaled.scales.length]!;
      assert.ok(Math.abs(now[i]! - x) <= (step / 2) * (1 + 1e-5));
      sum += (now[i]! - x) ** 2;
    });
    return sum;
  };
  assert.ok(lost(true) < lost(false));
});

test('1 bit: two values, and no other scale is nearer', () => {
  const { k, scales } = signs(matrix);
  const error = (scale: number) => matrix.reduce((sum, x, i) => sum + (x - k[i]! * scale) ** 2, 0);
  for (const other of [0.9, 0.99, 1.01, 1.1])
    assert.ok(error(scales[0]!) < error(other * scales[0]!));
  assert.deepEqual([...signs(Float32Array.of(0, -1, 3)).k], [1, -1, 1]);
  assert.equal(signs(Float32Array.of(0, -1, 2)).scales[0], 1);
});

test('nothing but zeros stays nothing but zeros', () => {
  const zeros = new Float32Array(4);
  for (const scaled of [int8(zeros, 2, false), int8(zeros, 2, true), signs(zeros)])
    assert.deepEqual([...scaledValues(scaled)].map(Math.abs), [0, 0, 0, 0]);
});

for (const [spec, bits, different, ratio] of [
  ['int8', 8, 255, 4],
  ['int8-unit', 8, undefined, 4],
  ['sign', 1, 2, 32],
] as const)
  test(`${spec} of a model: ${bits} bits, scales counted`, async () => {
    const model = languageModel();
    const before = parameters(model);
    const { report } = await compressModel(model, spec);
    const after = parameters(model);
    for (const block of report.blocks) {
      assert.equal(block.bits, bits);
      const size = block.rows * block.columns;
      const scales = spec === 'int8-unit' ? block.columns : 1;
      assert.equal(block.bytesAfter, Math.ceil((size * bits) / 8) + 4 * scales);
      if (different) assert.ok(block.values! <= different && block.values! >= 2);
    }
    assert.ok(report.compressed.ratio < ratio);
    // Each block by itself: the largest magnitude of 8 bits is kept.
    if (bits === 8)
      for (const block of compressionBlocks(model.parameters)) {
        const width = model.parameters.get(block.parameter)!.shape[1]!;
        const most = (of: typeof before) =>
          readBlock(of[block.parameter]!, width, block).reduce(
            (top, x) => Math.max(top, Math.abs(x)),
            0,
          );
        assert.ok(Math.abs(most(after) / most(before) - 1) < 1e-6);
      }
    model.dispose();
  });
