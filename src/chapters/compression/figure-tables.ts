/** Tables 3 and 4 of the paper beside ours, and what the compressions save. */

import type { LowRankRatios } from '../../compression/report.js';
import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { signedText } from '../language-model/figure-tables.js';
import { SENSITIVITY_COLUMNS } from './columns.js';
import type { CompressionCell, CompressionComparison, MeasuredSensitivity } from './comparison.js';
import { unitOf } from './figure-curves.js';

export const COLUMN_TITLE = {
  original: 'original',
  round: 'round',
  roundClip: 'round & clip',
  svdHigh: 'SVD, higher rank',
  svdLow: 'SVD, lower rank',
} as const;

/** The five columns; of each algorithm the paper's row, then ours. In brackets: change from the original. */
export function compressionTable(comparison: CompressionComparison): TableSpec {
  const { task, table, lines, lossUnit, measure, variant } = comparison;
  const places = task === 'lm' ? 1 : 2;
  const change = (loss: number) =>
    lossUnit === '%' ? `${signedText(loss, 1)} %` : signedText(-loss, 2);
  const text = (value: number | null, loss: number | null, first: boolean) =>
    value === null || loss === null
      ? 'not run yet'
      : `${value.toFixed(places)}${first ? '' : ` (${change(loss)})`}`;
  const cells =
    (of: (cell: CompressionCell) => [number | null, number | null]) =>
    (line: (typeof lines)[number]) =>
      SENSITIVITY_COLUMNS.map((column) => {
        const [value, loss] = of(line.cells[column]);
        return text(value, loss, column === 'original');
      });
  const paper = cells((c) => [c.paper, c.paperLoss]);
  const ours = cells((c) => [c.ours, c.loss]);
  const specs = lines.find(({ cells: c }) => c.round.spec !== null)?.cells;
  const { high, low } = table.ranks;
  return {
    columns: ['', '', ...SENSITIVITY_COLUMNS.map((column) => COLUMN_TITLE[column])],
    rows: [
      [
        ...['setting', 'paper', '–', `r ${table.round}`, `r ${table.round}, c ${table.clip}`],
        ...[high, low].map((rank) => `rank ${rank}`),
      ],
      [...['setting', 'ours'], ...SENSITIVITY_COLUMNS.map((column) => specs?.[column].spec ?? '–')],
      ...lines.flatMap((line) => {
        const n = line.seeds.length;
        const name = ALGORITHM_STYLE[line.algorithm].label;
        return [
          [name, 'paper', ...paper(line)],
          [name, n > 1 ? `ours, ${n} seeds` : n === 1 ? 'ours, one seed' : 'ours', ...ours(line)],
        ];
      }),
      [
        ...['gate parameters', 'ours'],
        ...SENSITIVITY_COLUMNS.map((column) => {
          const ratio = specs?.[column].ratio;
          return ratio == null || column === 'original' ? '–' : `${ratio.toFixed(1)}x smaller`;
        }),
      ],
    ],
    caption: `${task === 'lm' ? 'Table 3: perplexity on Penn Treebank' : 'Table 4: BLEU'} with compressed input and forget gates; ours: ${measure}, blocks as the ${variant === 'paper' ? 'paper says' : 'published code takes them'}`,
  };
}

/** Who loses least, column by column. */
export function rankingTable({ rankings, lossUnit }: CompressionComparison): TableSpec {
  const order = (of: readonly (keyof typeof ALGORITHM_STYLE)[] | null) =>
    of === null ? 'not run yet' : of.map((a) => ALGORITHM_STYLE[a].label).join(' < ');
  return {
    columns: ['', 'paper', 'ours'],
    rows: rankings.map(({ column, paper, ours }) => [
      COLUMN_TITLE[column],
      order(paper),
      order(ours),
    ]),
    caption: `Who loses least (${lossUnit === '%' ? 'relative rise of the perplexity' : 'BLEU lost'}), the least first`,
  };
}

/** Where a ratio of the paper comes from: matrix by matrix. */
export function lowRankTable(ratios: LowRankRatios): TableSpec {
  const { matrices, rank, stacked, ratio } = ratios;
  return {
    columns: ['matrix', 'size', 'numbers', 'in factors', 'ratio'],
    rows: [
      ...matrices.map((m) => [
        m.name,
        `${m.rows} × ${m.columns}, ${m.count} gates`,
        m.before.toLocaleString('en-US'),
        m.after.toLocaleString('en-US'),
        `${m.ratio.toFixed(1)}x`,
      ]),
      ['together', '', '', '', `${ratio.toFixed(1)}x`],
    ],
    caption: `Rank ${rank}, ${stacked ? 'what a gate reads as one matrix' : 'every block by itself'}`,
  };
}

const BITS: readonly (readonly [string | null, boolean, string])[] = [
  [null, false, 'as trained'],
  ['int8', false, '8 bits, one scale a block'],
  ['int8-unit', false, '8 bits, one scale a unit'],
  ['sign', false, '1 bit'],
  [null, true, 'as trained, hard gates'],
  ['int8', true, '8 bits, hard gates'],
  ['sign', true, '1 bit, hard gates'],
];

/** 8 bits, 1 bit, and gates that are step functions: perplexity of each run, and its rise. */
export function fewBitsTable(measured: readonly MeasuredSensitivity[]): TableSpec {
  return {
    columns: [
      '',
      'times smaller',
      ...measured.map(({ algorithm }) => ALGORITHM_STYLE[algorithm].label),
    ],
    rows: BITS.map(([spec, hard, name]) => {
      const found = measured.map(({ result }) => {
        const of = (s: string | null, h: boolean) =>
          result.sweep.find((p) => p.spec === s && p.hard === h && p.variant === 'paper');
        return { point: of(spec, hard), original: of(null, false) };
      });
      const ratio = found.find(({ point }) => point)?.point?.gateParameters.ratio;
      return [
        name,
        spec === null || ratio === undefined ? '–' : `${ratio.toFixed(1)}x`,
        ...found.map(({ point, original }) =>
          point && original
            ? point.perplexity.toFixed(2) +
              (point === original
                ? ''
                : ` (+${(100 * (point.perplexity / original.perplexity - 1)).toFixed(1)} %)`
              ).replace('+-', '−')
            : 'not run yet',
        ),
      ];
    }),
    caption: `Perplexity (a ${unitOf(measured)}) of the text of the sweep`,
  };
}
