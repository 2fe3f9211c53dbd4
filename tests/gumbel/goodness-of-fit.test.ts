import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryGate, sigmoid } from '#src/gumbel/gate.js';
import { gateCdf, gateSurvival, sampleGate } from '#src/gumbel/gate-distribution.js';
import {
  chiSquareTest,
  dkwTolerance,
  kolmogorovSmirnovTest,
  kolmogorovSurvival,
  logGamma,
  regularizedGammaQ,
} from '#src/gumbel/goodness-of-fit.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { closeTo } from './statistics.js';

test('log Gamma at whole and half numbers', () => {
  let factorial = 1;
  for (let n = 1; n <= 30; n++) {
    assert.ok(closeTo(logGamma(n), Math.log(factorial), 1e-15, 2e-14), `Gamma(${n})`);
    factorial *= n;
  }
  assert.ok(closeTo(logGamma(0.5), Math.log(Math.PI) / 2, 0, 2e-14));
  assert.ok(closeTo(logGamma(3.5), Math.log((15 / 8) * Math.sqrt(Math.PI)), 0, 2e-14));
  assert.throws(() => logGamma(0), RangeError);
});

test('Q(a, x) for whole a is a Poisson sum', () => {
  for (const a of [1, 2, 5, 20]) {
    for (const x of [1e-3, 0.5, 1, 4.9, 6, 19.5, 21.5, 60, 300]) {
      let term = Math.exp(-x);
      let poisson = 0;
      for (let k = 0; k < a; k++) {
        poisson += term;
        term *= x / (k + 1);
      }
      assert.ok(closeTo(regularizedGammaQ(a, x), poisson, 1e-12), `a ${a}, x ${x}`);
    }
  }
  assert.equal(regularizedGammaQ(3, 0), 1);
  assert.throws(() => regularizedGammaQ(1, -1), RangeError);
});

test('Q(n/2, x/2) gives the printed quantiles of the chi-square law', () => {
  // Degrees of freedom, tail probability, quantile to three decimals as in printed tables.
  for (const [n, p, x] of [
    [1, 0.05, 3.841],
    [1, 0.01, 6.635],
    [3, 0.05, 7.815],
    [4, 0.001, 18.467],
    [5, 0.95, 1.145],
    [10, 0.05, 18.307],
    [100, 0.01, 135.807],
  ] as const) {
    assert.ok(regularizedGammaQ(n / 2, (x - 0.0006) / 2) > p, `${n} above`);
    assert.ok(regularizedGammaQ(n / 2, (x + 0.0006) / 2) < p, `${n} below`);
  }
});

test('Q for a half-odd a obeys its recursion', () => {
  for (const a of [0.5, 2.5, 7.5]) {
    for (const x of [0.1, 1, 3.4, 8, 30]) {
      const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
      const next = regularizedGammaQ(a + 1, x);
      assert.ok(closeTo(next, regularizedGammaQ(a, x) + step, 1e-12, 1e-14), `a ${a}, x ${x}`);
    }
  }
});

test('chi-square by hand', () => {
  // 60 throws of a die, 10 expected of each face: (25 + 1 + 1 + 0 + 4 + 49) / 10 = 8.
  const die = chiSquareTest([5, 9, 11, 10, 8, 17], new Array<number>(6).fill(1 / 6));
  assert.equal(die.degreesOfFreedom, 5);
  assert.ok(closeTo(die.statistic, 8, 1e-14));
  // Two categories: p-value of a fair coin that fell 60 of 100 times, z = 2.
  const coin = chiSquareTest([60, 40], [0.5, 0.5]);
  assert.ok(closeTo(coin.statistic, 4, 1e-14));
  assert.ok(closeTo(coin.pValue, 0.04550026389635842, 1e-12));
});

test('chi-square: exact agreement has p-value 1, a wrong law none', () => {
  assert.equal(chiSquareTest([10, 20, 30], [1 / 6, 1 / 3, 1 / 2]).pValue, 1);
  assert.ok(chiSquareTest([1000, 2000, 3000], [1 / 3, 1 / 3, 1 / 3]).pValue < 1e-100);
  assert.throws(() => chiSquareTest([1, 2], [0.5, 0.4]), /sum to 1/);
  assert.throws(() => chiSquareTest([1, 2], [1]), RangeError);
  assert.throws(() => chiSquareTest([0, 0], [0.5, 0.5]), RangeError);
  assert.throws(() => chiSquareTest([1, 2], [0, 1]), /probabilities\[0\]/);
});

test("Kolmogorov's law: printed critical values, and its two series agree", () => {
  for (const [p, x] of [
    [0.1, 1.224],
    [0.05, 1.358],
    [0.01, 1.628],
    [0.001, 1.949],
  ] as const) {
    assert.ok(kolmogorovSurvival(x - 0.0006) > p && kolmogorovSurvival(x + 0.0006) < p, `${p}`);
  }
  // The median of the law.
  assert.ok(closeTo(kolmogorovSurvival(0.8275735551899), 0.5, 1e-9));
  assert.ok(closeTo(kolmogorovSurvival(1 - 1e-13), kolmogorovSurvival(1), 1e-12));
  assert.deepEqual([-1, 0].map(kolmogorovSurvival), [1, 1]);
  assert.ok(kolmogorovSurvival(0.05) === 1 && kolmogorovSurvival(20) === 0);
});

test('Kolmogorov-Smirnov: three points by hand', () => {
  // Uniform law, F_n jumps at .2, .5, .6: the gap is largest just after .6, 1 - .6.
  const { distance, n } = kolmogorovSmirnovTest([0.6, 0.2, 0.5], (x) => x);
  assert.equal(n, 3);
  assert.ok(closeTo(distance, 0.4, 1e-15));
  assert.ok(closeTo(kolmogorovSmirnovTest([0.7], (x) => x).distance, 0.7, 1e-15));
  assert.throws(() => kolmogorovSmirnovTest([], (x) => x), RangeError);
});

test('Kolmogorov-Smirnov p-values are uniform under the law and vanish under another', () => {
  const uniform = uniformSource(41);
  let below = 0;
  const rounds = 400;
  for (let r = 0; r < rounds; r++) {
    const gates = Array.from({ length: 300 }, () => binaryGate(0.5, 0.9, uniform()));
    const { pValue } = kolmogorovSmirnovTest(gates, (x) => gateCdf(x, 0.5, 0.9));
    if (pValue < 0.25) below++;
  }
  // 4.5 standard deviations of Binomial(400, 1/4), and 1 % for the limit law at n = 300.
  assert.ok(Math.abs(below / rounds - 0.25) < 4.5 * Math.sqrt(0.1875 / rounds) + 0.01, `${below}`);
  const gates = Array.from({ length: 3000 }, () => binaryGate(0.5, 0.9, uniform()));
  assert.ok(kolmogorovSmirnovTest(gates, (x) => gateCdf(x, 0.3, 0.9)).pValue < 1e-4);
});

test('Kolmogorov-Smirnov takes a point mass with `survival`', () => {
  const noise = { noiseProbability: 0.2 };
  const uniform = uniformSource(42);
  const gates = Array.from({ length: 5000 }, () => sampleGate(1, 0.9, uniform, noise));
  const cdf = (x: number) => gateCdf(x, 1, 0.9, noise);
  const right = kolmogorovSmirnovTest(gates, cdf, (x) => gateSurvival(x, 1, 0.9, noise));
  assert.ok(right.pValue > 0.001, `${right.pValue}`);
  // Without it the jump of 0.8 looks like a distance of 0.8 or so.
  assert.ok(kolmogorovSmirnovTest(gates, cdf).distance > 0.7);
});

test('the Dvoretzky-Kiefer-Wolfowitz band', () => {
  assert.ok(closeTo(dkwTolerance(20000), Math.sqrt(Math.log(2000) / 40000), 1e-15));
  const uniform = uniformSource(43);
  let outside = 0;
  for (let r = 0; r < 300; r++) {
    const draws = Array.from({ length: 200 }, () => -Math.log(1 / uniform() - 1));
    if (kolmogorovSmirnovTest(draws, sigmoid).distance > dkwTolerance(200, 0.1)) outside++;
  }
  // At most 10 % plus 4.5 standard deviations, and not idle: some do fall outside.
  assert.ok(outside > 3 && outside / 300 < 0.1 + 4.5 * Math.sqrt(0.09 / 300), `${outside}`);
  assert.throws(() => dkwTolerance(0), RangeError);
  assert.throws(() => dkwTolerance(10, 0), RangeError);
});
