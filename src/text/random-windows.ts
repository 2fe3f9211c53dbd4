/** Windows of random length, so that AWD-LSTM's training does not cut the text at the same places. */
import { philox4x32, toUniform } from '../backend/philox.js';
import { randomWords, STREAM } from '../cell/random.js';
import type { StreamBatches } from './language-model-batches.js';

/** Shortest window. */
const LEAST = 5;
/** Standard deviation of the length. */
const SPREAD = 5;
/** Share of windows that are about half as long. */
const HALVED = 0.05;

/** Which window of a run. */
export interface WindowNumber {
  seed: number;
  /** Epoch, from 0. */
  epoch: number;
  /** Window of the epoch, from 0. */
  index: number;
}

/**
 * The length of a window (Merity et al. 2017, section 4.1): about `bptt` with probability 0.95, about
 * bptt / 2 otherwise; then the whole part of Normal(that, 5), at least 5. It depends on the window's
 * number alone, so that a resumed run draws the same.
 */
export function randomWindowLength(bptt: number, { seed, epoch, index }: WindowNumber): number {
  const { key0, key1, step, stream } = randomWords({ seed, stream: STREAM.windows, step: epoch });
  const [u, v, w] = philox4x32([index, 0, step, stream], [key0, key1]).map(toUniform);
  const mean = u! < 1 - HALVED ? bptt : bptt / 2;
  const normal = Math.sqrt(-2 * Math.log(v!)) * Math.cos(2 * Math.PI * w!); // Box and Muller
  return Math.max(LEAST, Math.trunc(mean + SPREAD * normal));
}

/** Mean of `randomWindowLength`, but for its lower bound: what a window's tokens are expected to be. */
export const meanWindowLength = (bptt: number): number =>
  Math.max(LEAST, bptt * (1 - HALVED / 2) - 0.5);

/**
 * Where the windows of random length end: the original stops before a window of a single step, so
 * the last word of a stream may never be predicted.
 */
export const randomWindowsEnd = (text: StreamBatches): number => text.length - 2;
