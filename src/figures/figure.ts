/** What a figure is: Plotly traces and a layout, with the words for those who cannot see it. */
import { baseColorbar, baseLayout, baseSlider } from './theme.js';

/** Numbers as figures hold them: short, since a notebook stores every digit. */

/** Four significant digits: enough for a picture, a third of the bytes. Fits `values.map(short)`. */
export const short = (value: number): number => Number(value.toPrecision(4));

/** Values rounded to `digits` significant digits, default 4. NaN and infinities become null, a gap. */
export function significant(values: Iterable<number>, digits = 4): (number | null)[] {
  return Array.from(values, (value) =>
    Number.isFinite(value) ? Number(value.toPrecision(digits)) : null,
  );
}

/** `count` numbers from `from` to `to`, both included, evenly spaced. */
export function linspace(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** `count` numbers above 0 from `from` to `to`, both included, evenly spaced in their logarithm. */
export function logspace(from: number, to: number, count: number): number[] {
  const logs = linspace(Math.log(from), Math.log(to), count).map(Math.exp);
  return logs.map((value) => Number(value.toPrecision(6)));
}

/** Steps of a decade, from few to many. */
const DECADES = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]];

/**
 * Ticks of a logarithmic axis over these values: round numbers, at least four of them where there is
 * room. Plotly's own crowd when the axis spans a decade or two.
 */
export function logTicks(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low > 0 && Number.isFinite(high))) return [1, 10, 100];
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  let ticks: number[] = [];
  for (const steps of DECADES) {
    ticks = [];
    for (let k = first; k <= last; k++)
      for (const step of steps) ticks.push(Number((step * 10 ** k).toPrecision(3)));
    if (ticks.filter((t) => t >= low && t <= high).length >= 4) break;
  }
  return ticks;
}

/** A number in words: a true minus sign, and at most `digits` digits after the point (default 3). */
export function signed(value: number, digits = 3): string {
  return String(Number(value.toFixed(digits))).replace('-', '−');
}

/** A Plotly trace: https://plotly.com/javascript/reference lists its attributes. */
export type Trace = { type: string } & Record<string, unknown>;

/** A Plotly layout. */
export type Layout = Record<string, unknown>;

/** A figure as functions of this room return it, ready for `show` or for Plotly itself. */
export interface Figure {
  data: Trace[];
  layout: Layout;
  /** One or two sentences: what the picture shows. */
  alt: string;
  /** Size in CSS pixels. */
  width: number;
  height: number;
}

/** What makes a figure; sizes default to 720 x 400. */
export interface FigureSpec {
  data: Trace[];
  layout: Layout;
  alt: string;
  width?: number;
  height?: number;
}

/**
 * Puts a figure into the common style. Axes need a title with a unit, so that it stands alone. Room for
 * title, legend and sliders is made here; a figure that says `margin`, `legend` or a slider's `pad`
 * itself has its way.
 */
export function figure({ data, layout, alt, width = 720, height = 400 }: FigureSpec): Figure {
  const base = mergeLayout(baseLayout(), { margin: { t: topMargin(data, layout, width) } });
  const merged = mergeLayout(base, layout);
  if (Array.isArray(layout.sliders))
    merged.sliders = layout.sliders.map((slider) => mergeLayout(baseSlider(), slider));
  return { data: data.map(styled), layout: merged, alt, width, height };
}

/** Title, the lines of a legend above the plot, and air. */
function topMargin(data: readonly Trace[], layout: Layout, width: number): number {
  return (
    18 + (layout.title ? 30 : 0) + (layout.legend ? 24 : 24 * legendLines(data, layout, width))
  );
}

/** How many lines the legend takes: Plotly sets one line, or columns as wide as the longest name. */
function legendLines(data: readonly Trace[], layout: Layout, width: number): number {
  const shown = data.filter(
    (trace) => trace.name && (trace.showlegend ?? true) && trace.visible !== false,
  );
  if (!(layout.showlegend ?? (shown.length > 1 || (data.length > 1 && shown.length > 0)))) return 0;
  // on the wide side; markup in names takes no room
  const widths = shown.map(({ name }) => 64 + 7.8 * String(name).replace(/<[^>]*>/g, '').length);
  const room = width - 88;
  if (widths.reduce((sum, one) => sum + one, 0) <= room) return 1;
  return Math.ceil(widths.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/** Traces with a colour bar get the common one. */
function styled(trace: Trace): Trace {
  if (!['heatmap', 'contour', 'histogram2d', 'surface'].includes(trace.type)) return trace;
  const colorbar = isObject(trace.colorbar) ? trace.colorbar : {};
  return { ...trace, colorbar: mergeLayout(baseColorbar(), colorbar) };
}

/** `over` on top of `base`, object by object; lists are replaced. Axes of any number get the base axis. */
function mergeLayout(base: Layout, over: Layout): Layout {
  const merged: Layout = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key] ?? base[key.replace(/^([xy]axis)\d+$/, '$1')];
    merged[key] = isObject(below) && isObject(value) ? mergeLayout(below, value) : value;
  }
  return merged;
}

const isObject = (value: unknown): value is Layout =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// A figure's data and layout as plain JSON values.

/**
 * The data and layout that Plotly gets, as JSON can hold them: typed arrays become lists, what is no
 * finite number becomes null, which Plotly shows as a gap.
 */
export function plainFigure({ data, layout }: Figure): Pick<Figure, 'data' | 'layout'> {
  return JSON.parse(JSON.stringify({ data, layout }, (_key, value) => plainValue(value)));
}

function plainValue(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  return typeof value === 'bigint' ? Number(value) : value;
}
