/** One ablation: what each setting gives, seed by seed, in perplexity and under compression. */

import {
  type Figure,
  figure,
  type Layout,
  logTicks,
  short,
  type Trace,
} from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';
import {
  ABLATION_MEASURES,
  type AblationComparison,
  type AblationMeasure,
  type ComparedPoint,
} from './comparison.js';

/** Values this many times apart are drawn on a logarithmic axis. */
const WIDE = 3;

const titles: Record<AblationMeasure, string> = {
  test: 'test perplexity',
  paper: 'rise by round & clip (nats)',
  coarse: 'rise on a grid of three (nats)',
  lowRank: 'rise by low rank (nats)',
  noise: 'rise by perturbation (nats)',
  hard: 'rise by hard gates (nats)',
};

/** Seeds a little apart, so that equal values can be told from one. */
const nudge = (index: number, of: number): number => (index - (of - 1) / 2) * 0.16;

/**
 * Settings from top to bottom, test perplexity and one rise side by side: a ring a seed, a bar at the
 * mean, a dotted line at the mean of the base where several settings are compared with it.
 */
export function ablationFigure(
  { ablation, points }: AblationComparison,
  rise: Exclude<AblationMeasure, 'test'> = 'coarse',
): Figure {
  const panels = ['test', rise] as const;
  const rows = points.map((_, i) => points.length - 1 - i); // first setting on top
  const isReference = ({ point, against }: ComparedPoint) => point.label === against;
  const toBase = points.filter(({ against }) => against === ablation.base).length - 1;
  const colour = (p: ComparedPoint) => (isReference(p) ? COLORS.vermillion : COLORS.blue);
  const data = panels.flatMap((measure, k): Trace[] => {
    const axes = k === 0 ? {} : { xaxis: 'x2', yaxis: 'y2' };
    const seeds = points.flatMap((p, i) => {
      const { values } = p.measures[measure];
      return values.map((x, s) => ({
        x: short(x),
        y: rows[i]! + nudge(s, values.length),
        text: `${p.point.label}, seed ${p.seeds[s]}`,
        color: colour(p),
      }));
    });
    const means = points.flatMap((p, i) => {
      const value = p.measures[measure].overSeeds;
      return value ? [{ x: short(value.mean), y: rows[i]!, color: colour(p) }] : [];
    });
    return [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'one seed',
        showlegend: k === 0,
        x: seeds.map(({ x }) => x),
        y: seeds.map(({ y }) => y),
        text: seeds.map(({ text }) => text),
        hovertemplate: '%{text}: %{x}<extra></extra>',
        marker: {
          symbol: 'circle-open',
          size: 8,
          color: seeds.map(({ color }) => color),
          line: { width: 1.8 },
        },
        ...axes,
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'mean',
        showlegend: k === 0,
        x: means.map(({ x }) => x),
        y: means.map(({ y }) => y),
        hovertemplate: 'mean %{x}<extra></extra>',
        marker: {
          symbol: 'line-ns-open',
          size: 20,
          color: means.map(({ color }) => color),
          line: { width: 3 },
        },
        ...axes,
      },
    ];
  });
  const base = points.find(({ point }) => point.label === ablation.base)!;
  const shapes = panels.flatMap((measure, k): Layout[] => {
    const value = base.measures[measure].overSeeds;
    if (toBase < 2 || !value) return [];
    const x = k === 0 ? 'x' : 'x2';
    const line = { color: '#444444', dash: 'dot', width: 1.2 };
    return [
      { type: 'line', xref: x, yref: 'paper', x0: value.mean, x1: value.mean, y0: 0, y1: 1, line },
    ];
  });
  const axis = (measure: AblationMeasure): Layout => {
    const all = points.flatMap((p) => p.measures[measure].values);
    const wide =
      all.length > 0 && Math.min(...all) > 0 && Math.max(...all) > WIDE * Math.min(...all);
    const title = { text: titles[measure] };
    return wide && measure === 'test'
      ? { title, type: 'log', tickvals: logTicks(all), nticks: 6 }
      : { title, nticks: 6 };
  };
  const yaxis = {
    tickvals: rows,
    ticktext: points.map((p) => (isReference(p) ? `<b>${p.point.label}</b>` : p.point.label)),
    range: [-0.6, points.length - 0.4],
    showgrid: false,
    title: { text: ablation.axis },
  };
  return figure({
    data,
    layout: {
      title: { text: ablation.title },
      xaxis: { ...axis('test'), domain: [0, 0.47] },
      xaxis2: { ...axis(rise), domain: [0.53, 1], anchor: 'y2' },
      yaxis,
      yaxis2: { ...yaxis, title: { text: '' }, showticklabels: false, anchor: 'x2' },
      shapes,
      legend: { tracegroupgap: 0 },
    },
    alt: altText({ ablation, points }, rise),
    // as high as the title of its axis is long
    height: Math.max(150 + 34 * points.length, 150 + 8 * ablation.axis.length),
  });
}

function altText(
  { ablation, points }: Pick<AblationComparison, 'ablation' | 'points'>,
  rise: AblationMeasure,
): string {
  const told = points.map(({ point, measures }) => {
    const of = (measure: AblationMeasure) => {
      const value = measures[measure].overSeeds;
      return value ? value.mean.toFixed(ABLATION_MEASURES[measure].digits) : 'not run yet';
    };
    return `${point.label}: ${of('test')}, ${of(rise)}`;
  });
  return `${ablation.title}: mean test perplexity and ${titles[rise]} by ${ablation.axis}. ${told.join('; ')}.`;
}
