/** Loss of trained models against the size of noise on their gate parameters, and along slices. */

import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { mean, standardDeviation } from '../../results/statistics.js';
import { type MeasuredFlatness, noiseOf } from './flatness-comparison.js';
import type { GateUnit } from './gate-space.js';

const SIZE: Record<GateUnit, string> = {
  relative: 'size σ of the noise, share of each parameter',
  block: 'size σ of the noise, in the block’s root mean square',
  absolute: 'size σ of the noise, absolute',
};

/** Colour with an opacity, as Plotly's fills take it. */
const faint = (hex: string): string => `${hex}33`;

/** What is said of algorithms that have not been measured. */
export function notRunYet(all: readonly MeasuredFlatness[]): string {
  const missing = (Object.keys(ALGORITHM_STYLE) as Algorithm[]).filter(
    (name) => !all.some((m) => m.algorithm === name),
  );
  return missing.length === 0
    ? ''
    : `not run yet: ${missing.map((name) => ALGORITHM_STYLE[name].label).join(', ')}`;
}

/** The note that a figure carries about them. */
export function missingNote(all: readonly MeasuredFlatness[]): Layout[] {
  const text = notRunYet(all);
  const place = { xref: 'paper', yref: 'paper', x: 1, y: 1, xanchor: 'right', yanchor: 'bottom' };
  return text === '' ? [] : [{ ...place, text: `<i>${text}</i>`, showarrow: false }];
}

/** A mean with a band of one standard deviation around it. */
function banded(
  algorithm: Algorithm,
  x: readonly number[],
  samples: readonly (readonly number[])[],
  axes: { xaxis: string; yaxis: string },
  showlegend: boolean,
): Trace[] {
  const { color, dash, symbol, label } = ALGORITHM_STYLE[algorithm];
  const middle = samples.map((s) => mean([...s]));
  const spread = samples.map((s) => (s.length > 1 ? standardDeviation([...s]) : 0));
  const upper = middle.map((m, k) => m + spread[k]!);
  const lower = middle.map((m, k) => m - spread[k]!);
  const common = { type: 'scatter', ...axes, legendgroup: algorithm };
  return [
    {
      ...common,
      mode: 'lines',
      x: [...x, ...[...x].reverse()],
      y: significant([...upper, ...lower.reverse()]),
      fill: 'toself',
      fillcolor: faint(color),
      line: { width: 0 },
      hoverinfo: 'skip',
      showlegend: false,
    },
    {
      ...common,
      mode: 'lines+markers',
      name: label,
      showlegend,
      x: [...x],
      y: significant(middle),
      line: { color, dash, width: 2.5 },
      marker: { symbol, size: 7 },
    },
  ];
}

const noiseTitle = (gates: string): string =>
  gates === 'fi' ? 'forget and input gates' : 'control: output gate and candidate';

/**
 * Rise of the loss against the size of the noise: forget and input gates, and where it was measured
 * the output gate and candidate beside them. Bands: one standard deviation over draws.
 */
export function flatNoise(all: readonly MeasuredFlatness[], unit: GateUnit): Figure {
  const panels = ['fi', 'og'].filter((gates) => all.some((m) => noiseOf(m.result, gates, unit)));
  const data: Trace[] = [];
  const words: string[] = [];
  const layout: Layout = { annotations: missingNote(all) };
  panels.forEach((gates, p) => {
    const id = p === 0 ? '' : `${p + 1}`;
    const sizes = new Set<number>();
    for (const { algorithm, result } of all) {
      const noise = noiseOf(result, gates, unit);
      if (!noise) continue;
      const x = [0, ...noise.sizes];
      for (const size of x) sizes.add(size);
      const samples = [noise.rises[0]!.map(() => 0), ...noise.rises];
      data.push(...banded(algorithm, x, samples, { xaxis: `x${id}`, yaxis: `y${id}` }, p === 0));
      const end = mean(noise.rises.at(-1)!).toFixed(3);
      words.push(`${ALGORITHM_STYLE[algorithm].label} ${end} (${gates}, σ = ${x.at(-1)})`);
    }
    layout[`xaxis${id}`] = {
      title: { text: panels.length > 1 ? `σ: ${noiseTitle(gates)}` : SIZE[unit] },
      domain: panels.length === 1 ? [0, 1] : p === 0 ? [0, 0.47] : [0.53, 1],
      anchor: `y${id}`,
    };
    layout[`yaxis${id}`] = {
      ...(p === 0 ? { title: { text: 'rise of the loss (nats a token)' } } : { matches: 'y' }),
      rangemode: 'tozero',
      anchor: `x${id}`,
    };
  });
  return figure({
    data,
    layout: { title: { text: `Gaussian noise on gate parameters: ${TITLE[unit]}` }, ...layout },
    alt: `Rise of the loss against the size of ${unit} noise, one trained model each, mean over draws. Largest sizes: ${words.join(', ')} nats a token.`,
    height: 400,
  });
}

const TITLE: Record<GateUnit, string> = {
  relative: 'w (1 + σ ε)',
  block: 'w + σ RMS(block) ε',
  absolute: 'w + σ ε',
};

/** Rise of the loss along filter-normalised directions: mean, and a band from the lowest to the highest. */
export function flatFilterSlices(all: readonly MeasuredFlatness[]): Figure {
  const data: Trace[] = [];
  const words: string[] = [];
  for (const { algorithm, result } of all) {
    if (!result.landscape) continue;
    const { sizes, lines } = result.landscape;
    const samples = sizes.map((_, k) => lines.map((line) => line[k]!));
    data.push(...banded(algorithm, sizes, samples, { xaxis: 'x', yaxis: 'y' }, true));
    const ends = samples.map((s) => mean(s));
    words.push(
      `${ALGORITHM_STYLE[algorithm].label} ${((ends[0]! + ends.at(-1)!) / 2).toFixed(3)} at the ends, lowest point ${Math.min(...ends).toFixed(4)}`,
    );
  }
  return figure({
    data,
    layout: {
      title: { text: 'The loss along filter-normalised directions' },
      xaxis: { title: { text: 'step; 1 = every filter moves by its own length' } },
      yaxis: { title: { text: 'change of the loss (nats a token)' } },
      annotations: missingNote(all),
    },
    alt: `Slices of the loss around trained models, mean of several directions: ${words.join('; ')} (nats a token).`,
    height: 400,
  });
}
