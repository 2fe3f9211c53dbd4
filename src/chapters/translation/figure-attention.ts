/** Where a translation model looks while it writes. */

import { type Figure, figure, short } from '../../figures/figure.js';
import { wordAxis } from '../../figures/panels.js';
import { plotlyText } from '../../figures/table.js';
import { GATE_SCALE } from '../../figures/theme.js';
import type { AttentionMap } from './attention-map.js';

/**
 * Attention weights as a heatmap: a column for each unit of the source, a row for each unit of the
 * translation in reading order.
 *
 * @param notable target units that the words under the picture shall speak of; default: all
 */
export function nmtAttention(
  { source, target, weights }: AttentionMap,
  { notable }: { notable?: readonly string[] } = {},
): Figure {
  const looked = target.flatMap((unit, t) => {
    if (notable && !notable.includes(unit)) return [];
    const row = weights[t]!;
    const at = row.indexOf(Math.max(...row));
    return [`${unit} at ${source[at]} (${row[at]!.toFixed(2)})`];
  });
  return figure({
    data: [
      {
        type: 'heatmap',
        z: weights.map((row) => row.map(short)),
        x: source.map((_, s) => s),
        y: target.map((_, t) => t),
        zmin: 0,
        zmax: 1,
        xgap: 1,
        ygap: 1,
        colorscale: GATE_SCALE,
        colorbar: { title: { text: 'attention weight' } },
        text: weights.map((_, t) => source.map((unit) => plotlyText(`${target[t]} at ${unit}`))),
        hovertemplate: '%{text}: %{z}<extra></extra>',
      },
    ],
    layout: {
      title: { text: 'Where the decoder looks while it writes' },
      xaxis: wordAxis(source.map(plotlyText), {
        automargin: false,
        title: { text: 'German unit that is looked at' },
      }),
      yaxis: {
        automargin: false,
        tickmode: 'array',
        tickvals: target.map((_, t) => t),
        ticktext: target.map(plotlyText),
        range: [target.length - 0.5, -0.5],
        showgrid: false,
        title: { text: 'English unit that is written' },
      },
      // Beside a colour bar Plotly's own search for margins does not come to an end.
      margin: { l: 52 + 8 * longest(target), r: 110, b: 56 + 6 * longest(source) },
    },
    alt: `Attention weights of ${target.length} English units over ${source.length} German ones. Looks most at: ${looked.join('; ')}.`,
    height: 130 + 6 * longest(source) + 26 * target.length,
  });
}

const longest = (units: readonly string[]): number => Math.max(...units.map((u) => u.length));
