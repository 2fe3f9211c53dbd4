/** Shares of gate values near an end in every layer, and what noise alone would do to the baseline's. */

import type { LayerGateStatistics } from '../cell/gate-statistics.js';
import { gateEnds } from '../chapters/gates/gate-claims.js';
import type { StoredGates } from '../chapters/gates/measure-gates.js';
import { endsWithNoise } from '../chapters/gates/noisy-histogram.js';
import { mean } from '../results/statistics.js';
import { NOISE } from '../runs/choice.js';
import type { ReportTable } from './document.js';

/** Temperature of G2-LSTM (section 3 of the paper). */
const TAU = 0.9;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

type Shares = (layer: LayerGateStatistics) => number[];

/** Both gates of a layer after noise that the model was not trained with. */
const noised: Shares = ({ input, forget }) =>
  [input, forget].map(({ shares }) => {
    const { below, above } = endsWithNoise(shares, TAU, NOISE.code);
    return below + above;
  });

/** `43 and 40 %` over the runs of an algorithm; a dash where none has the mode. */
function cell(
  models: readonly StoredGates[],
  algorithm: StoredGates['algorithm'],
  mode: 'training' | 'evaluation',
  layer: string,
  shares: Shares = gateEnds,
): string {
  const found = models
    .filter((model) => model.algorithm === algorithm)
    .flatMap(({ histograms }) => histograms[mode]?.filter((one) => one.layer === layer) ?? [])
    .map(shares);
  if (found.length === 0) return '–';
  return [0, 1].map((gate) => percent(mean(found.map((one) => one[gate]!)))).join(' and ');
}

/** All layers of an experiment's models, each a mean over seeds. */
export function gatesByLayer(experiment: string, models: readonly StoredGates[]): ReportTable {
  const layers = models.flatMap(({ histograms }) => histograms.evaluation ?? []);
  const names = new Map(layers.map(({ layer, title }) => [layer, title]));
  return {
    caption: `Input and forget gates near an end (below 0.1 or from 0.9 on) by layer, ${experiment}, means over seeds; "with noise": G2-LSTM's noise put on the histogram of the baseline, which shows what noise does to a picture without any training`,
    columns: [
      'layer',
      ...['baseline', 'baseline with noise', 'G2-LSTM, evaluation', 'G2-LSTM, training mode'],
    ],
    rows: [...names].map(([layer, title]) => [
      title,
      cell(models, 'baseline', 'evaluation', layer),
      cell(models, 'baseline', 'evaluation', layer, noised),
      cell(models, 'g2', 'evaluation', layer),
      cell(models, 'g2', 'training', layer),
    ]),
  };
}
