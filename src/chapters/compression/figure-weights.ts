/** The weights themselves: what rounding does to them, and what a low rank keeps. */

import { energyKept, type GateWeights, weightHistogram } from '../../compression/gate-weights.js';
import {
  type Figure,
  figure,
  type Layout,
  short,
  significant,
  type Trace,
} from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { ALGORITHM_STYLE, type Algorithm, COLORS } from '../../figures/theme.js';
import type { MeasuredSensitivity } from './comparison.js';

/** Values before a compression, and after several. */
export interface RoundingPicture {
  before: Float32Array;
  after: readonly { title: string; values: Float32Array }[];
  /** Weights beyond are left out of the picture. Default 1. */
  limit?: number;
}

/** Different values with their shares. */
function sticks(values: Float32Array): Map<number, number> {
  const shares = new Map<number, number>();
  for (const x of values) {
    const key = Number(x.toPrecision(6)) + 0;
    shares.set(key, (shares.get(key) ?? 0) + 1 / values.length);
  }
  return shares;
}

/** The distribution of weights before, and the few values that are left of it after, a panel each. */
export function roundingPicture({ before, after, limit = 1 }: RoundingPicture): Figure {
  const width = limit / 40;
  const inside = before.filter((x) => Math.abs(x) < limit);
  const { shares } = weightHistogram(inside, { limit, width });
  const bins = shares.map((_, i) => short(-limit + (i + 0.5) * width));
  const layout: Layout = {
    title: { text: 'Gate weights before and after' },
    annotations: [],
    barmode: 'overlay',
  };
  const gap = 0.05;
  const panel = (1 - gap * (after.length - 1)) / after.length;
  const data = after.flatMap(({ title, values }, n): Trace[] => {
    const id = n === 0 ? '' : `${n + 1}`;
    const left = n * (panel + gap);
    layout[`xaxis${id}`] = {
      anchor: `y${id}`,
      domain: [left, left + panel],
      range: [-limit, limit],
      title: { text: 'weight' },
    };
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      range: [0, 1],
      showticklabels: n === 0,
      ...(n === 0 ? { title: { text: 'share of the weights' } } : {}),
    };
    (layout.annotations as Layout[]).push(panelTitle(title, left, 1.01));
    const kept = [...sticks(values)].sort(([a], [b]) => a - b);
    const most = Math.max(...shares);
    return [
      {
        type: 'bar',
        name: `before (bins of ${short(width)}, highest drawn as 0.5)`,
        showlegend: n === 0,
        x: bins,
        y: shares.map((share) => short((share / most) * 0.5)),
        width: bins.map(() => width),
        marker: { color: '#BBBBBB' },
        xaxis: `x${id}`,
        yaxis: `y${id}`,
      },
      {
        type: 'bar',
        name: 'after',
        showlegend: n === 0,
        x: kept.map(([x]) => short(x)),
        y: kept.map(([, share]) => short(share)),
        width: kept.map(() => limit / 30),
        marker: { color: COLORS.blue },
        xaxis: `x${id}`,
        yaxis: `y${id}`,
      },
    ];
  });
  const words = after.map(({ title, values }) => {
    const kept = sticks(values);
    return `${title}: ${kept.size} values, ${(100 * (kept.get(0) ?? 0)).toFixed(0)} % of them 0`;
  });
  return figure({
    data,
    layout: { ...layout, legend: { y: 1.09 }, margin: { t: 98 } },
    alt: `Histograms of gate weights before and after. ${words.join('; ')}.`,
    width: 860,
    height: 360,
  });
}

/** Gate weights of a model. */
export interface AlgorithmWeights {
  algorithm: Algorithm;
  weights: GateWeights;
}

export const weightsOf = (measured: readonly MeasuredSensitivity[]): AlgorithmWeights[] =>
  measured.map(({ algorithm, result }) => ({ algorithm, weights: result.weights }));

/** Distribution of the gate weights of several models; dotted: multiples of r. */
export function weightDistributions(models: readonly AlgorithmWeights[], step: number): Figure {
  const reach = Math.min(2, Math.max(...models.map(({ weights }) => 4 * weights.rootMeanSquare)));
  const lines = Math.floor(reach / step);
  return figure({
    data: models.map(({ algorithm, weights }): Trace => {
      const { color, dash, label } = ALGORITHM_STYLE[algorithm];
      const { limit, width, shares } = weights.histogram;
      return {
        type: 'scatter',
        mode: 'lines',
        name: `${label} (RMS ${weights.rootMeanSquare.toFixed(2)})`,
        x: shares.map((_, i) => short(-limit + (i + 0.5) * width)),
        y: significant(shares.map((share) => share || Number.NaN)),
        line: { color, dash, width: 2.5 },
      };
    }),
    layout: {
      title: { text: `Input and forget gate weights (dotted: multiples of r = ${step})` },
      xaxis: { title: { text: 'weight' }, range: [-reach, reach] },
      yaxis: {
        title: { text: 'share of the weights' },
        type: 'log',
        range: [-4.6, -0.6],
        tickvals: [0.0001, 0.001, 0.01, 0.1],
        ticktext: ['0.0001', '0.001', '0.01', '0.1'],
      },
      shapes: Array.from({ length: 2 * lines + 1 }, (_, i): Layout => {
        const x = (i - lines) * step;
        return {
          ...{ type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1 },
          line: { color: '#444444', dash: 'dot', width: 1 },
        };
      }),
    },
    alt: `Distribution of gate weights. Root mean square and largest: ${models
      .map(
        ({ algorithm, weights }) =>
          `${ALGORITHM_STYLE[algorithm].label} ${weights.rootMeanSquare.toFixed(3)}, ${weights.largest.toFixed(2)}`,
      )
      .join('; ')}.`,
    width: 800,
    height: 380,
  });
}

/**
 * Left: singular values of one block, the largest as 1. Right: share of the squares that rank k keeps,
 * the mean over all blocks; dotted: ranks.
 */
export function gateSpectrum(
  models: readonly AlgorithmWeights[],
  ranks: readonly number[],
  block: { parameter: string; gate: string },
): Figure {
  const layout: Layout = {
    title: { text: 'What a low rank keeps' },
    annotations: [
      panelTitle(`singular values, ${block.gate} of ${block.parameter}`, 0, 1.01),
      panelTitle('squares kept by rank k, mean over blocks', 0.54, 1.01),
    ],
    xaxis: { domain: [0, 0.46], anchor: 'y', title: { text: 'number of the singular value' } },
    yaxis: {
      anchor: 'x',
      type: 'log',
      range: [-3.1, 0.1],
      tickvals: [0.001, 0.01, 0.1, 1],
      ticktext: ['0.001', '0.01', '0.1', '1'],
      title: { text: 'share of the largest' },
    },
    xaxis2: { domain: [0.54, 1], anchor: 'y2', title: { text: 'rank k' } },
    yaxis2: { anchor: 'x2', range: [0, 1.02], title: { text: 'share of the squares' } },
    shapes: ranks.map((k) => ({
      ...{ type: 'line', xref: 'x2', yref: 'paper', x0: k, x1: k, y0: 0, y1: 1 },
      line: { color: '#444444', dash: 'dot', width: 1.5 },
    })),
    legend: { y: 1.09 },
    margin: { t: 98 },
  };
  const words: string[] = [];
  const data = models.flatMap(({ algorithm, weights }): Trace[] => {
    const { color, dash, label } = ALGORITHM_STYLE[algorithm];
    const line = { color, dash, width: 2.5 };
    const one = weights.spectra.find(
      (s) => s.parameter === block.parameter && s.gate === block.gate,
    );
    const kept = weights.spectra.map(({ values }) => energyKept(values));
    const longest = Math.max(...kept.map((k) => k.length));
    const mean = Array.from(
      { length: longest },
      (_, k) => kept.reduce((sum, own) => sum + (own[k] ?? 1), 0) / kept.length,
    );
    words.push(
      `${label} ${ranks.map((k) => `${(100 * (mean[k] ?? 1)).toFixed(0)} % at rank ${k}`).join(', ')}`,
    );
    const values = one?.values ?? [];
    const shared = { type: 'scatter', mode: 'lines', legendgroup: algorithm, line };
    return [
      {
        ...shared,
        name: label,
        x: values.map((_, i) => i + 1),
        y: significant(values.map((s) => s / values[0]!)),
      },
      {
        ...shared,
        name: label,
        showlegend: false,
        x: mean.map((_, k) => k),
        y: significant(mean),
        xaxis: 'x2',
        yaxis: 'y2',
      },
    ];
  });
  return figure({
    data,
    layout,
    alt: `Singular values of gate blocks. Share of the squares kept: ${words.join('; ')}.`,
    width: 860,
    height: 400,
  });
}
