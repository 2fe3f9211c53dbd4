/** What figures of compressed models share: the points of a sweep that are drawn. */

import { type CompressionSpec, parseCompression } from '../../compression/spec.js';
import { type Figure, figure } from '../../figures/figure.js';
import type { MeasuredSensitivity } from './comparison.js';
import type { SensitivityPoint } from './measure.js';

/** A point of a sweep with its compression as data. */
export interface Swept {
  point: SensitivityPoint;
  spec: CompressionSpec | null;
}

/** Points of a sweep that are drawn: soft gates, the paper's blocks. */
export const swept = ({ result }: MeasuredSensitivity): Swept[] =>
  result.sweep
    .filter(({ hard, variant }) => !hard && variant === 'paper')
    .map((point) => ({
      point,
      spec: point.spec === null ? null : parseCompression(point.spec),
    }));

/** Runs whose sweep was measured. */
export const withSweep = (all: readonly MeasuredSensitivity[]): MeasuredSensitivity[] =>
  all.filter(({ result }) => result.sweep.length > 0);

/** Perplexity of the same text with the weights as they were trained. */
export const originalOf = (points: readonly Swept[]): number | null =>
  points.find(({ spec }) => spec === null)?.point.perplexity ?? null;

/** What perplexities are of. */
export const unitOf = (measured: readonly MeasuredSensitivity[]): string =>
  measured[0]?.result.task === 'nmt' ? 'target unit' : 'word';

/** A figure that says that nothing has been measured yet. */
export function nothingYet(title: string): Figure {
  return figure({
    data: [{ type: 'scatter', x: [], y: [], showlegend: false }],
    layout: {
      title: { text: title },
      xaxis: { visible: false },
      yaxis: { visible: false },
      annotations: [
        { text: 'not run yet', x: 0.5, y: 0.5, xref: 'paper', yref: 'paper', showarrow: false },
      ],
    },
    alt: `${title}: not run yet.`,
    height: 240,
  });
}
