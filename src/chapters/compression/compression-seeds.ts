/** What a compression costs the model of each seed, and what the seeds say against the baseline. */
import type { CompressionVariant } from '../../compression/gate-blocks.js';
import { type Algorithm, TABLE_3, TABLE_4 } from '../../paper/tables.js';
import { eachSeedOnce } from '../../results/distinct-runs.js';
import { compareSeeds, type SeedComparison } from '../../results/seed-comparison.js';
import { SENSITIVITY_COLUMNS, type SensitivityColumn, type SensitivityTask } from './columns.js';
import { lossOf, type MeasuredSensitivity, tableValue } from './comparison.js';
import type { SensitivityResult } from './measure.js';

const PUSHED = ['sharpened', 'g2'] as const;

/** A column of Table 3 or 4: losses in % of perplexity, or in points of BLEU. */
export interface SeedLosses {
  column: Exclude<SensitivityColumn, 'original'>;
  /** The paper's loss. */
  paper: Record<Algorithm, number>;
  /** Ours, by seed. */
  ours: Record<Algorithm, { seed: number; loss: number }[]>;
  /** Whether a pushed model loses less than the baseline, by the test over pairs of seeds. */
  against: Record<(typeof PUSHED)[number], SeedComparison>;
}

/** What a run loses in a column; null where it was not measured. */
function lossIn(
  { columns, task }: SensitivityResult,
  column: SensitivityColumn,
  variant: CompressionVariant,
): number | null {
  const value = (name: SensitivityColumn) => {
    const point = columns.find(
      (p) => p.column === name && (p.variant === variant || name === 'original'),
    );
    return point ? tableValue(point) : null;
  };
  const [original, own] = [value('original'), value(column)];
  return original === null || own === null ? null : lossOf(task, original, own);
}

/** Losses by column and seed of the runs of one task; runs of the other task are left out. */
export function compressionLosses(
  task: SensitivityTask,
  measured: readonly MeasuredSensitivity[],
  variant: CompressionVariant = 'paper',
): SeedLosses[] {
  const { rows } = task === 'lm' ? TABLE_3 : TABLE_4;
  const runs = measured.filter(({ result }) => result.task === task);
  return (SENSITIVITY_COLUMNS.slice(1) as SeedLosses['column'][]).map((column) => {
    const ofEach = <T>(of: (algorithm: Algorithm) => T) =>
      ({ baseline: of('baseline'), sharpened: of('sharpened'), g2: of('g2') }) as const;
    const ours = ofEach((algorithm) =>
      eachSeedOnce(runs.filter((run) => run.algorithm === algorithm)).flatMap(
        ({ seed, result }) => {
          const loss = lossIn(result, column, variant);
          return loss === null ? [] : [{ seed, loss }];
        },
      ),
    );
    const losses = (algorithm: Algorithm) =>
      ours[algorithm].map(({ seed, loss }) => ({ seed, value: loss }));
    const against = (algorithm: Algorithm) =>
      compareSeeds(losses(algorithm), losses('baseline'), { reference: false, better: 'lower' });
    return {
      column,
      paper: ofEach((algorithm) => lossOf(task, rows[algorithm].original, rows[algorithm][column])),
      ours,
      against: { sharpened: against('sharpened'), g2: against('g2') },
    };
  });
}
