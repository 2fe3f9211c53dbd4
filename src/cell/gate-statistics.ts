/** Gate values counted in the ten bins of the paper's Figures 1 and 3, by layer and gate. */
import { finishNow, type GateSource } from './gate-source.js';

/** How many bins, each 0.1 wide. */
export const GATE_BINS = 10;

/** All values of one gate of one layer. */
export interface GateStatistics {
  /** Shares in [0, 0.1), [0.1, 0.2), ..., [0.9, 1]. */
  shares: number[];
  mean: number;
  /** Standard deviation over all values. */
  deviation: number;
  /** Share below 0.1: nearly closed. */
  below: number;
  /** Share of at least 0.9: nearly open. */
  above: number;
  /** Values counted. */
  values: number;
}

/** The gates of one layer. */
export interface LayerGateStatistics {
  /** As `GateLayer.name`. */
  layer: string;
  /** As `GateLayer.title`. */
  title: string;
  input: GateStatistics;
  forget: GateStatistics;
  /** For comparison: the paper leaves it alone. */
  output: GateStatistics;
}

export interface GateStatisticsOptions {
  /** Default false. */
  training?: boolean;
  /** Layers to count. Default: all. */
  layers?: readonly string[];
}

/** Counts values; memory does not depend on how many. */
export class GateCounter {
  readonly #counts = new Float64Array(GATE_BINS);
  #sum = 0;
  #squares = 0;
  #values = 0;

  /** Adds the values from index `from` to before `to`. */
  add(values: ArrayLike<number>, from = 0, to = values.length): void {
    const counts = this.#counts;
    let sum = 0;
    let squares = 0;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      // The last bin holds 1 itself.
      const bin = value >= 1 ? GATE_BINS - 1 : Math.floor(value * GATE_BINS);
      counts[bin] = counts[bin]! + 1;
      sum += value;
      squares += value * value;
    }
    this.#sum += sum;
    this.#squares += squares;
    this.#values += to - from;
  }

  get result(): GateStatistics {
    const values = this.#values;
    const shares = Array.from(this.#counts, (count) => count / values);
    const mean = this.#sum / values;
    const deviation = Math.sqrt(Math.max(0, this.#squares / values - mean * mean));
    return { shares, mean, deviation, below: shares[0]!, above: shares[GATE_BINS - 1]!, values };
  }
}

const GATES = [
  ['input', 'i'],
  ['forget', 'f'],
  ['output', 'o'],
] as const;

/** Counts as it goes, yielding the share done: see `finish`. */
export function* countGates(
  source: GateSource,
  { training = false, layers }: GateStatisticsOptions = {},
): Generator<number, LayerGateStatistics[], void> {
  const counted = source.layers
    .filter(({ name }) => layers === undefined || layers.includes(name))
    .map((layer) => ({
      layer,
      counters: { input: new GateCounter(), forget: new GateCounter(), output: new GateCounter() },
    }));
  const byName = new Map(counted.map((entry) => [entry.layer.name, entry.counters]));
  yield* source.walk({ training }, ({ layer, gates, rows }) => {
    const counters = byName.get(layer.name);
    if (!counters) return;
    const [T, B, units] = gates.f.shape;
    for (const [name, key] of GATES) {
      const values = gates[key].dataSync();
      if (rows.length === T * B) counters[name].add(values);
      else for (const row of rows) counters[name].add(values, row * units, (row + 1) * units);
    }
  });
  return counted.map(({ layer, counters: { input, forget, output } }) => ({
    layer: layer.name,
    title: layer.title,
    input: input.result,
    forget: forget.result,
    output: output.result,
  }));
}

/** Statistics of every layer's gates over the whole text of a source. */
export const gateStatistics = (
  source: GateSource,
  options: GateStatisticsOptions = {},
): LayerGateStatistics[] => finishNow(countGates(source, options));
