/** A beam search as a tree. */

import { type Figure, figure, short, type Trace } from '../../figures/figure.js';
import { plotlyText } from '../../figures/table.js';
import { COLORS } from '../../figures/theme.js';
import type { BeamTree } from './beam-tree.js';

/** Every unit that the search kept, from left to right; the chosen translation goes straight along the top. */
export function nmtBeam({ nodes, rows }: BeamTree): Figure {
  const steps = Math.max(...nodes.map(({ step }) => step)) + 1;
  const leaves = Math.max(...rows) + 1;
  const edges = (chosen: boolean): Trace => {
    const own = nodes.flatMap((node, i) => (node.chosen === chosen ? [i] : []));
    const from = (i: number) => nodes[i]!.parent;
    const start = (i: number) =>
      from(i) < 0 ? [0, 0] : [nodes[from(i)]!.step + 1, rows[from(i)]!];
    return {
      type: 'scatter',
      mode: 'lines',
      name: chosen ? 'chosen' : 'kept for a while',
      // Down first, then right: such lines cross no word.
      x: own.flatMap((i) => [start(i)[0]!, start(i)[0]!, nodes[i]!.step + 1, null]),
      y: own.flatMap((i) => [start(i)[1]!, rows[i]!, rows[i]!, null]),
      line: {
        color: chosen ? COLORS.green : COLORS.grey,
        width: chosen ? 3 : 1,
        dash: chosen ? 'solid' : 'dot',
      },
      hoverinfo: 'skip',
    };
  };
  const ended = nodes.filter(({ ends }) => ends).length;
  const path = nodes.filter(({ chosen, ends }) => chosen && !ends).map(({ unit }) => unit);
  return figure({
    data: [
      edges(false),
      edges(true),
      {
        type: 'scatter',
        mode: 'markers',
        showlegend: false,
        x: nodes.map(({ step }) => step + 1),
        y: [...rows],
        marker: {
          size: 7,
          symbol: nodes.map(({ ends }) => (ends ? 'square' : 'circle')),
          color: nodes.map(({ chosen }) => (chosen ? COLORS.green : COLORS.grey)),
        },
        text: nodes.map((n) => `${n.unit}: log p so far ${short(n.logProbability)}`),
        hovertemplate: '%{text}<extra></extra>',
      },
    ],
    layout: {
      title: { text: 'Beam search (squares: a finished translation)' },
      xaxis: {
        title: { text: 'units written' },
        range: [-0.3, steps + 0.9],
        dtick: 1,
        showgrid: false,
      },
      yaxis: { visible: false, range: [leaves - 0.4, -0.9] },
      annotations: nodes.map((n, i) => ({
        x: n.step + 1,
        y: rows[i]!,
        text: n.chosen ? `<b>${plotlyText(n.unit)}</b>` : plotlyText(n.unit),
        showarrow: false,
        yanchor: 'bottom',
        yshift: 3,
        font: { size: 11 },
      })),
      margin: { l: 24, r: 24 },
    },
    alt: `Tree of a beam search: ${nodes.length} units kept in ${steps} steps, ${ended} finished translations. Chosen: ${path.join(' ')}.`,
    width: Math.max(720, 110 + 72 * steps),
    height: 150 + 34 * leaves,
  });
}
