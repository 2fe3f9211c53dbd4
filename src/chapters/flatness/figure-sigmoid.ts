/** Figure 2 of the paper drawn anew: where a gate's sigmoid is flat, and what sharpening does to it. */

import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';
import { saturationEdge, sharpenedSigmoid, sharpenedSlope } from './saturation.js';

const RANGE = 8;

/** Steps of 0.05 around zero, where sharpened curves bend, 0.2 elsewhere. */
const grid = (): number[] => {
  const positive = [
    ...Array.from({ length: 40 }, (_, i) => (i + 1) / 20),
    ...Array.from({ length: 30 }, (_, i) => Number((2.2 + 0.2 * i).toFixed(1))),
  ];
  return [...positive.map((a) => -a).reverse(), 0, ...positive];
};

const line = (name: string, y: number[], style: Record<string, unknown>): Trace => ({
  type: 'scatter',
  mode: 'lines',
  name,
  x: grid(),
  y: significant(y),
  line: { width: 2.5, ...style },
});

/** Shaded bands where the slope is below a tenth of its maximum, across the whole plot. */
function saturationBands(edge: number): Layout[] {
  return [
    [-RANGE, -edge],
    [edge, RANGE],
  ].map(([x0, x1]) => ({
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    x0,
    x1,
    y0: 0,
    y1: 1,
    fillcolor: COLORS.grey,
    opacity: 0.15,
    line: { width: 0 },
    layer: 'below',
  }));
}

const bandNote = (edge: number, y: number): Layout[] =>
  [-1, 1].map((side) => ({
    x: (side * (RANGE + edge)) / 2,
    y,
    yref: 'paper',
    text: 'saturated',
    showarrow: false,
    font: { color: '#555555' },
  }));

const AXES = {
  xaxis: { title: { text: 'pre-activation a' }, range: [-RANGE, RANGE] },
};

/** The sigmoid, its derivative, and the saturation area beyond |a| = `saturationEdge()`. */
export function flatSigmoid(): Figure {
  const edge = saturationEdge();
  const x = grid();
  const data = [
    line(
      'gate σ(a)',
      x.map((a) => sharpenedSigmoid(a)),
      { color: COLORS.blue },
    ),
    line(
      'slope σ′(a)',
      x.map((a) => sharpenedSlope(a)),
      { color: COLORS.blue, dash: 'dash' },
    ),
  ];
  return figure({
    data,
    layout: {
      ...AXES,
      title: { text: 'A gate is flat where it is open or closed' },
      yaxis: { title: { text: 'gate, slope' }, range: [-0.02, 1.02] },
      shapes: saturationBands(edge),
      annotations: bandNote(edge, 0.5),
    },
    alt: `The sigmoid rises from 0 to 1; its slope is a hill of height 0.25 at a = 0. Shaded: beyond |a| = ${edge.toFixed(2)} the slope is below a tenth of that.`,
  });
}

/** Temperatures of the slider. */
const TAUS = [1, 0.9, 0.7, 0.5, 0.3, 0.2];

/** The slope of the sharpened sigmoid s(a / tau) beside the plain one; a slider moves tau. */
export function flatSharpened(shown = 0.2, taus: readonly number[] = TAUS): Figure {
  const x = grid();
  const curves = (tau: number) => [
    x.map((a) => sharpenedSigmoid(a, tau)),
    x.map((a) => sharpenedSlope(a, tau)),
  ];
  const label = (tau: number) => [`σ(a/τ), τ = ${tau}`, `its slope, at most ${1 / (4 * tau)}`];
  const style = { color: COLORS.vermillion };
  const [gate, slope] = label(shown);
  const data = [
    line('σ(a)', curves(1)[0]!, { color: COLORS.blue }),
    line('its slope, at most 0.25', curves(1)[1]!, { color: COLORS.blue, dash: 'dash' }),
    line(gate!, curves(shown)[0]!, style),
    line(slope!, curves(shown)[1]!, { ...style, dash: 'dash' }),
  ];
  const step = (tau: number) => ({
    label: `${tau}`,
    method: 'update',
    args: [
      {
        y: curves(tau).map((curve) => significant(curve)),
        name: label(tau).map((n) => n.replace(/(\.\d\d)\d+/, '$1')),
      },
      { shapes: saturationBands(saturationEdge(0.1, tau)) },
      [2, 3],
    ],
  });
  return figure({
    data,
    layout: {
      ...AXES,
      title: { text: 'Sharpening: wider flat parts, a steeper middle' },
      yaxis: { title: { text: 'gate, slope' }, range: [-0.02, 1.3] },
      shapes: saturationBands(saturationEdge(0.1, shown)),
      sliders: [
        {
          active: taus.indexOf(shown),
          currentvalue: { prefix: 'temperature τ = ' },
          steps: taus.map(step),
        },
      ],
    },
    alt: `The sharpened sigmoid with τ = ${shown} against the plain one: saturated from |a| = ${saturationEdge(0.1, shown).toFixed(2)} instead of ${saturationEdge().toFixed(2)}, but in between its slope reaches ${1 / (4 * shown)} instead of 0.25.`,
    height: 480,
  });
}
