/** What a tiny cell computes over its sentence, through the same code that trains real models. */
import { tf } from '#tfjs';
import type { GateOptions } from '../../cell/gate-options.js';
import { gateNoise, gatePlan } from '../../cell/gates.js';
import { type LstmOptions, lstmRecorded } from '../../cell/lstm.js';
import type { LstmParameters } from '../../cell/lstm-reference.js';
import { STREAM } from '../../cell/random.js';
import type { GateParts, TinyCell } from './tiny-cell.js';

/** Everything an LSTM computes on the way, each [T][H]: one row a word, one column a unit. */
export interface CellTrace extends GateParts<number[][]> {
  words: string[];
  /** Memory, Eq 6. */
  c: number[][];
  /** Hidden state, Eq 7. */
  h: number[][];
}

/** How a sentence is read. */
export interface TraceOptions {
  gates: GateOptions;
  /** With temperature and noise as in training. Default false: evaluation. */
  training?: boolean;
  /** Training step: each has its own noise. Default 0. */
  step?: number;
  /** Default 1. */
  seed?: number;
  /** `fused` is what trains, `reference` the readable one. Default: fused where the backend has it. */
  path?: 'fused' | 'reference';
}

/** The cell's numbers as tensors of one sentence: x [T, 1, I], zero states [1, H]. */
export function cellTensors({ x, hidden, weights }: TinyCell): {
  x: tf.Tensor3D;
  parameters: LstmParameters;
  h0: tf.Tensor2D;
  c0: tf.Tensor2D;
} {
  const { wx, wh, b } = weights;
  return {
    x: tf.tensor3d(x.map((row) => [row])),
    parameters: { wx: tf.tensor2d(wx), wh: tf.tensor2d(wh), b: tf.tensor1d(b) },
    h0: tf.zeros([1, hidden]),
    c0: tf.zeros([1, hidden]),
  };
}

/** The options of `lstm` for these. */
export function lstmOptions({ gates, training = false, step = 0, seed = 1, path }: TraceOptions) {
  const random = { seed, stream: STREAM.gates, step };
  return { gates, training, random, path } satisfies LstmOptions;
}

/** [T, 1, H] as rows of numbers. */
export const rowsOf = (t: tf.Tensor): number[][] =>
  (t.arraySync() as number[][][]).map((row) => row[0]!);

/** Reads the sentence once and keeps every gate and state. */
export function cellTrace(cell: TinyCell, options: TraceOptions): CellTrace {
  return tf.tidy(() => {
    const { x, parameters, h0, c0 } = cellTensors(cell);
    const record = lstmRecorded(x, parameters, h0, c0, lstmOptions(options));
    const rows = Object.entries(record).map(([name, value]) => [name, rowsOf(value)]);
    return { words: cell.words, ...Object.fromEntries(rows) } as never;
  }) as unknown as CellTrace;
}

/** Reads the sentence `runs` times, at training steps `step`, `step` + 1, ...: fresh noise each time. */
export function cellTraces(cell: TinyCell, options: TraceOptions, runs: number): CellTrace[] {
  const first = options.step ?? 0;
  return Array.from({ length: runs }, (_, r) => cellTrace(cell, { ...options, step: first + r }));
}

/** The noise that the gates of a sentence get, each [T][H]; 0 where there is none. */
export function cellNoise(
  cell: TinyCell,
  options: TraceOptions,
): Pick<GateParts<number[][]>, 'f' | 'i' | 'o'> {
  const { random } = lstmOptions(options);
  const plan = gatePlan(options.gates, options.training ?? false);
  const size = { T: cell.words.length, B: 1, H: cell.hidden };
  return tf.tidy(() => {
    const noise = plan.noisy ? gateNoise(plan, size, random) : tf.zeros([size.T, 1, 3 * size.H]);
    const [f, i, o] = tf.split(noise as tf.Tensor3D, 3, 2).map(rowsOf);
    return { f, i, o } as never;
  }) as never;
}

const PARTS = ['f', 'i', 'o', 'g', 'c', 'h'] as const;

/** Largest absolute difference between two traces of the same sentence, over all gates and states. */
export function largestDifference(a: CellTrace, b: CellTrace): number {
  let largest = 0;
  for (const part of PARTS) {
    if (a[part].length !== b[part].length)
      throw new RangeError(`traces of ${a[part].length} and ${b[part].length} words`);
    a[part].forEach((row, t) => {
      row.forEach((value, j) => {
        largest = Math.max(largest, Math.abs(value - b[part][t]![j]!));
      });
    });
  }
  return largest;
}
