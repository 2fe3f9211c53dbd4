/** Locked dropout against ordinary dropout. */
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { COLORS } from '../../figures/theme.js';
import type { DropoutMasks } from './dropout-masks.js';

/** Dropped and kept: dark and light, so that they also differ in grey. */
const KEPT = [
  [0, '#333333'],
  [1, '#a9cbe8'],
];

/** Two panels, one row a unit and one column a time step: dark cells are dropped. */
export function lmDropout({ p, ordinary, locked }: DropoutMasks): Figure {
  const steps = ordinary[0]!.length;
  const share = (mask: number[][]) =>
    mask.flat().filter((m) => m === 0).length / (steps * mask.length);
  const panels = [
    { title: 'ordinary dropout: a new mask at each step', mask: ordinary },
    { title: 'locked dropout: one mask for the window', mask: locked },
  ];
  const data = panels.map(
    ({ mask, title }, n): Trace => ({
      type: 'heatmap',
      name: title,
      z: mask.map((row) => row.map((m) => (m === 0 ? 0 : 1))),
      x: Array.from({ length: steps }, (_, t) => t + 1),
      y: mask.map((_, u) => u + 1),
      xaxis: n === 0 ? 'x' : 'x2',
      yaxis: n === 0 ? 'y' : 'y2',
      colorscale: KEPT,
      zmin: 0,
      zmax: 1,
      showscale: false,
      xgap: 1,
      ygap: 1,
    }),
  );
  const axis = (anchor: string, left: number) => ({
    anchor,
    domain: [left, left + 0.46],
    showgrid: false,
    title: { text: 'time step of the window' },
  });
  return figure({
    data,
    layout: {
      title: { text: `Dropout with p = ${p}: dark units are dropped` },
      xaxis: axis('y', 0),
      xaxis2: axis('y2', 0.54),
      yaxis: { title: { text: 'unit' }, showgrid: false, dtick: 5 },
      yaxis2: { anchor: 'x2', title: { text: '' }, showgrid: false, dtick: 5 },
      annotations: panels.map(({ title }, n) => panelTitle(title, n * 0.54, 1.01)),
      margin: { t: 76 },
    },
    alt: `Masks of ${ordinary.length} units over ${steps} steps. Ordinary dropout: ${Math.round(100 * share(ordinary))} % of the cells are dropped, scattered. Locked dropout: whole rows are, ${locked.filter((row) => row[0] === 0).length} of ${locked.length} units.`,
    height: 340,
  });
}

// Lengths of training windows.

/** Share of windows of each length. @param bptt the length aimed at */
export function lmWindows(lengths: readonly number[], bptt: number): Figure {
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const counts = new Array<number>(most - least + 1).fill(0);
  for (const length of lengths) counts[length - least]!++;
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const short = lengths.filter((length) => length < 0.75 * bptt).length / lengths.length;
  return figure({
    data: [
      {
        type: 'bar',
        name: 'windows',
        x: counts.map((_, i) => least + i),
        y: significant(counts.map((count) => (100 * count) / lengths.length)),
        marker: { color: COLORS.blue },
      },
    ],
    layout: {
      title: { text: `Lengths of ${lengths.length.toLocaleString('en-US')} random windows` },
      xaxis: { title: { text: 'length of the window (words)' } },
      yaxis: { title: { text: 'share of windows (%)' } },
    },
    alt: `Lengths of windows between ${least} and ${most} words, mean ${mean.toFixed(1)}: a bell around ${bptt}, and a small one around ${bptt / 2} with ${(100 * short).toFixed(1)} % of the windows.`,
    height: 320,
  });
}
