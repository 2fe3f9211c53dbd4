import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { binaryGate, binaryGateDerivative, gateNoise, gateNoiseBound } from '#src/gumbel/gate.js';
import { closeTo } from './statistics.js';

const INF = Number.POSITIVE_INFINITY;

interface Vectors {
  columns: string[];
  rows: [
    noiseEpsilon: number,
    tau: number,
    alpha: number,
    u: number,
    value: number,
    slope: number,
  ][];
}

test('every row of the reference vectors', () => {
  const path = join(process.cwd(), 'tests/vectors/nn/gumbel_gate_scalar.json');
  const { rows } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
  assert.equal(rows.length, 594);
  for (const [noiseEpsilon, tau, alpha, u, value, slope] of rows) {
    const where = `e ${noiseEpsilon}, tau ${tau}, alpha ${alpha}, U ${u}`;
    const actual = binaryGate(alpha, tau, u, { noiseEpsilon });
    assert.ok(closeTo(actual, value, 1e-10), `${where}: ${actual}, not ${value}`);
    // The reference takes s (1 - s), which near s = 1 is right only up to an absolute 1e-16 / tau.
    const derivative = binaryGateDerivative(alpha, tau, u, { noiseEpsilon });
    assert.ok(closeTo(derivative, slope, 1e-10, 2e-16 / tau), `${where}: ${derivative}`);
  }
});

test('the derivative is the slope of the gate', () => {
  for (const alpha of [-3, 0.4, 2]) {
    for (const tau of [0.2, 0.9, 3]) {
      const h = 1e-5;
      const slope = (binaryGate(alpha + h, tau, 0.3) - binaryGate(alpha - h, tau, 0.3)) / (2 * h);
      assert.ok(closeTo(binaryGateDerivative(alpha, tau, 0.3), slope, 1e-6, 1e-10));
    }
  }
});

test('epsilon bounds the noise, symmetrically', () => {
  assert.ok(closeTo(gateNoiseBound(1e-3), 6.91, 0, 0.005));
  assert.equal(gateNoiseBound(0), INF);
  for (const noiseEpsilon of [1e-8, 1e-3, 0.1]) {
    const bound = gateNoiseBound(noiseEpsilon);
    assert.ok(closeTo(gateNoise(1, { noiseEpsilon }), bound, 1e-12));
    assert.ok(closeTo(gateNoise(0, { noiseEpsilon }), -bound, 1e-12));
    assert.ok(closeTo(gateNoise(0.8, { noiseEpsilon }), -gateNoise(0.2, { noiseEpsilon }), 1e-13));
  }
  assert.equal(gateNoise(0.5), 0);
});

test('U = 0 and U = 1 without epsilon give the limits, not NaN', () => {
  for (const alpha of [-1e3, 0, 1e3]) {
    for (const tau of [1e-4, 0.9, 10]) {
      assert.equal(binaryGate(alpha, tau, 0), 0);
      assert.equal(binaryGate(alpha, tau, 1), 1);
      assert.equal(binaryGateDerivative(alpha, tau, 0), 0);
      assert.equal(binaryGateDerivative(alpha, tau, 1), 0);
      for (const u of [0, 1]) {
        const masked = binaryGate(alpha, tau, u, { mask: 0 });
        assert.ok(closeTo(masked, binaryGate(alpha, tau, 0.5), 1e-15));
      }
    }
  }
});

test('finite, ordered and within bounds for extreme alpha and tau', () => {
  for (const alpha of [-1e3, -50, 0, 50, 1e3]) {
    for (const tau of [1e-4, 0.2, 100]) {
      for (const noiseEpsilon of [0, 1e-3]) {
        let previous = 0;
        for (const u of [0, 1e-300, 1e-9, 0.5, 1 - 1e-9, 1]) {
          const gate = binaryGate(alpha, tau, u, { noiseEpsilon });
          const slope = binaryGateDerivative(alpha, tau, u, { noiseEpsilon });
          assert.ok(gate >= previous && gate <= 1);
          assert.ok(slope >= 0 && slope <= 0.25 / tau);
          previous = gate;
        }
      }
    }
  }
});

test('G(-alpha) with U is 1 - G(alpha) with 1 - U', () => {
  for (const alpha of [-5, 0.7, 3]) {
    for (const u of [0.125, 0.5, 0.75]) {
      for (const noiseEpsilon of [0, 1e-3]) {
        const mirrored = 1 - binaryGate(alpha, 0.9, 1 - u, { noiseEpsilon });
        assert.ok(closeTo(binaryGate(-alpha, 0.9, u, { noiseEpsilon }), mirrored, 0, 1e-15));
      }
    }
  }
});

test('wrong arguments are RangeErrors that say which', () => {
  assert.throws(() => binaryGate(0, 0, 0.5), /RangeError: tau must be a finite number above 0/);
  assert.throws(() => binaryGate(0, -1, 0.5), RangeError);
  assert.throws(() => binaryGate(Number.NaN, 1, 0.5), /alpha must be a finite number, got NaN/);
  assert.throws(() => binaryGate(0, 1, 1.5), /u must lie in \[0, 1\], got 1.5/);
  assert.throws(() => binaryGate(0, 1, 0.5, { noiseEpsilon: -1 }), /noiseEpsilon must be/);
  assert.throws(() => gateNoise(0.5, { mask: 2 as 1 }), /mask must be 0 or 1, got 2/);
});
