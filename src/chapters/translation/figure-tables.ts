/** Tables on translation: runs of this notebook, and Table 2 of the paper beside ours. */

import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { type Algorithm, TABLE_2 } from '../../paper/tables.js';
import type { RunSummary } from '../../runs/summary.js';
import { algorithmOf } from '../language-model/figure-curves.js';
import { digits, overSeedsText, signedText } from '../language-model/figure-tables.js';
import type { Table2Cell, Table2Comparison, Table2Task } from './table2.js';

/** Scores of each run. */
export function nmtRunsTable(
  runs: readonly Pick<RunSummary, 'config' | 'result' | 'seed'>[],
): TableSpec {
  const beam = String(runs[0]?.config['beam'] ?? '');
  return {
    columns: ['', 'seed', 'perplexity, valid', 'perplexity, test', 'BLEU, valid', 'BLEU, test'],
    rows: runs.map((run) => {
      const { validPerplexity, testPerplexity, validBleu, testBleu } = run.result;
      const label = ALGORITHM_STYLE[algorithmOf(run)].label;
      const perplexities = [validPerplexity, testPerplexity].map((x) => digits(x, 2));
      return [label, run.seed, ...perplexities, ...[validBleu, testBleu].map((x) => digits(x, 1))];
    }),
    caption: `Perplexity of a target unit; BLEU (13a) with beam ${beam}`,
  };
}

const TASK: Record<Table2Task, string> = {
  'wmt14-en-de': "WMT'14 En→De",
  'iwslt14-de-en': "IWSLT'14 De→En",
};

function overviewText(cell: Table2Cell | null): string {
  if (cell === null) return '';
  if (cell.test === null) return 'not run yet';
  const n = cell.seeds.length;
  return `${overSeedsText(cell.test)} (${n} seed${n === 1 ? '' : 's'})`;
}

/** All rows of the paper's Table 2, ours beside them, one column a scale. */
export function table2Overview({ scales, lines }: Table2Comparison): TableSpec {
  return {
    columns: ['task', 'model', 'paper', ...scales.map(({ label }) => label)],
    rows: lines.map(({ task, paper, ours }) => [
      TASK[task],
      paper.model,
      paper.bleu.toFixed(2),
      ...ours.map(overviewText),
    ]),
    caption:
      'Table 2: BLEU on test. Paper: multi-bleu; ours: 13a, mean over seeds ± standard deviation. Multi30k is another, easier test',
  };
}

/** What the paper says of the same difference. */
export function paperBleuDifference(task: Table2Task, algorithm: Algorithm): number | null {
  const of = (which: Algorithm) => TABLE_2[task].find((row) => row.algorithm === which)!.bleu;
  return algorithm === 'baseline' ? null : of(algorithm) - of('baseline');
}

/**
 * One scale in full: seeds, means and deviations, difference to our own baseline, verdicts.
 *
 * @throws RangeError if the comparison has no such scale
 */
export function table2Detail({ scales, cells }: Table2Comparison, experiment: string): TableSpec {
  const at = scales.findIndex((scale) => scale.experiment === experiment);
  const scale = scales[at];
  if (!scale) throw new RangeError(`no scale is named ${experiment}`);
  return {
    columns: [
      ...['', 'seeds', 'valid', 'test', 'test, multi-bleu', 'test − baseline', 'paper', 'verdict'],
      'paired p by seed',
      'sentences',
    ],
    rows: cells[at]!.map((cell) => {
      const { difference, paired } = cell;
      const error = difference?.standardError;
      const shown = difference
        ? signedText(difference.mean, 2) + (error == null ? '' : ` ± ${error.toFixed(2)}`)
        : '–';
      const claimed = paperBleuDifference(scale.task, cell.algorithm);
      return [
        ALGORITHM_STYLE[cell.algorithm].label,
        cell.seeds.join(', ') || '–',
        ...[cell.valid, cell.test, cell.multiBleu].map(overSeedsText),
        shown,
        claimed === null ? '–' : signedText(claimed, 2),
        cell.verdict,
        paired.map(({ seed, p }) => `${seed}: ${p.toPrecision(2)}`).join(', ') || '–',
        cell.pairedVerdict || '–',
      ];
    }),
    caption: `${scale.label} (${experiment}): test − baseline with its standard error over seeds; paper: the same difference in the paper's row${scale.sameTest ? '' : ', on another test'}`,
  };
}
