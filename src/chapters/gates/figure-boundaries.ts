/** Effect sizes of gates at boundaries, with their intervals. */

import {
  type Figure,
  figure,
  type Layout,
  short,
  signed,
  type Trace,
} from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { type BoundaryEffect, effectVerdict } from './boundaries.js';
import { notRunYet } from './gate-measured.js';

/** One model's effects: a stored measurement of kind `boundaries`, or one made in a cell. */
export interface DrawnEffects {
  algorithm: Algorithm;
  effects: readonly BoundaryEffect[];
}

const ALGORITHMS = Object.keys(ALGORITHM_STYLE) as Algorithm[];
const GATES = ['forget', 'input'] as const;

/** The effects of one algorithm at one layer. */
const effectsOf = (drawn: readonly DrawnEffects[], algorithm: Algorithm, layer: string) =>
  drawn.find((d) => d.algorithm === algorithm)?.effects.filter((e) => e.layer === layer) ?? [];

/**
 * Forest plot of one layer: a row for each comparison, a mark with its 95 % interval for each
 * algorithm; left of zero the gate is lower there than elsewhere. Forget gates on the left.
 */
export function boundaryForest(
  drawn: readonly DrawnEffects[],
  layer: string,
  title: string,
): Figure {
  const names = [
    ...new Set(ALGORITHMS.flatMap((a) => effectsOf(drawn, a, layer).map((e) => e.comparison))),
  ];
  const shown = ALGORITHMS.filter((a) => effectsOf(drawn, a, layer).length > 0);
  const data: Trace[] = GATES.flatMap((gate, panel) =>
    shown.map((algorithm, k): Trace => {
      const own = effectsOf(drawn, algorithm, layer).filter((e) => e.gate === gate);
      const { color, symbol, label } = ALGORITHM_STYLE[algorithm];
      const above = own.map((e) => short(e.interval[1] - e.effect));
      const below = own.map((e) => short(e.effect - e.interval[0]));
      return {
        type: 'scatter',
        mode: 'markers',
        name: label,
        legendgroup: algorithm,
        showlegend: panel === 0,
        x: own.map((e) => short(e.effect)),
        y: own.map((e) => names.indexOf(e.comparison) + 0.24 * (k - (shown.length - 1) / 2)),
        error_x: {
          type: 'data',
          symmetric: false,
          array: above,
          arrayminus: below,
          thickness: 1.6,
        },
        marker: { color, symbol, size: 9 },
        text: own.map((e) => e.comparison),
        hovertemplate: `%{text}: %{x:.2f}<extra>${label}</extra>`,
        xaxis: panel === 0 ? 'x' : 'x2',
        yaxis: panel === 0 ? 'y' : 'y2',
      };
    }),
  );
  const rows: Layout = {
    tickmode: 'array',
    tickvals: names.map((_, n) => n),
    ticktext: names,
    range: [names.length - 0.5, -0.5],
  };
  const all = shown.flatMap((a) => effectsOf(drawn, a, layer));
  const low = Math.min(0, ...all.map((e) => e.interval[0]));
  const high = Math.max(0, ...all.map((e) => e.interval[1]));
  const air = 0.06 * (high - low || 1);
  const values: Layout = {
    range: [short(low - air), short(high + air)],
    title: { text: 'effect, standard deviations over words' },
    zeroline: true,
    zerolinewidth: 2,
  };
  const missing = notRunYet(drawn);
  return figure({
    data,
    layout: {
      title: { text: missing ? `${title} (${missing})` : title },
      xaxis: { ...values, anchor: 'y', domain: [0, 0.48] },
      xaxis2: { ...values, anchor: 'y2', domain: [0.52, 1] },
      yaxis: { ...rows, title: { text: 'words compared' }, anchor: 'x' },
      yaxis2: { ...rows, anchor: 'x2', showticklabels: false },
      annotations: GATES.map((gate, n) => panelTitle(`${gate} gate`, n * 0.52, 1.005)),
      legend: { y: 1 + 26 / (60 + 46 * names.length) },
      margin: { t: 104 },
    },
    alt: altOf(drawn, shown, layer),
    width: 900,
    height: 190 + 46 * names.length,
  });
}

function altOf(drawn: readonly DrawnEffects[], shown: readonly Algorithm[], layer: string): string {
  const words = shown.map((algorithm) => {
    const forget = effectsOf(drawn, algorithm, layer).filter((e) => e.gate === 'forget');
    const said = forget.map((e) => `${e.comparison} ${signed(e.effect, 2)}`);
    return `${ALGORITHM_STYLE[algorithm].label}: ${said.join(', ')}`;
  });
  return `Effect sizes of boundaries on mean gate values with 95 % intervals, ${layer}. Forget gate, ${words.join('; ')}.`;
}

/** What every effect on the forget gate of a layer says, an algorithm a column. */
export function boundaryVerdicts(
  drawn: readonly DrawnEffects[],
  layer: string,
  caption: string,
): TableSpec {
  const forget = (a: Algorithm) => effectsOf(drawn, a, layer).filter((e) => e.gate === 'forget');
  const shown = ALGORITHMS.filter((a) => forget(a).length > 0);
  const names = [...new Set(shown.flatMap((a) => forget(a).map((e) => e.comparison)))];
  const missing = notRunYet(drawn);
  return {
    columns: ['forget gate at', 'words', ...shown.map((a) => ALGORITHM_STYLE[a].label)],
    rows: names.map((name) => {
      const own = shown.map((a) => forget(a).find((e) => e.comparison === name));
      return [
        name,
        own.find(Boolean)!.words[0],
        ...own.map((e) =>
          e
            ? `${effectVerdict(e)}: ${signed(e.effect, 2)} (mean ${e.means[0].toFixed(2)} against ${e.means[1].toFixed(2)})`
            : '',
        ),
      ];
    }),
    caption: missing ? `${caption}; ${missing}` : caption,
  };
}
