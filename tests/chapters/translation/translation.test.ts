import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { markClauses } from '#src/chapters/gates/mark-clauses.js';
import { bleuByHand, ngrams } from '#src/chapters/translation/bleu-by-hand.js';
import { bpeCurve, bpeSteps } from '#src/chapters/translation/bpe-curve.js';
import { translationSizes } from '#src/chapters/translation/translation-sizes.js';
import { madeParallelCorpus } from '#src/datasets/made/parallel.js';
import { bleu } from '#src/metrics/bleu.js';
import { parameterCount } from '#src/nmt/layout.js';
import { resolveTranslationConfig } from '#src/runs/nmt/presets.js';
import { learnBpe } from '#src/text/bpe/index.js';

describe('BLEU by hand', () => {
  test('counts of a pair worked out on paper', () => {
    const found = bleuByHand('a chef washed plates .', 'a chef washed the plates .');
    assert.deepEqual(
      found.orders.map((o) => [o.matches, o.total]),
      [
        [5, 5],
        [3, 4],
        [1, 3],
        [0, 2],
      ],
    );
    assert.deepEqual(found.orders[2]!.found, ['a chef washed']);
    assert.ok(Math.abs(found.brevityPenalty - Math.exp(-1 / 5)) < 1e-12);
    assert.equal(found.score, 0);
  });

  test('a word counts as often as the reference has it', () => {
    const { orders } = bleuByHand('the the the the', 'the cat is on the mat');
    assert.equal(orders[0]!.matches, 2);
    assert.deepEqual(ngrams(['a', 'b'], 3), []);
  });

  test('equals the library on made sentences', () => {
    const { target } = madeParallelCorpus({ sentences: { train: 60, valid: 1, test: 1 } }).train;
    for (let i = 0; i + 1 < target.length; i++) {
      const [h, r] = [target[i]!, target[i + 1]!];
      const library = bleu([h], [[r]], { tokenizer: 'none', smoothing: 'none' }).score;
      assert.ok(Math.abs(bleuByHand(h, r).score - library) < 1e-9, `${h} / ${r}`);
    }
    assert.ok(Math.abs(bleuByHand(target[0]!, target[0]!).score - 100) < 1e-9);
  });
});

describe('byte pair encoding as it is learned', () => {
  const lines = ['low low low low lower newest newest newest widest'];
  const codes = learnBpe(lines, 8);

  test('no merges: letters; all: what the codes give', () => {
    const [none, all] = bpeCurve(['low', 'low newest'], codes, [0, 8]);
    assert.equal(none!.unitsPerLine, (3 + 9) / 2);
    // l@@ o@@ w n@@ e@@ w@@ s@@ t
    assert.equal(none!.vocabulary, 8);
    assert.ok(all!.unitsPerLine < none!.unitsPerLine);
  });

  test('a word grows together step by step', () => {
    const steps = bpeSteps('lowest', codes);
    assert.deepEqual(steps[0], { merges: 0, units: ['l@@', 'o@@', 'w@@', 'e@@', 's@@', 't'] });
    for (const [i, { units, merges }] of steps.entries()) {
      assert.equal(units.join('').replaceAll('@@', ''), 'lowest');
      if (i === 0) continue;
      assert.ok(units.length < steps[i - 1]!.units.length && merges > steps[i - 1]!.merges);
    }
    assert.ok(steps.length > 2);
  });
});

test('clauses are marked where a word begins one, opening quotes with theirs', () => {
  const marked = markClauses({
    words: ['„', 'er', 'kam', '“', ',', 'sagte', 'sie', ',', 'die', 'ging', '.'],
    boundaries: [1, 3, 4, 5, 7, 8, 10],
    agreement: [],
  });
  assert.equal(marked, '„ er kam “ , | sagte sie , | die ging .');
  const quoted = { words: ['sie', ':', '„', 'ja'], boundaries: [1, 2, 3], agreement: [] };
  assert.equal(markClauses(quoted), 'sie : | „ ja');
});

test('sizes: the pieces are the whole, and half of the LSTMs are input and forget gates', () => {
  for (const preset of ['iwslt14-paper', 'wmt14-paper', 'demo-nmt']) {
    const config = resolveTranslationConfig({ preset });
    const pieces = translationSizes(config, 700, 600);
    const sum = pieces.reduce((n, { parameters }) => n + parameters, 0);
    assert.equal(sum, parameterCount(config, 700, 600));
    const encoder = pieces.find(({ piece }) => piece === 'encoder LSTMs')!;
    assert.equal(encoder.gates * 2, encoder.parameters);
  }
});
