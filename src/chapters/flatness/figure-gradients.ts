/** Gradients of the loss by layer and gate, and how steep the gates stand. */

import { layerOf } from '../../compression/gate-parameters.js';
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { missingNote } from './figure-noise.js';
import type { MeasuredFlatness } from './flatness-comparison.js';

/** Layer and gate, in two lines of an axis label. */
const place = (layer: string, gate: string): string =>
  `${gate}<br>${layer.replace('lstm.', 'layer ')}`;

const points = (
  { algorithm }: MeasuredFlatness,
  x: string[],
  y: number[],
  more: Partial<Trace> = {},
): Trace => {
  const { color, symbol, label } = ALGORITHM_STYLE[algorithm];
  return {
    type: 'scatter',
    // gates are no scale: nothing lies between two of them, so no line does
    mode: 'markers',
    name: label,
    legendgroup: algorithm,
    x,
    y: significant(y),
    marker: { symbol, size: 11, color },
    ...more,
  };
};

/** Norm of the gradient in each gate's parameters, every block in units of its root mean square. */
export function flatGradients(all: readonly MeasuredFlatness[]): Figure {
  const words: string[] = [];
  const data = all.flatMap((measured) => {
    const sums = new Map<string, number>();
    for (const { tensor, gate, scaled } of measured.result.gradient?.blocks ?? []) {
      const key = place(layerOf(tensor), gate);
      sums.set(key, (sums.get(key) ?? 0) + scaled ** 2);
    }
    if (sums.size === 0) return [];
    const norms = [...sums.values()].map(Math.sqrt);
    words.push(
      `${ALGORITHM_STYLE[measured.algorithm].label} ${norms.map((n) => n.toPrecision(2)).join(', ')}`,
    );
    return [points(measured, [...sums.keys()], norms)];
  });
  return figure({
    data,
    layout: {
      title: { text: 'Gradient of the loss by gate' },
      xaxis: { title: { text: 'gate and layer' }, type: 'category' },
      yaxis: { title: { text: 'norm × RMS (nats a token)' }, rangemode: 'tozero' },
      annotations: missingNote(all),
    },
    alt: `Norm of the gradient by gate and layer in units of each block's root mean square: ${words.join('; ')}.`,
    height: 400,
  });
}

/** Mean slope of every gate, and the gradient in the argument of its sigmoid; language models only. */
export function flatGateSlopes(all: readonly MeasuredFlatness[]): Figure {
  const words: string[] = [];
  const data = all.flatMap((measured) => {
    const rows = measured.result.gradient?.preactivations?.filter(({ gate }) => gate !== 'g') ?? [];
    if (rows.length === 0) return [];
    const x = rows.map(({ layer, gate }) => place(`layer ${layer}`, gate));
    words.push(
      `${ALGORITHM_STYLE[measured.algorithm].label} ${rows.map(({ nearZero }) => `${(100 * nearZero).toFixed(0)} %`).join(', ')}`,
    );
    const second = { xaxis: 'x2', yaxis: 'y2', showlegend: false };
    return [
      points(
        measured,
        x,
        rows.map(({ nearZero }) => 100 * nearZero),
      ),
      points(
        measured,
        x,
        rows.map(({ gradient }) => gradient),
        second,
      ),
    ];
  });
  return figure({
    data,
    layout: {
      title: { text: 'Flat gates, and what the loss feels of them' },
      xaxis: { title: { text: 'gate and layer' }, type: 'category', domain: [0, 0.43] },
      yaxis: { title: { text: 'values with a flat slope (%)' }, rangemode: 'tozero' },
      xaxis2: { title: { text: 'gate and layer' }, type: 'category', domain: [0.57, 1] },
      yaxis2: {
        title: { text: 'RMS derivative (nats a unit)' },
        rangemode: 'tozero',
        anchor: 'x2',
      },
      annotations: missingNote(all),
    },
    alt: `Left: share of gate values with a slope below a tenth of 1/4, by layer and gate: ${words.join('; ')}. Right: root mean square of the loss's derivative in the argument of the sigmoid.`,
    height: 400,
  });
}
