import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyState } from '#src/runs/checkpoint.js';
import { storedState } from '#src/runs/stored-state.js';

test('a state that is gone on from is stored again as the same text, whatever the order of its keys', () => {
  const state = {
    later: 1,
    backend: { threads: 1, gemm: 'openblas', name: 'g2' },
    position: { window: 3, start: 60, epochTokens: 5, epochNll: -0, step: 13, epoch: 1 },
    curve: [{ averaged: true, phase: 'main', validPerplexity: 9, trainPerplexity: Infinity }].map(
      (point) => ({ ...point, learningRate: 0.1, epoch: 1 }),
    ),
    run: { vocabulary: 'x' },
    best: { validPerplexity: 9, epoch: 1 },
    logSum: 'y',
    interval: { tokens: 1, nll: 2, largestNorm: 3 },
    data: { train: 'z' },
    logPosition: 7,
  };
  assert.equal(stringifyState({ ...storedState(state, 'x') }), stringifyState(state));
});
