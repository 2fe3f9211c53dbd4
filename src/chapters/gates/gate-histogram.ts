/** Gate values of a language model as the paper's Figures 1 and 3 count them. */

import { gateStatistics, type LayerGateStatistics } from '../../cell/gate-statistics.js';
import { languageModelGates } from '../../lm/gate-stream.js';
import type { LanguageModel } from '../../lm/model.js';
import type { GateHistogram } from '../../paper/figures.js';

/** Ten shares a gate, and the means that ten shares cannot tell. */
export interface MeasuredGates extends GateHistogram {
  /** Mean gate value. */
  mean: { input: number; forget: number };
  /** Gate values counted, each gate. */
  values: number;
}

/** A layer's statistics in the form of the paper's figures. */
export function histogramOf({ input, forget }: LayerGateStatistics): MeasuredGates {
  return {
    input: input.shares,
    forget: forget.shares,
    mean: { input: input.mean, forget: forget.mean },
    values: forget.values,
  };
}

export interface GateHistogramOptions {
  /** With temperature, noise and dropouts as in training. Default false. */
  training?: boolean;
  /** Layer, from 0. Default 0. */
  layer?: number;
  /** Parallel streams. Default 10. */
  batch?: number;
}

/**
 * Shares of one layer's input and forget gate values in [0, 0.1), ..., [0.9, 1] over a text of word
 * ids, counted window by window; with `training` the gates have their temperature and noise.
 */
export function gateHistogram(
  model: LanguageModel,
  ids: Int32Array,
  { training, layer = 0, batch }: GateHistogramOptions = {},
): MeasuredGates {
  const source = languageModelGates(model, ids, { batch });
  const [found] = gateStatistics(source, { training, layers: [`lstm.${layer}`] });
  if (!found) throw new RangeError(`the model has no layer ${layer}`);
  return histogramOf(found);
}
