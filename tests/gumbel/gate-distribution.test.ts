import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryGate, logit, sigmoid, sigmoidDerivative } from '#src/gumbel/gate.js';
import {
  type GateNoise,
  gateAtom,
  gateCdf,
  gateDensity,
  gateMean,
  gateQuantile,
  gateSurvival,
  probabilityNearBinary,
  probabilityNearOne,
  probabilityNearZero,
  sampleGate,
} from '#src/gumbel/gate-distribution.js';
import { integrate } from '#src/gumbel/quadrature.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { closeTo, kolmogorovSmirnov, shareTolerance } from './statistics.js';

const LAWS: [alpha: number, tau: number, noise: GateNoise][] = [
  [0, 0.9, {}],
  [1.3, 0.9, {}],
  [-2, 0.2, {}],
  [0.5, 1, {}],
  [0.5, 3, {}],
  [1.3, 0.9, { noiseEpsilon: 1e-3 }],
  [-2, 0.9, { noiseEpsilon: 0.1 }],
  [0.4, 2, { noiseEpsilon: 0.1 }],
  [1.3, 0.9, { noiseEpsilon: 1e-3, noiseProbability: 0.2 }],
  [-0.7, 0.5, { noiseProbability: 0.6 }],
];

function each(check: (alpha: number, tau: number, noise: GateNoise, name: string) => void): void {
  for (const [alpha, tau, noise] of LAWS) {
    check(alpha, tau, noise, `alpha ${alpha}, tau ${tau}, ${JSON.stringify(noise)}`);
  }
}

test('samples follow the CDF', () => {
  each((alpha, tau, noise, name) => {
    const uniform = uniformSource(21);
    const draws = Array.from({ length: 10000 }, () => sampleGate(alpha, tau, uniform, noise));
    const distance = kolmogorovSmirnov(
      draws,
      (x) => gateCdf(x, alpha, tau, noise),
      (x) => gateSurvival(x, alpha, tau, noise),
    );
    assert.ok(distance < 1.95, `${name}: KS ${distance}`);
  });
});

test("the paper's gate: P(G <= x) = 1 - s(alpha - tau logit x)", () => {
  for (const x of [0.01, 0.3, 0.5, 0.95]) {
    const expected = 1 - sigmoid(1.2 - 0.9 * Math.log(x / (1 - x)));
    assert.ok(closeTo(gateCdf(x, 1.2, 0.9), expected, 0, 1e-15));
  }
});

test('the density integrates to the CDF, away from and across the point mass', () => {
  each((alpha, tau, noise, name) => {
    const low = gateQuantile(0.03, alpha, tau, noise);
    const high = gateQuantile(0.97, alpha, tau, noise);
    // Over t = logit(x): over x itself the peaks at 0 and 1 are too sharp for any fixed grid.
    const density = (t: number) =>
      gateDensity(sigmoid(t), alpha, tau, noise) * sigmoidDerivative(t);
    const { value, probability } = gateAtom(alpha, tau, noise);
    for (const [a, b] of [
      [low, value],
      [value, high],
      [low, high],
    ] as const) {
      // The point mass belongs to (a, b] if it lies in it.
      const mass = a < value && value <= b ? probability : 0;
      const expected = gateCdf(b, alpha, tau, noise) - gateCdf(a, alpha, tau, noise) - mass;
      const area = integrate(density, logit(a), logit(b), 0.1);
      assert.ok(closeTo(area, expected, 1e-9, 1e-12), `${name}: ${area}, not ${expected}`);
    }
  });
});

test('CDF and survival add up to 1, plus the point mass where x meets it', () => {
  each((alpha, tau, noise, name) => {
    for (const x of [0.001, 0.2, 0.5, 0.77, 0.999]) {
      const sum = gateCdf(x, alpha, tau, noise) + gateSurvival(x, alpha, tau, noise);
      assert.ok(closeTo(sum, 1, 1e-14), name);
    }
    const { value, probability } = gateAtom(alpha, tau, noise);
    const sum = gateCdf(value, alpha, tau, noise) + gateSurvival(value, alpha, tau, noise);
    assert.ok(closeTo(sum, 1 + probability, 1e-14), name);
  });
});

test('the quantile inverts the CDF and jumps over the point mass', () => {
  each((alpha, tau, noise, name) => {
    const p = noise.noiseProbability ?? 1;
    for (const q of [0.001, 0.05, 0.25, 0.5, 0.6, 0.9, 0.999]) {
      const x = gateQuantile(q, alpha, tau, noise);
      if (q < p / 2 || q > 1 - p / 2) {
        assert.ok(closeTo(gateCdf(x, alpha, tau, noise), q, 1e-9), `${name}: q ${q}`);
      } else {
        assert.equal(x, gateAtom(alpha, tau, noise).value);
      }
    }
  });
  assert.equal(gateQuantile(0, 1, 0.9), 0);
  assert.equal(gateQuantile(1, 1, 0.9), 1);
  assert.equal(gateQuantile(0.3, 1, 0.9, { noiseProbability: 0 }), sigmoid(1 / 0.9));
});

test('the mean equals the average over a fine grid of U', () => {
  each((alpha, tau, noise, name) => {
    const { noiseEpsilon = 0, noiseProbability: p = 1 } = noise;
    const n = 100_000;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += binaryGate(alpha, tau, (k + 0.5) / n, { noiseEpsilon });
    const expected = (p * sum) / n + (1 - p) * sigmoid(alpha / tau);
    assert.ok(closeTo(gateMean(alpha, tau, noise), expected, 0, 1e-8), name);
  });
});

test('the mean at tau = 1 has a closed form', () => {
  for (const alpha of [-20, -3, 0.5, 8]) {
    const k = Math.exp(-alpha);
    // E[U / (U + k (1 - U))].
    const expected = (1 - k + k * Math.log(k)) / (1 - k) ** 2;
    assert.ok(closeTo(gateMean(alpha, 1), expected, 0, 1e-13), `alpha ${alpha}`);
    // The two quadratures, for tau up to 1 and above, must meet.
    assert.ok(closeTo(gateMean(alpha, 1 + 1e-12), expected, 0, 1e-12), `alpha ${alpha}`);
  }
  assert.ok(closeTo(gateMean(0, 1), 0.5, 1e-14));
});

test('the mean goes from s(alpha) to 1/2 as tau grows', () => {
  assert.ok(closeTo(gateMean(1.5, 1e-4), sigmoid(1.5), 1e-7));
  assert.ok(closeTo(gateMean(1.5, 1e6), 0.5, 1e-5));
  for (const alpha of [-1e3, 1e3]) {
    for (const tau of [1e-4, 0.9, 5]) {
      for (const noise of [{}, { noiseEpsilon: 1e-3, noiseProbability: 0.2 }]) {
        assert.ok(closeTo(gateMean(alpha, tau, noise), alpha < 0 ? 0 : 1, 0, 1e-12));
      }
    }
  }
});

test('G(-alpha) has the law of 1 - G(alpha)', () => {
  each((alpha, tau, noise, name) => {
    for (const x of [0.125, 0.25, 0.5, 0.875]) {
      const mirrored = gateSurvival(1 - x, -alpha, tau, noise);
      assert.ok(closeTo(gateCdf(x, alpha, tau, noise), mirrored, 1e-12, 1e-15), name);
      const density = gateDensity(1 - x, -alpha, tau, noise);
      assert.ok(closeTo(gateDensity(x, alpha, tau, noise), density, 1e-12), name);
    }
    assert.ok(closeTo(gateMean(-alpha, tau, noise), 1 - gateMean(alpha, tau, noise), 0, 1e-13));
  });
});

test('probability of a binary gate: exact, by CDF and by sampling', () => {
  each((alpha, tau, noise, name) => {
    const eps = 0.1;
    const one = probabilityNearOne(alpha, tau, eps, noise);
    const zero = probabilityNearZero(alpha, tau, eps, noise);
    assert.ok(closeTo(one, gateSurvival(1 - eps, alpha, tau, noise), 1e-12), name);
    assert.ok(closeTo(zero, gateCdf(eps, alpha, tau, noise), 1e-12, 1e-15), name);
    assert.equal(probabilityNearBinary(alpha, tau, eps, noise), zero + one);
    const n = 20000;
    const uniform = uniformSource(22);
    let hits = 0;
    for (let k = 0; k < n; k++) {
      const gate = sampleGate(alpha, tau, uniform, noise);
      if (gate <= eps || gate >= 1 - eps) hits++;
    }
    assert.ok(closeTo(hits / n, zero + one, 0, shareTolerance(zero + one, n)), name);
  });
});

test('ends, limits and points outside [0, 1] give no NaN', () => {
  const inf = Number.POSITIVE_INFINITY;
  assert.deepEqual(
    [-1, 0, 1, 2].map((x) => gateCdf(x, 0.3, 0.9)),
    [0, 0, 1, 1],
  );
  assert.deepEqual(
    [-1, 0, 1, 2].map((x) => gateSurvival(x, 0.3, 0.9)),
    [1, 1, 0, 0],
  );
  assert.deepEqual(
    [0, 1].map((x) => gateDensity(x, 0.3, 0.9)),
    [inf, inf],
  );
  assert.deepEqual(
    [0, 1].map((x) => gateDensity(x, 0.3, 1.1)),
    [0, 0],
  );
  assert.ok(closeTo(gateDensity(0, 0.3, 1), gateDensity(1e-12, 0.3, 1), 1e-9));
  assert.ok(closeTo(gateDensity(1, 0.3, 1), gateDensity(1 - 1e-12, 0.3, 1), 1e-9));
  assert.equal(gateDensity(0, 0.3, 0.9, { noiseEpsilon: 1e-3 }), 0);
  for (const alpha of [-1e3, 1e3]) {
    for (const tau of [1e-4, 50]) {
      for (const noise of [{}, { noiseEpsilon: 1e-3, noiseProbability: 0.2 }]) {
        for (const x of [0, 1e-300, 0.5, 1 - 1e-16, 1]) {
          assert.ok(gateCdf(x, alpha, tau, noise) >= 0);
          assert.ok(gateDensity(x, alpha, tau, noise) >= 0);
        }
      }
    }
  }
});

test('wrong arguments are RangeErrors that say which', () => {
  assert.throws(() => gateCdf(0.5, 0, 0), /RangeError: tau must be a finite number above 0/);
  assert.throws(() => gateCdf(Number.NaN, 0, 1), /x must be a number/);
  assert.throws(
    () => gateMean(0, 1, { noiseProbability: 1.2 }),
    /noiseProbability must lie in \[0, 1\], got 1.2/,
  );
  for (const eps of [0, 0.5, -0.1, Number.NaN]) {
    assert.throws(() => probabilityNearOne(0, 1, eps), /eps must lie strictly between 0 and 1\/2/);
  }
  assert.throws(() => gateQuantile(-0.1, 0, 1), RangeError);
});
