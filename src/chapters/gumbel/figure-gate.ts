/** Figures of the law of one binary gate G(alpha, tau). */
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { COLORS, SEQUENCE } from '../../figures/theme.js';
import { traceSlider } from '../../figures/trace-slider.js';
import { densityBars, densityLine } from './figure-histogram.js';

/** Draws of a gate and its exact density, for one temperature. */
export interface GateDraws {
  tau: number;
  draws: readonly number[];
  density(x: number): number;
}

/** Highest density shown: for tau < 1 it has no bound at 0 and 1. */
const TOP = 4;

/** Histogram and exact density of a gate, with a slider over tau. `active`: the step seen first. */
export function gateDensityFigure(
  alpha: number,
  rows: readonly GateDraws[],
  { active = 0 } = {},
): Figure {
  const steps = rows.map(({ tau, draws, density }) => ({
    label: String(tau),
    traces: [densityBars(draws, [0, 1], 50), densityLine(density, [0, 1])],
  }));
  const slider = traceSlider([], steps, { prefix: 'temperature τ = ', active });
  const near = rows.map(({ tau, draws }) => {
    const share = draws.filter((g) => g <= 0.1 || g >= 0.9).length / draws.length;
    return `${Math.round(100 * share)} % at τ ${tau}`;
  });
  return figure({
    data: slider.data,
    layout: {
      ...slider.layout,
      title: { text: `The gate G(α, τ) at α = ${alpha}` },
      xaxis: { title: { text: 'gate value' }, range: [0, 1] },
      yaxis: { title: { text: 'density' }, range: [0, TOP] },
      bargap: 0,
    },
    alt: `Histogram and exact density of a gate with α ${alpha}. Share of draws within 0.1 of 0 or 1: ${near.join(', ')}.`,
    height: 480,
  });
}

/** A distribution function of a gate, with draws of it. */
export interface GateCdfCurve {
  name: string;
  /** P(G <= x). */
  cdf(x: number): number;
  draws: readonly number[];
}

const DASHES = ['solid', 'dash', 'dot', 'dashdot'];
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up'];

/** Lines: exact distribution functions. Marks: the shares of draws at every twentieth. */
export function gateCdfFigure(title: string, curves: readonly GateCdfCurve[]): Figure {
  const xs = Array.from({ length: 201 }, (_, i) => i / 200);
  const marks = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  let worst = 0;
  const traces = curves.flatMap(({ name, cdf, draws }, i): Trace[] => {
    const color = SEQUENCE[i % SEQUENCE.length];
    const shares = marks.map((x) => draws.filter((g) => g <= x).length / draws.length);
    worst = Math.max(worst, ...shares.map((share, k) => Math.abs(share - cdf(marks[k]!))));
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name,
        x: xs,
        y: significant(xs.map(cdf)),
        line: { color, width: 2, dash: DASHES[i % DASHES.length] },
      },
      {
        type: 'scatter',
        mode: 'markers',
        showlegend: false,
        name: `${name}, draws`,
        x: marks,
        y: significant(shares),
        marker: { color, size: 7, symbol: SYMBOLS[i % SYMBOLS.length] },
      },
    ];
  });
  const names = curves.map((curve) => curve.name).join('; ');
  return figure({
    data: traces,
    layout: {
      title: { text: title },
      xaxis: { title: { text: 'gate value x' }, range: [0, 1] },
      yaxis: { title: { text: 'P(G ≤ x)' }, range: [-0.02, 1.02] },
      margin: { t: 84 },
      legend: { traceorder: 'normal' },
    },
    alt: `Distribution functions of the gate (${names}), exact lines with sampled marks on them; the largest difference is ${worst.toFixed(4)}.`,
    height: 430,
  });
}

/** Quantiles of a gate over the pre-activation. */
export interface GateBandRow {
  alpha: number;
  /** 5 %, 50 % and 95 % quantile of G. */
  low: number;
  median: number;
  high: number;
  /** The same gate in evaluation: s(alpha). */
  evaluation: number;
}

/** The band that holds 90 % of a gate's values in training, and its value in evaluation. */
export function gateBandFigure(tau: number, rows: readonly GateBandRow[]): Figure {
  const alphas = rows.map((row) => row.alpha);
  const line = (y: number[], extra: Record<string, unknown>): Trace => ({
    type: 'scatter',
    mode: 'lines',
    x: significant(alphas),
    y: significant(y),
    ...extra,
  });
  const widest = Math.max(...rows.map((row) => row.high - row.low));
  const ends = rows.filter((row) => row.high - row.low < 0.1).map((row) => Math.abs(row.alpha));
  const narrow = ends.length
    ? `below 0.1 from |α| ${Math.min(...ends).toFixed(1)} on`
    : 'above 0.1';
  return figure({
    data: [
      line(
        rows.map((row) => row.low),
        { line: { width: 0 }, showlegend: false, hoverinfo: 'skip' },
      ),
      line(
        rows.map((row) => row.high),
        {
          name: `90 % of training values, τ = ${tau}`,
          fill: 'tonexty',
          fillcolor: 'rgba(0, 158, 115, 0.25)',
          line: { width: 0 },
        },
      ),
      line(
        rows.map((row) => row.median),
        { name: 'median in training', line: { color: COLORS.green, dash: 'dot', width: 2.5 } },
      ),
      line(
        rows.map((row) => row.evaluation),
        { name: 'evaluation, σ(α)', line: { color: COLORS.blue, width: 2 } },
      ),
    ],
    layout: {
      title: { text: 'How far the noise moves a gate' },
      xaxis: { title: { text: 'pre-activation α' } },
      yaxis: { title: { text: 'gate value' }, range: [-0.02, 1.02] },
      margin: { t: 84 },
      legend: { traceorder: 'normal' },
    },
    alt: `Band of 90 % of a gate's training values over α: its width is up to ${widest.toFixed(2)}, and ${narrow}.`,
  });
}
