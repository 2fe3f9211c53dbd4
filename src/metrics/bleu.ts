/**
 * BLEU (Papineni et al. 2002): the geometric mean of the n-gram precisions, times a penalty for
 * translations that are too short. Scores, counts and signatures are those of sacrebleu.
 */
import { UserError } from '../errors.js';
import { splitWords, trimRight } from '../files/white-space.js';
import {
  corpusScore,
  eachLine,
  type References,
  type Score,
  type SentenceStatistics,
  type TranslationMetric,
} from './metric.js';
import { NgramTable } from './ngram-table.js';
import { signatureFields, signatureText } from './signature.js';
import { fixed, Interner } from './text.js';
import { type BleuTokenizer, tokenizeForBleu } from './tokenizers.js';

/** What becomes of a precision whose count is zero. */
export const BLEU_SMOOTHINGS = ['none', 'floor', 'add-k', 'exp'] as const;
export type BleuSmoothing = (typeof BLEU_SMOOTHINGS)[number];

export interface BleuOptions {
  /** Default `13a`. */
  tokenizer?: BleuTokenizer;
  /** Compare without regard to case (default false). */
  lowercase?: boolean;
  /**
   * Default `exp`: the k-th zero becomes 1 / (2^k total). `floor` puts `smoothingValue` for a zero
   * count, `add-k` adds it to counts and totals of all orders but the first.
   */
  smoothing?: BleuSmoothing;
  /** Of `floor` (default 0.1) and `add-k` (default 1). */
  smoothingValue?: number;
  /** Longest n-gram (default 4). As in sacrebleu the signature does not tell it: say it yourself. */
  maxOrder?: number;
  /** Leave out the orders for which the text is too short: for single sentences (default false). */
  effectiveOrder?: boolean;
}

export interface BleuScore extends Score {
  /** Percent, order 1 first, after smoothing. */
  precisions: number[];
  /** Matched n-grams (with add-k smoothing: after it). */
  counts: number[];
  /** n-grams of the hypotheses. */
  totals: number[];
  brevityPenalty: number;
  /** Tokens of the hypotheses. */
  hypothesisLength: number;
  /** Tokens of the references that are closest in length, the shorter one in a tie. */
  referenceLength: number;
}

const SMOOTHING_DEFAULT: Record<BleuSmoothing, number> = {
  none: 0,
  floor: 0.1,
  'add-k': 1,
  exp: 0,
};

/** Numbers the tokens of lines; knows words it met before, as most of a text's are. */
class LineReader {
  private readonly words = new Interner();
  /** 13a treats what stands between blanks by itself, so its tokens are remembered. */
  private readonly chunks = new Map<string, Int32Array>();
  private readonly tokenizer: BleuTokenizer;
  private readonly lowercase: boolean;
  private buffer = new Int32Array(256);

  constructor(tokenizer: BleuTokenizer, lowercase: boolean) {
    this.tokenizer = tokenizer;
    this.lowercase = lowercase;
  }

  read(line: string): Int32Array {
    const text = this.lowercase ? line.toLowerCase() : line;
    // Line ends inside a line take part in two rules of 13a and join chunks.
    if (this.tokenizer !== '13a' || text.includes('\n'))
      return this.words.idsOf(tokenizeForBleu(this.tokenizer, trimRight(text)));
    let n = 0;
    for (const chunk of splitWords(text)) {
      let ids = this.chunks.get(chunk);
      if (ids === undefined) {
        ids = this.words.idsOf(tokenizeForBleu('13a', chunk));
        this.chunks.set(chunk, ids);
      }
      if (n + ids.length > this.buffer.length) {
        const larger = new Int32Array(2 * (n + ids.length));
        larger.set(this.buffer);
        this.buffer = larger;
      }
      for (let i = 0; i < ids.length; i++) this.buffer[n++] = ids[i]!;
    }
    return this.buffer.slice(0, n);
  }
}

/** BLEU with these options, for repeated or resampled use. */
export function bleuMetric(options: BleuOptions = {}): TranslationMetric<BleuScore> {
  const { tokenizer = '13a', lowercase = false, smoothing = 'exp' } = options;
  const { maxOrder = 4, effectiveOrder = false } = options;
  const value = options.smoothingValue ?? SMOOTHING_DEFAULT[smoothing];
  if (!Number.isInteger(maxOrder) || maxOrder < 1)
    throw new UserError(
      `the longest n-gram of BLEU must be a whole number from 1, not ${maxOrder}`,
    );
  if (!(value >= 0))
    throw new UserError(`the smoothing value of BLEU must not be negative: ${value}`);
  const takesValue = smoothing === 'floor' || smoothing === 'add-k';
  const smooth = takesValue ? `${smoothing}[${fixed(value, 2)}]` : smoothing;
  return {
    name: 'BLEU',
    higherIsBetter: true,
    fields: [
      ['case', 'c', lowercase ? 'lc' : 'mixed'],
      ['eff', 'e', effectiveOrder ? 'yes' : 'no'],
      ['tok', 'tok', tokenizer],
      ['smooth', 's', smooth],
    ],
    statistics: (hypotheses, references) =>
      countNgrams(hypotheses, references, new LineReader(tokenizer, lowercase), maxOrder),
    fromSums: (sums) => scoreOf(sums, maxOrder, smoothing, value, effectiveOrder),
  };
}

/** Rows [hypothesis length, closest reference length, matches of order 1.., totals of order 1..]. */
export function countNgrams(
  hypotheses: readonly string[],
  references: References,
  reader: { read(line: string): Int32Array },
  maxOrder: number,
): SentenceStatistics {
  const width = 2 + 2 * maxOrder;
  const values = new Float64Array(hypotheses.length * width);
  const table = new NgramTable(maxOrder);
  const count = eachLine(hypotheses, references, (line, lineReferences, i) => {
    const at = i * width;
    const hypothesis = reader.read(line);
    const texts = lineReferences.map((r) => reader.read(r));
    table.clear(texts.reduce((sum, t) => sum + t.length, 0));
    let closest = texts[0]!.length;
    for (const text of texts) {
      table.add(text);
      const nearer = Math.abs(text.length - hypothesis.length);
      const known = Math.abs(closest - hypothesis.length);
      if (nearer < known || (nearer === known && text.length < closest)) closest = text.length;
    }
    values[at] = hypothesis.length;
    values[at + 1] = closest;
    table.matches(hypothesis, hypothesis.length, values, at + 2);
    for (let n = 0; n < maxOrder; n++)
      values[at + 2 + maxOrder + n] = Math.max(0, hypothesis.length - n);
  });
  return { lines: hypotheses.length, width, values, references: count };
}

function scoreOf(
  sums: ArrayLike<number>,
  maxOrder: number,
  smoothing: BleuSmoothing,
  value: number,
  effectiveOrder: boolean,
): BleuScore {
  const hypothesisLength = sums[0]!;
  const referenceLength = sums[1]!;
  const counts: number[] = [];
  const totals: number[] = [];
  const precisions: number[] = [];
  for (let n = 0; n < maxOrder; n++) {
    counts.push(sums[2 + n]!);
    totals.push(sums[2 + maxOrder + n]!);
    precisions.push(0);
  }
  let brevityPenalty = 1;
  if (hypothesisLength < referenceLength)
    brevityPenalty = hypothesisLength > 0 ? Math.exp(1 - referenceLength / hypothesisLength) : 0;
  let score = 0;
  if (counts.some((c) => c > 0)) {
    let orders = maxOrder;
    let zeros = 0;
    for (let n = 0; n < maxOrder; n++) {
      if (smoothing === 'add-k' && n > 0) {
        counts[n]! += value;
        totals[n]! += value;
      }
      if (totals[n] === 0) break;
      if (effectiveOrder) orders = n + 1;
      if (counts[n]! > 0) precisions[n] = (100 * counts[n]!) / totals[n]!;
      else if (smoothing === 'exp') precisions[n] = 100 / (2 ** ++zeros * totals[n]!);
      else if (smoothing === 'floor') precisions[n] = (100 * value) / totals[n]!;
    }
    // A precision of zero makes the mean zero: log 0 = -Infinity, exp of it is 0.
    let logs = 0;
    for (let n = 0; n < orders; n++) logs += Math.log(precisions[n]!);
    score = brevityPenalty * Math.exp(logs / orders);
  }
  const result: BleuScore = {
    name: 'BLEU',
    score,
    precisions,
    counts,
    totals,
    brevityPenalty,
    hypothesisLength,
    referenceLength,
  };
  // Printed rarely, scored thousands of times in a bootstrap: made when asked for.
  Object.defineProperty(result, 'verbose', { get: () => verbose(result) });
  return result;
}

function verbose(s: BleuScore): string {
  const ratio = s.referenceLength > 0 ? s.hypothesisLength / s.referenceLength : 0;
  const precisions = s.precisions.map((p) => fixed(p, 1)).join('/');
  return `${precisions} (BP = ${fixed(s.brevityPenalty, 3)} ratio = ${fixed(ratio, 3)} hyp_len = ${s.hypothesisLength} ref_len = ${s.referenceLength})`;
}

/** A score with the line that says how it was made. */
export type Signed<S extends Score> = S & { signature: string };

/** Scores a corpus and signs the score. */
export function signedScore<S extends Score>(
  metric: TranslationMetric<S>,
  hypotheses: readonly string[],
  references: References,
): Signed<S> {
  const statistics = metric.statistics(hypotheses, references);
  const signature = signatureText(signatureFields(metric, statistics));
  return Object.assign(corpusScore(metric, statistics), { signature });
}

/**
 * BLEU of a corpus.
 * @param hypotheses translations, detokenised, a line each
 * @param references one or more streams of reference translations, parallel to the hypotheses
 * @throws UserError when line counts differ, or there is nothing to score
 */
export const bleu = (
  hypotheses: readonly string[],
  references: References,
  options: BleuOptions = {},
): Signed<BleuScore> => signedScore(bleuMetric(options), hypotheses, references);

/** BLEU of one sentence; counts only the orders that it is long enough for, unless told not to. */
export const sentenceBleu = (
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): Signed<BleuScore> =>
  bleu(
    [hypothesis],
    references.map((r) => [r]),
    { effectiveOrder: true, ...options },
  );
