/** Figures on a phone or in a narrow column: panels below each other, words in lines that fit. */
import { type Figure, type Layout, plainFigure, type Trace } from './figure.js';
import { baseColorbar } from './theme.js';

/** What a narrow place changes. */
export interface NarrowLayout {
  /** Keys of the layout with their new values, whole. */
  layout: Layout;
  height: number;
  /** Over every colour bar: it lies below the plot. */
  colorbar: Layout;
  /** Narrower than this the figure is scrolled, not squeezed. */
  least: number;
}

/** The width that it is laid out for, in CSS pixels: a phone of 390 less its page's margins. */
export const NARROW_WIDTH = 350;

const TITLE = { size: 14, line: 19, letter: 8.1 };
const LEGEND = { size: 12, line: 20, letter: 7, entry: 58 };
const PANEL = { least: 150, most: 300 };
const AXIS_LETTER = 7.4;
/** Names at a vertical axis: longer ones are set in two lines. */
const TICK_LETTERS = 16;
/** More names than these stay in one line. */
const MANY_TICKS = 12;
/** From name to name, in pixels. */
const TICK_LINE = 20;

/**
 * The figure's layout for a narrow place; undefined where it is narrow by itself. Panels that stand
 * side by side come below each other, each with its own axis titles; title and names get as many lines
 * as they need. Figures with numbers written into cells keep their width and are scrolled.
 */
export function narrowLayout(figure: Figure): NarrowLayout | undefined {
  if (figure.width <= NARROW_WIDTH) return undefined;
  const { data, layout } = plainFigure(figure);
  const written = data.some((trace) => trace.texttemplate && trace.type === 'heatmap');
  const drawing = object(layout.meta).drawing === true;
  const least = drawing ? figure.width : written ? Math.min(figure.width, 640) : 0;
  const title = object(layout.title);
  const room = Math.max(NARROW_WIDTH, least);
  const lines = wrapped(String(title.text ?? ''), Math.floor((room - 16) / TITLE.letter));
  const legendTop = 12 + (title.text ? TITLE.line * lines.length + 4 : 0);
  // names get the width of the plot, without its tick labels
  const legend = LEGEND.line * legendRows(data, layout, room - 100);
  const panels = panelsOf(layout);
  const columns = new Set(panels.map(({ x }) => x.from)).size;
  const above = hasTitles(layout, panels) ? 26 : 8;
  const top = legendTop + legend + above;
  const margin = object(layout.margin);
  const [oldTop, oldBottom] = [Number(margin.t ?? 56), Number(margin.b ?? 56)];
  // what is scrolled keeps its bars beside it
  const bars =
    least === 0 && data.some((trace) => isObject(trace.colorbar) && trace.showscale !== false);
  const plot = figure.height - oldTop - oldBottom;
  const changes: Layout = {
    title: {
      ...title,
      text: lines.join('<br>'),
      xref: 'container',
      // Plotly lifts a title by more than half a line for each further one
      pad: { t: 10 + 12 * (lines.length - 1), l: 8 },
      font: { ...object(title.font), size: TITLE.size },
    },
    legend: {
      ...object(layout.legend),
      x: 0,
      xref: 'container',
      y: 1 - legendTop / 1000, // put right below, when the height is known
      yref: 'container',
      yanchor: 'top',
      itemwidth: 30,
      tracegroupgap: 2,
      font: { ...object(object(layout.legend).font), size: LEGEND.size },
    },
  };
  const longest = Math.max(
    0,
    ...panels.map(({ yid }) => {
      const ticks = names(layout, yid).map((name) => String(name).length);
      return Math.min(ticks.length > MANY_TICKS ? 99 : TICK_LETTERS, Math.max(0, ...ticks));
    }),
  );
  const beside = Math.max(76, 6.4 * longest + 44);
  const across = Math.floor((room - beside) / AXIS_LETTER);
  const most = Math.max(
    1,
    ...Object.entries(layout).map(([key, axis]) =>
      /^xaxis/.test(key)
        ? wrapped(String(object(object(axis).title).text ?? ''), across).length
        : 1,
    ),
  );
  const under = 18 * (most - 1);
  const bottom = oldBottom + under + (bars ? 62 : 0);
  let height: number;
  if (columns > 1) {
    const rows = new Set(panels.map(({ y }) => y.from)).size;
    const leaning = Object.values(layout).some(
      (axis) => Math.abs(Number(object(axis).tickangle ?? 0)) > 30,
    );
    const gap = 56 + above + under + (leaning ? 40 : 0);
    const usual = Math.min(PANEL.most, Math.max(PANEL.least, plot / rows - (rows > 1 ? 60 : 0)));
    // rows of names keep their distance
    const one = Math.max(
      usual,
      TICK_LINE * Math.max(0, ...panels.map(({ yid }) => names(layout, yid).length)),
    );
    const all = panels.length * one + (panels.length - 1) * gap;
    Object.assign(changes, stacked(layout, panels, one / all, gap / all));
    height = top + all + bottom;
    wrapAxes({ ...layout, ...changes }, changes, across, Math.floor(one / AXIS_LETTER));
  } else {
    height = top + plot + bottom;
    wrapAxes(layout, changes, across, Math.floor(plot / AXIS_LETTER));
  }
  height = Math.round(height);
  (changes.legend as Layout).y = 1 - legendTop / height;
  changes.margin = { ...margin, l: Math.min(Number(margin.l ?? 64), 56), r: 12, t: top, b: bottom };
  return {
    layout: changes,
    height,
    colorbar: bars
      ? {
          orientation: 'h',
          yref: 'container',
          y: 4 / height,
          yanchor: 'bottom',
          x: 0.5,
          len: 0.9,
          title: { ...object(baseColorbar().title), ...colorbarTitle(data), side: 'top' },
        }
      : {},
    least,
  };
}

const isObject = (value: unknown): value is Layout =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const object = (value: unknown): Layout => (isObject(value) ? value : {});

const colorbarTitle = (data: readonly Trace[]): Layout =>
  object(object(data.find((trace) => isObject(trace.colorbar))?.colorbar).title);

/** Words in lines of at most so many letters; markup takes no room. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/<br>|\s+/)) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && joined.replace(/<[^>]*>/g, '').length <= letters)
      lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** How many rows of names: Plotly sets one, or columns as wide as the longest name. */
function legendRows(data: readonly Trace[], layout: Layout, room: number): number {
  const shown = data.filter(
    ({ name, showlegend, visible }) => name && showlegend !== false && visible !== false,
  );
  if (
    layout.showlegend === false ||
    (shown.length < 2 && layout.showlegend !== true && data.length < 2)
  )
    return 0;
  const widths = shown.map(
    ({ name }) => LEGEND.entry + LEGEND.letter * String(name).replace(/<[^>]*>/g, '').length,
  );
  if (widths.length === 0) return 0;
  if (widths.reduce((sum, one) => sum + one, 0) <= room) return 1;
  return Math.ceil(widths.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

interface Span {
  from: number;
  to: number;
}

/** A pair of axes and its place, in shares of the plot. */
interface Panel {
  /** `''`, `2`, ... */
  xid: string;
  yid: string;
  x: Span;
  y: Span;
}

const span = (axis: Layout): Span => {
  const [from, to] = (axis.domain as [number, number] | undefined) ?? [0, 1];
  return { from, to };
};

/** Panels in the order in which they are read: by rows. */
function panelsOf(layout: Layout): Panel[] {
  return Object.keys(layout)
    .filter((key) => /^xaxis\d*$/.test(key))
    .map((key) => {
      const xid = key.slice(5);
      const yid = String(object(layout[key]).anchor ?? `y${xid}`).slice(1);
      const y = object(layout[`yaxis${yid}`]);
      return { xid, yid, x: span(object(layout[key])), y: span(y) };
    })
    .sort((a, b) => b.y.from - a.y.from || a.x.from - b.x.from);
}

/** Whether something is written above a panel. */
const hasTitles = (layout: Layout, panels: readonly Panel[]): boolean =>
  annotationsOf(layout).some(
    ({ yref, y }) => yref === 'paper' && panels.some((p) => Number(y) >= p.y.to),
  );

const annotationsOf = (layout: Layout): Layout[] =>
  (layout.annotations as Layout[] | undefined) ?? [];

/** What stands at a vertical axis where that is no scale. */
const names = (layout: Layout, yid: string): unknown[] => {
  const { ticktext } = object(layout[`yaxis${yid}`]);
  return Array.isArray(ticktext) ? ticktext : [];
};

/** Axis titles in lines that fit; categories stand upright, in small letters. */
function wrapAxes(layout: Layout, changes: Layout, across: number, along: number): void {
  for (const [key, value] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(key)) continue;
    const axis = object(value);
    const title = object(axis.title);
    const letters = key.startsWith('x') ? across : along;
    const upright =
      key.startsWith('x') && axis.type === 'category' && axis.tickangle === undefined
        ? { tickangle: 0, tickfont: { size: 10 } }
        : {};
    const text = wrapped(String(title.text ?? ''), letters).join('<br>');
    const ticks = key.startsWith('y') ? names(layout, key.slice(5)) : [];
    const short =
      ticks.length > 0 && ticks.length <= MANY_TICKS
        ? {
            ticktext: ticks.map((name) => wrapped(String(name), TICK_LETTERS).join('<br>')),
            tickfont: { size: 11 },
          }
        : {};
    changes[key] = { ...axis, ...upright, ...short, title: { ...title, text } };
  }
}

/** Panels below each other, each `height` of the plot, `gap` apart; what stands in them moves along. */
function stacked(layout: Layout, panels: readonly Panel[], height: number, gap: number): Layout {
  const changes: Layout = {};
  const places = panels.map((_, n): Span => {
    const to = 1 - n * (height + gap);
    return { from: Math.max(0, to - height), to };
  });
  panels.forEach(({ xid, yid, x, y }, n) => {
    const axis = object(layout[`xaxis${xid}`]);
    const upright = object(layout[`yaxis${yid}`]);
    // what an inner panel left to its neighbours at the edge
    const under = panels.filter((p) => p.x.from === x.from).at(-1)!;
    const beside = panels.find((p) => p.y.from === y.from)!;
    const lower = object(layout[`xaxis${under.xid}`]);
    const left = object(layout[`yaxis${beside.yid}`]);
    const titled = (own: Layout, other: Layout) =>
      object(own.title).text ? own.title : (other.title ?? own.title);
    changes[`xaxis${xid}`] = {
      ...axis,
      domain: [0, 1],
      anchor: `y${yid}`,
      showticklabels: lower.showticklabels ?? true,
      title: titled(axis, lower),
    };
    changes[`yaxis${yid}`] = {
      ...upright,
      anchor: `x${xid}`,
      domain: [places[n]!.from, places[n]!.to],
      showticklabels: left.showticklabels ?? true,
      title: titled(upright, left),
    };
  });
  const panelAt = (x: number, y: number): number => {
    const distance = (at: Span, value: number) => Math.max(0, at.from - value, value - at.to);
    const far = panels.map((p) => distance(p.x, x) + distance(p.y, y) + (y > p.y.to ? 0 : 1e-6));
    return far.indexOf(Math.min(...far));
  };
  if (annotationsOf(layout).length > 0)
    changes.annotations = annotationsOf(layout).map((note) => {
      if (note.xref !== 'paper' || note.yref !== 'paper') return note;
      const [x, y] = [Number(note.x), Number(note.y)];
      const n = panelAt(x, y);
      const old = panels[n]!;
      const share = (y - old.y.from) / (old.y.to - old.y.from);
      return {
        ...note,
        font: { ...object(note.font), size: 12 },
        x: (x - old.x.from) / (old.x.to - old.x.from),
        y: share > 1 ? places[n]!.to + 0.01 * height : places[n]!.from + share * height,
      };
    });
  if (Array.isArray(layout.shapes))
    changes.shapes = (layout.shapes as Layout[]).flatMap((shape): Layout[] => {
      const across = shape.xref === 'paper';
      const along = shape.yref === 'paper';
      if (across === along) return [shape];
      const own = panels.filter(({ xid, yid }) =>
        across
          ? true
          : shape.xref === `x${xid}` || (shape.xref === undefined && xid === '' && yid === ''),
      );
      return own.map(({ xid, yid }) =>
        across
          ? { ...shape, xref: `x${xid} domain`, yref: `y${yid}` }
          : { ...shape, yref: `y${yid} domain` },
      );
    });
  return changes;
}
