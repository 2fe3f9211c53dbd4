/** Figures of Gumbel-Max: the race between categories, and what comes of many races. */
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { COLORS, SEQUENCE } from '../../figures/theme.js';

/** Some draws of Gumbel-Max, one race each. */
export interface RaceResult {
  /** Name of each category, [k]. */
  names: readonly string[];
  /** log pi_i, [k]. */
  logits: readonly number[];
  /** Gumbel noise of each race, [races][k]. */
  noise: readonly (readonly number[])[];
}

const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up', 'cross'];

/** log pi_i + q_i of every category in each race; the winner, the largest, is ringed. */
export function raceFigure({ names, logits, noise }: RaceResult): Figure {
  const races = noise.map((_, r) => r + 1);
  const scores = noise.map((q) => q.map((value, i) => value + logits[i]!));
  const winners = scores.map((s) => s.indexOf(Math.max(...s)));
  const traces: Trace[] = names.map((name, i) => ({
    type: 'scatter',
    mode: 'markers',
    name,
    x: races,
    y: significant(scores.map((s) => s[i]!)),
    marker: { size: 9, symbol: SYMBOLS[i % SYMBOLS.length], color: SEQUENCE[i % SEQUENCE.length] },
  }));
  const ring: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'winner',
    x: races,
    y: significant(scores.map((s, r) => s[winners[r]!]!)),
    marker: { size: 18, symbol: 'circle-open', color: '#444444', line: { width: 2 } },
    hoverinfo: 'skip',
  };
  const wins = names.map((name, i) => `${name} ${winners.filter((w) => w === i).length}`);
  return figure({
    data: [...traces, ring],
    layout: {
      title: { text: `${races.length} races of Gumbel-Max` },
      xaxis: { title: { text: 'race (fresh noise each time)' }, dtick: 1 },
      yaxis: { title: { text: 'log π<sub>i</sub> + q<sub>i</sub>' } },
      margin: { t: 84 },
    },
    alt: `Scores of ${names.length} categories in ${races.length} races; the highest wins. Wins: ${wins.join(', ')}.`,
  });
}

/** Counts of draws beside the probabilities that they should follow. */
export interface CategoricalResult {
  names: readonly string[];
  /** pi_i, [k]. */
  probabilities: readonly number[];
  /** How often each category was drawn, [k]. */
  counts: readonly number[];
}

/** Bars: pi_i. Points: the share of draws, with two standard errors either way. */
export function categoricalFigure({ names, probabilities, counts }: CategoricalResult): Figure {
  const n = counts.reduce((a, b) => a + b, 0);
  const shares = counts.map((count) => count / n);
  const errors = probabilities.map((p) => 2 * Math.sqrt((p * (1 - p)) / n));
  const worst = Math.max(...shares.map((share, i) => Math.abs(share - probabilities[i]!)));
  return figure({
    data: [
      {
        type: 'bar',
        name: 'probability π<sub>i</sub>',
        x: names,
        y: significant(probabilities),
        marker: { color: COLORS.blue, opacity: 0.55 },
        width: 0.6,
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'share of draws ± 2 standard errors',
        x: names,
        y: significant(shares),
        error_y: { type: 'data', array: significant(errors), thickness: 2, width: 7 },
        marker: { color: COLORS.vermillion, size: 8, symbol: 'diamond' },
      },
    ],
    layout: {
      title: { text: `${n.toLocaleString('en')} Gumbel-Max draws` },
      xaxis: { title: { text: 'category' } },
      yaxis: { title: { text: 'probability' }, rangemode: 'tozero' },
      margin: { t: 84 },
    },
    alt: `Shares of ${n} draws beside the probabilities of ${names.length} categories; the largest difference is ${worst.toFixed(4)}.`,
  });
}
