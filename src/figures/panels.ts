/** Axes and captions that figures of several chapters share. */
import type { Layout } from './figure.js';

/** A horizontal axis with one place for each word; words may repeat, so places are numbers. */
export function wordAxis(words: readonly string[], more: Layout = {}): Layout {
  return {
    tickmode: 'array',
    tickvals: words.map((_, t) => t),
    ticktext: [...words],
    tickangle: -40,
    range: [-0.5, words.length - 0.5],
    showgrid: false,
    ...more,
  };
}

/** A caption above a panel whose lower left corner is at (x, y) in shares of the plot. */
export function panelTitle(text: string, x: number, y: number): Layout {
  const place = { x, y, xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom' };
  return { text, ...place, showarrow: false, font: { size: 13 } };
}
