/** Gate values of a trained language model in the ten bins of the paper's Figures 1 and 3. */
import { type GateStreamOptions, streamGates } from '../lm/gate-stream.js';
import type { LanguageModel } from '../lm/model.js';
import { type GateHistogram, HISTOGRAM_BINS } from '../paper/figures.js';

/** Ten shares a gate, and the means that ten shares cannot tell. */
export interface MeasuredGates extends GateHistogram {
  /** Mean gate value. */
  mean: { input: number; forget: number };
  /** Gate values counted, each gate. */
  values: number;
}

const BINS = HISTOGRAM_BINS.length;

class Counter {
  readonly #counts = new Float64Array(BINS);
  #sum = 0;
  #values = 0;

  add(values: ArrayLike<number>): void {
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      // The last bin holds 1 itself.
      const bin = Math.min(BINS - 1, Math.floor(value * BINS));
      this.#counts[bin] = this.#counts[bin]! + 1;
      this.#sum += value;
    }
    this.#values += values.length;
  }

  get shares(): number[] {
    return Array.from(this.#counts, (count) => count / this.#values);
  }

  get mean(): number {
    return this.#sum / this.#values;
  }
}

/**
 * Shares of one layer's input and forget gate values in [0, 0.1), ..., [0.9, 1] over a text of word
 * ids, counted window by window; with `training` the gates have their temperature and noise.
 */
export function gateHistogram(
  model: LanguageModel,
  ids: Int32Array,
  options: GateStreamOptions = {},
): MeasuredGates {
  const input = new Counter();
  const forget = new Counter();
  let values = 0;
  streamGates(model, ids, options, ({ f, i }) => {
    input.add(i.dataSync());
    forget.add(f.dataSync());
    values += f.size;
  });
  const mean = { input: input.mean, forget: forget.mean };
  return { input: input.shares, forget: forget.shares, mean, values };
}
