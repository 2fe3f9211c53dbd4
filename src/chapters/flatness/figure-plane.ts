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

/** Contour lines between zero and the top: round steps, about ten. */
function contourStep(top: number): number {
  const rough = top / 10;
  const decade = 10 ** Math.floor(Math.log10(rough));
  return decade * ([1, 2, 5, 10].find((m) => m * decade >= rough) ?? 10);
}

/** Contours of the rise of the loss over the same two directions, one colour scale for all. */
export function flatPlane(all: readonly MeasuredFlatness[]): Figure {
  const drawn = all.filter(({ result }) => result.landscape);
  const values = drawn.flatMap(({ result }) => result.landscape!.grid.flat());
  const [low, top] = [Math.min(0, ...values), Math.max(1e-6, ...values)];
  const size = contourStep(top - low);
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
      z: grid.map((row) => row.map(short)),
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      colorscale: 'Viridis',
      reversescale: true, // black lines and labels can be read where most of them are
      zmin: low,
      zmax: top,
      contours: { start: size, end: top, size, showlabels: true },
      line: { width: 1, color: '#444444' },
      showscale: p === drawn.length - 1,
      colorbar: { title: { text: 'change of the loss (nats a token)' } },
      hovertemplate: `${ALGORITHM_STYLE[algorithm].label}: %{z:.3f}<extra></extra>`,
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
    const ticks = linspace(-1, 1, 3);
    layout[`xaxis${id}`] = {
      title: { text: 'direction 1' },
      domain: [left, left + width],
      anchor: `y${id}`,
      tickvals: ticks,
    };
    layout[`yaxis${id}`] = {
      ...(p === 0 ? { title: { text: 'direction 2' } } : { showticklabels: false }),
      anchor: `x${id}`,
      tickvals: ticks,
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
    alt: `Contour maps of the change of the loss over one plane of two random directions; a cross marks the trained weights. ${highest.join('; ')} nats a token.`,
    width: 860,
    height: 360,
  });
}
