/** Validation curves of translation runs. */

import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import { epochTicks } from '../../figures/training.js';
import { algorithmOf, type DrawnRun } from '../language-model/figure-curves.js';

const PANELS = ['validPerplexity', 'validBleu'] as const;

/** Perplexity (left) and BLEU (right) on the validation text by epoch. */
export function nmtCurves(runs: readonly DrawnRun[]): Figure {
  const data = PANELS.flatMap((key, panel) =>
    runs.map((run): Trace => {
      const { color, dash, symbol, label } = ALGORITHM_STYLE[algorithmOf(run)];
      const axes = panel === 0 ? {} : { xaxis: 'x2', yaxis: 'y2' };
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: label,
        showlegend: panel === 0,
        x: run.curve.map(({ epoch }) => epoch),
        y: significant(run.curve.map((point) => point[key] ?? Number.NaN)),
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 9 },
        ...axes,
      };
    }),
  );
  const last = runs.map((run) => {
    const end = run.curve.at(-1);
    const bleu = end?.validBleu?.toFixed(1) ?? 'none';
    return `${ALGORITHM_STYLE[algorithmOf(run)].label} ${end?.validPerplexity?.toFixed(2) ?? 'none'} and ${bleu}`;
  });
  const longest = Math.max(1, ...runs.flatMap(({ curve }) => curve.map(({ epoch }) => epoch)));
  return figure({
    data,
    layout: {
      title: { text: 'Validation text by epoch' },
      xaxis: { title: { text: 'epoch' }, ...epochTicks(longest), domain: [0, 0.45] },
      xaxis2: { title: { text: 'epoch' }, ...epochTicks(longest), domain: [0.57, 1], anchor: 'y2' },
      yaxis: {
        title: { text: 'perplexity of a unit' },
        type: 'log',
        tickvals: [1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200, 500],
      },
      yaxis2: { title: { text: 'BLEU, greedy (%)' }, rangemode: 'tozero', anchor: 'x2' },
      annotations: [
        panelTitle('perplexity (lower is better)', 0, 1.01),
        panelTitle('BLEU (higher is better)', 0.57, 1.01),
      ],
      legend: { y: 1.09 },
      margin: { t: 92 },
    },
    alt: `Perplexity and BLEU on the validation text of ${runs.length} runs by epoch. At the end: ${last.join('; ')}.`,
    width: 860,
    height: 400,
  });
}
