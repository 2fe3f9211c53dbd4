import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { useBackend } from '#src/backend/install.js';
import { UsageError } from '#src/errors.js';
import { evaluate } from '#src/lm/evaluate.js';
import { evaluateWithCache, searchCache } from '#src/lm/evaluate-cache.js';
import { LanguageModel } from '#src/lm/model.js';
import {
  historyLength,
  type NeuralCacheOptions,
  NeuralCacheStream,
  neuralCacheOptions,
  neuralCacheReference,
} from '#src/lm/neural-cache.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { tf } from '#tfjs';

interface Case {
  vocab: number;
  hidden: number;
  N: number;
  window: number;
  theta: number;
  lambda_: number;
  bptt: number;
  logits: number[][];
  hidden_states: number[][];
  targets: number[];
  cache_used: boolean[];
  p: number[][];
  p_target: number[];
  nll_sum: number;
}

const { cases } = JSON.parse(readFileSync('tests/vectors/nn/neural_cache.json', 'utf8')) as {
  cases: Case[];
};
const optionsOf = (c: Case): Required<NeuralCacheOptions> => ({
  theta: c.theta,
  lambda: c.lambda_,
  window: c.window,
  variant: 'full-window',
  chunk: c.bptt,
});

describe('the published rule', () => {
  for (const [i, c] of cases.entries()) {
    test(`reference equals pointer.py to 1e-10, case ${i}`, () => {
      const out = neuralCacheReference(c.logits, c.hidden_states, c.targets, optionsOf(c));
      assert.deepEqual(out.used, c.cache_used);
      c.p.forEach((row, n) => {
        row.forEach((p, w) => {
          assert.ok(Math.abs(p - out.p[n]![w]!) < 1e-10, `p[${n}][${w}]`);
        });
        assert.ok(Math.abs(c.p_target[n]! - out.pTarget[n]!) < 1e-10);
      });
      assert.ok(Math.abs(out.nll - c.nll_sum) < 1e-9);
    });
  }
});

test('growing uses what there is, full-window what pointer.py uses', () => {
  const growing = neuralCacheOptions({ window: 3 });
  assert.deepEqual(
    [0, 1, 2, 3, 4, 9].map((t) => historyLength(t, growing)),
    [0, 1, 2, 3, 3, 3],
  );
  const full = neuralCacheOptions({ window: 3, variant: 'full-window', chunk: 5 });
  assert.deepEqual(
    [0, 3, 4, 5, 6, 9, 10, 11].map((t) => historyLength(t, full)),
    [0, 0, 3, 0, 3, 3, 0, 3],
  );
});

test('options out of range are one line', () => {
  for (const wrong of [{ theta: -1 }, { lambda: 1.5 }, { window: 0 }, { chunk: 0.5 }])
    assert.throws(() => neuralCacheOptions(wrong), UsageError);
});

describe('the fast path', () => {
  before(() => useBackend());
  const random = (seed: number) => () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };

  for (const variant of ['growing', 'full-window'] as const)
    for (const block of [1, 7, 64])
      test(`${variant}, blocks of ${block}, equals the reference`, () => {
        const next = random(5);
        const [N, D, V] = [120, 6, 9];
        const hidden = Array.from({ length: N }, () =>
          Array.from({ length: D }, () => next() - 0.5),
        );
        const targets = Array.from({ length: N }, () => Math.floor(next() * V));
        const logits = hidden.map(() => new Array<number>(V).fill(0));
        const options = { theta: 3, lambda: 1, window: 20, variant, chunk: 33 };
        const { pTarget, used } = neuralCacheReference(logits, hidden, targets, options);
        const memory = tf.memory().numTensors;
        const stream = new NeuralCacheStream(options, [1, 3]);
        const got: number[] = [];
        for (let n = 0; n < N; n += block) {
          const h = tf.tensor2d(hidden.slice(n, n + block), undefined, 'float32');
          const out = stream.next(h, Int32Array.from(targets.slice(n, n + block)));
          out.used.forEach((u, i) => {
            assert.equal(u === 1, used[n + i]);
            got.push(u ? out.p[1]![i]! : 1 / V);
          });
          h.dispose();
        }
        stream.dispose();
        assert.equal(tf.memory().numTensors, memory, 'tensors left');
        got.forEach((p, n) => {
          assert.ok(Math.abs(p - pTarget[n]!) < 1e-6, `position ${n}: ${p}, ${pTarget[n]}`);
        });
      });

  test('lambda 0 is the model; the search finds what the evaluation measures', async () => {
    const config = resolveLanguageModelConfig({ sets: ['layers=2', 'hidden=8'] });
    const model = new LanguageModel(config, 12);
    const next = random(9);
    // Words come in pairs, so that a cache has something to remember.
    const ids = Int32Array.from({ length: 700 }, (_, t) =>
      t % 3 ? t % 12 : Math.floor(next() * 12),
    );
    const alone = await evaluate(model, ids);
    const none = await evaluateWithCache(model, ids, { lambda: 0 });
    assert.ok(Math.abs(none.nll - alone.nll) < 1e-3);
    assert.ok(Math.abs(none.nll - none.withoutCache.nll) < 1e-9 * none.nll);
    assert.equal(none.tokens, alone.tokens);
    assert.equal(none.cached, alone.tokens - 1);
    const thetas = [0.5, 50];
    const lambdas = [0.05, 0.3];
    const found = await searchCache(model, ids, { thetas, lambdas, window: 40 });
    const best = await evaluateWithCache(model, ids, found.best);
    assert.ok(Math.abs(best.perplexity - found.perplexity) < 1e-9);
    assert.ok(Math.abs(best.withoutCache.nll / found.withoutCache.nll - 1) < 1e-9);
    for (const [t, theta] of thetas.entries())
      for (const [l, lambda] of lambdas.entries()) {
        const one = await evaluateWithCache(model, ids, { theta, lambda, window: 40 });
        assert.ok(Math.abs(one.perplexity - found.perplexities[t]![l]!) < 1e-9);
        assert.ok(one.perplexity > found.perplexity - 1e-9);
      }
    assert.ok(found.perplexity < alone.perplexity, 'pairs of words are worth remembering');
    model.dispose();
  });
});
