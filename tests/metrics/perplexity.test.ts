import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsPerWord, perplexity } from '#src/metrics/perplexity.js';

test('a uniform model over V words has perplexity V and log2 V bits a word', () => {
  for (const size of [1, 2, 8, 10000]) {
    const nll = 50 * Math.log(size);
    assert.ok(Math.abs(perplexity(nll, 50) / size - 1) < 1e-12);
    assert.ok(Math.abs(bitsPerWord(nll, 50) - Math.log2(size)) < 1e-12);
  }
});

test('an impossible word makes it infinite; rounding below zero is certainty', () => {
  assert.equal(perplexity(Number.POSITIVE_INFINITY, 3), Number.POSITIVE_INFINITY);
  assert.equal(perplexity(-1e-9, 3), 1);
});

test('no tokens, NaN and negative totals are errors', () => {
  assert.throws(() => perplexity(1, 0), { name: 'UserError', message: /at least one/ });
  assert.throws(() => perplexity(Number.NaN, 4), { name: 'UserError', message: /diverged/ });
  assert.throws(() => bitsPerWord(-5, 4), { name: 'UserError', message: /never negative/ });
});
