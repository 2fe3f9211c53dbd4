import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { compressModel } from '#src/compression/compress.js';
import { FactoredLanguageModel } from '#src/compression/factored-model.js';
import { FactoredTranslationModel } from '#src/compression/factored-translation.js';
import { evaluate } from '#src/lm/evaluate.js';
import { sourceBatch } from '#src/nmt/batches.js';
import { beamSearch } from '#src/nmt/beam-search.js';
import type { TranslationModel } from '#src/nmt/model.js';
import { evaluatePairs } from '#src/nmt/translate.js';
import { assertClose, blas, footprint, generator } from '../backend/support.js';
import { languageModel, translationModel } from './support.js';

const random = generator(2);
const text = Int32Array.from({ length: 300 }, () => Math.floor(random() * 11));

before(async () => {
  await blas();
});

describe('a model from its factors', () => {
  for (const spec of ['svd:2', 'svd:5', 'svd-stacked:3', 'round:0.2'])
    for (const overrides of [
      {},
      { tied: false },
      { gates: 'sharpened', tau: 0.5, evalTemperature: true },
      { evalHard: true, gates: 'g2' },
    ] as Parameters<typeof languageModel>[0][])
      test(`${spec} ${JSON.stringify(overrides)}: the same perplexity`, async () => {
        const model = languageModel({ initRange: 2, ...overrides });
        const plain = await evaluate(model, text, { batch: 3 });
        const compression = await compressModel(model, spec);
        const whole = await evaluate(model, text, { batch: 3 });
        const factored = new FactoredLanguageModel(model, compression);
        const thin = await evaluate(factored, text, { batch: 3 });
        assert.equal(thin.tokens, whole.tokens);
        assertClose([thin.nll], [whole.nll], { relative: 3e-6 }, 'nll');
        const [effect, difference] = [plain, thin].map(({ nll }) => Math.abs(nll - whole.nll));
        assert.ok(effect! > 5 * difference!, `${effect} by compression, ${difference} by factors`);
        factored.dispose();
        if (spec !== 'svd:2') return model.dispose();
        const composed = new FactoredLanguageModel(model, compression, 'composed');
        const slow = await evaluate(composed, text, { batch: 3 });
        assertClose([slow.nll], [thin.nll], { relative: 3e-6 }, 'nll, step by step');
        composed.dispose();
        model.dispose();
      });

  test('several ranks on threads: gates f, i and g of unequal rank, many units', async () => {
    const model = languageModel({ hidden: 72, embedding: 40, initRange: 0.3, layers: 2 });
    const compression = await compressModel(model, 'svd:9', { gates: 'fig' });
    const whole = await evaluate(model, text, { batch: 5 });
    const factored = new FactoredLanguageModel(model, compression);
    const thin = await evaluate(factored, text, { batch: 5 });
    assertClose([thin.nll], [whole.nll], { relative: 3e-6 }, 'nll');
    factored.dispose();
    model.dispose();
  });

  for (const [spec, overrides] of [
    ['svd:3', {}],
    ['svd-stacked:2', { attentionLayer: 'single' }],
    ['svd:2', { upperContext: true }],
    ['round:0.2', {}],
  ] as const)
    test(`translation, ${spec} ${JSON.stringify(overrides)}: the same loss and the same search`, async () => {
      const model = translationModel(overrides);
      const pairs = Array.from({ length: 6 }, (_, i) => ({
        source: Int32Array.from({ length: 2 + i }, () => 4 + Math.floor(8 * random())),
        target: Int32Array.from({ length: 7 - i }, () => 4 + Math.floor(9 * random())),
      }));
      const plain = await evaluatePairs(model, pairs);
      const compression = await compressModel(model, spec);
      const whole = await evaluatePairs(model, pairs);
      const thin = new FactoredTranslationModel(model, compression);
      const found = await evaluatePairs(thin, pairs);
      assertClose([found.nll], [whole.nll], { relative: 3e-6 }, 'nll');
      assert.ok(Math.abs(plain.nll - whole.nll) > 20 * Math.abs(found.nll - whole.nll));
      const search = (of: TranslationModel) =>
        beamSearch(of, sourceBatch(pairs.map(({ source }) => source)), {
          beam: 2,
          longest: () => 6,
        }).map(({ hypotheses }) => [...hypotheses[0]!.ids]);
      assert.deepEqual(search(thin), search(model));
      thin.dispose();
      model.dispose();
    });

  test('leaves nothing behind', async () => {
    const be = await blas();
    const model = languageModel();
    const compression = await compressModel(model, 'svd:2');
    const run = async () => {
      const factored = new FactoredLanguageModel(model, compression);
      await evaluate(factored, text);
      factored.dispose();
    };
    await run();
    const stood = footprint(be);
    await run();
    assert.deepEqual(footprint(be), stood);
    model.dispose();
  });
});
