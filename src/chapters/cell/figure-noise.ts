/** The three noise schedules, as the noise they give. */

import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { unitNames, unitOf } from './figure-parts.js';

/** The forget gates' noise under one schedule, window after window. */
export interface SchedulePanel {
  title: string;
  /** For each training window the noise [T][H]. */
  windows: readonly (readonly (readonly number[])[])[];
}

/** Blue below, red above, both distinguishable in grey by the numbers written into the cells. */
const DIVERGING = [
  [0, '#2166ac'],
  [0.5, '#f7f7f7'],
  [1, '#b2182b'],
];

/** Noise of every forget unit at every step of consecutive windows, one panel for each schedule. */
export function noiseSchedules(panels: readonly SchedulePanel[]): Figure {
  const gap = 0.11;
  const height = (1 - gap * (panels.length - 1)) / panels.length;
  const windows = panels[0]!.windows;
  const T = windows[0]!.length;
  const steps = windows.flatMap((window, w) => window.map((_, t) => `${w + 1}.${t + 1}`));
  const layout: Layout = {
    title: { text: 'Noise of the forget gates under the three schedules' },
    annotations: [],
    shapes: [],
    coloraxis: {
      cmin: -5,
      cmax: 5,
      colorscale: DIVERGING,
      colorbar: {
        title: { text: 'noise (no unit)', side: 'right', font: { size: 13 } },
        len: 0.6,
        thickness: 12,
      },
    },
    margin: { t: 72, b: 64 },
  };
  const data: Trace[] = panels.map((panel, n) => {
    const id = n === 0 ? '' : `${n + 1}`;
    const bottom = Math.max(0, 1 - n * (height + gap) - height);
    const last = n === panels.length - 1;
    layout[`xaxis${id}`] = {
      anchor: `y${id}`,
      tickmode: 'array',
      tickangle: -60,
      tickvals: steps.map((_, t) => t),
      ticktext: steps,
      showgrid: false,
      showticklabels: last,
      ...(last ? { title: { text: 'window.step' } } : {}),
    };
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      domain: [bottom, bottom + height],
      autorange: 'reversed',
      showgrid: false,
      title: { text: 'unit' },
    };
    (layout.annotations as Layout[]).push(panelTitle(panel.title, 0, bottom + height + 0.005));
    for (let w = 1; w < windows.length; w++)
      (layout.shapes as Layout[]).push({
        type: 'line',
        xref: `x${id}`,
        yref: `y${id} domain`,
        x0: w * T - 0.5,
        x1: w * T - 0.5,
        y0: 0,
        y1: 1,
        line: { color: '#222222', width: 3 },
      });
    const rows = panel.windows.flat();
    const units = rows[0]!.length;
    const z = Array.from({ length: units }, (_, j) => unitOf(rows, j).map(short));
    return {
      type: 'heatmap',
      x: steps.map((_, t) => t),
      y: unitNames('f', units),
      z,
      // No number where there is no noise: the eye finds the mask.
      text: z.map((row) => row.map((value) => (value === 0 ? '' : value.toFixed(1)))),
      texttemplate: '%{text}',
      textfont: { size: 10 },
      coloraxis: 'coloraxis',
      xgap: 1,
      ygap: 1,
      xaxis: `x${id}`,
      yaxis: `y${id}`,
    };
  });
  const share = (panel: SchedulePanel) => {
    const all = panel.windows.flat(2);
    return `${all.filter((value) => value !== 0).length} of ${all.length}`;
  };
  const alt = `Heatmaps of the noise added to the forget gates in ${windows.length} windows of ${T} steps, zeros left blank. Values that are not zero: ${panels.map((p) => `${p.title} ${share(p)}`).join('; ')}.`;
  return figure({ data, layout, alt, height: 120 + 140 * panels.length });
}
