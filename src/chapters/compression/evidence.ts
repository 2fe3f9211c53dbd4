/** Tables 3 to 5 as evidence: what compressed gate parameters cost G2-LSTM and the baseline. */

import { type Evidence, missing, seedEvidence } from '../../results/evidence.js';
import { experimentsOf, type StoredMeasurement } from '../../results/measurement.js';
import { SENSITIVITY_COLUMN_NAME } from './columns.js';
import { compressionLosses, measuredSensitivities } from './comparison.js';
import type { SensitivityResult } from './measure.js';

type Stored = StoredMeasurement<SensitivityResult>;

const TABLES = {
  lm: { name: 'Table 3', unit: '% of perplexity' },
  nmt: { name: 'Table 4', unit: 'points of BLEU' },
} as const;

const scores = (losses: readonly { seed: number; loss: number }[]) =>
  losses.map(({ seed, loss }) => ({ seed, value: loss }));

/** Loss by column of each measured experiment: the claim is that G2-LSTM loses less. */
export function compressionEvidence(stored: readonly Stored[]): Evidence[] {
  const measured = experimentsOf(stored).flatMap((experiment) => {
    const runs = stored.filter((m) => m.experiment === experiment);
    const { task } = runs[0]!.result;
    const { name, unit } = TABLES[task];
    return compressionLosses(task, measuredSensitivities(runs)).map(({ column, paper, ours }) =>
      seedEvidence({
        what: `${name}, ${SENSITIVITY_COLUMN_NAME[column]}, loss in ${unit}: ${experiment}`,
        paper: `G2-LSTM ${paper.g2.toFixed(1)}, baseline ${paper.baseline.toFixed(1)}`,
        name: 'G2-LSTM',
        scores: scores(ours.g2),
        baseline: scores(ours.baseline),
        claim: 'lower',
      }),
    );
  });
  return [...measured, missing("Table 5, WMT'14 English to German", 'see the paper')];
}
