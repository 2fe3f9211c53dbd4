/** Gates of measured models beside the paper's: histograms in both modes, and their numbers. */

import type { GateStatistics, LayerGateStatistics } from '../../cell/gate-statistics.js';
import type { Figure } from '../../figures/figure.js';
import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { FIGURE_1, FIGURE_3, type GateHistogram, HISTOGRAM_BINS } from '../../paper/figures.js';
import { gateHistograms, type HistogramPanel } from './figure-histograms.js';
import { type GatesMode, type GatesResult, histogramOf } from './measure-gates.js';

/** One model's histograms: a stored measurement of kind `gates`, or one made in a cell. */
export interface DrawnGates {
  algorithm: Algorithm;
  histograms: GatesResult['histograms'];
}

const ALGORITHMS = Object.keys(ALGORITHM_STYLE) as Algorithm[];
const MODES: readonly GatesMode[] = ['training', 'evaluation'];

/** The algorithms that nothing was measured of yet, in words; empty where all are there. */
export function notRunYet(drawn: readonly { algorithm: Algorithm }[]): string {
  const missing = ALGORITHMS.filter((a) => !drawn.some(({ algorithm }) => algorithm === a));
  if (missing.length === 0) return '';
  return `${missing.map((a) => ALGORITHM_STYLE[a].label).join(', ')}: not run yet`;
}

function layerOf(
  gates: readonly DrawnGates[],
  algorithm: Algorithm,
  mode: GatesMode,
  layer: string,
): LayerGateStatistics | undefined {
  const one = gates.find((g) => g.algorithm === algorithm);
  return one?.histograms[mode]?.find((l) => l.layer === layer);
}

/**
 * The paper's Figures 1 and 3 in the first row, below it the same layer of our models in training
 * mode and in evaluation mode. Of several runs of an algorithm the first is drawn.
 */
export function measuredHistograms(
  gates: readonly DrawnGates[],
  layer: string,
  title: string,
): Figure {
  const panels: HistogramPanel[] = [
    { title: 'Paper, mode not said', gates: { baseline: FIGURE_1, g2: FIGURE_3 } },
    ...MODES.map((mode) => {
      const found: Partial<Record<Algorithm, GateHistogram>> = {};
      for (const algorithm of ALGORITHMS) {
        const own = layerOf(gates, algorithm, mode, layer);
        if (own) found[algorithm] = histogramOf(own);
      }
      return { title: `Ours, ${mode} mode`, gates: found };
    }),
  ];
  const missing = notRunYet(gates);
  return gateHistograms(panels, missing ? `${title} (${missing})` : title);
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** Mean of a histogram read off a plot: every value in the middle of its bin. */
const meanOfBins = (shares: readonly number[]): number =>
  shares.reduce((sum, share, bin) => sum + share * (HISTOGRAM_BINS[bin]! + 0.05), 0) /
  shares.reduce((sum, share) => sum + share, 0);

const cells = ({ mean, deviation, below, above }: GateStatistics): string[] => [
  mean.toFixed(2),
  deviation.toFixed(2),
  percent(below),
  percent(above),
];

const paperCells = (shares: readonly number[]): string[] => [
  `~${meanOfBins(shares).toFixed(2)}`,
  '',
  `~${percent(shares[0]!)}`,
  `~${percent(shares[9]!)}`,
];

/** Mean, spread and ends of one layer's gates: the paper's figures, then ours in both modes. */
export function gateTable(gates: readonly DrawnGates[], layer: string, caption: string): TableSpec {
  const paper = [
    [
      'paper, Figure 1',
      'baseline',
      'not said',
      ...[FIGURE_1.input, FIGURE_1.forget].flatMap(paperCells),
    ],
    [
      'paper, Figure 3',
      'G2-LSTM',
      'not said',
      ...[FIGURE_3.input, FIGURE_3.forget].flatMap(paperCells),
    ],
  ];
  const ours = ALGORITHMS.flatMap((algorithm) =>
    MODES.flatMap((mode) => {
      const own = layerOf(gates, algorithm, mode, layer);
      if (!own) return [];
      const { label } = ALGORITHM_STYLE[algorithm];
      return [['ours', label, mode, ...cells(own.input), ...cells(own.forget)]];
    }),
  );
  const missing = notRunYet(gates);
  const columns = ['mean', 'sd', '< 0.1, %', '≥ 0.9, %'];
  return {
    columns: [
      '',
      'model',
      'mode',
      ...columns.map((c) => `i: ${c}`),
      ...columns.map((c) => `f: ${c}`),
    ],
    rows: [...paper, ...ours],
    caption: missing ? `${caption}; ${missing}` : caption,
  };
}
