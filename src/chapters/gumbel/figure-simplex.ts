/** Gumbel-Softmax samples of three categories, on the triangle whose corners are the one-hot vectors. */
import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';
import { traceSlider } from '../../figures/trace-slider.js';

/** Points of the simplex for several temperatures. */
export interface SimplexResult {
  /** Names of the three categories. */
  names: readonly [string, string, string];
  /** Temperatures, ascending. */
  taus: readonly number[];
  /** y of Eq 1, [taus][draws][3]; the same noise for every temperature lets points move. */
  samples: readonly (readonly (readonly number[])[])[];
}

const HEIGHT = Math.sqrt(3) / 2;

/**
 * One triangle, and a slider over the temperature. `active`: the one seen first, default 0. `follow`: a draw
 * that is marked at every temperature, on its trail through all of them.
 */
export function simplexSliderFigure(
  result: SimplexResult,
  { active = 0, follow }: { active?: number; follow?: number } = {},
): Figure {
  const { names, taus, samples } = result;
  const followed = follow === undefined ? [] : samples.map((points) => points[follow]!);
  const steps = taus.map((tau, i) => ({
    label: String(tau),
    traces: [cloud(samples[i]!, ''), ...(followed[i] ? [mark(followed[i])] : [])],
  }));
  const always = [outline(''), ...(followed.length > 0 ? [trail(followed)] : [])];
  const slider = traceSlider(always, steps, { prefix: 'temperature τ = ', active });
  return figure({
    data: slider.data,
    layout: {
      ...slider.layout,
      title: { text: 'Gumbel-Softmax samples' },
      showlegend: false,
      ...hiddenAxes('', [0, 1], -0.12),
      margin: { l: 24, r: 24, t: 56, b: 120 },
      annotations: corners(names, ''),
    },
    alt: `A triangle with ${samples[0]!.length} Gumbel-Softmax samples; ${clusterWords(result)}${followed.length > 0 ? ` One of them is marked, with its trail from τ ${taus.at(-1)} to the corner of ${winner(followed[0]!, names)}.` : ''}`,
    height: 520,
  });
}

/** A triangle for each temperature, side by side. */
export function simplexFigure(result: SimplexResult): Figure {
  const { names, taus, samples } = result;
  const axis = (i: number) => (i === 0 ? '' : String(i + 1));
  const layout: Layout = {
    title: { text: 'Gumbel-Softmax samples' },
    showlegend: false,
    margin: { l: 16, r: 16, t: 56, b: 16 },
    annotations: taus.flatMap((tau, i) => [
      ...corners(names, axis(i)),
      {
        text: `τ = ${tau}`,
        xref: `x${axis(i)}`,
        yref: `y${axis(i)}`,
        x: 0.5,
        y: -0.26,
        showarrow: false,
      },
    ]),
  };
  taus.forEach((_, i) => {
    const width = 1 / taus.length;
    Object.assign(layout, hiddenAxes(axis(i), [i * width, (i + 1) * width], -0.32));
  });
  return figure({
    data: taus.flatMap((_, i) => [outline(axis(i)), cloud(samples[i]!, axis(i))]),
    layout,
    alt: `Triangles with ${samples[0]!.length} Gumbel-Softmax samples each; ${clusterWords(result)}`,
    height: 270,
  });
}

/** Category 1 lower left, 2 lower right, 3 on top. */
const project = (y: readonly number[]) => ({ x: y[1]! + y[2]! / 2, y: y[2]! * HEIGHT });

function cloud(points: readonly (readonly number[])[], axis: string): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    ...coordinates(points),
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
    marker: { size: 5, color: COLORS.blue, opacity: 0.45 },
    hoverinfo: 'skip',
  };
}

/** Which corner a sample is nearest to. */
const winner = (y: readonly number[], names: readonly string[]): string =>
  names[y.indexOf(Math.max(...y))]!;

/** The way of one draw through all temperatures. */
function trail(ways: readonly (readonly number[])[]): Trace {
  const { x, y } = coordinates(ways);
  const line = { color: COLORS.vermillion, width: 2, dash: 'dot' };
  return { type: 'scatter', mode: 'lines', x, y, line, hoverinfo: 'skip' };
}

/** The followed draw at one temperature. */
function mark(place: readonly number[]): Trace {
  const { x, y } = coordinates([place]);
  const marker = { size: 13, color: COLORS.vermillion, symbol: 'circle-open', line: { width: 3 } };
  return { type: 'scatter', mode: 'markers', x, y, marker, hoverinfo: 'skip' };
}

const coordinates = (points: readonly (readonly number[])[]) => {
  const projected = points.map(project);
  return {
    x: significant(
      projected.map((p) => p.x),
      3,
    ),
    y: significant(
      projected.map((p) => p.y),
      3,
    ),
  };
};

function outline(axis: string): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    x: [0, 1, 0.5, 0],
    y: [0, 0, Number(HEIGHT.toFixed(4)), 0],
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
    line: { color: COLORS.grey, width: 1.5 },
    hoverinfo: 'skip',
  };
}

function hiddenAxes(axis: string, domain: [number, number], bottom: number): Layout {
  const hidden = { visible: false, showgrid: false };
  return {
    [`xaxis${axis}`]: { ...hidden, range: [-0.16, 1.16], domain },
    [`yaxis${axis}`]: {
      ...hidden,
      range: [bottom, 1.02],
      scaleanchor: `x${axis}`,
      anchor: `x${axis}`,
    },
  };
}

function corners(names: readonly string[], axis: string): Layout[] {
  const places = [
    { x: 0, y: -0.04, yanchor: 'top' },
    { x: 1, y: -0.04, yanchor: 'top' },
    { x: 0.5, y: HEIGHT + 0.03, yanchor: 'bottom' },
  ];
  return places.map((place, i) => ({
    ...place,
    text: names[i],
    showarrow: false,
    xref: `x${axis}`,
    yref: `y${axis}`,
  }));
}

/** How close to a corner the samples are, in words. */
function clusterWords({ taus, samples }: SimplexResult): string {
  const shares = samples.map(
    (points) => points.filter((y) => Math.max(...y) >= 0.9).length / points.length,
  );
  const words = taus.map((tau, i) => `${Math.round(100 * shares[i]!)} % at τ ${tau}`);
  return `share within 0.1 of a corner: ${words.join(', ')}.`;
}
