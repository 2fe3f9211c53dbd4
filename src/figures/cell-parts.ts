/** What the figures of the cell share. */
import type { GateParts } from '../analysis/tiny-cell.js';
import type { Layout } from './figure.js';

/** Names of gates as axes and legends say them. */
export const GATE_NAME: Readonly<Record<keyof GateParts<unknown>, string>> = {
  f: 'forget gate',
  i: 'input gate',
  o: 'output gate',
  g: 'candidate',
};

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

/** The values of one unit over the words. */
export const unitOf = (rows: readonly (readonly number[])[], unit: number): number[] =>
  rows.map((row) => row[unit]!);

/** `units` names of one gate: f1, f2, ... */
export const unitNames = (gate: string, units: number): string[] =>
  Array.from({ length: units }, (_, j) => `${gate}${j + 1}`);
