import { UserError } from '../errors.js';

/** A text cut into parallel streams, each a contiguous piece; row t holds word t of every stream. */
export interface StreamBatches {
  /** Number of streams B. */
  readonly batch: number;
  /** Words in every stream. */
  readonly length: number;
  /** Word ids, time-major [length, batch]: stream b at time t is `ids[t * batch + b]`. */
  readonly ids: Int32Array;
}

/** One step of truncated back-propagation through time. */
export interface LanguageModelWindow {
  /** Input word ids, time-major [T, batch]. */
  readonly x: Int32Array;
  /** The word after each input, time-major [T, batch]. */
  readonly y: Int32Array;
  /** Time steps: `bptt`, fewer in the last window. */
  readonly T: number;
  /** Time of the first input within the streams. */
  readonly start: number;
}

function positiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new UserError(`${name} must be a whole number of at least 1, not ${value}`);
  }
}

/**
 * Cuts a text into `batch` streams of floor(ids.length / batch) words; the remainder is dropped, as
 * in the code of Zaremba et al. (2014) and Merity et al. (2018). A stream has at least two words (an
 * input and its next word), else a UserError.
 */
export function streams(ids: Int32Array, batch: number): StreamBatches {
  positiveInteger('batch', batch);
  const length = Math.floor(ids.length / batch);
  if (length < 2) {
    throw new UserError(
      `the text has ${ids.length} tokens, too few for ${batch} parallel streams of at least 2 words; ` +
        `use a batch of at most ${Math.max(1, Math.floor(ids.length / 2))} or a longer text`,
    );
  }
  const timeMajor = new Int32Array(length * batch);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) timeMajor[t * batch + b] = ids[b * length + t]!;
  }
  return { batch, length, ids: timeMajor };
}

/** Number of windows of `bptt` steps: ceil((length - 1) / bptt), the last one may be shorter. */
export function windowCount(text: StreamBatches, bptt: number): number {
  positiveInteger('bptt', bptt);
  return Math.ceil((text.length - 1) / bptt);
}

/** Words predicted in one pass over the streams: (length - 1) * batch. */
export function predictedTokens(text: StreamBatches): number {
  return (text.length - 1) * text.batch;
}

/**
 * The window whose first input is at time `start` (0 <= start <= length - 2), of at most `bptt`
 * steps. The arrays are copies: nothing is shared with the streams. @throws RangeError for `start`.
 */
export function window(text: StreamBatches, start: number, bptt: number): LanguageModelWindow {
  positiveInteger('bptt', bptt);
  const { batch, length, ids } = text;
  if (!Number.isInteger(start) || start < 0 || start > length - 2) {
    throw new RangeError(`window start ${start} is outside 0..${length - 2}`);
  }
  const T = Math.min(bptt, length - 1 - start);
  const x = ids.slice(start * batch, (start + T) * batch);
  const y = ids.slice((start + 1) * batch, (start + T + 1) * batch);
  return { x, y, T, start };
}

/** All windows in order, from time `start` on (default 0), so that a resumed pass can begin anywhere. */
export function* windows(
  text: StreamBatches,
  bptt: number,
  start = 0,
): Generator<LanguageModelWindow, void, void> {
  for (let t = start; t < text.length - 1; t += bptt) yield window(text, t, bptt);
}
