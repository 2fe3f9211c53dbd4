import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LayerGateStatistics } from '#src/cell/gate-statistics.js';
import type { BoundaryEffect } from '#src/chapters/gates/boundaries.js';
import {
  type GateClaim,
  gateClaims,
  gateClaimsBySeed,
  type ModelGates,
} from '#src/chapters/gates/gate-claims.js';

/** A layer with these shares below 0.1 and from 0.9 on. */
function layer(below: number, above: number): LayerGateStatistics[] {
  const shares = [below, ...Array<number>(8).fill((1 - below - above) / 8), above];
  const gate = { shares, mean: 0.4, deviation: 0.3, below, above, values: 10 };
  return [{ layer: 'decoder.0', title: '', input: gate, forget: gate, output: gate }];
}
const both = (below: number, above: number) => ({
  training: layer(below, above),
  evaluation: layer(below, above),
});
const effect = (comparison: string, value: number): BoundaryEffect => ({
  ...{ comparison, layer: 'decoder.0', gate: 'forget', words: [50, 50], means: [0.3, 0.4] },
  ...{ effect: value, interval: [value - 0.05, value + 0.05] },
});
const verdicts = (models: ModelGates[]): GateClaim['verdict'][] =>
  gateClaims(models, 'decoder.0').map(({ verdict }) => verdict);

describe('claims on gates', () => {
  test("the paper's own picture holds", () => {
    const models: ModelGates[] = [
      { algorithm: 'baseline', histograms: both(0.1, 0.1), effects: [effect('punctuation', -0.1)] },
      { algorithm: 'g2', histograms: both(0.2, 0.6), effects: [effect('punctuation', -0.8)] },
    ];
    assert.deepEqual(verdicts(models), [
      'holds',
      'holds',
      'holds',
      'holds',
      'holds',
      'not seen',
      'holds',
    ]);
  });

  test('outwards but not binary, and falling here and there, is "in part"', () => {
    const effects = [effect('punctuation', -0.8), effect('function words', 0.4)];
    const models: ModelGates[] = [
      { algorithm: 'baseline', histograms: both(0.1, 0.1), effects },
      { algorithm: 'g2', histograms: both(0.2, 0.2), effects },
    ];
    const found = gateClaims(models, 'decoder.0');
    assert.deepEqual(
      found.map(({ verdict }) => verdict),
      ['holds', 'in part', 'in part', 'not seen', 'in part', 'in part', 'not seen'],
    );
    assert.match(found[1]!.seen, /^40 % and 40 % .* baseline 20 % and 20 %$/);
    assert.match(found[4]!.seen, /falls at punctuation, rises at function words/);
  });

  test('binary gates that the baseline has too are not the doing of G2', () => {
    const models: ModelGates[] = [
      { algorithm: 'baseline', histograms: both(0.4, 0.4) },
      { algorithm: 'g2', histograms: both(0.4, 0.42) },
    ];
    assert.deepEqual(verdicts(models).slice(0, 3), ['not seen', 'not seen', 'not seen']);
  });

  test('models of one seed meet, those of unequal seeds never', () => {
    const models = [
      { algorithm: 'g2' as const, seed: 2, histograms: both(0.2, 0.2) },
      { algorithm: 'g2' as const, seed: 1, histograms: both(0.2, 0.6) },
      { algorithm: 'baseline' as const, seed: 1, histograms: both(0.1, 0.1) },
      { algorithm: 'baseline' as const, seed: 2, histograms: both(0.2, 0.2) },
      { algorithm: 'baseline' as const, seed: 3, histograms: both(0.4, 0.4) },
    ];
    const claims = gateClaimsBySeed(models, 'decoder.0');
    assert.equal(claims.length, gateClaims([], 'decoder.0').length);
    const binary = claims.find(({ claim }) => claim.includes('evaluation mode'))!;
    assert.deepEqual(
      binary.seeds.map(({ seed, verdict }) => [seed, verdict]),
      [
        [1, 'holds'],
        [2, 'not seen'],
      ],
    );
    assert.deepEqual(gateClaimsBySeed(models.slice(0, 2), 'decoder.0'), []);
  });

  test('nothing is said without data', () => {
    assert.deepEqual(new Set(verdicts([])), new Set(['no data']));
  });
});
