/** A figure as one output of a cell: a picture that every reader sees, and what makes it interactive. */
import { createHash } from 'node:crypto';
import type { MimeBundle } from '../host.js';
import { inlinePlotly, mountScript, plotlyAddress, scriptJson } from './browser/source.js';
import { escapeHtml } from './escape.js';
import type { Figure } from './figure.js';
import { plainFigure } from './plain.js';
import { fontFamilies } from './static/fonts.js';
import { staticPng, staticSvg } from './static-image.js';
import { themeChanges } from './theme.js';

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
  const content = { data, layout, width, height, alt };
  const id = createHash('sha256').update(scriptJson(content)).digest('hex').slice(0, 16);
  const script = mountScript({
    id,
    ...content,
    ...themeChanges(layout),
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
