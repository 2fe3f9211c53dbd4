/** Flatness of trained models as evidence on Section 3.2. */
import { flatnessVerdicts, measuredFlatness } from '../analysis/flatness-comparison.js';
import type { RunFlatness } from '../analysis/flatness-of-run.js';
import { experimentsOf, type StoredMeasurement } from '../runs/measurement.js';
import { type Evidence, type RuledSeed, ruleEvidence } from './evidence.js';

type Stored = StoredMeasurement<RunFlatness>;

/** What every sharpness of one seed's models says, by its name: only what rescaling cannot change. */
function ruledBy(own: readonly Stored[], seed: number): { name: string; ruled: RuledSeed }[] {
  const measured = measuredFlatness(own.filter(({ run }) => run.seed === seed));
  return flatnessVerdicts(measured, 'g2', 'baseline')
    .filter(({ scaleFree, name }) => scaleFree && !name.startsWith('control'))
    .map(({ name, ratio, outcome, draws }) => {
      const below = draws ? `, below it in ${draws.below} of ${draws.of} draws` : '';
      const seen = `${ratio.toFixed(2)} of the baseline's${below}`;
      const holds = outcome === 'alike' ? null : outcome === 'flatter';
      return { name, ruled: { seed, seen, rule: outcome, holds } };
    });
}

/** G2-LSTM against the baseline, measure by measure. */
export function flatnessEvidence(stored: readonly Stored[]): Evidence[] {
  return experimentsOf(stored).flatMap((experiment) => {
    const own = stored.filter((m) => m.experiment === experiment);
    const seeds = [...new Set(own.map(({ run }) => run.seed))].sort((a, b) => a - b);
    const all = seeds.flatMap((seed) => ruledBy(own, seed));
    return [...new Set(all.map(({ name }) => name))].map((name) =>
      ruleEvidence({
        what: `sharpness: ${name}: ${experiment}`,
        paper: 'flatter (argument only)',
        seeds: all.filter((one) => one.name === name).map(({ ruled }) => ruled),
      }),
    );
  });
}
