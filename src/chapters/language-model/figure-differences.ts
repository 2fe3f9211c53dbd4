/** What Tables 1 and 2 say of the algorithms, as differences to the baseline with their intervals. */
import { type Figure, figure, short, signed, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { studentQuantile } from '../../results/statistics.js';
import { paperDifference, runForm } from './figure-tables.js';
import type { Table1Comparison } from './table1.js';

/** One row: an algorithm less the baseline. */
export interface DrawnDifference {
  /** Scale and form. */
  row: string;
  algorithm: Algorithm;
  /** Mean over seeds that both have, and its standard error; null for a single one. */
  difference: { mean: number; standardError: number | null };
  pairs: number;
  /** The same difference in the paper; null where it has none. */
  paper: number | null;
}

const CONFIDENCE = 0.95;

/** Half of the interval of Student's t over pairs of seeds; null for one pair. */
const halfWidth = ({ difference: { standardError }, pairs }: DrawnDifference): number | null =>
  standardError === null || pairs < 2
    ? null
    : studentQuantile(CONFIDENCE, pairs - 1) * standardError;

/** As Plotly takes it: null draws no bar. */
const halfWidthOrGap = (one: DrawnDifference): number | null => {
  const half = halfWidth(one);
  return half === null ? null : short(half);
};

/** Rows from top to bottom; a mark and its 95 % interval for each algorithm, a cross where the paper is. */
export function differenceForest(
  drawn: readonly DrawnDifference[],
  { title, axis, better }: { title: string; axis: string; better: 'left' | 'right' },
): Figure {
  const rows = [...new Set(drawn.map(({ row }) => row))];
  const algorithms = [...new Set(drawn.map(({ algorithm }) => algorithm))];
  const place = (one: DrawnDifference) =>
    rows.indexOf(one.row) +
    0.26 * (algorithms.indexOf(one.algorithm) - (algorithms.length - 1) / 2);
  const data = algorithms.flatMap((algorithm): Trace[] => {
    const own = drawn.filter((one) => one.algorithm === algorithm);
    const { color, symbol, label } = ALGORITHM_STYLE[algorithm];
    const inPaper = own.filter(({ paper }) => paper !== null);
    const common = { type: 'scatter', mode: 'markers', legendgroup: algorithm };
    return [
      {
        ...common,
        name: label,
        x: own.map(({ difference }) => short(difference.mean)),
        y: own.map(place),
        error_x: {
          type: 'data',
          array: own.map((o) => halfWidthOrGap(o)),
          color,
          thickness: 1.6,
        },
        marker: {
          color,
          symbol: own.map((o) => (halfWidth(o) === null ? `${symbol}-open` : symbol)),
          size: 10,
        },
        text: own.map((o) => `${o.row}, ${o.pairs} ${o.pairs === 1 ? 'pair' : 'pairs'} of seeds`),
        hovertemplate: `%{text}: %{x}<extra>${label}</extra>`,
      },
      ...(inPaper.length === 0
        ? []
        : [
            {
              ...common,
              name: `${label}, paper`,
              x: inPaper.map(({ paper }) => short(paper!)),
              y: inPaper.map(place),
              marker: { color, symbol: 'x-thin', size: 9, line: { color, width: 2.5 } },
              hovertemplate: `paper: %{x}<extra>${label}</extra>`,
            },
          ]),
    ];
  });
  const said = drawn.map((one) => {
    const half = halfWidth(one);
    const interval =
      half === null
        ? 'one pair'
        : `${signed(one.difference.mean - half, 2)} to ${signed(one.difference.mean + half, 2)}`;
    return `${one.row}, ${ALGORITHM_STYLE[one.algorithm].label} ${signed(one.difference.mean, 2)} (${interval})`;
  });
  return figure({
    data,
    layout: {
      title: { text: title },
      showlegend: true,
      xaxis: { title: { text: axis }, zeroline: true, zerolinewidth: 2, zerolinecolor: '#444444' },
      yaxis: {
        tickvals: rows.map((_, n) => n),
        ticktext: rows,
        range: [rows.length - 0.5, -0.5],
        showgrid: false,
      },
    },
    alt: `${title}; ${better} of 0 is better than the baseline. ${said.join('; ')}.`,
    width: 860,
    height: 170 + 52 * rows.length,
  });
}

/** Seeds that both have. */
export const commonSeeds = (a: readonly number[], b: readonly number[]): number =>
  a.filter((seed) => b.includes(seed)).length;

/** Test perplexity less the baseline's, every scale and form that has both. */
export function table1Differences({ scales, cells }: Table1Comparison): Figure {
  const drawn = scales.flatMap(({ experiment, label }, s) =>
    cells[s]!.flatMap(({ run, seeds, difference }): DrawnDifference[] => {
      const baseline = cells[s]!.find(
        ({ run: r }) =>
          r.algorithm === 'baseline' && r.finetuned === run.finetuned && r.cache === run.cache,
      );
      if (!difference || run.algorithm === 'baseline' || !baseline) return [];
      return [
        {
          row: `${label.split(',')[0]}: ${runForm(run)}`,
          algorithm: run.algorithm,
          difference,
          pairs: commonSeeds(seeds, baseline.seeds),
          // what the paper says of AWD-LSTM says nothing about a model without dropout
          paper: experiment === 'ptb-unregularised' ? null : paperDifference(run),
        },
      ];
    }),
  );
  return differenceForest(drawn, {
    title: 'Table 1 as differences to the baseline, 95 % intervals over seeds',
    axis: 'test perplexity − baseline (left of 0: better)',
    better: 'left',
  });
}
