/** Changes of a small experiment that the campaign trains too (data/preregistration.md). */
import type { GateMode } from '../cell/gate-options.js';

/** An experiment that differs from another one in some settings. */
export interface Variant {
  /** Folder of its results, as under `data/results`. */
  experiment: string;
  /** The experiment whose baseline, preset and task it has. */
  of: string;
  /** Its difference, in words for tables. */
  label: string;
  /** `key=value` texts on top of the preset. */
  sets: readonly string[];
  algorithms: readonly GateMode[];
  /** Seeds 1..N where another number than the profile's is planned. */
  seeds?: number;
}

/** Noise on every gate at every step: the paper's equations with the code's epsilon. */
const everyGate = (of: string): Variant => ({
  experiment: `${of}-p1`,
  of,
  label: 'p = 1',
  sets: ['noiseProbability=1'],
  algorithms: ['g2'],
});

const outputToo = (of: string): Variant => ({
  experiment: `${of}-fio`,
  of,
  label: 'output gate too',
  sets: ['noisyGates=fio'],
  algorithms: ['g2'],
});

/** All dropouts and the weight drop of `ptb-awd-small` times a factor. */
const dropouts = (percent: number, factor: number): Variant => ({
  experiment: `ptb-awd-small-drop${percent}`,
  of: 'ptb-awd-small',
  label: `dropouts × ${factor}`,
  sets: [
    ['dropoutOutput', 0.2],
    ['dropoutHidden', 0.15],
    ['dropoutInput', 0.2],
    ['dropoutEmbedding', 0.05],
    ['weightDrop', 0.2],
  ].map(([key, value]) => `${key}=${Number(value) * factor}`),
  algorithms: ['baseline', 'g2'],
  // The better one of each algorithm gets seeds 2 and 3, by the rule of row 6.
  seeds: 1,
});

/** In the order of the campaign. */
export const VARIANTS: readonly Variant[] = [
  everyGate('ptb-awd-small'),
  everyGate('multi30k-small'),
  outputToo('ptb-awd-small'),
  outputToo('ptb-unregularised'),
  dropouts(0, 0),
  dropouts(50, 0.5),
];

/** The experiment that has the baseline of another: itself, unless it is a variant. */
export const baselineOf = (experiment: string): string =>
  VARIANTS.find((variant) => variant.experiment === experiment)?.of ?? experiment;
