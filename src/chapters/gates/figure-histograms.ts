/** Gate values in ten bins: the paper's Figures 1 and 3, and the same of models trained here. */

import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { FIGURE_1, FIGURE_3, type GateHistogram, HISTOGRAM_BINS } from '../../paper/figures.js';

/** `#rrggbb` with an opacity. */
function withOpacity(color: string, opacity: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}

/** A row of the figure: one set of histograms by algorithm. */
export interface HistogramPanel {
  title: string;
  gates: Partial<Readonly<Record<Algorithm, GateHistogram>>>;
}

const BIN_NAMES = HISTOGRAM_BINS.map((from) => `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`);
const GATES = ['input', 'forget'] as const;

/**
 * Shares of gate values in ten bins: input gates on the left, forget gates on the right, one row of
 * panels for each entry, one set of bars for each algorithm.
 */
export function gateHistograms(panels: readonly HistogramPanel[], title: string): Figure {
  const gap = 0.32 / Math.max(2, panels.length);
  const height = (1 - gap * (panels.length - 1)) / panels.length;
  const layout: Layout = {
    title: { text: title },
    annotations: [],
    barmode: 'group',
    bargap: 0.15,
    margin: { t: 110, b: 84 },
    // Above the captions of the first row of panels, in pixels of the plot.
    legend: { y: 1 + 32 / (6 + 210 * panels.length) },
  };
  const data: Trace[] = [];
  const seen = new Set<Algorithm>();
  const most = Math.max(
    ...panels.flatMap(({ gates }) =>
      Object.values(gates).flatMap((h) => [...h!.input, ...h!.forget]),
    ),
  );
  panels.forEach((panel, n) => {
    const bottom = Math.max(0, 1 - n * (height + gap) - height);
    GATES.forEach((gate, column) => {
      const number = 2 * n + column;
      const id = number === 0 ? '' : `${number + 1}`;
      const left = column === 0 ? 0 : 0.53;
      layout[`xaxis${id}`] = {
        anchor: `y${id}`,
        domain: [left, left + 0.47],
        type: 'category',
        tickangle: -60,
        showgrid: false,
        showticklabels: n === panels.length - 1,
        ...(n === panels.length - 1 ? { title: { text: `${gate} gate, value` } } : {}),
      };
      layout[`yaxis${id}`] = {
        anchor: `x${id}`,
        domain: [bottom, bottom + height],
        range: [0, Math.ceil(most * 11) / 10],
        showticklabels: column === 0,
        ...(column === 0 ? { title: { text: 'share of values' } } : {}),
      };
      (layout.annotations as Layout[]).push(
        panelTitle(`${panel.title}: ${gate} gate`, left, bottom + height + 0.01),
      );
      for (const [rank, algorithm] of (Object.keys(ALGORITHM_STYLE) as Algorithm[]).entries()) {
        const histogram = panel.gates[algorithm];
        if (!histogram) continue;
        const { color, label, fill } = ALGORITHM_STYLE[algorithm];
        data.push({
          type: 'bar',
          name: label,
          legendgroup: algorithm,
          showlegend: !seen.has(algorithm),
          // Not the order of first appearance: the first row may lack one.
          legendrank: rank,
          x: BIN_NAMES,
          y: histogram[gate].map(short),
          marker: {
            color: withOpacity(color, fill),
            line: { color, width: 1.5 },
          },
          xaxis: `x${id}`,
          yaxis: `y${id}`,
        });
        seen.add(algorithm);
      }
    });
  });
  return figure({
    data,
    layout,
    alt: altOf(panels),
    width: 860,
    height: 200 + 210 * panels.length,
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function altOf(panels: readonly HistogramPanel[]): string {
  const words = panels.flatMap(({ title, gates }) =>
    (Object.keys(ALGORITHM_STYLE) as Algorithm[]).flatMap((algorithm) => {
      const h = gates[algorithm];
      if (!h) return [];
      const ends = (shares: readonly number[]) =>
        `${percent(shares[0]!)} below 0.1 and ${percent(shares[9]!)} above 0.9`;
      return `${title}, ${ALGORITHM_STYLE[algorithm].label}: input gates ${ends(h.input)}, forget gates ${ends(h.forget)}`;
    }),
  );
  return `Histograms of gate values in ten bins. ${words.join('; ')}.`;
}

/** What the paper saw: its Figures 1 (plain LSTM) and 3 (G2-LSTM) side by side, read off its plots. */
export function paperHistograms(): Figure {
  return gateHistograms(
    [{ title: 'Paper', gates: { baseline: FIGURE_1, g2: FIGURE_3 } }],
    'What the paper saw (Figures 1 and 3, read off the plots)',
  );
}
