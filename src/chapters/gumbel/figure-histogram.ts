/** A histogram of draws with the density that they should follow. */
import {
  type Figure,
  figure,
  linspace,
  signed,
  significant,
  type Trace,
} from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';

/** Draws of a continuous variable and its density. */
export interface DensityResult {
  title: string;
  /** Axis title, with its unit if it has one. */
  variable: string;
  draws: readonly number[];
  density(x: number): number;
  /** Part of the axis that is shown; draws outside still count in the total. */
  range: readonly [low: number, high: number];
  /** Default 40. */
  bins?: number;
}

/** Bars: share of draws / bin width. Line: the density. */
export function densityFigure(result: DensityResult): Figure {
  const { title, variable, draws, range } = result;
  const heights = densityBars(draws, range, result.bins ?? 40).y as number[];
  const top = Math.max(...heights);
  return figure({
    data: [densityBars(draws, range, result.bins ?? 40), densityLine(result.density, range)],
    layout: {
      title: { text: title },
      xaxis: { title: { text: variable }, range },
      yaxis: { title: { text: 'density' }, rangemode: 'tozero' },
      bargap: 0,
      margin: { t: 84 },
    },
    alt: `${title}: histogram of ${draws.length} draws from ${signed(range[0])} to ${signed(range[1])}, highest bar ${top.toFixed(2)}, with the line of the exact density.`,
  });
}

/** The histogram as a trace. Draws at the upper end count in the last bin. */
export function densityBars(
  draws: readonly number[],
  [low, high]: readonly [number, number],
  bins: number,
): Trace {
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const draw of draws) {
    if (draw < low || draw > high) continue;
    counts[Math.min(bins - 1, Math.floor((draw - low) / width))]!++;
  }
  return {
    type: 'bar',
    name: `${draws.length.toLocaleString('en')} draws`,
    x: significant(counts.map((_, i) => low + (i + 0.5) * width)),
    y: significant(counts.map((count) => count / (draws.length * width))),
    width,
    marker: { color: COLORS.blue, opacity: 0.45 },
  };
}

/** The density as a trace of 201 points, the ends moved in by a thousandth (it may be infinite there). */
export function densityLine(
  density: (x: number) => number,
  [low, high]: readonly [number, number],
): Trace {
  const inset = (high - low) / 1000;
  const xs = linspace(low + inset, high - inset, 201);
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'exact density',
    x: significant(xs),
    y: significant(xs.map(density)),
    line: { color: COLORS.vermillion, width: 2.5 },
  };
}
