/** What a figure is: Plotly traces and a layout, with the words for those who cannot see it. */
import { baseLayout } from './theme.js';

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

/** Puts a figure into the common style. Axes need a title with a unit, so that it stands alone. */
export function figure({ data, layout, alt, width = 720, height = 400 }: FigureSpec): Figure {
  return { data, layout: mergeLayout(baseLayout(), layout), alt, width, height };
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
