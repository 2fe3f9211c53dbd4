/** Drawings of boxes and arrows in pixels: what a model is made of, in the style of all figures. */
import { type Figure, figure, type Layout } from './figure.js';
import { plotlyText } from './table.js';
import { COLORS, PAGE } from './theme.js';

/** A box with lines of text in it. */
export interface Box {
  /** Its middle, in pixels from the upper left corner of the drawing. */
  x: number;
  y: number;
  width: number;
  height: number;
  lines: readonly string[];
  /** What a reader is told who points at it. Default: its lines. */
  hover?: string;
  /** Default: plain. `marked`: what the drawing is about. `round`: an operation. */
  kind?: 'plain' | 'marked' | 'round';
}

/** An arrow along its corners, at least two; the head is at the last one. */
export interface Arrow {
  path: readonly (readonly [x: number, y: number])[];
  marked?: boolean;
  /** Default true. */
  head?: boolean;
}

/** Words without a box. */
export interface Note {
  x: number;
  y: number;
  text: string;
  align?: 'left' | 'center' | 'right';
  size?: number;
  marked?: boolean;
}

export interface DiagramSpec {
  title: string;
  alt: string;
  /** Of the drawing, without the title. */
  width: number;
  height: number;
  boxes: readonly Box[];
  arrows?: readonly Arrow[];
  notes?: readonly Note[];
}

const MARGIN = { l: 12, r: 12, t: 48, b: 12 };

/** The drawing as a figure. One that is wider than its place is scrolled: words in boxes do not shrink. */
export function diagram(spec: DiagramSpec): Figure {
  const { title, alt, width, height, boxes, arrows = [], notes = [] } = spec;
  const tint = (marked: boolean | undefined) => (marked ? COLORS.vermillion : PAGE.light.line);
  const shapes: Layout[] = [
    ...arrows.map(({ path, marked }) => ({
      type: 'path',
      path: path.map(([x, y], k) => `${k === 0 ? 'M' : 'L'} ${x} ${y}`).join(' '),
      line: { color: tint(marked), width: marked ? 2.5 : 1.5 },
      layer: 'below',
    })),
    ...boxes.map(({ x, y, width: w, height: h, kind }) => ({
      type: kind === 'round' ? 'circle' : 'rect',
      x0: x - w / 2,
      x1: x + w / 2,
      y0: y - h / 2,
      y1: y + h / 2,
      line: { color: tint(kind === 'marked'), width: kind === 'marked' ? 2.5 : 1.5 },
      fillcolor: PAGE.light.paper,
      layer: 'below',
    })),
  ];
  const heads = arrows
    .filter(({ head }) => head !== false)
    .map(({ path, marked }): Layout => {
      const [[x0, y0], [x1, y1]] = path.slice(-2) as [[number, number], [number, number]];
      const length = Math.hypot(x1 - x0, y1 - y0) || 1;
      return {
        ...{ x: x1, y: y1, ax: x1 - (12 * (x1 - x0)) / length, ay: y1 - (12 * (y1 - y0)) / length },
        ...{ xref: 'x', yref: 'y', axref: 'x', ayref: 'y', text: '' },
        ...{ showarrow: true, arrowhead: 2, arrowsize: 1.1, arrowwidth: 1.6 },
        arrowcolor: tint(marked),
      };
    });
  const words = (x: number, y: number, text: string, more: Layout = {}): Layout => ({
    ...{ x, y, xref: 'x', yref: 'y', text, showarrow: false },
    ...more,
  });
  const annotations: Layout[] = [
    ...heads,
    ...boxes.map(({ x, y, lines }) =>
      words(x, y, lines.map(plotlyText).join('<br>'), { font: { size: 12 } }),
    ),
    ...notes.map(({ x, y, text, align = 'center', size = 12, marked }) =>
      words(x, y, plotlyText(text), {
        xanchor: align,
        font: { size, ...(marked ? { color: COLORS.vermillion } : {}) },
      }),
    ),
  ];
  const hidden = { visible: false, fixedrange: true };
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: boxes.map(({ x }) => x),
        y: boxes.map(({ y }) => y),
        text: boxes.map(({ hover, lines }) => plotlyText(hover ?? lines.join(' '))),
        hovertemplate: '%{text}<extra></extra>',
        // only to be pointed at
        marker: { size: 24, opacity: 0 },
        showlegend: false,
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { ...hidden, range: [0, width] },
      yaxis: { ...hidden, range: [height, 0] },
      margin: MARGIN,
      showlegend: false,
      shapes,
      annotations,
      meta: { drawing: true },
    },
    alt,
    width: width + MARGIN.l + MARGIN.r,
    height: height + MARGIN.t + MARGIN.b,
  });
}
