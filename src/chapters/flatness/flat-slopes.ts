/** Saturation is not flatness: how steep the gates of a model are, against how sensitive it is. */

import { type Figure, figure, type Trace } from '../../figures/figure.js';
import { significant } from '../../figures/numbers.js';
import type { ToyVariant } from './flat-toy.js';
import { variantStyle } from './flat-variant.js';
import type { SlopePoint } from './robustness.js';

const QUANTITIES = {
  saturated: 'share of saturated gate values',
  mean: 'mean slope |dσ/da| of the gates',
} as const;

/** Two panels with one point a model: rise of the loss against saturation, and against mean slope. */
export function flatSlopes(points: readonly SlopePoint[], perturbation: string): Figure {
  const variants = [...new Set(points.map((p) => p.variant))];
  const traces = (x: keyof typeof QUANTITIES, axis: string) =>
    variants.map((variant): Trace => {
      const own = points.filter((p) => p.variant === variant);
      const { color, symbol } = variantStyle(variant);
      return {
        type: 'scatter',
        mode: 'markers',
        name: variant.label,
        legendgroup: variant.id,
        showlegend: axis === 'x',
        xaxis: axis,
        x: significant(own.map((p) => p[x])),
        y: significant(own.map((p) => p.rise)),
        marker: { color, symbol, size: 10, line: { width: 1.5, color } },
      };
    });
  const average = (variant: ToyVariant, key: 'saturated' | 'mean' | 'rise') => {
    const own = points.filter((p) => p.variant === variant);
    return own.reduce((sum, p) => sum + p[key], 0) / own.length;
  };
  const words = variants.map(
    (v) =>
      `${v.label} saturated ${(100 * average(v, 'saturated')).toFixed(0)} %, slope ${average(v, 'mean').toFixed(2)}, rise ${average(v, 'rise').toFixed(3)}`,
  );
  return figure({
    data: [...traces('saturated', 'x'), ...traces('mean', 'x2')],
    layout: {
      title: { text: 'Saturated gates can still be steep' },
      xaxis: { title: { text: QUANTITIES.saturated }, domain: [0, 0.47], rangemode: 'tozero' },
      xaxis2: { title: { text: QUANTITIES.mean }, domain: [0.53, 1], rangemode: 'tozero' },
      yaxis: {
        title: { text: `rise of the loss, ${perturbation} (nats a token)` },
        rangemode: 'tozero',
      },
    },
    alt: `One point a model. Means: ${words.join('; ')}.`,
    height: 420,
  });
}
