/** The loss over a plane of two filter-normalised directions, models side by side. */

import {
  type Figure,
  figure,
  type Layout,
  linspace,
  short,
  type Trace,
} from '../../figures/figure.js';
import { ALGORITHM_STYLE, COLORS } from '../../figures/theme.js';
import { notRunYet } from './figure-noise.js';
import type { MeasuredFlatness } from './flatness-comparison.js';

/** Where the colour scale begins; what rises less is drawn as this. */
const LEAST_RISE = 1e-4;

/** Powers of ten with their threes, up to a value: where lines and ticks lie. */
const steps = (top: number): number[] =>
  [-4, -3, -2, -1, 0, 1]
    .flatMap((k) => [10 ** k, 10 ** (k + 0.5)])
    .filter((value) => value <= Math.max(top, 1e-3) * 1.001);

/**
 * Contours of the rise of the loss over the same two directions, one logarithmic colour scale for all: a
 * model that loses a hundredth of what another loses still shows its valley.
 */
export function flatPlane(all: readonly MeasuredFlatness[]): Figure {
  const drawn = all.filter(({ result }) => result.landscape);
  const values = drawn.flatMap(({ result }) => result.landscape!.grid.flat());
  const top = Math.max(LEAST_RISE * 10, ...values);
  const log = (value: number) => Math.log10(Math.max(LEAST_RISE, value));
  const ticks = steps(top);
  const gap = 0.06;
  const width = (1 - gap * (drawn.length - 1)) / Math.max(1, drawn.length);
  const layout: Layout = { annotations: [] as Layout[] };
  const data: Trace[] = [];
  drawn.forEach(({ algorithm, result }, p) => {
    const { gridSizes, grid } = result.landscape!;
    const id = p === 0 ? '' : `${p + 1}`;
    const left = p * (width + gap);
    data.push({
      type: 'contour',
      x: gridSizes.map(short),
      y: gridSizes.map(short),
      z: grid.map((row) => row.map((value) => short(log(value)))),
      text: grid.map((row) => row.map((value) => value.toFixed(4))),
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      colorscale: 'Viridis',
      reversescale: true,
      zmin: log(0),
      zmax: log(top),
      contours: { start: log(0) + 0.5, end: log(top), size: 0.5 },
      line: { width: 1, color: '#444444' },
      showscale: p === drawn.length - 1,
      colorbar: {
        title: { text: 'rise of the loss (nats a token)' },
        tickvals: ticks.map((value) => short(log(value))),
        ticktext: ticks.map((value) => String(Number(value.toPrecision(1)))),
      },
      hovertemplate: `${ALGORITHM_STYLE[algorithm].label}: %{text}<extra></extra>`,
    });
    data.push({
      type: 'scatter',
      mode: 'markers',
      x: [0],
      y: [0],
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      marker: { symbol: 'x', size: 9, color: COLORS.vermillion },
      showlegend: false,
      hoverinfo: 'skip',
    });
    const unit = linspace(-1, 1, 3);
    layout[`xaxis${id}`] = {
      title: { text: 'direction 1' },
      domain: [left, left + width],
      anchor: `y${id}`,
      tickvals: unit,
    };
    layout[`yaxis${id}`] = {
      ...(p === 0 ? { title: { text: 'direction 2' } } : { showticklabels: false }),
      anchor: `x${id}`,
      tickvals: unit,
    };
    (layout.annotations as Layout[]).push({
      text: ALGORITHM_STYLE[algorithm].label,
      x: left + width / 2,
      xanchor: 'center',
      y: 1,
      xref: 'paper',
      yref: 'paper',
      yanchor: 'bottom',
      showarrow: false,
    });
  });
  const highest = drawn.map(({ algorithm, result }) => {
    const flat = result.landscape!.grid.flat();
    return `${ALGORITHM_STYLE[algorithm].label} from ${Math.min(...flat).toFixed(4)} to ${Math.max(...flat).toFixed(3)}`;
  });
  const missing = notRunYet(all);
  return figure({
    data,
    layout: {
      title: { text: `The loss around the trained weights${missing ? ` (${missing})` : ''}` },
      showlegend: false,
      margin: { t: 76, r: 90 },
      ...layout,
    },
    alt: `Contour maps of the rise of the loss, on a logarithmic scale, over one plane of two random directions; a cross marks the trained weights. ${highest.join('; ')} nats a token.`,
    width: 860,
    height: 360,
  });
}
