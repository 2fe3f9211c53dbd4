/**
 * The continuous neural cache (Grave et al. 2016): words that followed similar hidden states not long
 * ago become more probable. Nothing is trained.
 */
import { tf } from '#tfjs';
import { UsageError } from '../errors.js';
import { NEURAL_CACHE_PTB } from '../paper/settings.js';

export interface NeuralCacheOptions {
  /** Sharpness of p_cache. Default 1 (PTB, tuned on valid). */
  theta?: number;
  /** Weight of p_cache in the mixture, 0..1. Default 0.1 (PTB, tuned on valid). */
  lambda?: number;
  /** Most positions looked back at. Default 500. */
  window?: number;
  /**
   * `growing` (default): uses the history there is, from the second word on. `full-window`: the rule
   * of the published pointer.py, which mixes only where more than `window` positions are at hand,
   * counted anew in every chunk.
   */
  variant?: 'growing' | 'full-window';
  /** `full-window`: positions that pointer.py runs at once (its --bptt). Default 5000. */
  chunk?: number;
}

/** The options with nothing left out, checked. @throws UsageError */
export function neuralCacheOptions(options: NeuralCacheOptions = {}): Required<NeuralCacheOptions> {
  const all = {
    ...NEURAL_CACHE_PTB,
    variant: 'growing' as const,
    chunk: 5000,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
  const { theta, lambda, window, variant, chunk } = all as Required<NeuralCacheOptions>;
  if (!(theta >= 0 && theta < Number.POSITIVE_INFINITY))
    throw new UsageError(`cache theta ${theta}: give a number of at least 0`);
  if (!(lambda >= 0 && lambda <= 1))
    throw new UsageError(`cache lambda ${lambda}: give a number from 0 to 1`);
  if (!Number.isInteger(window) || window < 1)
    throw new UsageError(`cache window ${window}: give a whole number of at least 1`);
  if (!Number.isInteger(chunk) || chunk < 1)
    throw new UsageError(`cache chunk ${chunk}: give a whole number of at least 1`);
  if (variant !== 'growing' && variant !== 'full-window')
    throw new UsageError(`cache variant ${variant}: choose one of growing, full-window`);
  return { theta, lambda, window, variant, chunk };
}

/** How many positions before `position` (from 0) the cache looks at; 0 = it is not used there. */
export function historyLength(
  position: number,
  options: Pick<Required<NeuralCacheOptions>, 'window' | 'variant' | 'chunk'>,
): number {
  const { window, variant, chunk } = options;
  if (variant === 'growing') return Math.min(position, window);
  // pointer.py: `start_idx + idx > window`, the history of earlier chunks trimmed to the window.
  const index = position % chunk;
  return Math.min(position - index, window) + index > window ? window : 0;
}

export interface NeuralCacheReference {
  /** Was the cache used, [N]. */
  used: boolean[];
  /** Mixture over the vocabulary, [N][V]. */
  p: number[][];
  /** Its value at the target, [N]. */
  pTarget: number[];
  /** Summed -log pTarget, nats. */
  nll: number;
}

/**
 * p = lambda p_cache + (1 - lambda) p_softmax in float64, word by word, p_cache(w) being the sum of
 * softmax_i(theta h_t . h_i) over the i in the window after which w came. For tests and for reading.
 *
 * @param logits [N][V], bias included
 * @param hidden last layer's output [N][D]
 * @param targets the next word at every position, [N]
 */
export function neuralCacheReference(
  logits: readonly (readonly number[])[],
  hidden: readonly (readonly number[])[],
  targets: readonly number[],
  options: NeuralCacheOptions = {},
): NeuralCacheReference {
  const all = neuralCacheOptions(options);
  const out: NeuralCacheReference = { used: [], p: [], pTarget: [], nll: 0 };
  logits.forEach((row, t) => {
    const length = historyLength(t, all);
    let p = softmax(row);
    if (length > 0) {
      const scores = hidden
        .slice(t - length, t)
        .map((past) => all.theta * past.reduce((sum, v, d) => sum + v * hidden[t]![d]!, 0));
      const attention = softmax(scores);
      const cache = new Array<number>(row.length).fill(0);
      attention.forEach((a, i) => {
        cache[targets[t - length + i]!]! += a;
      });
      p = p.map((softmaxed, w) => all.lambda * cache[w]! + (1 - all.lambda) * softmaxed);
    }
    out.used.push(length > 0);
    out.p.push(p);
    out.pTarget.push(p[targets[t]!]!);
    out.nll -= Math.log(p[targets[t]!]!);
  });
  return out;
}

function softmax(row: readonly number[]): number[] {
  const most = row.reduce((a, b) => Math.max(a, b));
  const e = row.map((x) => Math.exp(x - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((x) => x / sum);
}

/** What the cache says of one block of positions. */
export interface CacheBlock {
  /** p_cache(target) for every theta, each [N]; 0 where `used` is 0. */
  p: Float64Array[];
  /** 1 where the cache has a history to use, [N]. */
  used: Uint8Array;
}

/**
 * p_cache of the targets of a long text, block by block: one matrix product of the block's hidden
 * states with the window before it, then the softmax in float64. Memory is that of one window and
 * one block, whatever the length of the text. dispose() it.
 */
export class NeuralCacheStream {
  private past: tf.Tensor2D | null = null;
  private words: Int32Array = new Int32Array(0);
  private position = 0;

  constructor(
    private readonly options: Pick<Required<NeuralCacheOptions>, 'window' | 'variant' | 'chunk'>,
    private readonly thetas: readonly number[],
  ) {}

  /**
   * The next block: hidden states [N, D] and the words that follow them, [N]. Positions of the block
   * see each other as well.
   */
  next(hidden: tf.Tensor2D, targets: Int32Array): CacheBlock {
    const N = targets.length;
    const { window } = this.options;
    const before = this.words.length;
    const words = new Int32Array(before + N);
    words.set(this.words);
    words.set(targets, before);
    const [history, product] = tf.tidy(() => {
      const all = this.past ? (tf.concat([this.past, hidden]) as tf.Tensor2D) : hidden;
      const keep = Math.min(before + N, window);
      // Kept: the caller may tidy up between blocks.
      const rest = tf.keep(tf.slice(all, [before + N - keep, 0], [keep, -1]));
      return [rest, tf.matMul(hidden, all, false, true)] as [tf.Tensor2D, tf.Tensor2D];
    });
    const scores = product.dataSync() as Float32Array; // [N, before + N]
    const block: CacheBlock = {
      p: this.thetas.map(() => new Float64Array(N)),
      used: new Uint8Array(N),
    };
    for (let n = 0; n < N; n++) {
      const length = historyLength(this.position + n, this.options);
      if (length === 0) continue;
      block.used[n] = 1;
      const end = before + n;
      const row = scores.subarray(n * (before + N), (n + 1) * (before + N));
      this.thetas.forEach((theta, k) => {
        block.p[k]![n] = targetShare(row, words, end - length, end, theta, targets[n]!);
      });
    }
    product.dispose();
    this.past?.dispose();
    this.past = history;
    this.words = words.slice(-window);
    this.position += N;
    return block;
  }

  dispose(): void {
    this.past?.dispose();
    this.past = null;
  }
}

/** Share of `target` in softmax(theta scores[from..to)). */
function targetShare(
  scores: Float32Array,
  words: Int32Array,
  from: number,
  to: number,
  theta: number,
  target: number,
): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) if (scores[i]! > most) most = scores[i]!;
  let sum = 0;
  let hit = 0;
  for (let i = from; i < to; i++) {
    const e = Math.exp(theta * (scores[i]! - most));
    sum += e;
    if (words[i] === target) hit += e;
  }
  return hit / sum;
}
