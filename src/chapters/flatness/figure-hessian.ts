/** Eigenvalues of the Hessian in the gate parameters: both ends, how they were found, how far they reach. */

import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { missingNote } from './figure-noise.js';
import type { MeasuredFlatness } from './flatness-comparison.js';
import type { HessianEnds } from './gate-hessian.js';

const UNITS = ['absolute', 'block'] as const;
const UNIT_TITLE = {
  absolute: 'parameters as they are',
  block: 'in units of the block’s RMS',
} as const;

const hessianOf = ({ result }: MeasuredFlatness, unit: string): HessianEnds | undefined =>
  result.hessian?.find((h) => h.unit === unit);

/** Two panels side by side, one a unit. */
const panelAxes = (make: (p: number) => { x: Layout; y: Layout }): Layout =>
  Object.fromEntries(
    UNITS.flatMap((_, p) => {
      const id = p === 0 ? '' : `${p + 1}`;
      const { x, y } = make(p);
      const domain = p === 0 ? [0, 0.44] : [0.56, 1];
      return [
        [`xaxis${id}`, { domain, anchor: `y${id}`, ...x }],
        [`yaxis${id}`, { anchor: `x${id}`, ...y }],
      ];
    }),
  );

/**
 * Largest (filled) and smallest (open) eigenvalue of each model. In the absolute panel a cross marks a
 * sharpened model's largest one after it is written as a plain LSTM: times tau^2.
 */
export function flatEigenvalues(all: readonly MeasuredFlatness[]): Figure {
  const data: Trace[] = [];
  const words: string[] = [];
  UNITS.forEach((unit, p) => {
    const axes = { xaxis: p === 0 ? 'x' : 'x2', yaxis: p === 0 ? 'y' : 'y2' };
    for (const measured of all) {
      const hessian = hessianOf(measured, unit);
      if (!hessian) continue;
      const { color, symbol, label } = ALGORITHM_STYLE[measured.algorithm];
      const { largest, smallest } = hessian;
      const dot = { type: 'scatter', mode: 'markers', ...axes, legendgroup: measured.algorithm };
      const marker = { color, size: 12, line: { color, width: 2 } };
      const end = (value: number, residual: number, open: boolean): Trace => ({
        ...dot,
        name: label,
        showlegend: p === 0 && !open,
        x: [label],
        y: significant([value]),
        error_y: { type: 'data', array: significant([residual]), color, thickness: 1.2 },
        marker: { ...marker, symbol: open ? `${symbol}-open` : symbol },
      });
      data.push(end(largest.eigenvalue, largest.residual, false));
      data.push(end(smallest.eigenvalue, smallest.residual, true));
      if (unit === 'absolute' && measured.tau !== 1) {
        const plain = largest.eigenvalue * measured.tau ** 2;
        const shown = { ...marker, symbol: 'x-thin' };
        data.push({
          ...dot,
          name: `${label}, rewritten`,
          x: [label],
          y: significant([plain]),
          marker: shown,
        });
      }
      words.push(
        `${label}, ${unit}: ${largest.eigenvalue.toPrecision(2)} and ${smallest.eigenvalue.toPrecision(2)}`,
      );
    }
  });
  return figure({
    data,
    layout: {
      title: { text: 'Largest (filled) and smallest (open) eigenvalue of the Hessian' },
      ...panelAxes((p) => ({
        x: { title: { text: UNIT_TITLE[UNITS[p]!] }, showticklabels: false, type: 'category' },
        y: {
          ...(p === 0 ? { title: { text: 'eigenvalue (nats a token)' } } : {}),
          zeroline: true,
          zerolinecolor: '#444444',
        },
      })),
      annotations: missingNote(all),
    },
    alt: `Ends of the Hessian's spectrum in forget and input gate parameters, one model each. ${words.join('; ')}.`,
    height: 400,
  });
}

/** Curvature along the sharpest direction, measured with differences of growing width. */
export function flatScales(all: readonly MeasuredFlatness[]): Figure {
  const data: Trace[] = [];
  const words: string[] = [];
  UNITS.forEach((unit, p) => {
    for (const measured of all) {
      const hessian = hessianOf(measured, unit);
      if (!hessian) continue;
      const { color, dash, symbol, label } = ALGORITHM_STYLE[measured.algorithm];
      const { largest } = hessian;
      const points = [{ times: 1, quotient: largest.eigenvalue }, ...largest.byScale].sort(
        (a, b) => a.times - b.times,
      );
      data.push({
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: measured.algorithm,
        showlegend: p === 0,
        xaxis: p === 0 ? 'x' : 'x2',
        yaxis: p === 0 ? 'y' : 'y2',
        x: points.map(({ times }) => (100 * times) / 2 ** 13),
        y: significant(points.map(({ quotient }) => quotient)),
        line: { color, dash, width: 2.5 },
        marker: { symbol, size: 8 },
      });
      words.push(
        `${label}, ${unit}: from ${points[0]!.quotient.toPrecision(2)} to ${points.at(-1)!.quotient.toPrecision(2)}`,
      );
    }
  });
  return figure({
    data,
    layout: {
      title: { text: 'How far the sharpest curvature reaches' },
      ...panelAxes((p) => ({
        x: {
          title: { text: `step, % of the parameters (${UNITS[p]})` },
          type: 'log',
          tickvals: [0.01, 0.1, 1],
        },
        y: {
          ...(p === 0 ? { title: { text: 'mean curvature over the step (nats a token)' } } : {}),
          rangemode: 'tozero',
        },
      })),
      annotations: missingNote(all),
    },
    alt: `Curvature along each model's sharpest direction against the width of the difference, 0.006 to 1.6 % of the parameters' length. ${words.join('; ')}.`,
    height: 400,
  });
}
