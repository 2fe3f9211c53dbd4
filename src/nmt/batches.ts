/** Sentence pairs as ids, and the batches they are trained in. */
import { philox4x32 } from '../backend/philox.js';
import { randomWords, STREAM } from '../cell/random.js';

/** First ids of both vocabularies. */
export const PADDING = 0;
export const SENTENCE_START = 1;
export const SENTENCE_END = 2;
export const UNKNOWN = 3;
/** Their words in that order. */
export const SPECIAL_UNITS: readonly string[] = ['<pad>', '<s>', '</s>', '<unk>'];

/** A pair of sentences as unit ids, without start and end. */
export interface EncodedPair {
  source: Int32Array;
  target: Int32Array;
}

/** Sentences side by side, time-major, shorter ones padded at their end. */
export interface SourceBatch {
  /** Ids [S * B], each sentence with its end mark. */
  ids: Int32Array;
  /** The same with every sentence reversed in its place, end mark first: what the backward layer reads. */
  reversedIds: Int32Array;
  /** Row of `reversedIds` order that holds position (s, b), [S * B]; its own inverse. */
  reversal: Int32Array;
  /** Length with end mark, [B]. */
  lengths: Int32Array;
  /** Longest length. */
  S: number;
  B: number;
}

/** A training batch. */
export interface PairBatch extends SourceBatch {
  /** What the decoder reads: start mark, then the target, [T * B]. */
  inputs: Int32Array;
  /** What it is to say: the target, then the end mark; only real units, in the order of `rows`. */
  targets: Int32Array;
  /** Rows of [T * B] whose target is real. */
  rows: Int32Array;
  T: number;
}

/** Puts source sentences side by side. */
export function sourceBatch(sentences: readonly Int32Array[]): SourceBatch {
  const B = sentences.length;
  const lengths = Int32Array.from(sentences, (s) => s.length + 1);
  const S = lengths.reduce((a, b) => Math.max(a, b), 1);
  const ids = new Int32Array(S * B).fill(PADDING);
  const reversedIds = new Int32Array(S * B).fill(PADDING);
  const reversal = new Int32Array(S * B);
  for (let b = 0; b < B; b++) {
    const n = lengths[b]!;
    const at = (s: number) => (s < n - 1 ? sentences[b]![s]! : SENTENCE_END);
    for (let s = 0; s < S; s++) {
      const mirror = s < n ? n - 1 - s : s;
      reversal[s * B + b] = mirror * B + b;
      if (s >= n) continue;
      ids[s * B + b] = at(s);
      reversedIds[s * B + b] = at(mirror);
    }
  }
  return { ids, reversedIds, reversal, lengths, S, B };
}

/** Puts sentence pairs side by side. */
export function pairBatch(pairs: readonly EncodedPair[]): PairBatch {
  const B = pairs.length;
  const T = pairs.reduce((n, { target }) => Math.max(n, target.length + 1), 1);
  const inputs = new Int32Array(T * B).fill(PADDING);
  const targets: number[] = [];
  const rows: number[] = [];
  for (let t = 0; t < T; t++)
    for (let b = 0; b < B; b++) {
      const { target } = pairs[b]!;
      if (t > target.length) continue;
      inputs[t * B + b] = t === 0 ? SENTENCE_START : target[t - 1]!;
      rows.push(t * B + b);
      targets.push(t < target.length ? target[t]! : SENTENCE_END);
    }
  return {
    ...sourceBatch(pairs.map(({ source }) => source)),
    inputs,
    targets: Int32Array.from(targets),
    rows: Int32Array.from(rows),
    T,
  };
}

/** Fisher and Yates on counter-based numbers: the order depends on (seed, epoch, use) alone. */
function shuffle<T>(items: T[], seed: number, epoch: number, use: number): void {
  const { key0, key1, step, stream } = randomWords({ seed, stream: STREAM.pairs, step: epoch });
  for (let i = items.length - 1; i > 0; i--) {
    const [high, low] = philox4x32([i, use, step, stream], [key0, key1]);
    // 53 random bits: no visible preference for small numbers
    const uniform = ((high! >>> 5) * 67108864 + (low! >>> 6)) / 9007199254740992;
    const j = Math.floor(uniform * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

/** Batches whose pairs are sorted by length together: padding stays small, order stays random. */
const POOL = 40;

/**
 * Which pairs make up each batch of an epoch: pairs are shuffled, pools of 40 batches sorted by target
 * and source length and cut, and all batches shuffled again. Every pair comes once.
 */
export function epochBatches(
  pairs: readonly EncodedPair[],
  batch: number,
  { seed, epoch }: { seed: number; epoch: number },
): Int32Array[] {
  const order = Array.from(pairs, (_, i) => i);
  shuffle(order, seed, epoch, 0);
  const batches: Int32Array[] = [];
  for (let from = 0; from < order.length; from += batch * POOL) {
    const pool = order.slice(from, from + batch * POOL);
    pool.sort(
      (a, b) =>
        pairs[a]!.target.length - pairs[b]!.target.length ||
        pairs[a]!.source.length - pairs[b]!.source.length,
    );
    for (let at = 0; at < pool.length; at += batch)
      batches.push(Int32Array.from(pool.slice(at, at + batch)));
  }
  shuffle(batches, seed, epoch, 1);
  return batches;
}
