import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { compressModel } from '#src/compression/compress.js';
import { FactoredLanguageModel } from '#src/compression/factored-model.js';
import { evaluate } from '#src/lm/evaluate.js';
import { assertClose, blas, footprint, generator } from '../backend/support.js';
import { languageModel } from './support.js';

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
