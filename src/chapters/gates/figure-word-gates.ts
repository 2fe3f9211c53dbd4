/** Figure 4 of the paper, of our models: mean gate at each word of a sentence. */

import { type Figure, figure, short } from '../../figures/figure.js';
import { wordAxis } from '../../figures/panels.js';
import { plotlyText } from '../../figures/table.js';
import {
  ALGORITHM_STYLE,
  type Algorithm,
  DEVIATION_SCALE,
  GATE_SCALE,
} from '../../figures/theme.js';
import { mean } from '../../results/statistics.js';
import { notRunYet } from './gate-measured.js';
import type { SentenceHeatmap } from './measure-gates.js';
import type { LayerWordGates } from './word-gates.js';

/** One model's heatmap of the sentence. */
export interface DrawnSentence {
  algorithm: Algorithm;
  map: Pick<SentenceHeatmap, 'mode' | 'layers'>;
}

/** Rows as in the paper, G2 above the baseline. */
const ORDER: readonly Algorithm[] = ['g2', 'sharpened', 'baseline'];

/** Of gates that move little: what is far from a row's mean, at least. */
const LEAST_DEVIATION = 0.02;

/**
 * One row for each model and gate, one column for each word: above, colours from 0 to 1 as in the paper's
 * Figure 4, with the numbers written in; below, how far each is from the mean of its row, since a gate
 * that never goes far looks all grey on 0 to 1. Models that read other words (their own translation) than
 * the first are left out. @throws RangeError where no model has the layer
 */
export function wordGateHeatmap(
  drawn: readonly DrawnSentence[],
  layer: string,
  title: string,
): Figure {
  const found = ORDER.flatMap((algorithm) => {
    const map = drawn.find((d) => d.algorithm === algorithm)?.map;
    const gates = map?.layers.find((l) => l.layer === layer);
    return gates ? [{ algorithm, gates }] : [];
  });
  const first = found[0]?.gates;
  if (!first) throw new RangeError(`no heatmap of layer ${layer}`);
  const same = found.filter(({ gates }) => gates.words.join(' ') === first.words.join(' '));
  const rows = same.flatMap(({ algorithm, gates }) =>
    (['input', 'forget'] as const).map((gate) => ({
      name: `${ALGORITHM_STYLE[algorithm].label}, ${gate}`,
      values: gates[gate].map(short),
    })),
  );
  const deviations = rows.map(({ values }) => {
    const middle = mean(values);
    return values.map((value) => short(Number((value - middle).toFixed(4)) + 0));
  });
  const most = Math.max(LEAST_DEVIATION, ...deviations.flat().map(Math.abs));
  const common = {
    type: 'heatmap',
    x: first.words.map((_, t) => t),
    y: rows.map(({ name }) => name),
    textfont: { size: 10 },
    xgap: 1,
    ygap: 1,
  };
  const data = [
    {
      ...common,
      z: rows.map(({ values }) => values),
      zmin: 0,
      zmax: 1,
      colorscale: GATE_SCALE,
      colorbar: { title: { text: 'mean gate' }, len: 0.5, y: 1, yanchor: 'top' },
      texttemplate: '%{z:.2f}',
      hovertemplate: '%{y}: %{z:.3f}<extra></extra>',
    },
    {
      ...common,
      z: deviations,
      zmin: -most,
      zmax: most,
      colorscale: DEVIATION_SCALE,
      colorbar: { title: { text: 'less its row’s mean' }, len: 0.5, y: 0, yanchor: 'bottom' },
      texttemplate: '%{z:+.2f}',
      hovertemplate: '%{y}: %{z:+.3f}<extra></extra>',
      yaxis: 'y2',
    },
  ];
  // Words lean at 40 degrees; a letter is 7.5 pixels wide.
  const longest = Math.max(...first.words.map((word) => word.length));
  const bottom = Math.round(52 + 4.9 * longest);
  const missing = notRunYet(drawn);
  return figure({
    data,
    layout: {
      title: { text: missing ? `${title} (${missing})` : title },
      xaxis: wordAxis(first.words.map(plotlyText), {
        title: { text: 'word' },
        automargin: false,
        anchor: 'y2',
      }),
      yaxis: { autorange: 'reversed', showgrid: false, domain: [0.53, 1], anchor: 'x' },
      yaxis2: { autorange: 'reversed', showgrid: false, domain: [0, 0.47], anchor: 'x' },
      margin: { b: bottom },
    },
    alt: `Heatmap of mean gate values over "${first.words.join(' ')}". ${same.map(describe).join('; ')}.`,
    width: Math.min(980, Math.max(640, 300 + 44 * first.words.length)),
    height: 72 + bottom + Math.max(240, 72 * rows.length),
  });
}

function describe({ algorithm, gates }: { algorithm: Algorithm; gates: LayerWordGates }): string {
  const { forget, input, words } = gates;
  const lowest = forget.indexOf(Math.min(...forget));
  const range = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  return `${ALGORITHM_STYLE[algorithm].label}: input gate ${range(input)}, forget gate ${range(forget)}, lowest at "${words[lowest]}"`;
}
