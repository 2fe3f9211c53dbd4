import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draws, sampleMoments } from '#src/gumbel/draws.js';
import { binaryGate, logit, sigmoid, sigmoidDerivative } from '#src/gumbel/gate.js';
import { type GateNoise, gateMean, sampleGate } from '#src/gumbel/gate-distribution.js';
import {
  bestPreactivation,
  discreteGradient,
  expectedLoss,
  gateGradient,
  gateGradientMoments,
  noiselessGradient,
  scoreFunctionMoments,
  squaredLoss,
} from '#src/gumbel/gate-gradient.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { closeTo } from './statistics.js';

const LOSS = squaredLoss(0.3);
const IDENTITY = { value: (g: number) => g, derivative: () => 1 };
const LAWS: GateNoise[] = [
  {},
  { noiseEpsilon: 1e-3 },
  { noiseEpsilon: 1e-3, noiseProbability: 0.2 },
];

test('alpha 0, tau 1: the gate is uniform, and everything has a closed form', () => {
  const t = 0.3;
  // E[(U - t)^2]; E[2 (U - t) U (1 - U)]; its square with int u^2 (1-u)^2 (u, u^2) = 1/60, 1/105.
  assert.ok(closeTo(expectedLoss(LOSS, 0, 1), 1 / 12 + (0.5 - t) ** 2, 1e-14));
  const { mean, variance } = gateGradientMoments(LOSS, 0, 1);
  assert.ok(closeTo(mean, (1 - 2 * t) / 6, 1e-13));
  const square = 4 * (1 / 105 - (2 * t) / 60 + t ** 2 / 30);
  assert.ok(closeTo(variance, square - mean ** 2, 1e-12));
  assert.ok(closeTo(discreteGradient(LOSS, 0), (1 - 2 * t) / 4, 1e-15));
});

test('one draw is the slope of the loss in alpha', () => {
  for (const tau of [0.2, 0.9, 2]) {
    for (const u of [0.05, 0.6, 0.97]) {
      const at = (alpha: number) => LOSS.value(binaryGate(alpha, tau, u));
      const slope = (at(0.4 + 1e-5) - at(0.4 - 1e-5)) / 2e-5;
      assert.ok(closeTo(gateGradient(LOSS, 0.4, tau, u), slope, 1e-7, 1e-9), `${tau} ${u}`);
    }
  }
});

test('the mean gradient is the slope of the expected loss, for every law and tau', () => {
  for (const noise of LAWS) {
    for (const tau of [0.05, 0.9, 1, 1.001, 3]) {
      for (const alpha of [-3, 0.2, 1.5]) {
        const at = (a: number) => expectedLoss(LOSS, a, tau, noise);
        const slope = (at(alpha + 1e-4) - at(alpha - 1e-4)) / 2e-4;
        const { mean } = gateGradientMoments(LOSS, alpha, tau, noise);
        // The central difference errs by 1e-8 / 6 of a third derivative, up to about 1/tau^3.
        assert.ok(closeTo(mean, slope, 1e-6, 1e-6), `${tau} ${alpha}: ${mean} ${slope}`);
      }
    }
  }
});

test('both forms of the integrals meet at tau = 1', () => {
  for (const noise of LAWS) {
    const below = gateGradientMoments(LOSS, 0.7, 1, noise);
    const above = gateGradientMoments(LOSS, 0.7, 1 + 1e-12, noise);
    assert.ok(closeTo(below.mean, above.mean, 1e-10));
    assert.ok(closeTo(below.variance, above.variance, 1e-10));
    const [left, right] = [1, 1 + 1e-12].map((tau) => expectedLoss(LOSS, 0.7, tau, noise));
    assert.ok(closeTo(left!, right!, 1e-10));
  }
});

test('the expected loss of the identity is the mean of the gate', () => {
  for (const noise of LAWS) {
    for (const tau of [0.01, 0.9, 4]) {
      const mean = gateMean(-1.2, tau, noise);
      assert.ok(closeTo(expectedLoss(IDENTITY, -1.2, tau, noise), mean, 1e-12));
    }
  }
});

test('exact moments agree with sampling', () => {
  for (const noise of LAWS) {
    for (const [alpha, tau] of [
      [0, 0.9],
      [1.5, 0.9],
      [-1, 0.2],
    ] as const) {
      const uniform = uniformSource(45);
      const { noiseEpsilon = 0, noiseProbability = 1 } = noise;
      const sample = sampleMoments(
        draws(40000, () => {
          const mask = uniform() < noiseProbability ? 1 : 0;
          return gateGradient(LOSS, alpha, tau, uniform(), { noiseEpsilon, mask });
        }),
      );
      const exact = gateGradientMoments(LOSS, alpha, tau, noise);
      assert.ok(Math.abs(sample.mean - exact.mean) < 4.5 * sample.standardError);
      assert.ok(Math.abs(sample.variance - exact.variance) < 4.5 * sample.varianceError);
      const again = uniformSource(46);
      const losses = sampleMoments(
        draws(40000, () => LOSS.value(sampleGate(alpha, tau, again, noise))),
      );
      const loss = expectedLoss(LOSS, alpha, tau, noise);
      assert.ok(Math.abs(losses.mean - loss) < 4.5 * losses.standardError);
    }
  }
});

test('tau to 0: the bias vanishes like tau^2 or tau, the variance grows like 1/tau', () => {
  for (const alpha of [-2, 0, 1]) {
    const limit = discreteGradient(LOSS, alpha);
    const near = gateGradientMoments(LOSS, alpha, 1e-3);
    assert.ok(closeTo(near.mean, limit, 0, 1e-3), `${near.mean} ${limit}`);
    // int_0^1 4 (x - t)^2 x (1 - x) dx = 4 (1/20 - t/6 + t^2/6).
    const weight = 4 * (1 / 20 - 0.3 / 6 + 0.09 / 6);
    const variance = (sigmoidDerivative(alpha) * weight) / 1e-3;
    assert.ok(closeTo(near.variance, variance, 0.01), `${near.variance} ${variance}`);
    assert.ok(closeTo(expectedLoss(LOSS, alpha, 1e-9), binaryLoss(alpha), 1e-8));
  }
});

const binaryLoss = (alpha: number) =>
  sigmoid(alpha) * LOSS.value(1) + sigmoid(-alpha) * LOSS.value(0);

test('references: no noise, no relaxation', () => {
  const slope = (tau: number) =>
    (LOSS.value(sigmoid(1.00001 / tau)) - LOSS.value(sigmoid(0.99999 / tau))) / 2e-5;
  assert.ok(closeTo(noiselessGradient(LOSS, 1), slope(1), 1e-8));
  assert.ok(closeTo(noiselessGradient(LOSS, 1, 0.2), slope(0.2), 1e-7));
  const still = gateGradientMoments(LOSS, 1, 0.2, { noiseProbability: 0 });
  assert.ok(closeTo(still.mean, slope(0.2), 1e-7));
  assert.ok(still.variance < 1e-15);
  // Score function: two outcomes, by hand.
  const p = sigmoid(0.8);
  const [one, zero] = [LOSS.value(1) * (1 - p), -LOSS.value(0) * p];
  const { mean, variance } = scoreFunctionMoments(LOSS, 0.8);
  assert.ok(closeTo(mean, p * one + (1 - p) * zero, 1e-14));
  assert.ok(closeTo(variance, p * one ** 2 + (1 - p) * zero ** 2 - mean ** 2, 1e-13));
});

test('the best pre-activation: logit of the target without noise, farther out with it', () => {
  for (const target of [0.1, 0.3, 0.8]) {
    const still = bestPreactivation(squaredLoss(target), 1, { noiseProbability: 0 });
    assert.ok(Math.abs(still.alpha - logit(target)) < 1e-3 && !still.atEnd, `${still.alpha}`);
    assert.ok(still.loss < 1e-8);
    const noisy = bestPreactivation(squaredLoss(target), 0.9);
    assert.ok(Math.abs(noisy.alpha) > Math.abs(logit(target)) + 0.5);
  }
  const { alpha, atEnd } = bestPreactivation(LOSS, 0.9);
  assert.ok(!atEnd && Math.abs(gateGradientMoments(LOSS, alpha, 0.9).mean) < 1e-5);
});

test('for tau < 1 the loss falls all the way out where the target is below (1 - tau) / 2', () => {
  assert.deepEqual(
    [0.39, 0.41].map((target) => bestPreactivation(squaredLoss(target), 0.2).atEnd),
    [true, false],
  );
  assert.equal(bestPreactivation(squaredLoss(0.61), 0.2).alpha > 0, true);
});

test('wrong arguments are RangeErrors', () => {
  assert.throws(() => gateGradientMoments(LOSS, 0, 0), /tau must be/);
  assert.throws(() => expectedLoss(LOSS, Number.NaN, 1), /alpha must be/);
  assert.throws(() => expectedLoss(LOSS, 0, 1, { noiseProbability: 2 }), RangeError);
  assert.throws(() => squaredLoss(Number.NaN), /target must be/);
  assert.throws(() => bestPreactivation(LOSS, 1, {}, { reach: 0 }), /reach must be/);
});
