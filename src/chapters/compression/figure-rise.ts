/** What compression costs, as a rise of the loss: against the damage done, and against what is saved. */

import type { CompressionSpec } from '../../compression/spec.js';
import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { ALGORITHM_STYLE, COLORS } from '../../figures/theme.js';
import type { MeasuredSensitivity } from './comparison.js';
import { nothingYet, originalOf, swept, unitOf, withSweep } from './figure-curves.js';
import type { SensitivityPoint } from './measure.js';

/** Rises below this are drawn at it: the axis is logarithmic. */
const LEAST_RISE = 0.001;
const RISE_TICKS = [LEAST_RISE, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

/** The axis of the rise in panel n; only the first is labelled. */
const riseAxis = (n: number, id: string, measured: readonly MeasuredSensitivity[]): Layout => ({
  anchor: `x${id}`,
  type: 'log',
  range: [Math.log10(LEAST_RISE * 0.8), Math.log10(2)],
  tickvals: RISE_TICKS,
  ticktext: RISE_TICKS.map((x, i) => (i === 0 ? `≤ ${x}` : String(x))),
  showticklabels: n === 0,
  ...(n === 0 ? { title: { text: `rise of the loss (nats a ${unitOf(measured)})` } } : {}),
});

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
    layout[`yaxis${id}`] = riseAxis(n, id, measured);
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
    layout[`yaxis${id}`] = riseAxis(n, id, measured);
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
