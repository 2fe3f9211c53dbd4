/** An LSTM small enough to print: one sentence, a handful of units, weights of two decimals. */
import { UserError } from '../../errors.js';
import { uniformAt } from '../../gumbel/uniform.js';

/** A value for each of the three gates and the candidate. */
export interface GateParts<T> {
  /** Forget gate. */
  f: T;
  /** Input gate. */
  i: T;
  /** Output gate. */
  o: T;
  /** Candidate for the memory, tanh instead of a sigmoid. */
  g: T;
}

/** Weights of one LSTM layer as lists of numbers, packed in the order f, i, o, g. */
export interface TinyWeights {
  /** Input to hidden, [I][4H]. */
  wx: number[][];
  /** Hidden to hidden, [H][4H]. */
  wh: number[][];
  /** Bias, [4H]. */
  b: number[];
}

/** A sentence, a vector for each of its words, and the weights of a cell that reads it. */
export interface TinyCell {
  words: string[];
  /** Units H. */
  hidden: number;
  /** Word vectors, [T][I]; the same word has the same vector. */
  x: number[][];
  weights: TinyWeights;
}

export interface TinyCellOptions {
  /** Units H. Default 3. */
  hidden?: number;
  /** Components I of a word vector. Default `hidden`. */
  input?: number;
  /** Default 1. */
  seed?: number;
  /** Weights are Uniform(-range, range). Default 2: large, so that gates move enough to be seen. */
  range?: number;
}

/** Two decimals, so that a reader can follow with a pocket calculator. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * A cell for this sentence: word vectors Uniform(-1, 1), weights and biases Uniform(-range, range)
 * with the biases a quarter as large; all rounded to two decimals, all from the seed. It is not
 * trained, so its gates mean nothing yet; it is there to be computed by hand.
 *
 * @param sentence words separated by spaces.
 * @throws UserError for an empty sentence or a size that is no whole number of at least 1.
 */
export function tinyCell(
  sentence: string,
  { hidden = 3, input = hidden, seed = 1, range = 2 }: TinyCellOptions = {},
): TinyCell {
  const words = sentence.split(' ').filter((word) => word !== '');
  if (words.length === 0) throw new UserError('tinyCell: the sentence has no words');
  for (const [name, size] of Object.entries({ hidden, input }))
    if (!Number.isInteger(size) || size < 1)
      throw new UserError(`tinyCell: ${name} must be a whole number of at least 1, not ${size}`);
  let index = 0;
  const draw = (r: number): number => rounded(r * (2 * uniformAt(seed, index++) - 1));
  const row = (n: number, r: number): number[] => Array.from({ length: n }, () => draw(r));
  const matrix = (rows: number): number[][] =>
    Array.from({ length: rows }, () => row(4 * hidden, range));
  const weights = { wx: matrix(input), wh: matrix(hidden), b: row(4 * hidden, range / 4) };
  const vectors = new Map<string, number[]>();
  for (const word of words) if (!vectors.has(word)) vectors.set(word, row(input, 1));
  return { words, hidden, x: words.map((word) => vectors.get(word)!), weights };
}

/**
 * The pre-activations W_x x + W_h h + b of all four parts for word `t`, each [H]: what stands inside
 * the sigmoids of Eq 2-4 and the tanh of Eq 5.
 *
 * @param h hidden state before the word, [H].
 */
export function preactivations(
  { x, hidden: H, weights: { wx, wh, b } }: TinyCell,
  t: number,
  h: readonly number[],
): GateParts<number[]> {
  const word = x[t];
  if (!word) throw new RangeError(`there is no word ${t}: the sentence has ${x.length}`);
  const column = (q: number): number =>
    word.reduce((sum, value, k) => sum + value * wx[k]![q]!, 0) +
    h.reduce((sum, value, k) => sum + value * wh[k]![q]!, 0) +
    b[q]!;
  const part = (n: number): number[] => Array.from({ length: H }, (_, j) => column(n * H + j));
  return { f: part(0), i: part(1), o: part(2), g: part(3) };
}
