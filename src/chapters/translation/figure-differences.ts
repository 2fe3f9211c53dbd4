/** What Table 2 says of the algorithms, as differences to the baseline with their intervals. */
import type { Figure } from '../../figures/figure.js';
import {
  commonSeeds,
  type DrawnDifference,
  differenceForest,
} from '../language-model/figure-differences.js';
import { paperBleuDifference } from './figure-tables.js';
import type { Table2Comparison } from './table2.js';

/** BLEU of the test text less the baseline's, every scale that has both. */
export function table2Differences({ scales, cells }: Table2Comparison): Figure {
  const drawn = scales.flatMap(({ experiment, label, task }, s) => {
    const baseline = cells[s]!.find(({ algorithm }) => algorithm === 'baseline');
    return cells[s]!.flatMap(({ algorithm, seeds, difference }): DrawnDifference[] =>
      !difference || algorithm === 'baseline' || !baseline
        ? []
        : [
            {
              row: label,
              algorithm,
              difference,
              pairs: commonSeeds(seeds, baseline.seeds),
              // Multi30k is another, easier test
              paper: /^multi30k/.test(experiment) ? null : paperBleuDifference(task, algorithm),
            },
          ],
    );
  });
  return differenceForest(drawn, {
    title: 'Table 2 as differences to the baseline, 95 % intervals over seeds',
    axis: 'BLEU on test − baseline (right of 0: better)',
    better: 'right',
  });
}
