/** Validation curves of trained language models, with averaging and finetuning marked. */

import { type Figure, figure, type Layout, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { epochTicks } from '../../figures/training.js';
import type { RunSummary } from '../../runs/summary.js';

/** What of a run's summary is drawn. */
export type DrawnRun = Pick<RunSummary, 'config' | 'curve' | 'seed'>;

export const algorithmOf = ({ config }: Pick<RunSummary, 'config'>): Algorithm =>
  config['gates'] as Algorithm;

/** The first epoch of finetuning, and the first averaged one of main training; null = none. */
export function phasesOf({ curve }: Pick<RunSummary, 'curve'>): {
  finetuning: number | null;
  averaging: number | null;
} {
  const finetuning = curve.find((point) => point.phase === 'finetune')?.epoch ?? null;
  const averaging =
    curve.find((point) => point.averaged && point.phase !== 'finetune')?.epoch ?? null;
  return { finetuning, averaging };
}

/** Perplexity of the validation text by epoch; open marks: of averaged weights. */
export function lmCurves(runs: readonly DrawnRun[]): Figure {
  const data = runs.map((run): Trace => {
    const { color, dash, symbol, label } = ALGORITHM_STYLE[algorithmOf(run)];
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: label,
      x: run.curve.map((point) => point.epoch),
      y: significant(run.curve.map((point) => point.validPerplexity ?? Number.NaN)),
      line: { color, dash, width: 2 },
      marker: {
        color,
        size: 10,
        symbol: run.curve.map((point) => (point.averaged ? `${symbol}-open` : symbol)),
        line: { width: 2, color },
      },
    };
  });
  const starts = new Set(runs.flatMap((run) => phasesOf(run).finetuning ?? []));
  const marks = [...starts].map((epoch): Layout => {
    const line = { color: '#444444', dash: 'dot', width: 1.5 };
    return {
      type: 'line',
      xref: 'x',
      yref: 'paper',
      x0: epoch - 0.5,
      x1: epoch - 0.5,
      y0: 0,
      y1: 1,
      line,
    };
  });
  const annotations = [...starts].map((epoch) => ({
    x: epoch - 0.5,
    xanchor: 'left',
    xshift: 6,
    y: 0.98,
    yref: 'paper',
    yanchor: 'top',
    text: 'finetuning',
    showarrow: false,
  }));
  const ends = runs.map((run) => {
    const { averaging } = phasesOf(run);
    const since = averaging === null ? '' : `, averaged from epoch ${averaging}`;
    const last = run.curve.at(-1)?.validPerplexity?.toFixed(1) ?? 'none';
    return `${ALGORITHM_STYLE[algorithmOf(run)].label} ${last}${since}`;
  });
  const longest = Math.max(1, ...runs.flatMap(({ curve }) => curve.map(({ epoch }) => epoch)));
  return figure({
    data,
    layout: {
      title: { text: 'Validation perplexity by epoch (open marks: averaged weights)' },
      xaxis: { title: { text: 'epoch' }, ...epochTicks(longest) },
      yaxis: {
        title: { text: 'perplexity' },
        type: 'log',
        tickvals: [15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500],
      },
      shapes: marks,
      annotations,
    },
    alt: `Validation perplexity of ${runs.length} runs by epoch. At the end: ${ends.join('; ')}.`,
    height: 400,
  });
}
