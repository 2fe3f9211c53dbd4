/** How far gates are open or closed over a whole text: the paper's Figures 1 and 3 in four numbers. */

import { type GateStatistics, gateStatistics } from '../cell/gate-statistics.js';
import { languageModelGates } from '../lm/gate-stream.js';
import type { LanguageModel } from '../lm/model.js';

/** Shares of a gate's values near the ends of (0, 1). */
export interface GateShare {
  /** Below 0.1. */
  closed: number;
  /** At least 0.9. */
  open: number;
}

/** Forget and input gate of one layer. */
export interface GateShares {
  forget: GateShare;
  input: GateShare;
  /** Gate values counted, each gate. */
  values: number;
}

const share = ({ below, above }: GateStatistics): GateShare => ({ closed: below, open: above });

/** Shares of the first layer over a text of word ids, states carried on from start to end. */
export function gateShares(
  model: LanguageModel,
  ids: Int32Array,
  { training = false }: { training?: boolean } = {},
): GateShares {
  const layers = ['lstm.0'];
  const [first] = gateStatistics(languageModelGates(model, ids), { training, layers });
  const { forget, input } = first!;
  return { forget: share(forget), input: share(input), values: forget.values };
}
