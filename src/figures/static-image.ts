/**
 * Pictures of figures without a browser: Plotly lays the figure out in a window without a screen, its
 * SVG is painted on a canvas. The same figure gives the same bytes, on one machine.
 */
import { UserError } from '../errors.js';
import type { Figure } from './figure.js';
import { plainFigure } from './plain.js';
import { paintSvg } from './static/paint.js';
import { discardPlotlyWindow, type PlotlyWindow, plotlyWindow } from './static/window.js';

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
