/** The paper's idea in one picture: the same pre-activation through the three gates. */

import { type Figure, figure, short, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { binaryGate, sigmoid } from '../../gumbel/gate.js';
import { gateQuantile } from '../../gumbel/gate-distribution.js';
import { uniformSource } from '../../gumbel/uniform.js';
import { TAU } from '../../paper/settings.js';

export interface ThreeGatesOptions {
  /** Draws of the G2 gate. Default 300. */
  draws?: number;
  /** Seed of the draws. Default 1. */
  seed?: number;
  /** Pre-activations from -range to range. Default 8. */
  range?: number;
}

/**
 * The gate's value against its pre-activation a: s(a), s(a / tau) with tau 0.2, and the G2 gate of
 * training with tau 0.9 and noise at every gate (exact 5 % and 95 % quantiles, and draws).
 */
export function threeGates({ draws = 300, seed = 1, range = 8 }: ThreeGatesOptions = {}): Figure {
  const a = Array.from({ length: 121 }, (_, k) => short(-range + (2 * range * k) / 120));
  const g2 = ALGORITHM_STYLE.g2;
  const line = (algorithm: Algorithm, legendrank: number, value: (a: number) => number): Trace => {
    const { color, dash, label } = ALGORITHM_STYLE[algorithm];
    const y = a.map((x) => short(value(x)));
    return {
      type: 'scatter',
      mode: 'lines',
      name: label,
      legendrank,
      x: a,
      y,
      line: { color, dash, width: 2.5 },
    };
  };
  const edge = (probability: number, more: object): Trace => ({
    type: 'scatter',
    mode: 'lines',
    x: a,
    y: a.map((x) => short(gateQuantile(probability, x, TAU.g2))),
    line: { width: 0, color: g2.color },
    hoverinfo: 'skip',
    ...more,
  });
  const random = uniformSource(seed);
  const places = Array.from({ length: draws }, (_, k) =>
    short(-range + (2 * range * (k + 0.5)) / draws),
  );
  const data: Trace[] = [
    edge(0.05, { showlegend: false }),
    edge(0.95, {
      name: `${g2.label}, 9 of 10`,
      legendrank: 3,
      fill: 'tonexty',
      fillcolor: 'rgba(0,158,115,0.18)',
    }),
    {
      type: 'scatter',
      mode: 'markers',
      name: `${g2.label}, draws`,
      legendrank: 4,
      x: places,
      y: places.map((x) => short(binaryGate(x, TAU.g2, random()))),
      marker: { color: g2.color, symbol: g2.symbol, size: 5, opacity: 0.7 },
    },
    line('baseline', 1, sigmoid),
    line('sharpened', 2, (x) => sigmoid(x / TAU.sharpened)),
  ];
  const layout = {
    title: { text: 'One pre-activation, three gates (training)' },
    xaxis: { title: { text: 'pre-activation a (no unit)' }, range: [-range, range] },
    yaxis: { title: { text: 'gate value' }, range: [-0.04, 1.04] },
    legend: { traceorder: 'normal' },
    margin: { t: 84 },
  };
  const wide = (x: number) =>
    `${gateQuantile(0.05, x, TAU.g2).toFixed(2)} to ${gateQuantile(0.95, x, TAU.g2).toFixed(2)}`;
  const alt = `Gate value against pre-activation. The baseline is a gentle S, the sharpened sigmoid a steep one. The G2 gate of training is a cloud: nine of ten draws lie from ${wide(0)} at pre-activation 0, but from ${wide(7)} at 7.`;
  return figure({ data, layout, alt, width: 780, height: 430 });
}
