/** Figures of Proposition 3.1: the bounds, where they say something, and the limit of small tau. */

import { type Figure, figure, signed, significant, type Trace } from '../../figures/figure.js';
import { COLORS, SEQUENCE } from '../../figures/theme.js';
import { traceSlider } from '../../figures/trace-slider.js';
import type { PropositionSide } from '../../gumbel/proposition.js';

/** Eq 8 at one point, with a sampled share where there is one. */
export interface PropositionPoint {
  alpha: number;
  tau: number;
  eps: number;
  open: PropositionSide;
  sampled?: { open: number };
}

const BAND = 'rgba(0, 114, 178, 0.16)';

/** Band from `lower` to `upper` with the exact probability; lower bounds below 0 end at 0. */
function bandTraces(
  x: readonly (number | null)[],
  sides: readonly PropositionSide[],
  sampled: { x: number[]; y: number[] },
): Trace[] {
  const line = (y: number[], extra: Record<string, unknown>): Trace => ({
    type: 'scatter',
    mode: 'lines',
    x,
    y: significant(y),
    ...extra,
  });
  const edge = (dash: string) => ({ color: COLORS.blue, width: 1.5, dash });
  return [
    line(
      sides.map((s) => Math.max(0, s.lower)),
      { name: 'lower bound, cut at 0', line: edge('dot') },
    ),
    line(
      sides.map((s) => s.upper),
      { name: 'upper bound P(D = 1)', line: edge('dash'), fill: 'tonexty', fillcolor: BAND },
    ),
    line(
      sides.map((s) => s.exact),
      { name: 'exact', line: { color: COLORS.vermillion, width: 2.5 } },
    ),
    {
      type: 'scatter',
      mode: 'markers',
      name: 'sampled',
      x: significant(sampled.x),
      y: significant(sampled.y),
      marker: { color: COLORS.vermillion, symbol: 'diamond', size: 7 },
    },
  ];
}

/** Eq 8 over alpha for one eps, with a slider over tau. `active`: the tau seen first. */
export function propositionFigure(
  points: readonly PropositionPoint[],
  { active }: { active?: number } = {},
): Figure {
  const taus = [...new Set(points.map((p) => p.tau))];
  const eps = points[0]!.eps;
  const alphas = [...new Set(points.map((p) => p.alpha))];
  const vacuous: string[] = [];
  const steps = taus.map((tau) => {
    const rows = points.filter((p) => p.tau === tau);
    const sides = rows.map((p) => p.open);
    const dead = rows.filter((p) => p.open.lower <= 0).map((p) => p.alpha);
    if (dead.length) vacuous.push(`α ≤ ${signed(Math.max(...dead), 2)} at τ ${tau}`);
    const every = rows.filter((p, i) => p.sampled && i % 4 === 0);
    const sampled = { x: every.map((p) => p.alpha), y: every.map((p) => p.sampled!.open) };
    const x = significant(rows.map((p) => p.alpha));
    return { label: String(tau), traces: bandTraces(x, sides, sampled) };
  });
  const shown = Math.max(0, taus.indexOf(active ?? taus[0]!));
  const slider = traceSlider([], steps, { prefix: 'temperature τ = ', active: shown });
  return figure({
    data: slider.data,
    layout: {
      ...slider.layout,
      legend: { traceorder: 'normal' },
      title: { text: `Eq 8: P(G ≥ ${1 - eps})` },
      xaxis: { title: { text: 'pre-activation α' }, range: [alphas[0], alphas.at(-1)] },
      yaxis: { title: { text: 'probability' }, range: [-0.02, 1.02] },
    },
    alt: `P(G ≥ ${1 - eps}) over α between the bounds of Proposition 3.1; the lower bound is vacuous for ${vacuous.join(', ') || 'no α shown'}.`,
    height: 520,
  });
}

/** Eq 8 for one (alpha, eps) over tau on a logarithmic axis: what Eq 10 says about tau to 0. */
export function propositionLimitFigure(points: readonly PropositionPoint[]): Figure {
  const { alpha, eps } = points[0]!;
  const every = points.filter((p, i) => p.sampled && i % 4 === 0);
  const sampled = { x: every.map((p) => p.tau), y: every.map((p) => p.sampled!.open) };
  const x = significant(points.map((p) => p.tau));
  const first = points[0]!;
  return figure({
    data: bandTraces(
      x,
      points.map((p) => p.open),
      sampled,
    ),
    layout: {
      title: { text: `Eq 10: P(G ≥ ${1 - eps}) as τ goes to 0, α = ${alpha}` },
      xaxis: {
        title: { text: 'temperature τ (logarithmic)' },
        type: 'log',
        dtick: 1,
        tickformat: '~g',
      },
      yaxis: { title: { text: 'probability' }, rangemode: 'tozero' },
      margin: { t: 84 },
      legend: { traceorder: 'normal' },
    },
    alt: `P(G ≥ ${1 - eps}) over τ: at τ ${first.tau} it is ${first.open.exact.toFixed(3)}, next to P(D = 1) = ${first.open.upper.toFixed(3)}, and falls as τ grows.`,
    height: 440,
  });
}

/** For one alpha, the temperature up to which the lower bound is above 0, by eps. */
export interface InformativeCurve {
  alpha: number;
  epsilons: readonly number[];
  taus: readonly number[];
}

const DASHES = ['solid', 'dash', 'dot', 'dashdot'];

/** Below a line the lower bound of Eq 8 says something, above it nothing. */
export function informativeFigure(
  curves: readonly InformativeCurve[],
  marked: { tau: number; eps: number; label: string },
): Figure {
  const lines = curves.map(
    ({ alpha, epsilons, taus }, i): Trace => ({
      type: 'scatter',
      mode: 'lines',
      name: `α = ${signed(alpha)}`,
      x: significant(epsilons),
      y: significant(taus),
      line: { color: SEQUENCE[i % SEQUENCE.length], width: 2.5, dash: DASHES[i % DASHES.length] },
    }),
  );
  const point: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: marked.label,
    x: [marked.eps],
    y: [marked.tau],
    marker: { color: '#444444', size: 11, symbol: 'x' },
  };
  const ends = curves.map((c) => `${c.taus.at(-1)!.toFixed(2)} at α ${signed(c.alpha)}`);
  return figure({
    data: [...lines, point],
    layout: {
      title: { text: 'Below its line, the lower bound of Eq 8 says something' },
      xaxis: {
        title: { text: 'distance ε from 1 (logarithmic)' },
        type: 'log',
        dtick: 1,
        tickformat: '~g',
      },
      yaxis: { title: { text: 'temperature τ' }, range: [0, 2] },
      margin: { t: 84 },
    },
    alt: `Largest temperature with a lower bound above 0, over ε. At ε ${curves[0]!.epsilons.at(-1)} it is ${ends.join(', ')}.`,
  });
}
