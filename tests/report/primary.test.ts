import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLAIMS } from '#src/paper/claims.js';
import { claimVerdicts, reportClaims } from '#src/report/build.js';
import {
  bearingWords,
  decide,
  headline,
  numberWords,
  type Primary,
  soFar,
} from '#src/report/primary.js';
import { type Bearing, verdictOf } from '#src/results/verdict.js';

/** A comparison with these numbers for seeds 1, 2... */
const primary = (values: readonly number[], more: Partial<Primary> = {}): Primary => ({
  measure: 'm',
  scale: 'here',
  unit: 'log ratio',
  threshold: 0,
  side: 'below',
  numbers: values.map((value, i) => ({ seed: i + 1, value })),
  ...more,
});
const bearings = (...all: Primary[]) => decide(all).map(({ bearing }) => bearing);

describe('the rule of verdicts', () => {
  const verdict = (...all: Bearing[]) => verdictOf(all.map((bearing) => ({ bearing })));

  test('for and against weigh alike', () => {
    assert.equal(verdict('for', 'for', 'not run'), 'reproduced');
    assert.equal(verdict('against', 'against', 'not run'), 'not reproduced');
    assert.equal(verdict('for', 'undecided'), 'partly reproduced');
    assert.equal(verdict('against', 'undecided'), 'partly refuted');
    assert.equal(verdict('for', 'against'), 'mixed');
    assert.equal(verdict('for', 'against', 'undecided'), 'mixed');
    assert.equal(verdict('undecided', 'not run'), 'not decided');
    assert.equal(verdict('not run'), 'not run');
    assert.equal(verdict(), 'not run');
  });

  test('mirrored numbers give the mirrored outcome', () => {
    const values = [-0.03, -0.031, -0.029];
    assert.deepEqual(bearings(primary(values)), ['for']);
    assert.deepEqual(bearings(primary(values.map((v) => -v))), ['against']);
    assert.deepEqual(bearings(primary(values, { side: 'above' })), ['against']);
    assert.deepEqual(bearings(primary([-0.1, 0.1, 0.02])), ['undecided']);
  });

  test('two seeds decide nothing, however far apart', () => {
    assert.deepEqual(bearings(primary([-5, -5.01])), ['not run']);
    assert.deepEqual(bearings(primary([])), ['not run']);
  });

  test("Holm's correction counts the comparisons that were run", () => {
    // 0.024 alone; twice that beside another one that is less sure, thrice beside two
    const sure = primary([-0.03, -0.05, -0.035]);
    const p = decide([sure])[0]!.corrected!;
    assert.ok(p > 0.01 && p < 0.025, `${p}`);
    const weak = primary([-0.1, 0.1, 0.02]);
    const [first] = decide([sure, weak, primary([])]);
    assert.ok(Math.abs(first!.corrected! - 2 * p) < 1e-12);
    assert.deepEqual(bearings(sure, weak, weak), ['undecided', 'undecided', 'undecided']);
  });

  test('after the extension to five seeds half the level counts', () => {
    const five = primary([-0.03, -0.05, -0.01, -0.06, -0.004]);
    const [{ corrected, bearing }] = decide([five]) as [ReturnType<typeof decide>[number]];
    assert.ok(corrected! > 0.025 && corrected! < 0.05, `${corrected}`);
    assert.equal(bearing, 'undecided');
  });

  test('a margin: kept where the mean lies surely on its side', () => {
    const kept = { threshold: Math.log(1.01), improved: 0 };
    const [worse, same, better] = [
      [0.03, 0.031, 0.032],
      [0.001, 0, -0.001],
      [-0.03, -0.031, -0.032],
    ].map((values) => decide([primary(values, kept)]));
    assert.deepEqual(
      [worse, same, better].map((d) => d![0]!.bearing),
      ['against', 'for', 'for'],
    );
    assert.doesNotMatch(headline(same!), /improved/);
    assert.match(headline(better!), /^for: here improved \(−3\.1 %/);
  });
});

describe('words of verdicts', () => {
  test('a headline names scale, numbers, p and seeds, and what was not run', () => {
    const decided = decide([
      primary([0.03, 0.031, 0.029]),
      primary([], { scale: 'there' }),
      primary([1], { scale: 'elsewhere' }),
    ]);
    assert.equal(
      headline(decided),
      'against: here (+3.0 % (+2.8 % to +3.3 %), p < 0.001, n = 3). not run: there; elsewhere',
    );
    assert.equal(soFar(decided), ' so far, 1 of 3 comparisons run');
    assert.equal(soFar(decide([primary([1, 2, 3])])), '');
    assert.deepEqual(decided.map(bearingWords), [
      'against, p < 0.001, 3 seeds',
      'not run',
      '1 of 3 seeds',
    ]);
  });

  test('an undecided one says what it could have seen', () => {
    const [one] = decide([primary([-0.1, 0.1, 0.02])]);
    assert.match(bearingWords(one!), /^undecided, p = 0\.\d+, 3 seeds; sees \d+\.\d % from/);
  });

  test('units', () => {
    assert.equal(numberWords(Math.log(1.031), 'log ratio'), '+3.1 %');
    assert.equal(numberWords(-0.57, 'BLEU'), '−0.57 BLEU');
    assert.equal(numberWords(0.065, 'share'), '+6.5 points');
    assert.equal(numberWords(-0.4, 'effect'), '−0.40');
  });
});

describe('the claims on the committed results', () => {
  const claims = reportClaims();

  test('every claim of the paper has its place, its comparisons and a verdict with its scales', () => {
    assert.deepEqual(
      claims.map(({ number }) => number),
      CLAIMS.map(({ number }) => number),
    );
    for (const { number, primaries, why } of claims) {
      const exact = ['C7', 'C8a'].includes(number);
      assert.equal(primaries.length === 0, exact, number);
      for (const { scale } of primaries) assert.ok(why.includes(scale), `${number}: ${scale}`);
    }
  });

  test('a table of verdicts has the claims asked for, with what is outstanding and why', () => {
    const rows = claims.map(({ number, verdict, outstanding, why }) => [
      number,
      verdict + outstanding,
      why,
    ]);
    assert.deepEqual(claimVerdicts().rows, rows);
    const some = ['C6', 'C11'];
    assert.deepEqual(
      claimVerdicts(...some).rows,
      rows.filter(([number]) => some.includes(number!)),
    );
    assert.throws(() => claimVerdicts('C12'), /C12/);
  });

  test('a run or pair counts once in a comparison', () => {
    for (const { number, primaries } of claims)
      for (const { scale, numbers } of primaries) {
        const seeds = numbers.map(({ seed }) => seed);
        assert.deepEqual([...new Set(seeds)], seeds, `${number} ${scale}`);
      }
  });
});
