import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type BlockOptions,
  compressionBlocks,
  readBlock,
  type Shapes,
  writeBlock,
} from '#src/compression/gate-blocks.js';
import { factorSize } from '#src/compression/low-rank.js';
import { parameterPlans } from '#src/lm/layout.js';
import { parameterPlans as translationPlans } from '#src/nmt/layout.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { resolveTranslationConfig } from '#src/runs/nmt/presets.js';
import { tinyConfig } from '../nmt/support.js';

const named = (plans: { name: string; shape: number[] }[]): Shapes =>
  plans.map((plan) => [plan.name, plan]);

/** `parameter gate rows x columns @ row,column`. */
const listed = (shapes: Shapes, options?: BlockOptions): string[] =>
  compressionBlocks(shapes, options).map(
    (b) =>
      `${b.parameter} ${b.gate} ${b.rows}x${b.columns} @${b.firstRow},${b.firstColumn} ${b.role} of ${b.transition}`,
  );

const AWD = named(parameterPlans(resolveLanguageModelConfig({ preset: 'ptb-awd-paper' }), 10_000));
const translation = (overrides: Parameters<typeof tinyConfig>[1] = {}) =>
  named(translationPlans(tinyConfig('baseline', overrides), 12, 13));

describe('language models', () => {
  test('AWD-LSTM: both matrices of the three layers, f and i; paper and code are the same', () => {
    const blocks = listed(AWD);
    assert.deepEqual(
      blocks.filter((b) => b.includes(' f ')),
      [
        'lstm.0.weight_ih f 400x1150 @0,0 input of lstm.0',
        'lstm.0.weight_hh f 1150x1150 @0,0 hidden of lstm.0',
        'lstm.1.weight_ih f 1150x1150 @0,0 input of lstm.1',
        'lstm.1.weight_hh f 1150x1150 @0,0 hidden of lstm.1',
        'lstm.2.weight_ih f 1150x400 @0,0 input of lstm.2',
        'lstm.2.weight_hh f 400x400 @0,0 hidden of lstm.2',
      ],
    );
    assert.equal(blocks.length, 12);
    assert.ok(blocks.includes('lstm.0.weight_hh i 1150x1150 @0,1150 hidden of lstm.0'));
    assert.deepEqual(listed(AWD, { variant: 'code' }), blocks);
  });

  test('other gates when asked', () => {
    assert.equal(compressionBlocks(AWD, { gates: 'fio' }).length, 18);
    const g = compressionBlocks(AWD, { gates: 'g' });
    assert.ok(g.every((b) => b.gate === 'g' && b.firstColumn === 3 * b.columns));
    assert.throws(() => compressionBlocks(AWD, { gates: 'fx' }), RangeError);
    assert.throws(() => compressionBlocks(AWD, { gates: '' }), RangeError);
  });

  test('rank 64 (row 13): 7.3x block by block over all matrices, 12x of a stacked layer', () => {
    const blocks = compressionBlocks(AWD, { gates: 'f' });
    const [before, after] = [0, 1].map((which) =>
      blocks.reduce(
        (n, b) => n + (which ? factorSize(b.rows, b.columns, 64) : b.rows * b.columns),
        0,
      ),
    );
    assert.equal((before! / after!).toFixed(1), '7.3');
    const middle = blocks.filter((b) => b.transition === 'lstm.1');
    const rows = middle.reduce((n, b) => n + b.rows, 0);
    assert.equal(((rows * 1150) / factorSize(rows, 1150, 64)).toFixed(1), '12.0');
  });
});

describe('translation models', () => {
  test('paper: all matrices, the context of upper decoder layers apart', () => {
    // E 6, H 5, D 10 (wide upper encoder), conditional
    assert.deepEqual(listed(translation(), { gates: 'f' }), [
      'encoder.0.forward.weight_ih f 6x5 @0,0 input of encoder.0.forward',
      'encoder.0.forward.weight_hh f 5x5 @0,0 hidden of encoder.0.forward',
      'encoder.0.backward.weight_ih f 6x5 @0,0 input of encoder.0.backward',
      'encoder.0.backward.weight_hh f 5x5 @0,0 hidden of encoder.0.backward',
      'encoder.1.weight_ih f 10x10 @0,0 input of encoder.1',
      'encoder.1.weight_hh f 10x10 @0,0 hidden of encoder.1',
      'decoder.0.weight_ih f 6x5 @0,0 input of decoder.0',
      'decoder.0.weight_hh f 5x5 @0,0 hidden of decoder.0',
      'decoder.0.weight_ctx f 10x5 @0,0 context of decoder.0.second',
      'decoder.0.second.weight_hh f 5x5 @0,0 hidden of decoder.0.second',
      'decoder.1.weight_ih f 5x5 @0,0 input of decoder.1',
      'decoder.1.weight_ih f 10x5 @5,0 context of decoder.1',
      'decoder.1.weight_hh f 5x5 @0,0 hidden of decoder.1',
    ]);
  });

  test('code (row 12): no input matrices, and half of the attention key projection', () => {
    const code = compressionBlocks(translation({ attention: 9 }), { variant: 'code' });
    assert.ok(code.every((b) => b.role !== 'input'));
    const attention = code.filter((b) => b.role === 'attention');
    assert.deepEqual(
      attention.map((b) => [b.parameter, b.gate, b.rows, b.firstColumn, b.columns]),
      // The original cuts the width, 9, by 4: two columns and two columns.
      [
        ['attention.key.weight', null, 10, 0, 2],
        ['attention.key.weight', null, 10, 2, 2],
      ],
    );
    const others = compressionBlocks(translation(), {}).filter((b) => b.role !== 'input');
    assert.deepEqual(
      code.filter((b) => b.gate !== null),
      others,
    );
    const paper = compressionBlocks(
      named(translationPlans(resolveTranslationConfig({ preset: 'iwslt14-paper' }), 9, 9)),
      { variant: 'code' },
    ).filter((b) => b.role === 'attention');
    assert.equal(2 * paper.length * paper[0]!.columns, 4 * paper[0]!.columns, 'half of it');
  });

  test('a single transition reads word and context', () => {
    const blocks = compressionBlocks(
      translation({ attentionLayer: 'single', upperContext: false }),
      { gates: 'i' },
    );
    const context = blocks.filter((b) => b.role === 'context');
    assert.deepEqual(
      context.map((b) => b.transition),
      ['decoder.0'],
    );
  });
});

test('a block read out and put back', () => {
  const [block] = compressionBlocks([['lstm.0.weight_hh', { shape: [3, 8] }]], { gates: 'i' });
  const all = Float32Array.from({ length: 24 }, (_, i) => i);
  assert.deepEqual([...readBlock(all, 8, block!)], [2, 3, 10, 11, 18, 19]);
  writeBlock(all, 8, block!, new Float32Array(6).fill(-1));
  const changed = [...all.keys()].filter((i) => all[i] !== i);
  assert.deepEqual(changed, [2, 3, 10, 11, 18, 19]);
});
