import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCompression, parseCompression } from '#src/compression/spec.js';
import { UsageError } from '#src/errors.js';

test('every form, there and back', () => {
  for (const [text, spec] of [
    ['round:0.2', { kind: 'round', step: 0.2 }],
    ['round-clip:0.5:1', { kind: 'round-clip', step: 0.5, clip: 1 }],
    ['svd:64', { kind: 'svd', rank: 64 }],
    ['svd-stacked:16', { kind: 'svd-stacked', rank: 16 }],
    ['int8', { kind: 'int8' }],
    ['int8-unit', { kind: 'int8-unit' }],
    ['sign', { kind: 'sign' }],
  ] as const) {
    assert.deepEqual(parseCompression(text), spec);
    assert.equal(formatCompression(spec), text);
  }
});

for (const [text, message] of [
  ['', /write one of round:R, round-clip:R:C, svd:K, svd-stacked:K/],
  ['svd-staked:4', /did you mean svd-stacked\?/],
  ['round', /write it as round:R/],
  ['round:0.2:0.4', /write it as round:R/],
  ['round-clip:0.2', /write it as round-clip:R:C/],
  ['round:0', /R, the step of the grid, must be a number above 0/],
  ['round:x', /must be a number above 0/],
  ['round: ', /must be a number above 0/],
  ['round:Infinity', /must be a number above 0/],
  ['round-clip:0.2:0.5', /C must be a multiple of R/],
  ['svd:1.5', /must be a whole number/],
  ['svd:-3', /must be a number above 0/],
  ['int8:4', /write it as int8$/],
  ['int9', /did you mean int8\?/],
] as const)
  test(`'${text}' is wrong use`, () => {
    assert.throws(
      () => parseCompression(text),
      (error: Error) => error instanceof UsageError && message.test(error.message),
    );
  });
