import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  saturationEdge,
  sharpenedSigmoid,
  sharpenedSlope,
  slopeOfGate,
} from '#src/chapters/flatness/saturation.js';

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} instead of ${expected}`);

describe('sharpenedSigmoid', () => {
  test('reference values', () => {
    assert.equal(sharpenedSigmoid(0, 0.2), 0.5);
    close(sharpenedSigmoid(1), 1 / (1 + Math.exp(-1)), 1e-15);
    close(sharpenedSigmoid(1, 0.2), 1 / (1 + Math.exp(-5)), 1e-15);
  });

  test('its slope is the derivative, and 1 / (4 tau) at most', () => {
    for (const tau of [0.2, 0.9, 1, 3])
      for (const a of [-4, -0.3, 0, 0.1, 2]) {
        const h = 1e-5;
        const numeric = (sharpenedSigmoid(a + h, tau) - sharpenedSigmoid(a - h, tau)) / (2 * h);
        close(sharpenedSlope(a, tau), numeric, 1e-8);
        close(slopeOfGate(sharpenedSigmoid(a, tau), tau), numeric, 1e-8);
        assert.ok(sharpenedSlope(a, tau) <= 1 / (4 * tau));
      }
    assert.equal(sharpenedSlope(0, 0.2), 1.25);
  });

  test('arguments out of range are refused', () => {
    assert.throws(() => sharpenedSigmoid(1, 0), RangeError);
    assert.throws(() => slopeOfGate(1.01), RangeError);
    assert.throws(() => saturationEdge(1), RangeError);
  });
});

describe('saturationEdge', () => {
  test('the slope there is the share of its maximum, and falls beyond', () => {
    for (const tau of [0.2, 1])
      for (const share of [0.01, 0.1, 0.9]) {
        const edge = saturationEdge(share, tau);
        close(sharpenedSlope(edge, tau) * 4 * tau, share, 1e-12);
        assert.ok(sharpenedSlope(1.01 * edge, tau) * 4 * tau < share);
      }
    close(saturationEdge(), 3.6368929184641337, 1e-12); // 2 artanh sqrt(0.9)
  });

  test('sharpening moves it in by tau', () => {
    close(saturationEdge(0.1, 0.2), 0.2 * saturationEdge(), 1e-15);
  });
});
