/** A figure as one output of a cell: a picture that every reader sees, and what makes it interactive. */
import { createHash } from 'node:crypto';
import { UserError } from '../errors.js';
import { type MimeBundle, notebookHost } from '../host.js';
import { inlinePlotly, mountScript, plotlyAddress, scriptJson } from './browser/source.js';
import { type Figure, plainFigure } from './figure.js';
import { narrowLayout } from './narrow.js';
import { fontFamilies } from './static/fonts.js';
import { paintSvg } from './static/paint.js';
import { discardPlotlyWindow, type PlotlyWindow, plotlyWindow } from './static/window.js';
import {
  type DataFrameLike,
  escapeHtml,
  type TableOptions,
  type TableRows,
  type TableSpec,
  tableBundle,
} from './table.js';
import { REPAINTING } from './theme.js';

let plotlyTravelled = false;

/**
 * The figure as a bundle for `display`. Its HTML holds a PNG; a script puts the interactive figure in
 * its place where scripts run and plotly.js is found. GitHub, untrusted notebooks and readers without
 * a network keep the PNG.
 *
 * plotly.js (5 MB) does not travel along, except once in a process with `G2_PLOTLY=inline`, for HTML
 * files that must work on their own.
 */
export async function figureBundle(figure: Figure): Promise<MimeBundle> {
  const html = await figureHtml(figure, plotlyTravels());
  return { 'text/html': html, 'text/plain': figure.alt };
}

/**
 * The figure as HTML, as figureBundle says.
 * @param withPlotly plotly.js comes along
 */
export async function figureHtml(figure: Figure, withPlotly = false): Promise<string> {
  const picture = await pictureUri(figure);
  const { data, layout } = plainFigure(figure);
  const { width, height, alt } = figure;
  const narrow = narrowLayout(figure);
  const content = { data, layout, width, height, alt, ...(narrow ? { narrow } : {}) };
  const id = createHash('sha256').update(scriptJson(content)).digest('hex').slice(0, 16);
  const script = mountScript({
    id,
    ...content,
    dark: REPAINTING,
    ...plotlyAddress(),
  });
  return [
    `<div data-g2lstm-figure="${id}" style="position:relative;max-width:${width}px">`,
    `<img src="${picture}" width="${width}" height="${height}" ` +
      `alt="${escapeHtml(alt)}" style="max-width:100%;height:auto;background:#ffffff">`,
    ...(withPlotly ? [`<script>${inlinePlotly()}</script>`] : []),
    `<script>${script}</script>`,
    '</div>',
  ].join('\n');
}

/** A PNG; on a machine without any font an SVG, for which the reader's browser has one. */
async function pictureUri(figure: Figure): Promise<string> {
  if (fontFamilies())
    return `data:image/png;base64,${(await staticPng(figure)).toString('base64')}`;
  return `data:image/svg+xml;base64,${Buffer.from(await staticSvg(figure)).toString('base64')}`;
}

function plotlyTravels(): boolean {
  if (plotlyTravelled || process.env.G2_PLOTLY !== 'inline') return false;
  plotlyTravelled = true;
  return true;
}

// Pictures of figures without a browser: Plotly lays the figure out in a window without a screen, its SVG is
// painted on a canvas. The same figure gives the same bytes, on one machine.

/**
 * The figure as an SVG document. Its text is set in whatever font the reader has.
 *
 * @param options.limitMs longest time Plotly may take, 30,000 by default: an interrupt in the midst of its
 *   work leaves it without an end
 * @throws UserError if Plotly cannot draw the figure
 */
export async function staticSvg(
  figure: Figure,
  { limitMs = 30_000 }: { limitMs?: number } = {},
): Promise<string> {
  return inTurn(() => render(plotlyWindow(), figure, limitMs));
}

/**
 * The figure as a PNG, opaque white behind it.
 *
 * Notebooks carry this one and not the SVG: an SVG was laid out for the font measured here and is set
 * in another one there, where words run into each other; and JupyterLab and GitHub drop an SVG, or
 * part of it, from notebooks they do not trust.
 *
 * @param options.scale pixels per CSS pixel; 2 by default, so that it is sharp on fine screens too
 */
export async function staticPng(
  figure: Figure,
  { scale = 2 }: { scale?: number } = {},
): Promise<Buffer> {
  const window = plotlyWindow();
  const svg = await staticSvg(figure);
  const { documentElement } = new window.DOMParser().parseFromString(svg, 'image/svg+xml');
  return paintSvg(documentElement, { width: figure.width, height: figure.height, scale });
}

/** Figures are laid out one after the other: Plotly's ids come from one source of random numbers. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = last.then(work, work);
  last = next.catch(() => undefined);
  return next;
}

async function render(window: PlotlyWindow, figure: Figure, limitMs: number): Promise<string> {
  const { width, height } = figure;
  const { data, layout } = window.JSON.parse(JSON.stringify(plainFigure(figure)));
  window.Math.random = generator(); // ids of clip paths and gradients
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      discardPlotlyWindow();
      reject(new Error(`not done after ${limitMs / 1000} s`));
    }, limitMs);
  });
  try {
    const drawn = window.Plotly.toImage(
      { data, layout: { ...layout, width, height }, config: { staticPlot: true } },
      { format: 'svg', width, height, imageDataOnly: true },
    );
    return await Promise.race([drawn, late]);
  } catch (error) {
    // not the error itself: printing it would print the one line of 4 MB it comes from
    const reason = (error as { message?: string } | undefined)?.message ?? String(error);
    throw new UserError(`Plotly cannot draw the figure "${figure.alt.slice(0, 60)}": ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Pseudo-random numbers that begin anew with every figure (the multiplier is that of `minstd`). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

// Shows figures and tables as outputs of the running cell.

/**
 * Shows a figure below the running cell: interactive where scripts run, a static image elsewhere.
 * Outside a notebook it prints what the figure shows.
 */
export async function show(figure: Figure): Promise<void> {
  const host = notebookHost();
  if (host) host.display(await figureBundle(figure));
  else process.stdout.write(`[figure] ${figure.alt}\n`);
}

/**
 * Shows rows (objects, or lists of values), a table with named columns or a danfojs DataFrame as an HTML
 * table below the running cell; outside a notebook prints it. Numbers are set to the right; NaN and null
 * become an en dash, lists and objects inside are shown as JSON.
 */
export function showTable(
  table: TableRows | TableSpec | DataFrameLike,
  options: TableOptions = {},
): void {
  const bundle = tableBundle(table, options);
  const host = notebookHost();
  if (host) host.display(bundle);
  else process.stdout.write(`${bundle['text/plain']}\n`);
}
