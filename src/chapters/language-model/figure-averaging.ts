/** SGD in a noisy valley: the weights against their average. */
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { COLORS } from '../../figures/theme.js';
import { shouldAverage } from '../../optim/averaged-sgd.js';
import type { AveragingToy } from './averaging-toy.js';

/** Most points of a trace. */
const MOST = 300;

/** About MOST of the indices 0..n-1, evenly spaced, the last among them. */
const thinned = (n: number): number[] => {
  const every = Math.ceil(n / MOST);
  return Array.from({ length: n }, (_, i) => i).filter((i) => (n - 1 - i) % every === 0);
};

/** Left: the way of one repeat through the plane. Right: mean loss of all repeats against steps. */
export function lmAveraging({
  options,
  loss,
  averageLoss,
  path,
  averagePath,
}: AveragingToy): Figure {
  const { before, repeats, noise, learningRate } = options;
  const weights = { color: COLORS.grey, width: 1 };
  const averages = { color: COLORS.green, width: 3 };
  const ways = thinned(path.length);
  const points = (of: readonly (readonly [number, number])[], kept: number[], d: 0 | 1) =>
    significant(kept.map((i) => of[i]![d]));
  const late = Array.from({ length: path.length - before }, (_, i) => before + i);
  const averageWays = thinned(late.length).map((i) => late[i]!);
  const line = (kept: number[], of: readonly number[]) => ({
    x: kept.map((i) => i + 1),
    y: significant(kept.map((i) => of[i]!)),
  });
  const data: Trace[] = [
    {
      type: 'scatter',
      mode: 'lines+markers',
      name: 'weights',
      x: points(path, ways, 0),
      y: points(path, ways, 1),
      line: weights,
      marker: { size: 3, color: COLORS.grey },
    },
    {
      type: 'scatter',
      mode: 'lines',
      name: 'their average',
      x: points(averagePath, averageWays, 0),
      y: points(averagePath, averageWays, 1),
      line: averages,
    },
    {
      type: 'scatter',
      mode: 'lines',
      xaxis: 'x2',
      yaxis: 'y2',
      showlegend: false,
      name: 'weights',
      ...line(ways, loss),
      line: { ...weights, width: 2 },
    },
    {
      type: 'scatter',
      mode: 'lines',
      xaxis: 'x2',
      yaxis: 'y2',
      showlegend: false,
      name: 'their average',
      ...line(averageWays, averageLoss),
      line: averages,
    },
  ];
  return figure({
    data,
    layout: {
      title: { text: `SGD in a noisy valley, rate ${learningRate}, noise ${noise}` },
      xaxis: { domain: [0, 0.42], title: { text: 'w<sub>1</sub> (steep)' } },
      yaxis: { title: { text: 'w<sub>2</sub> (gentle)', standoff: 2 } },
      xaxis2: { domain: [0.58, 1], anchor: 'y2', title: { text: 'step' } },
      yaxis2: { anchor: 'x2', type: 'log', dtick: 1, title: { text: 'loss (no unit)' } },
      annotations: [
        panelTitle('one run', 0, 1.01),
        panelTitle(`mean of ${repeats} runs`, 0.58, 1.01),
      ],
      legend: { y: 1.07 },
      margin: { t: 96 },
    },
    alt: `Left: the weights wander around the minimum, their average settles in it. Right, mean of ${repeats} runs: the weights' loss stands at ${loss.at(-1)!.toPrecision(2)}, the average's falls to ${averageLoss.at(-1)!.toPrecision(2)}; averaging begins after step ${before}.`,
    height: 400,
  });
}

// When NT-ASGD begins to average.

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
