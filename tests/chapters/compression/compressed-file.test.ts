import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { loadCompressed, saveCompressed } from '#src/chapters/compression/compressed-file.js';
import { compressModel } from '#src/compression/compress.js';
import { UserError } from '#src/errors.js';
import { decodeSafetensors, encodeSafetensors } from '#src/files/safetensors.js';
import { blas } from '../../backend/support.js';
import { languageModel, parameters, translationModel } from '../../compression/support.js';
import { scratch } from '../../runs/helpers.js';

before(async () => {
  await blas();
});

const SPECS = [
  ...['round:0.2', 'round:0.01', 'round-clip:0.5:1', 'svd:3', 'svd-stacked:3', 'svd:5'],
  ...['int8', 'int8-unit', 'sign'],
];

for (const make of [languageModel, translationModel])
  for (const spec of SPECS)
    for (const options of [{}, { variant: 'code' }, { gates: 'fiog' }] as const) {
      if (spec.startsWith('svd-') && 'variant' in options) continue;
      test(`${make.name} ${spec} ${JSON.stringify(options)}: saved and loaded bit for bit`, async (t) => {
        const file = path.join(scratch(t), 'made', 'small.safetensors');
        const model = make();
        const compression = await compressModel(model, spec, options);
        assert.equal(saveCompressed(file, model, compression), statSync(file).size);
        const loaded = loadCompressed(file);
        assert.equal(loaded.compression, spec);
        assert.equal(loaded.variant, compression.report.variant);
        const other = make();
        other.load(loaded.tensors, file);
        const [a, b] = [parameters(model), parameters(other)];
        for (const [name, values] of Object.entries(a))
          assert.deepEqual(new Int32Array(values.buffer), new Int32Array(b[name]!.buffer), name);
        assert.deepEqual(Object.keys(loaded.tensors), [...model.parameters.keys()]);
        const { tensors } = decodeSafetensors(readFileSync(file), file);
        const held = Object.values(tensors).reduce((n, { data }) => n + data.byteLength, 0);
        // The scales of the grid stand in the file's metadata.
        const scales = compression.stored.filter(({ form }) => form === 'grid').length;
        assert.equal(held, compression.report.model.bytesAfter - 4 * scales);
        model.dispose();
        other.dispose();
      });
    }

test('what is damaged or something else is refused in words', async (t) => {
  const file = path.join(scratch(t), 'small.safetensors');
  const model = languageModel();
  saveCompressed(file, model, await compressModel(model, 'round:0.2'));
  model.dispose();
  const whole = readFileSync(file);
  type File = ReturnType<typeof decodeSafetensors>;
  const refused = (change: (content: File) => void, why: RegExp) => {
    const content = decodeSafetensors(whole, file);
    change(content);
    writeFileSync(file, encodeSafetensors(content.tensors, content.metadata));
    assert.throws(
      () => loadCompressed(file),
      (error: Error) => error instanceof UserError && why.test(error.message),
    );
  };
  // biome-ignore lint/suspicious/noExplicitAny: JSON
  const blocks = (content: File, change: (first: any) => void) => {
    const list = JSON.parse(content.metadata['blocks']!);
    change(list[0]);
    content.metadata['blocks'] = JSON.stringify(list);
  };
  refused((c) => delete c.tensors['block.0.k'], /"block.0.k" is missing/);
  refused((c) => delete c.tensors['lstm.1.weight_hh.rest'], /"lstm.1.weight_hh.rest" is missing/);
  refused((c) => delete c.tensors['decoder.bias'], /"decoder.bias" is missing/);
  refused((c) => {
    c.metadata['format'] = 'other';
  }, /its format is "other"/);
  refused((c) => {
    c.metadata['blocks'] = '[';
  }, /cannot be read/);
  refused((c) => {
    c.metadata['parameters'] = '{}';
  }, /cannot be read/);
  refused((c) => {
    c.metadata['blocks'] = 'null';
  }, /cannot be read/);
  const spoilt = (change: Parameters<typeof blocks>[1], why: RegExp) =>
    refused((c) => blocks(c, change), why);
  spoilt((b) => {
    b.most = 200;
  }, /has \d+ elements, not \d+/);
  spoilt((b) => {
    b.step = -1;
  }, /a block does not fit/);
  spoilt((b) => {
    b.blocks[0].rows = 99;
  }, /a block does not fit/);
  writeFileSync(file, whole.subarray(0, whole.length - 3));
  assert.throws(() => loadCompressed(file), /is not a whole safetensors file/);
  assert.throws(() => loadCompressed(`${file}x`), /cannot be read/);
});
