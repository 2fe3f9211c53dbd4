/** Locked dropout against ordinary dropout. */

import { type Figure, figure, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
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
