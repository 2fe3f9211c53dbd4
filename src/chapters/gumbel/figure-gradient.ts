/** Figures of learning through the gate: error of the gradient, and what noise does to the loss. */
import { type Figure, figure, signed, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm, COLORS } from '../../figures/theme.js';
import { traceSlider } from '../../figures/trace-slider.js';

/** Error of the gate's gradient at one temperature, in units of the gradient that it estimates. */
export interface GradientErrorRow {
  tau: number;
  /** |mean - discrete gradient| / |discrete gradient|. */
  bias: number;
  /** Standard deviation of one draw / |discrete gradient|. */
  deviation: number;
}

/** Bias, noise and total error over tau, with a slider over the number of draws averaged. */
export function gradientErrorFigure(
  rows: readonly GradientErrorRow[],
  averages: readonly number[],
  { active = 0, marked = 0.9 } = {},
): Figure {
  const x = significant(rows.map((row) => row.tau));
  const line = (name: string, y: number[], color: string, dash: string, width = 2): Trace => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y: significant(y),
    line: { color, dash, width },
  });
  const bias = line(
    'bias',
    rows.map((row) => row.bias),
    COLORS.blue,
    'dash',
  );
  const best: string[] = [];
  const steps = averages.map((n) => {
    const noise = rows.map((row) => row.deviation / Math.sqrt(n));
    const total = rows.map((row, i) => Math.hypot(row.bias, noise[i]!));
    const least = total.indexOf(Math.min(...total));
    best.push(`τ ${rows[least]!.tau.toPrecision(2)} for ${n}`);
    const minimum: Trace = {
      type: 'scatter',
      mode: 'markers',
      name: 'least total error',
      x: [x[least]],
      y: significant([total[least]!]),
      marker: { color: '#444444', size: 11, symbol: 'star' },
    };
    return {
      label: String(n),
      traces: [
        line('standard deviation', noise, COLORS.vermillion, 'dot'),
        line('total error', total, COLORS.green, 'solid', 3),
        minimum,
      ],
    };
  });
  const slider = traceSlider([bias], steps, { prefix: 'draws averaged: ', active });
  return figure({
    data: slider.data,
    layout: {
      ...slider.layout,
      title: { text: 'Error of the gradient through the gate' },
      xaxis: {
        title: { text: 'temperature τ (logarithmic)' },
        type: 'log',
        dtick: 1,
        tickformat: '~g',
      },
      yaxis: { title: { text: 'error / |discrete gradient|' }, range: [0, 2] },
      shapes: [
        {
          type: 'line',
          x0: marked,
          x1: marked,
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: COLORS.grey, width: 1, dash: 'dot' },
        },
      ],
      annotations: [
        {
          x: Math.log10(marked),
          y: 1,
          yref: 'paper',
          yanchor: 'top',
          xanchor: 'left',
          text: `τ = ${marked}`,
          showarrow: false,
        },
      ],
    },
    alt: `Bias grows and standard deviation falls with τ. The total error of an average is least at ${best.join(', ')} draws.`,
    height: 520,
  });
}

/** Expected loss over the pre-activation for one way of training. */
export interface LossCurve {
  name: string;
  /** Gives the curve the look of one of the paper's algorithms. */
  algorithm?: Algorithm;
  alphas: readonly number[];
  losses: readonly number[];
}

/** For curves that are none of the paper's algorithms, in turn. */
const OTHER_STYLES = [
  { color: COLORS.purple, dash: 'dashdot', symbol: 'triangle-up' },
  { color: COLORS.grey, dash: 'longdash', symbol: 'cross' },
];

/** Expected losses over alpha; the least point of each curve is marked. */
export function expectedLossFigure(title: string, curves: readonly LossCurve[]): Figure {
  const least: string[] = [];
  let others = 0;
  const traces = curves.flatMap(({ name, algorithm, alphas, losses }): Trace[] => {
    const best = losses.indexOf(Math.min(...losses));
    const atEnd = best === 0 || best === losses.length - 1;
    least.push(`${name}: ${atEnd ? 'beyond the range' : `α ${signed(alphas[best]!, 2)}`}`);
    const { color, dash, symbol } = algorithm
      ? ALGORITHM_STYLE[algorithm]
      : OTHER_STYLES[others++ % OTHER_STYLES.length]!;
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name,
        x: significant(alphas),
        y: significant(losses),
        line: { color, width: 2.5, dash },
      },
      {
        type: 'scatter',
        mode: 'markers',
        showlegend: false,
        name: `${name}, least`,
        x: significant([alphas[best]!]),
        y: significant([losses[best]!]),
        marker: { color, size: 10, symbol },
      },
    ];
  });
  return figure({
    data: traces,
    layout: {
      title: { text: title },
      xaxis: { title: { text: 'pre-activation α' } },
      yaxis: { title: { text: 'expected loss' }, rangemode: 'tozero' },
      margin: { t: 84 },
    },
    alt: `Expected loss over α. Least at: ${least.join('; ')}.`,
    height: 440,
  });
}
