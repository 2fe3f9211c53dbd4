/** Flatness of trained models as evidence on Section 3.2. */

import { type Evidence, type RuledSeed, ruleEvidence } from '../../results/evidence.js';
import { experimentsOf, type StoredMeasurement } from '../../results/measurement.js';
import { type FlatnessOverSeeds, flatnessOverSeeds } from './flatness-comparison.js';
import type { RunFlatness } from './flatness-of-run.js';

type Stored = StoredMeasurement<RunFlatness>;

const ruled = ({ seed, ratio, outcome, draws }: FlatnessOverSeeds['seeds'][number]): RuledSeed => {
  const below = draws ? `, below it in ${draws.below} of ${draws.of} draws` : '';
  const seen = `${ratio.toFixed(2)} of the baseline's${below}`;
  return { seed, seen, rule: outcome, holds: outcome === 'alike' ? null : outcome === 'flatter' };
};

/** G2-LSTM against the baseline, measure by measure. */
export function flatnessEvidence(stored: readonly Stored[]): Evidence[] {
  return experimentsOf(stored).flatMap((experiment) => {
    const own = stored.filter((m) => m.experiment === experiment);
    return flatnessOverSeeds(own)
      .filter(({ control }) => !control)
      .map(({ name, seeds }) =>
        ruleEvidence({
          what: `sharpness: ${name}: ${experiment}`,
          paper: 'flatter (argument only)',
          seeds: seeds.map(ruled),
        }),
      );
  });
}
