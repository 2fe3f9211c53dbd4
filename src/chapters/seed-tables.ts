/** Tables over seeds: what each trained pair of models says, and whether they agree. */

import type { TableSpec } from '../figures/table.js';
import { ALGORITHM_STYLE } from '../figures/theme.js';
import { ALGORITHMS } from '../paper/tables.js';
import type { SeedLosses } from './compression/comparison.js';
import { COLUMN_TITLE } from './compression/figure-tables.js';
import type { FlatnessOverSeeds } from './flatness/flatness-comparison.js';
import type { SeededClaim } from './gates/gate-claims.js';

/** Losses of every seed by column, the paper's beside them, and the test of G2-LSTM against the baseline. */
export function compressionSeedsTable(losses: readonly SeedLosses[], caption: string): TableSpec {
  const of = (values: { loss: number }[]) =>
    values.length === 0 ? 'not run yet' : values.map(({ loss }) => loss.toFixed(1)).join(', ');
  return {
    columns: [
      '',
      ...ALGORITHMS.map((a) => `${ALGORITHM_STYLE[a].label}: paper; ours by seed`),
      'G2-LSTM against baseline',
    ],
    rows: losses.map(({ column, paper, ours, against }) => [
      COLUMN_TITLE[column],
      ...ALGORITHMS.map((a) => `${paper[a].toFixed(1)}; ${of(ours[a])}`),
      against.g2.verdict,
    ]),
    caption,
  };
}

/** Sharpness of one algorithm over another's by measure, a column a seed. */
export function flatnessSeedsTable(
  measures: readonly FlatnessOverSeeds[],
  caption: string,
): TableSpec {
  const seeds = [...new Set(measures.flatMap((m) => m.seeds.map(({ seed }) => seed)))];
  return {
    columns: ['measure', ...seeds.map((seed) => `seed ${seed}`), 'so it is'],
    rows: measures.map(({ name, seeds: own }) => {
      const outcomes = [...new Set(own.map(({ outcome }) => outcome))];
      return [
        name,
        ...seeds.map((seed) => own.find((one) => one.seed === seed)?.ratio.toFixed(2) ?? '–'),
        outcomes.length === 1 ? outcomes[0]! : `not alike: ${outcomes.join(', ')}`,
      ];
    }),
    caption,
  };
}

/** The claims on gates: what the first seed's models show, and the verdict of each seed. */
export function gateClaimsTable(claims: readonly SeededClaim[], caption: string): TableSpec {
  return {
    columns: ['claim', 'seen here', 'verdict'],
    rows: claims.map(({ claim, seeds }) => {
      const verdicts = [...new Set(seeds.map(({ verdict }) => verdict))];
      const [first] = seeds;
      return [
        claim,
        seeds.length > 1 ? `seed ${first!.seed}: ${first!.seen}` : first!.seen,
        verdicts.length === 1
          ? `${verdicts[0]}${seeds.length > 1 ? ` (${seeds.length} seeds)` : ''}`
          : seeds.map(({ seed, verdict }) => `seed ${seed}: ${verdict}`).join('; '),
      ];
    }),
    caption,
  };
}
