/** Sweeps over r, c and rank, and what the saved bytes cost. */
import type { MeasuredSensitivity } from '../analysis/compression-comparison.js';
import type { CompressionSpec } from '../compression/spec.js';
import { parseCompression } from '../compression/spec.js';
import type { SensitivityPoint } from '../runs/sensitivity.js';
import { panelTitle } from './cell-parts.js';
import { type Figure, figure, type Layout, type Trace } from './figure.js';
import { logTicks, significant } from './numbers.js';
import type { TableSpec } from './table.js';
import { ALGORITHM_STYLE, COLORS } from './theme.js';

/** A point of a sweep with its compression as data. */
interface Swept {
  point: SensitivityPoint;
  spec: CompressionSpec | null;
}

/** Points of a sweep that are drawn: soft gates, the paper's blocks. */
const swept = ({ result }: MeasuredSensitivity): Swept[] =>
  result.sweep
    .filter(({ hard, variant }) => !hard && variant === 'paper')
    .map((point) => ({
      point,
      spec: point.spec === null ? null : parseCompression(point.spec),
    }));

/** Runs whose sweep was measured. */
const withSweep = (all: readonly MeasuredSensitivity[]): MeasuredSensitivity[] =>
  all.filter(({ result }) => result.sweep.length > 0);

/** Perplexity of the same text with the weights as they were trained. */
const originalOf = (points: readonly Swept[]): number | null =>
  points.find(({ spec }) => spec === null)?.point.perplexity ?? null;

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

const unitOf = (measured: readonly MeasuredSensitivity[]): string =>
  measured[0]?.result.task === 'nmt' ? 'target unit' : 'word';

/** A figure that says that nothing has been measured yet. */
function nothingYet(title: string): Figure {
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
  const words = measured.map((run) => {
    const points = swept(run);
    const of = (kind: CompressionSpec['kind'], test: (s: CompressionSpec) => boolean) =>
      points.find(({ spec }) => spec?.kind === kind && test(spec))?.point.perplexity.toFixed(1);
    const step = of('round', (s) => 'step' in s && s.step === settings.round);
    const rank = of('svd', (s) => 'rank' in s && s.rank === settings.ranks.low);
    return `${ALGORITHM_STYLE[run.algorithm].label} ${originalOf(points)?.toFixed(1)}, with r ${settings.round} ${step}, with rank ${settings.ranks.low} ${rank}`;
  });
  return figure({
    data,
    layout: { ...layout, legend: { y: 1.09 }, margin: { t: 98 } },
    alt: `Perplexity against r, c at r ${settings.round}, and rank. As trained: ${words.join('; ')}.`,
    width: 860,
    height: 430,
  });
}

/** Rises below this are drawn at it: the axis is logarithmic. */
const LEAST_RISE = 0.001;
const RISE_TICKS = [LEAST_RISE, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

const DAMAGES: readonly { title: string; kind: CompressionSpec['kind'] }[] = [
  { title: 'rounding', kind: 'round' },
  { title: 'low rank, by block', kind: 'svd' },
];

/**
 * Rise of the loss against how much of the weights is lost: at the same place of the axis the weights of all
 * models are equally far from what they were, so that only what the model makes of it differs.
 */
export function compressionDamage(all: readonly MeasuredSensitivity[]): Figure {
  const measured = withSweep(all);
  const title = 'What equal damage costs';
  if (measured.length === 0) return nothingYet(title);
  const layout: Layout = { title: { text: title }, annotations: [] };
  const data: Trace[] = [];
  const said: string[] = [];
  DAMAGES.forEach(({ title: name, kind }, n) => {
    const id = n === 0 ? '' : '2';
    const left = n === 0 ? 0 : 0.53;
    layout[`xaxis${id}`] = {
      anchor: `y${id}`,
      domain: [left, left + 0.47],
      rangemode: 'tozero',
      title: { text: 'error of the weights / their size' },
    };
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      type: 'log',
      range: [Math.log10(LEAST_RISE * 0.8), Math.log10(2)],
      tickvals: RISE_TICKS,
      ticktext: RISE_TICKS.map((x, i) => (i === 0 ? `≤ ${x}` : String(x))),
      showticklabels: n === 0,
      ...(n === 0 ? { title: { text: `rise of the loss (nats a ${unitOf(measured)})` } } : {}),
    };
    (layout.annotations as Layout[]).push(panelTitle(name, left, 1.01));
    for (const run of measured) {
      const { color, dash, symbol, label } = ALGORITHM_STYLE[run.algorithm];
      const original = originalOf(swept(run)) ?? Number.NaN;
      const own = swept(run)
        .filter(({ spec }) => spec?.kind === kind)
        .map(({ point }) => point)
        .sort((a, b) => a.error - b.error);
      const rise = own.map((p) => Math.log(p.perplexity / original));
      const last = own.at(-1);
      if (last)
        said.push(`${name}, ${label} ${rise.at(-1)!.toFixed(2)} nats at ${last.error.toFixed(2)}`);
      data.push({
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: run.algorithm,
        showlegend: n === 0,
        x: significant(own.map((p) => p.error)),
        y: significant(rise.map((x) => Math.max(LEAST_RISE, x))),
        text: own.map((p) => p.spec),
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 7 },
        xaxis: `x${id}`,
        yaxis: `y${id}`,
      });
    }
  });
  return figure({
    data,
    layout: { ...layout, legend: { y: 1.09 }, margin: { t: 98 } },
    alt: `Rise of the loss against the relative error of the weights. ${said.join('; ')}.`,
    width: 860,
    height: 430,
  });
}

const KINDS: readonly {
  name: string;
  kinds: readonly CompressionSpec['kind'][];
  color: string;
  symbol: string;
  lines: boolean;
}[] = [
  { name: 'round', kinds: ['round'], color: COLORS.blue, symbol: 'circle', lines: true },
  {
    name: 'round & clip',
    kinds: ['round-clip'],
    color: COLORS.vermillion,
    symbol: 'square',
    lines: false,
  },
  { name: 'SVD by block', kinds: ['svd'], color: COLORS.green, symbol: 'diamond', lines: true },
  {
    name: 'SVD stacked',
    kinds: ['svd-stacked'],
    color: COLORS.purple,
    symbol: 'triangle-up',
    lines: true,
  },
  {
    name: '8 bits, 1 bit',
    kinds: ['int8', 'sign'],
    color: COLORS.grey,
    symbol: 'star',
    lines: false,
  },
];

/** Rise of the loss against what is saved, one panel for each algorithm, one series for each kind. */
export function compressionPrice(all: readonly MeasuredSensitivity[]): Figure {
  const measured = withSweep(all);
  const title = 'What a smaller model costs';
  if (measured.length === 0) return nothingYet(title);
  const layout: Layout = { title: { text: title }, annotations: [] };
  const data: Trace[] = [];
  const gap = 0.04;
  const width = (1 - gap * (measured.length - 1)) / measured.length;
  const said: string[] = [];
  measured.forEach((run, n) => {
    const id = n === 0 ? '' : `${n + 1}`;
    const left = n * (width + gap);
    const points = swept(run);
    const original = originalOf(points) ?? Number.NaN;
    const rise = (p: SensitivityPoint) => Math.log(p.perplexity / original);
    const label = ALGORITHM_STYLE[run.algorithm].label;
    layout[`xaxis${id}`] = {
      anchor: `y${id}`,
      domain: [left, left + width],
      type: 'log',
      range: [Math.log10(0.9), Math.log10(40)],
      tickvals: [1, 2, 4, 8, 16, 32],
      title: { text: 'times smaller' },
    };
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      type: 'log',
      range: [Math.log10(LEAST_RISE * 0.8), Math.log10(2)],
      tickvals: RISE_TICKS,
      ticktext: RISE_TICKS.map((x, i) => (i === 0 ? `≤ ${x}` : String(x))),
      showticklabels: n === 0,
      ...(n === 0 ? { title: { text: `rise of the loss (nats a ${unitOf(measured)})` } } : {}),
    };
    (layout.annotations as Layout[]).push(panelTitle(label, left, 1.01));
    for (const { name, kinds, color, symbol, lines } of KINDS) {
      const own = points
        .filter(({ spec }) => spec !== null && kinds.includes(spec.kind))
        .map(({ point }) => point)
        .filter((p) => p.gateParameters.ratio > 0.95)
        .sort((a, b) => a.gateParameters.ratio - b.gateParameters.ratio);
      data.push({
        type: 'scatter',
        mode: lines ? 'lines+markers' : 'markers',
        name,
        legendgroup: name,
        showlegend: n === 0,
        x: significant(own.map((p) => p.gateParameters.ratio)),
        y: significant(own.map((p) => Math.max(LEAST_RISE, rise(p)))),
        text: own.map((p) => p.spec),
        line: { color, width: 1.5 },
        marker: { color, symbol, size: 8 },
        xaxis: `x${id}`,
        yaxis: `y${id}`,
      });
    }
    const one = points.find(({ spec }) => spec?.kind === 'sign')?.point;
    if (one)
      said.push(
        `${label}: 1 bit a value, ${one.gateParameters.ratio.toFixed(0)} times smaller, ${rise(one).toFixed(3)} nats`,
      );
  });
  return figure({
    data,
    layout: { ...layout, legend: { y: 1.09 }, margin: { t: 98 } },
    alt: `Rise of the loss against how many times smaller the gate parameters are, by kind of compression. ${said.join('; ')}.`,
    width: 860,
    height: 430,
  });
}

const BITS: readonly (readonly [string | null, boolean, string])[] = [
  [null, false, 'as trained'],
  ['int8', false, '8 bits, one scale a block'],
  ['int8-unit', false, '8 bits, one scale a unit'],
  ['sign', false, '1 bit'],
  [null, true, 'as trained, hard gates'],
  ['int8', true, '8 bits, hard gates'],
  ['sign', true, '1 bit, hard gates'],
];

/** 8 bits, 1 bit, and gates that are step functions: perplexity of each run, and its rise. */
export function fewBitsTable(measured: readonly MeasuredSensitivity[]): TableSpec {
  return {
    columns: [
      '',
      'times smaller',
      ...measured.map(({ algorithm }) => ALGORITHM_STYLE[algorithm].label),
    ],
    rows: BITS.map(([spec, hard, name]) => {
      const found = measured.map(({ result }) => {
        const of = (s: string | null, h: boolean) =>
          result.sweep.find((p) => p.spec === s && p.hard === h && p.variant === 'paper');
        return { point: of(spec, hard), original: of(null, false) };
      });
      const ratio = found.find(({ point }) => point)?.point?.gateParameters.ratio;
      return [
        name,
        spec === null || ratio === undefined ? '–' : `${ratio.toFixed(1)}x`,
        ...found.map(({ point, original }) =>
          point && original
            ? point.perplexity.toFixed(2) +
              (point === original
                ? ''
                : ` (+${(100 * (point.perplexity / original.perplexity - 1)).toFixed(1)} %)`
              ).replace('+-', '−')
            : 'not run yet',
        ),
      ];
    }),
    caption: `Perplexity (a ${unitOf(measured)}) of the text of the sweep`,
  };
}
