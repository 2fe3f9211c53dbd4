/** SGD in a noisy valley: the weights against their average. */

import { type Figure, figure, type Trace } from '../../figures/figure.js';
import { significant } from '../../figures/numbers.js';
import { panelTitle } from '../../figures/panels.js';
import { COLORS } from '../../figures/theme.js';
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
