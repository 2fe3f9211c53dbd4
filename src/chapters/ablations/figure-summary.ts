/** All ablations at one glance: differences to what each point is compared with, with intervals. */

import {
  type Figure,
  figure,
  type Layout,
  short,
  signed,
  type Trace,
} from '../../figures/figure.js';
import { COLORS } from '../../figures/theme.js';
import {
  ABLATION_MEASURES,
  type AblationComparison,
  type AblationMeasure,
  type AblationOutcome,
  type ComparedPoint,
  intervalText,
} from './comparison.js';

const STYLE = {
  better: { color: COLORS.green, symbol: 'triangle-left', name: 'better' },
  worse: { color: COLORS.vermillion, symbol: 'triangle-right', name: 'worse' },
  undecided: { color: COLORS.grey, symbol: 'circle-open', name: 'undecided' },
  same: { color: COLORS.grey, symbol: 'x-thin-open', name: 'same in every seed' },
  'few seeds': { color: COLORS.grey, symbol: 'diamond-open', name: 'too few seeds' },
} as const satisfies Partial<Record<AblationOutcome, object>>;

type Drawn = keyof typeof STYLE;

const TITLES: Record<AblationMeasure, string> = {
  test: 'test perplexity − reference',
  paper: 'rise by round & clip − reference (nats)',
  coarse: 'rise on a grid of three − reference (nats)',
  lowRank: 'rise by low rank − reference (nats)',
  noise: 'rise by perturbation − reference (nats)',
  hard: 'rise by hard gates − reference (nats)',
};

/** Wide enough for most intervals; the few far outside are cut at the frame. */
function rangeOf(bounds: readonly number[]): [number, number] {
  const sizes = bounds.map(Math.abs).sort((a, b) => a - b);
  const most = sizes[Math.floor(0.9 * (sizes.length - 1))] ?? 1;
  return [-1.15 * most, 1.15 * most];
}

const boundsOf = (compared: readonly Pick<ComparedPoint, 'measures'>[], measure: AblationMeasure) =>
  compared.flatMap(({ measures }) => {
    const d = measures[measure].difference;
    return d ? [d.low, d.high] : [];
  });

/** Points beyond the frame, as numbers at its edge. */
function outside(
  compared: readonly Pick<ComparedPoint, 'measures'>[],
  measure: AblationMeasure,
  panel: number,
): Layout[] {
  const [low, high] = rangeOf(boundsOf(compared, measure));
  return compared.flatMap(({ measures }, i): Layout[] => {
    const { difference, outcome } = measures[measure];
    if (!difference || (difference.difference > low && difference.difference < high)) return [];
    const right = difference.difference > 0;
    const text = signed(difference.difference, ABLATION_MEASURES[measure].digits);
    return [
      {
        xref: panel === 0 ? 'x' : 'x2',
        yref: 'y',
        x: right ? high : low,
        xanchor: right ? 'right' : 'left',
        y: compared.length - 1 - i,
        yshift: 1,
        text: right ? `${text} ▸` : `◂ ${text}`,
        showarrow: false,
        font: { size: 11, color: STYLE[outcome as Drawn].color },
        bgcolor: '#ffffff',
      },
    ];
  });
}

/** Differences with 95 % intervals, test perplexity and one rise side by side; left of 0 is better. */
export function ablationSummary(
  comparisons: readonly AblationComparison[],
  rise: Exclude<AblationMeasure, 'test'> = 'coarse',
): Figure {
  const compared = comparisons.flatMap(({ ablation, points }) =>
    points
      .filter(({ point, against, seeds }) => against !== point.label && seeds.length > 0)
      .map((p) => ({ ...p, name: `${ablation.name}: ${p.point.label}`, ablation: ablation.name })),
  );
  const rowOf = (i: number) => compared.length - 1 - i;
  const panels = ['test', rise] as const;
  const data = panels.flatMap((measure, k) =>
    (Object.keys(STYLE) as Drawn[]).flatMap((outcome): Trace[] => {
      const own = compared.flatMap((p, i) => {
        const { difference, outcome: found } = p.measures[measure];
        return found === outcome && difference
          ? [{ ...difference, y: rowOf(i), name: p.name }]
          : [];
      });
      if (own.length === 0) return [];
      const { color, symbol, name } = STYLE[outcome];
      const { digits } = ABLATION_MEASURES[measure];
      return [
        {
          type: 'scatter',
          mode: 'markers',
          name,
          legendgroup: outcome,
          x: own.map((d) => short(d.difference)),
          y: own.map((d) => d.y),
          text: own.map((d) => `${d.name}: ${intervalText(d, digits)}`),
          hovertemplate: '%{text}<extra></extra>',
          error_x: {
            type: 'data',
            array: own.map((d) => short(d.high - d.difference)),
            color,
            thickness: 1.6,
            width: 3,
          },
          marker: { symbol, color, size: 10, line: { width: 2, color } },
          ...(k === 0 ? {} : { xaxis: 'x2', yaxis: 'y2' }),
        },
      ];
    }),
  );
  // One entry of the legend an outcome, in whichever panel it comes first.
  const named = new Set<unknown>();
  for (const trace of data) {
    trace.showlegend = !named.has(trace.name);
    named.add(trace.name);
  }
  const xaxis = (measure: AblationMeasure): Layout => ({
    title: { text: TITLES[measure] },
    nticks: 6,
    zeroline: true,
    zerolinecolor: '#444444',
    range: rangeOf(boundsOf(compared, measure)),
  });
  const yaxis = {
    tickvals: compared.map((_, i) => rowOf(i)),
    ticktext: compared.map(({ name }) => name),
    tickfont: { size: 11 },
    range: [-0.7, compared.length - 0.3],
    showgrid: false,
  };
  // A line between ablations.
  const shapes = compared.flatMap((p, i): Layout[] => {
    if (i === 0 || compared[i - 1]!.ablation === p.ablation) return [];
    const y = rowOf(i) + 0.5;
    const line = { color: '#bbbbbb', width: 1 };
    return [{ type: 'line', xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: y, y1: y, line }];
  });
  const count = (measure: AblationMeasure) =>
    (Object.keys(STYLE) as Drawn[])
      .map((o) => [o, compared.filter((p) => p.measures[measure].outcome === o).length] as const)
      .filter(([, n]) => n > 0)
      .map(([o, n]) => `${n} ${STYLE[o].name}`)
      .join(', ');
  return figure({
    data,
    layout: {
      title: { text: 'One switch at a time: differences with 95 % intervals' },
      xaxis: { ...xaxis('test'), domain: [0, 0.48] },
      xaxis2: { ...xaxis(rise), domain: [0.52, 1], anchor: 'y2' },
      yaxis,
      yaxis2: { ...yaxis, showticklabels: false, anchor: 'x2' },
      shapes,
      annotations: panels.flatMap((measure, k) => outside(compared, measure, k)),
    },
    alt: `Every setting against the one it is compared with; left of 0 is better, intervals that leave the frame are cut. Test perplexity: ${count('test')}. ${TITLES[rise]}: ${count(rise)}.`,
    width: 860,
    height: 140 + 24 * compared.length,
  });
}
