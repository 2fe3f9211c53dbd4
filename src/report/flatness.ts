/** Flatness of trained models as evidence on Section 3.2. */
import { flatnessVerdicts, measuredFlatness } from '../analysis/flatness-comparison.js';
import type { RunFlatness } from '../analysis/flatness-of-run.js';
import type { StoredMeasurement } from '../runs/measurement.js';
import { type Evidence, ruleEvidence } from './evidence.js';

/** G2-LSTM against the baseline in every measure that rescaling cannot change, control included. */
export function flatnessEvidence(stored: readonly StoredMeasurement<RunFlatness>[]): Evidence[] {
  const experiments = [...new Set(stored.map(({ experiment }) => experiment))];
  return experiments.flatMap((experiment) => {
    const own = stored.filter((m) => m.experiment === experiment);
    const seeds = Math.min(
      ...(['baseline', 'g2'] as const).map(
        (name) => own.filter(({ run }) => run.algorithm === name).length,
      ),
    );
    return flatnessVerdicts(measuredFlatness(own), 'g2', 'baseline')
      .filter(({ scaleFree, name }) => scaleFree && !name.startsWith('control'))
      .map(({ name, ratio, outcome, draws }) =>
        ruleEvidence({
          what: `sharpness: ${name}: ${experiment}`,
          paper: 'flatter (argument only)',
          ours: `${ratio.toFixed(2)} of the baseline's${draws ? `, below it in ${draws.below} of ${draws.of} draws` : ''}`,
          rule: outcome,
          holds: outcome === 'alike' ? null : outcome === 'flatter',
          seeds,
        }),
      );
  });
}
