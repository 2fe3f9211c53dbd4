/** Quick line drawings for displays that change several times a second: a small SVG, no Plotly. */

import { type Figure, plainFigure } from './figure.js';
import { escapeHtml } from './table.js';
import { PAGE, SEQUENCE } from './theme.js';

/** One line of a sketch. */
export interface SketchSeries {
  name?: string;
  x: readonly number[];
  y: readonly (number | null)[];
  color?: string;
  /** Plotly's names. */
  dash?: 'solid' | 'dash' | 'dot' | 'dashdot';
}

/** A line drawing. */
export interface SketchSpec {
  series: readonly SketchSeries[];
  title?: string;
  xTitle?: string;
  yTitle?: string;
  xLog?: boolean;
  yLog?: boolean;
  /** In CSS pixels; 720 x 240 by default. */
  width?: number;
  height?: number;
}

const DASHES: Record<string, string> = { dash: '8 5', dot: '2 4', dashdot: '8 4 2 4' };
const MARGIN = { left: 64, right: 16, top: 40, bottom: 40 };

/** More points than pixels show nothing more. */
const MOST_POINTS = 400;

/** The sketch as an SVG document: lines, the ends of both axes, names and latest values. */
export function sketchSvg(spec: SketchSpec): string {
  const { series, width = 720, height = 240 } = spec;
  const x = scale(
    series.flatMap((line) => line.x),
    spec.xLog,
    MARGIN.left,
    width - MARGIN.right,
  );
  const y = scale(
    series.flatMap((line) => line.y.filter((value): value is number => value !== null)),
    spec.yLog,
    height - MARGIN.bottom,
    MARGIN.top,
  );
  const { ink, line, paper } = PAGE.light;
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const parts = [
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    `<path d="M${left},${top}V${bottom}H${right}" fill="none" stroke="${line}"/>`,
    label(left, bottom + 16, 'start', format(x.low)),
    label(right, bottom + 16, 'end', format(x.high)),
    label(left - 6, bottom, 'end', format(y.low)),
    label(left - 6, top + 8, 'end', format(y.high)),
    label((left + right) / 2, bottom + 30, 'middle', spec.xTitle ?? ''),
    `<g transform="translate(14,${(top + bottom) / 2}) rotate(-90)">${label(0, 0, 'middle', spec.yTitle ?? '')}</g>`,
    label(left, 16, 'start', spec.title ?? '', 14),
    legend(series, left),
    ...series.map((one, i) => polyline(one, x, y, one.color ?? colorOf(i))),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" ` +
    `fill="${ink}">${parts.join('')}</svg>`
  );
}

const colorOf = (i: number): string => SEQUENCE[i % SEQUENCE.length]!;

interface Scale {
  low: number;
  high: number;
  /** Pixels of a value; NaN for what the axis cannot show. */
  at(value: number): number;
}

function scale(values: readonly number[], log = false, from: number, to: number): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = log ? [0.1, 1] : [0, 1];
  const place = (value: number) => (log ? Math.log(value) : value);
  const span = place(high) - place(low) || 1;
  return { low, high, at: (value) => from + ((place(value) - place(low)) / span) * (to - from) };
}

function polyline({ x, y, dash }: SketchSeries, xs: Scale, ys: Scale, color: string): string {
  const step = Math.max(1, Math.ceil(y.length / MOST_POINTS));
  let d = '';
  let pen = 'M';
  for (let i = 0; i < y.length; i++) {
    if (i % step !== 0 && i !== y.length - 1) continue;
    const value = y[i];
    const [px, py] = [xs.at(x[i]!), value == null ? Number.NaN : ys.at(value)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = 'M'; // a gap
      continue;
    }
    // a step of nothing, so that a point by itself is seen as a dot
    d += `${pen}${px.toFixed(1)},${py.toFixed(1)}${pen === 'M' ? 'h0' : ''}`;
    pen = 'L';
  }
  const dashes = DASHES[dash ?? ''];
  return (
    `<path d="${d}" fill="none" stroke="${escapeHtml(color)}" stroke-width="2" stroke-linecap="round"` +
    `${dashes ? ` stroke-dasharray="${dashes}"` : ''}/>`
  );
}

/** Names and latest values, one beside the other. */
function legend(series: readonly SketchSeries[], left: number): string {
  let at = left;
  return series
    .map(({ name, y, color, dash }, i) => {
      const latest = y.filter((value) => value !== null && Number.isFinite(value)).at(-1);
      const text = `${name ?? ''} ${latest == null ? '' : format(latest)}`.trim();
      const dashes = DASHES[dash ?? ''];
      const key =
        `<path d="M${at},28h24" stroke="${escapeHtml(color ?? colorOf(i))}" stroke-width="2"` +
        `${dashes ? ` stroke-dasharray="${dashes}"` : ''}/>`;
      const part = key + label(at + 30, 32, 'start', text);
      at += 50 + text.length * 7.5;
      return part;
    })
    .join('');
}

const label = (x: number, y: number, anchor: string, text: string, size = 12): string =>
  text === ''
    ? ''
    : `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${escapeHtml(text)}</text>`;

const format = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

/** The sketch as an image in HTML. */
export function sketchHtml(spec: SketchSpec, alt: string): string {
  const { width = 720, height = 240 } = spec;
  const data = Buffer.from(sketchSvg(spec)).toString('base64');
  return (
    `<img src="data:image/svg+xml;base64,${data}" width="${width}" height="${height}" ` +
    `alt="${escapeHtml(alt)}" style="max-width:100%;height:auto;background:#ffffff">`
  );
}

/** What of a figure a sketch can show: its visible line traces and titles. */
export function sketchOf(figure: Figure): SketchSpec {
  const { data, layout } = plainFigure(figure);
  const series = data
    .filter((trace) => trace.type === 'scatter' && (trace.visible ?? true) === true)
    .map((trace): SketchSeries => {
      const y = (trace.y ?? []) as (number | null)[];
      const { color, dash } = (trace.line ?? {}) as { color?: string; dash?: 'dash' };
      return {
        name: trace.name as string | undefined,
        y,
        x: (trace.x as number[] | undefined) ?? y.map((_, i) => i),
        color,
        dash,
      };
    });
  const [x, y] = [layout.xaxis, layout.yaxis] as ({ type?: string } | undefined)[];
  return {
    series,
    title: titleOf(layout),
    xTitle: titleOf(x),
    yTitle: titleOf(y),
    xLog: x?.type === 'log',
    yLog: y?.type === 'log',
    width: figure.width,
    height: figure.height,
  };
}

const titleOf = (owner: object | undefined): string | undefined =>
  (owner as { title?: { text?: string } } | undefined)?.title?.text;
