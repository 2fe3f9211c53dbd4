import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '#src/files/safetensors.js';
import { evaluate } from '#src/lm/evaluate.js';
import { evaluateWithCache } from '#src/lm/evaluate-cache.js';
import type { ForeignFormat } from '#src/lm/foreign-weights.js';
import { exportModel, importModel, printedByOriginal } from '#src/runs/lm/foreign-model.js';

interface Sum {
  batch: number;
  nll: number;
  tokens: number;
}
interface Case {
  name: string;
  format: ForeignFormat;
  tensors: Record<string, { shape: number[]; data: number[] }>;
  valid: Sum;
  test: Sum;
  cache: { window: number; theta: number; lambda: number; chunk: number; nll: number };
}

const { texts, cases, vocabulary } = JSON.parse(
  readFileSync('tests/vectors/nn/foreign_models.json', 'utf8'),
) as { texts: Record<string, string[]>; cases: Case[]; vocabulary: number };

/** Relative to PyTorch in float64; ours computes in float32. */
const TOLERANCE = 1e-5;

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) < TOLERANCE, `${what}: ${actual}, PyTorch ${expected}`);
}

describe('weights of other codes', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'g2-foreign-'));
    for (const [split, lines] of Object.entries(texts))
      writeFileSync(path.join(folder, `${split}.txt`), `${lines.join('\n')}\n`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  type Change = (tensors: Record<string, StoredTensor>) => void;
  function write(c: Case, change: Change = () => {}): string {
    const tensors = Object.fromEntries(
      Object.entries(c.tensors).map(([name, { shape, data }]): [string, StoredTensor] => [
        name,
        { dtype: 'F32', shape: [...shape], data: Float32Array.from(data) },
      ]),
    );
    change(tensors);
    const file = path.join(folder, 'model.safetensors');
    writeFileSync(file, encodeSafetensors(tensors));
    return file;
  }
  const read = (c: Case, change?: Change, format = c.format) =>
    importModel(write(c, change), { format, dataFolder: folder });

  for (const c of cases)
    test(`${c.format}, ${c.name}: PyTorch's perplexities, with the cache and after a way back`, async () => {
      const imported = await read(c);
      const { model, corpus } = imported;
      assert.equal(imported.vocabulary.size, vocabulary);
      for (const split of ['valid', 'test'] as const) {
        const { batch, nll, tokens } = c[split];
        const got = await evaluate(model, corpus[split].ids, { batch });
        assert.equal(got.tokens, tokens);
        near(got.nll, nll, split);
        near(
          printedByOriginal(got.nll, tokens, batch),
          Math.exp(nll / (tokens + batch)),
          'printed',
        );
      }
      const { nll, ...cache } = c.cache;
      const variant = 'full-window' as const;
      const cached = await evaluateWithCache(model, corpus.test.ids, { ...cache, variant });
      near(cached.nll, nll, 'cache');
      for (const format of ['torch-lstm', 'g2-lstm'] as const) {
        const file = path.join(folder, 'again.safetensors');
        exportModel(imported, format, file);
        const again = await importModel(file, { format, dataFolder: folder });
        for (const [name, variable] of model.parameters)
          assert.deepEqual(again.model.parameters.get(name)!.dataSync(), variable.dataSync(), name);
        again.dispose();
        if (format === c.format && !c.name.includes('names')) {
          const { tensors } = decodeSafetensors(readFileSync(file), file);
          const names = Object.keys(c.tensors).sort();
          assert.deepEqual(Object.keys(tensors).sort(), names);
          for (const name of names.filter((n) => !n.includes('bias_')))
            assert.deepEqual(tensors[name]!.data, Float32Array.from(c.tensors[name]!.data), name);
        }
      }
      imported.dispose();
    });

  const [torch, , , , cell] = cases as [Case, Case, Case, Case, Case];
  const refused = (promise: Promise<unknown>, message: RegExp) =>
    assert.rejects(promise, (error: Error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.ok(error.message.split('\n').length <= 2);
      return true;
    });

  test('a missing tensor, a wrong shape, another code, another text', async () => {
    await refused(
      read(torch, (t) => delete t['rnns.1.weight_hh_l0']),
      /"rnns\.1\.weight_hh_l0" is missing, which every torch-lstm model has$/,
    );
    await refused(
      read(torch, (t) => {
        t['rnns.1.weight_hh_l0']!.shape.reverse();
      }),
      /"rnns\.1\.weight_hh_l0" is \[5,20\], with the others it has to be \[20,5\]$/,
    );
    await refused(
      read(torch, (t) => {
        (t['decoder.bias']!.data as Float32Array)[3] = Number.NaN;
      }),
      /"decoder\.bias" holds NaN at element 3/,
    );
    await refused(
      read(torch, (t) => {
        t['decoder.weight'] = {
          dtype: 'F32',
          shape: [vocabulary, 8],
          data: new Float32Array(8 * vocabulary),
        };
      }),
      /"decoder\.weight" is \[20,8\], with the others it has to be \[20,5\]/,
    );
    await refused(read(cell, undefined, 'torch-lstm'), /the names are those of --import g2-lstm$/);
    await refused(read(torch, undefined, 'g2-lstm'), /the names are those of --import torch-lstm$/);
    await refused(
      read(torch, (t) => {
        for (const name of ['encoder.weight', 'decoder.weight', 'decoder.bias']) {
          const { shape, data } = t[name]!;
          const rest = shape.slice(1);
          const size = rest.reduce((a, b) => a * b, 1);
          t[name] = { dtype: 'F32', shape: [9, ...rest], data: data.slice(0, 9 * size) as never };
        }
      }),
      /has 9 words, the text \(ptb\) \d+ in train, valid and test/,
    );
    await refused(importModel(path.join(folder, 'none'), { format: 'g2-lstm' }), /cannot be read/);
  });
});
