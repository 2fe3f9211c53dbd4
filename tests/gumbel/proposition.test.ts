import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryGate, sigmoid } from '#src/gumbel/gate.js';
import { proposition31, propositionGap, propositionLimit } from '#src/gumbel/proposition.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { closeTo, shareTolerance } from './statistics.js';

const ALPHAS = [-1e3, -30, -4, -1, -0.1, 0, 0.5, 2, 8, 1e3];
const TAUS = [1e-4, 0.01, 0.2, 0.9, 1, 3, 20];
const EPSILONS = [1e-12, 1e-3, 0.05, 0.1, 0.3, 0.49, 0.4999999];

test('Eq 8 and Eq 9 hold over a grid', () => {
  for (const alpha of ALPHAS) {
    for (const tau of TAUS) {
      for (const eps of EPSILONS) {
        const { open, closed } = proposition31(alpha, tau, eps);
        for (const side of [open, closed]) {
          assert.ok(side.lower <= side.exact, `lower: alpha ${alpha}, tau ${tau}, eps ${eps}`);
          assert.ok(side.exact <= side.upper, `upper: alpha ${alpha}, tau ${tau}, eps ${eps}`);
        }
        assert.ok(closeTo(open.upper + closed.upper, 1, 1e-15));
      }
    }
  }
});

test('the gap is (tau / 4) log(1 / eps)', () => {
  assert.ok(closeTo(propositionGap(0.9, 0.1), (0.9 / 4) * Math.log(10), 1e-15));
  const { open } = proposition31(0.4, 0.9, 0.1);
  assert.ok(closeTo(open.upper - open.lower, propositionGap(0.9, 0.1), 1e-14));
});

test('the exact values agree with sampling', () => {
  const n = 40000;
  for (const alpha of [-1.5, 0, 0.8]) {
    for (const tau of [0.2, 0.9]) {
      for (const eps of [0.05, 0.2]) {
        const uniform = uniformSource(31);
        let open = 0;
        let closed = 0;
        for (let k = 0; k < n; k++) {
          const gate = binaryGate(alpha, tau, uniform());
          if (gate >= 1 - eps) open++;
          if (gate <= eps) closed++;
        }
        const exact = proposition31(alpha, tau, eps);
        for (const [count, p] of [
          [open, exact.open.exact],
          [closed, exact.closed.exact],
        ] as const) {
          assert.ok(closeTo(count / n, p, 0, shareTolerance(p, n)), `${count / n}, not ${p}`);
        }
      }
    }
  }
});

test('Eq 10: small tau gives the Bernoulli probabilities', () => {
  for (const alpha of ALPHAS) {
    for (const eps of EPSILONS) {
      const limit = propositionLimit(alpha);
      const { open, closed } = proposition31(alpha, 1e-12, eps);
      assert.ok(closeTo(open.exact, limit.open, 0, 1e-11));
      assert.ok(closeTo(closed.exact, limit.closed, 0, 1e-11));
    }
  }
  assert.deepEqual(propositionLimit(0.7), { open: sigmoid(0.7), closed: sigmoid(-0.7) });
});

test('wrong arguments are RangeErrors that say which', () => {
  assert.throws(() => proposition31(0, 0, 0.1), /RangeError: tau must be/);
  for (const eps of [0, 0.5, 0.7]) {
    assert.throws(() => proposition31(0, 1, eps), /eps must lie strictly between 0 and 1\/2/);
  }
  assert.throws(() => proposition31(Number.POSITIVE_INFINITY, 1, 0.1), /alpha must be/);
});
