/** Sweeps over r, c and rank. */
import { type CompressionSpec, parseCompression } from '../../compression/spec.js';
import {
  type Figure,
  figure,
  type Layout,
  logTicks,
  significant,
  type Trace,
} from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { mean } from '../../results/statistics.js';
import type { MeasuredSensitivity } from './comparison.js';
import type { SensitivityPoint } from './measure.js';

// What figures of compressed models share: the points of a sweep that are drawn.

/** A point of a sweep with its compression as data. */
export interface Swept {
  point: SensitivityPoint;
  spec: CompressionSpec | null;
}

/** Points of a sweep that are drawn: soft gates, the paper's blocks. */
export const swept = ({ result }: MeasuredSensitivity): Swept[] =>
  result.sweep
    .filter(({ hard, variant }) => !hard && variant === 'paper')
    .map((point) => ({
      point,
      spec: point.spec === null ? null : parseCompression(point.spec),
    }));

/** Runs whose sweep was measured. */
export const withSweep = (all: readonly MeasuredSensitivity[]): MeasuredSensitivity[] =>
  all.filter(({ result }) => result.sweep.length > 0);

/** Perplexity of the same text with the weights as they were trained. */
export const originalOf = (points: readonly Swept[]): number | null =>
  points.find(({ spec }) => spec === null)?.point.perplexity ?? null;

/** What perplexities are of. */
export const unitOf = (measured: readonly MeasuredSensitivity[]): string =>
  measured[0]?.result.task === 'nmt' ? 'target unit' : 'word';

/** A figure that says that nothing has been measured yet. */
export function nothingYet(title: string): Figure {
  return figure({
    data: [{ type: 'scatter', x: [], y: [], showlegend: false }],
    layout: {
      title: { text: title },
      xaxis: { visible: false },
      yaxis: { visible: false },
      annotations: [
        { text: 'not run yet', x: 0.5, y: 0.5, xref: 'paper', yref: 'paper', showarrow: false },
      ],
    },
    alt: `${title}: not run yet.`,
    height: 240,
  });
}

interface Sweep {
  title: string;
  axis: string;
  log: boolean;
  /** Where a point lies on the axis; null: not of this sweep. */
  place: (spec: CompressionSpec) => number | null;
}

const SWEEPS: readonly Sweep[] = [
  {
    title: 'rounding (Eq 17)',
    axis: 'grid width r',
    log: false,
    place: (spec) => (spec.kind === 'round' ? spec.step : null),
  },
  {
    title: 'rounding and clipping (Eq 18)',
    axis: 'limit c',
    log: false,
    place: (spec) => (spec.kind === 'round-clip' ? spec.clip : null),
  },
  {
    title: 'low rank, by block',
    axis: 'rank k',
    log: true,
    place: (spec) => (spec.kind === 'svd' ? spec.rank : null),
  },
];

/** Ticks of a short logarithmic axis. */
const PERPLEXITIES = [
  ...[5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80, 90, 100, 120, 140, 170, 200],
  ...[250, 300, 400, 500, 700, 1000],
];

/** Perplexity against r, c and rank, a line for each run; dotted: the paper's points. */
export function sensitivityCurves(all: readonly MeasuredSensitivity[]): Figure {
  const measured = withSweep(all);
  const first = measured[0]?.result;
  if (!first) return nothingYet('Perplexity with compressed input and forget gates');
  const { settings } = first;
  const marks = [
    [settings.round],
    [settings.clip],
    [settings.ranks.low, settings.ranks.high],
  ] as const;
  const title = `Perplexity with compressed input and forget gates (dotted: the paper's settings)`;
  const layout: Layout = { title: { text: title }, annotations: [], shapes: [] };
  const data: Trace[] = [];
  const seen = new Set<string>();
  const gap = 0.05;
  const width = (1 - 2 * gap) / 3;
  const values = measured.flatMap((run) => swept(run).map(({ point }) => point.perplexity));
  SWEEPS.forEach((sweep, n) => {
    const id = n === 0 ? '' : `${n + 1}`;
    const left = n * (width + gap);
    const places = measured.flatMap((run) =>
      swept(run).flatMap(({ spec }) => (spec && sweep.place(spec)) ?? []),
    );
    layout[`xaxis${id}`] = {
      anchor: `y${id}`,
      domain: [left, left + width],
      title: { text: sweep.axis },
      ...(sweep.log
        ? { type: 'log', tickvals: logTicks(places).filter((k) => Number.isInteger(k)) }
        : { rangemode: 'tozero' }),
    };
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      type: 'log',
      tickvals: PERPLEXITIES,
      range: [Math.log10(0.96 * Math.min(...values)), Math.log10(1.04 * Math.max(...values))],
      showticklabels: n === 0,
      ...(n === 0 ? { title: { text: `perplexity (a ${unitOf(measured)})` } } : { matches: 'y' }),
    };
    (layout.annotations as Layout[]).push(panelTitle(sweep.title, left, 1.01));
    for (const mark of marks[n]!)
      (layout.shapes as Layout[]).push({
        ...{ type: 'line', xref: `x${id}`, yref: 'paper', x0: mark, x1: mark, y0: 0, y1: 1 },
        line: { color: '#444444', dash: 'dot', width: 1.5 },
      });
    for (const run of measured) {
      const { color, dash, symbol, label } = ALGORITHM_STYLE[run.algorithm];
      const points = swept(run)
        .flatMap(({ point, spec }) => {
          const x = spec === null ? null : sweep.place(spec);
          return x === null ? [] : [{ x, y: point.perplexity }];
        })
        .sort((a, b) => a.x - b.x);
      const original = originalOf(swept(run));
      if (original !== null && n === 0) points.unshift({ x: 0, y: original });
      data.push({
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: run.algorithm,
        showlegend: !seen.has(run.algorithm),
        x: points.map(({ x }) => x),
        y: significant(points.map(({ y }) => y)),
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 7 },
        xaxis: `x${id}`,
        yaxis: `y${id}`,
      });
      seen.add(run.algorithm);
    }
  });
  const algorithms = [...new Set(measured.map(({ algorithm }) => algorithm))];
  const words = algorithms.map((algorithm) => {
    const points = measured.filter((run) => run.algorithm === algorithm).map(swept);
    const said = (perplexities: (number | null | undefined)[]) => {
      const known = perplexities.filter((value) => value != null);
      return known.length === 0 ? 'not measured' : mean(known).toFixed(1);
    };
    const of = (kind: CompressionSpec['kind'], test: (s: CompressionSpec) => boolean) =>
      said(
        points.map(
          (p) => p.find(({ spec }) => spec?.kind === kind && test(spec))?.point.perplexity,
        ),
      );
    const step = of('round', (s) => 'step' in s && s.step === settings.round);
    const rank = of('svd', (s) => 'rank' in s && s.rank === settings.ranks.low);
    const seeds = points.length > 1 ? ` (mean of ${points.length} seeds)` : '';
    return `${ALGORITHM_STYLE[algorithm].label}${seeds} ${said(points.map(originalOf))}, with r ${settings.round} ${step}, with rank ${settings.ranks.low} ${rank}`;
  });
  return figure({
    data,
    layout: { ...layout, legend: { y: 1.09 }, margin: { t: 98 } },
    alt: `Perplexity against r, c at r ${settings.round}, and rank. As trained: ${words.join('; ')}.`,
    width: 860,
    height: 430,
  });
}
