/** Tables on language models: runs of this notebook, and Table 1 of the paper beside ours. */

import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { type PerplexityRow, TABLE_1 } from '../../paper/tables.js';
import type { OverSeeds } from '../../results/seed-comparison.js';
import type { RunSummary } from '../../runs/summary.js';
import { algorithmOf } from './figure-curves.js';
import type { Table1Cell, Table1Comparison } from './table1.js';

export const digits = (value: number | null | undefined, n: number): string =>
  value === null || value === undefined ? '–' : value.toFixed(n);

/** Valid and test perplexity of each run, without and with finetuning. */
export function lmRunsTable(
  runs: readonly Pick<RunSummary, 'config' | 'result' | 'seed'>[],
): TableSpec {
  return {
    columns: ['', 'seed', 'valid', 'test', 'valid, finetuned', 'test, finetuned'],
    rows: runs.map((run) => {
      const { validPerplexity, testPerplexity, mainValidPerplexity, mainTestPerplexity } =
        run.result;
      const all = [mainValidPerplexity, mainTestPerplexity, validPerplexity, testPerplexity];
      return [ALGORITHM_STYLE[algorithmOf(run)].label, run.seed, ...all.map((x) => digits(x, 2))];
    }),
    caption: 'Perplexity, every word in one unbroken context',
  };
}

/** `31.2 ± 0.3`. */
export const overSeedsText = (value: OverSeeds | null): string => {
  if (value === null) return '–';
  const spread = value.deviation === null ? '' : ` ± ${value.deviation.toFixed(1)}`;
  return value.mean.toFixed(1) + spread;
};

/** A cell of ours in the overview: valid / test, and how many seeds. */
function overviewText(cell: Table1Cell | null): string {
  if (cell === null) return '';
  if (cell.test === null) return 'not run yet';
  const n = cell.seeds.length;
  return `${overSeedsText(cell.valid)} / ${overSeedsText(cell.test)} (${n} seed${n === 1 ? '' : 's'})`;
}

/** All rows of the paper's Table 1, ours beside them, one column a scale. */
export function table1Overview({ scales, lines }: Table1Comparison): TableSpec {
  return {
    columns: ['model', 'million', 'paper', ...scales.map(({ label }) => label)],
    rows: lines.map(({ paper, ours }) => [
      paper.model,
      paper.parameters,
      `${digits(paper.valid, 1)} / ${digits(paper.test, 1)}`,
      ...ours.map(overviewText),
    ]),
    caption:
      'Table 1: perplexity on Penn Treebank, valid / test; ours: mean over seeds ± standard deviation',
  };
}

/** The form of a row in words. */
export const runForm = ({ finetuned, cache }: Table1Cell['run']): string =>
  cache ? 'finetuned, cache' : finetuned ? 'finetuned' : 'not finetuned';

/** The paper's row of this form. */
const paperRow = (run: Table1Cell['run']): PerplexityRow | undefined =>
  TABLE_1.find(
    ({ run: r }) =>
      r?.algorithm === run.algorithm && r.finetuned === run.finetuned && r.cache === run.cache,
  );

/** What the paper says of the same difference; its baseline is quoted. */
export function paperDifference(run: Table1Cell['run']): number | null {
  const [own, baseline] = [paperRow(run), paperRow({ ...run, algorithm: 'baseline' })];
  if (run.algorithm === 'baseline' || own?.test == null || baseline?.test == null) return null;
  return own.test - baseline.test;
}

/** `+0.40`, `−0.12`; zero without a sign. */
export const signedText = (value: number, n: number): string => {
  const text = Math.abs(value).toFixed(n);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
};

/**
 * One scale in full: seeds, means and deviations, difference to our own baseline, verdict.
 *
 * @throws RangeError if the comparison has no such scale
 */
export function table1Detail({ scales, cells }: Table1Comparison, experiment: string): TableSpec {
  const at = scales.findIndex((scale) => scale.experiment === experiment);
  if (at < 0) throw new RangeError(`no scale is named ${experiment}`);
  // What the paper says of AWD-LSTM says nothing about a model without dropout.
  const comparable = experiment !== 'ptb-unregularised';
  return {
    columns: ['', 'form', 'seeds', 'valid', 'test', 'test − baseline', 'paper', 'verdict'],
    rows: cells[at]!.map((cell) => {
      const { run, seeds, valid, test, difference, verdict } = cell;
      const error = difference?.standardError;
      const shown = difference
        ? signedText(difference.mean, 2) + (error == null ? '' : ` ± ${error.toFixed(2)}`)
        : '–';
      const claimed = comparable ? paperDifference(run) : null;
      return [
        ALGORITHM_STYLE[run.algorithm].label,
        runForm(run),
        seeds.join(', ') || '–',
        overSeedsText(valid),
        overSeedsText(test),
        shown,
        claimed === null ? '–' : signedText(claimed, 1),
        verdict,
      ];
    }),
    caption: `${scales[at]!.label} (${experiment}): test − baseline with its standard error over seeds; paper: the same difference as the paper prints it`,
  };
}
