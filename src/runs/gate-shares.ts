/** How far gates are open or closed over a whole text: the paper's Figures 1 and 3 in four numbers. */
import { type GateStreamOptions, streamGates } from '../lm/gate-stream.js';
import type { LanguageModel } from '../lm/model.js';

/** Shares of a gate's values near the ends of (0, 1). */
export interface GateShare {
  /** Below 0.1. */
  closed: number;
  /** Above 0.9. */
  open: number;
}

/** Forget and input gate of one layer. */
export interface GateShares {
  forget: GateShare;
  input: GateShare;
  /** Gate values counted, each gate. */
  values: number;
}

export type GateSharesOptions = GateStreamOptions;

const CLOSED = 0.1;
const OPEN = 0.9;

function count(into: GateShare, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < CLOSED) into.closed++;
    else if (values[i]! > OPEN) into.open++;
  }
}

/** Shares over a text of word ids, states carried on from start to end. */
export function gateShares(
  model: LanguageModel,
  ids: Int32Array,
  options: GateSharesOptions = {},
): GateShares {
  const forget = { closed: 0, open: 0 };
  const input = { closed: 0, open: 0 };
  let values = 0;
  streamGates(model, ids, options, ({ f, i }) => {
    count(forget, f.dataSync());
    count(input, i.dataSync());
    values += f.size;
  });
  const share = ({ closed, open }: GateShare) => ({ closed: closed / values, open: open / values });
  return { forget: share(forget), input: share(input), values };
}
