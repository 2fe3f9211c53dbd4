/** The course of a training. */
import { type Figure, figure, type Layout, logTicks, significant } from './figure.js';
import { COLORS } from './theme.js';

/** What is known of a training so far. */
export interface TrainingCourse {
  /** Perplexity of the training text, at moments of the run: epochs done (may be a fraction), value. */
  train: readonly { epoch: number; perplexity: number }[];
  /** Perplexity of the validation text after each epoch. */
  valid: readonly { epoch: number; perplexity: number }[];
  /** What is trained, for the title. */
  title: string;
}

/** Ticks at whole epochs only: Plotly's own lie at 1.2 and 1.4. */
export const epochTicks = (epochs: number): Layout =>
  epochs <= 12 ? { dtick: 1 } : { nticks: 12, tickformat: 'd' };

/** Perplexity of training and validation text against epochs, both on one logarithmic axis. */
export function trainingFigure({ train, valid, title }: TrainingCourse): Figure {
  const last = valid.at(-1);
  const best = Math.min(...valid.map((point) => point.perplexity));
  const alt = last
    ? `${title}: validation perplexity ${last.perplexity.toFixed(1)} after epoch ${last.epoch}, best ${best.toFixed(1)}.`
    : `${title}: perplexity of the training text ${train.at(-1)?.perplexity.toFixed(1) ?? 'unknown'} so far.`;
  const line = (points: TrainingCourse['train']) => ({
    x: points.map((point) => Number(point.epoch.toFixed(3))),
    y: significant(points.map((point) => point.perplexity)),
  });
  const values = [...train, ...valid].map((point) => point.perplexity);
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'training text, mean of the epoch so far',
        line: { color: COLORS.grey, width: 2 },
        ...line(train),
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'validation text',
        line: { color: COLORS.blue, width: 2 },
        marker: { size: 8 },
        ...line(valid),
      },
    ],
    layout: {
      title: { text: title },
      xaxis: {
        title: { text: 'epochs' },
        ...epochTicks(valid.at(-1)?.epoch ?? train.at(-1)?.epoch ?? 1),
      },
      yaxis: { title: { text: 'perplexity' }, type: 'log', tickvals: logTicks(values) },
    },
    alt,
    height: 320,
  });
}
