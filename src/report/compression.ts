/** Tables 3 to 5 as evidence: what compressed gate parameters cost G2-LSTM and the baseline. */
import { lossOf, tableValue } from '../analysis/compression-comparison.js';
import { TABLE_3, TABLE_4 } from '../paper/tables.js';
import { experimentsOf, type StoredMeasurement } from '../runs/measurement.js';
import type { SensitivityResult } from '../runs/sensitivity.js';
import {
  SENSITIVITY_COLUMN_NAME,
  SENSITIVITY_COLUMNS,
  type SensitivityColumn,
} from '../runs/sensitivity-plan.js';
import { type Evidence, missing, seedEvidence } from './evidence.js';

type Stored = StoredMeasurement<SensitivityResult>;

/** What one run loses in a column; null where it was not measured. */
function lossIn({ result }: Stored, column: SensitivityColumn): number | null {
  const value = (name: SensitivityColumn) => {
    const point = result.columns.find((p) => p.column === name && p.variant === 'paper');
    return point ? tableValue(point) : null;
  };
  const [original, own] = [value('original'), value(column)];
  return original === null || own === null ? null : lossOf(result.task, original, own);
}

const TABLES = {
  lm: { name: 'Table 3', table: TABLE_3, unit: '% of perplexity' },
  nmt: { name: 'Table 4', table: TABLE_4, unit: 'points of BLEU' },
} as const;

/** Loss by column of each measured experiment: the claim is that G2-LSTM loses less. */
export function compressionEvidence(stored: readonly Stored[]): Evidence[] {
  const measured = experimentsOf(stored).flatMap((experiment) => {
    const runs = stored.filter((m) => m.experiment === experiment);
    const { task } = runs[0]!.result;
    const { name, table, unit } = TABLES[task];
    return SENSITIVITY_COLUMNS.slice(1).map((column) => {
      const of = (algorithm: 'baseline' | 'g2') =>
        runs
          .filter(({ run }) => run.algorithm === algorithm)
          .flatMap((m) => lossIn(m, column) ?? []);
      const paper = (algorithm: 'baseline' | 'g2') => {
        const row = table.rows[algorithm];
        return lossOf(task, row.original, row[column]).toFixed(1);
      };
      return seedEvidence({
        what: `${name}, ${SENSITIVITY_COLUMN_NAME[column]}, loss in ${unit}: ${experiment}`,
        paper: `G2-LSTM ${paper('g2')}, baseline ${paper('baseline')}`,
        name: 'G2-LSTM',
        scores: of('g2'),
        baseline: of('baseline'),
        claim: 'lower',
      });
    });
  });
  return [...measured, missing("Table 5, WMT'14 English to German", 'see the paper')];
}
