/** When NT-ASGD begins to average. */

import { type Figure, figure } from '../../figures/figure.js';
import { significant } from '../../figures/numbers.js';
import { COLORS } from '../../figures/theme.js';
import { shouldAverage } from '../../optim/nonmonotone.js';

/**
 * A validation curve with what each epoch is compared with, the best of all epochs before it but the
 * last `nonmonotone`, and the first epoch at which the trigger fires.
 *
 * @param losses perplexity after epochs 1, 2, ...
 */
export function lmTrigger(losses: readonly number[], nonmonotone: number): Figure {
  const epochs = losses.map((_, t) => t + 1);
  const bound = losses.map((_, t) =>
    t > nonmonotone ? Math.min(...losses.slice(0, t - nonmonotone)) : Number.NaN,
  );
  const fires = losses.findIndex((loss, t) => shouldAverage(losses.slice(0, t), loss, nonmonotone));
  const fired =
    fires < 0
      ? []
      : [
          {
            type: 'scatter',
            mode: 'markers',
            name: 'the trigger fires',
            x: [fires + 1],
            y: significant([losses[fires]!]),
            marker: {
              symbol: 'star',
              size: 18,
              color: COLORS.green,
              line: { color: '#222222', width: 1 },
            },
          },
        ];
  const words =
    fires < 0 ? 'The trigger does not fire.' : `The trigger fires at epoch ${fires + 1}.`;
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'validation perplexity',
        x: epochs,
        y: significant(losses),
        line: { color: COLORS.blue, width: 2 },
        marker: { size: 8 },
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: `best, without the last ${nonmonotone} epochs`,
        x: epochs,
        y: significant(bound),
        line: { color: COLORS.vermillion, width: 2, dash: 'dash' },
        marker: { size: 7, symbol: 'square' },
      },
      ...fired,
    ],
    layout: {
      title: { text: `The non-monotone trigger, n = ${nonmonotone}` },
      xaxis: { title: { text: 'epoch' }, dtick: 1 },
      yaxis: { title: { text: 'perplexity (made up)' } },
    },
    alt: `A made validation curve of ${losses.length} epochs, lowest ${Math.min(...losses)}, and the best value of the epochs before the last ${nonmonotone}. ${words}`,
    height: 340,
  });
}
