/** What byte pair encoding trades: the size of the vocabulary against the length of sentences. */

import { type Figure, figure, significant } from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';
import type { BpePoint } from './bpe-curve.js';

/** Vocabulary (left axis) and units a sentence (right axis) by number of merges. */
export function nmtBpe(points: readonly BpePoint[]): Figure {
  const x = points.map(({ merges }) => merges);
  const [first, last] = [points[0]!, points.at(-1)!];
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'units in the vocabulary (left)',
        x,
        y: points.map(({ vocabulary }) => vocabulary),
        line: { color: COLORS.blue, width: 2 },
        marker: { symbol: 'circle', size: 8, color: COLORS.blue },
        cliponaxis: false,
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'units a sentence (right)',
        x,
        y: significant(points.map(({ unitsPerLine }) => unitsPerLine)),
        yaxis: 'y2',
        line: { color: COLORS.vermillion, width: 2, dash: 'dash' },
        marker: { symbol: 'square', size: 8, color: COLORS.vermillion },
        cliponaxis: false,
      },
    ],
    layout: {
      title: { text: 'More merges: more units, shorter sentences' },
      xaxis: { title: { text: 'merges' }, rangemode: 'tozero' },
      yaxis: { title: { text: 'different units' }, rangemode: 'tozero' },
      yaxis2: {
        title: { text: 'units of an average sentence' },
        overlaying: 'y',
        tickmode: 'auto',
        side: 'right',
        rangemode: 'tozero',
        showgrid: false,
      },
      margin: { r: 72 },
    },
    alt: `From ${first.merges} to ${last.merges} merges the vocabulary goes from ${first.vocabulary} to ${last.vocabulary} units, a sentence from ${first.unitsPerLine.toFixed(1)} to ${last.unitsPerLine.toFixed(1)} units.`,
    height: 380,
  });
}
