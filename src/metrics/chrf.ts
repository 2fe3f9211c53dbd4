/**
 * chrF (Popović 2015) and chrF++ (2017): the F-score of character n-grams, and with `wordOrder` of
 * word n-grams too, averaged over the orders. Scores are those of sacrebleu.
 */
import { UserError } from '../errors.js';
import { isSpace, splitWords } from '../files/white-space.js';
import { type Signed, signedScore } from './bleu.js';
import { eachLine, type References, type Score, type TranslationMetric } from './metric.js';
import { NgramTable } from './ngram-table.js';
import { Interner } from './text.js';

export interface ChrfOptions {
  /** Longest character n-gram (default 6). */
  characterOrder?: number;
  /** Longest word n-gram: 0 = chrF (default), 2 = chrF++. */
  wordOrder?: number;
  /** Weight of recall against precision (default 2). */
  beta?: number;
  /** Count blanks as characters (default false). */
  whitespace?: boolean;
  lowercase?: boolean;
  /** Every order counts, empty ones nearly nothing, as in chrF++.py and NLTK (default false). */
  epsilonSmoothing?: boolean;
}

export interface ChrfScore extends Score {
  characterOrder: number;
  wordOrder: number;
  beta: number;
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');
const EPSILON = 1e-16;

/** A punctuation mark at the end of a word, else one at its start, is a word of its own. */
function chrfWords(line: string): string[] {
  const words: string[] = [];
  for (const word of splitWords(line)) {
    const last = word.length - 1;
    if (last === 0) words.push(word);
    else if (PUNCTUATION.has(word[last]!)) words.push(word.slice(0, last), word[last]!);
    else if (PUNCTUATION.has(word[0]!)) words.push(word[0]!, word.slice(1));
    else words.push(word);
  }
  return words;
}

/** Code points of a line, in a buffer that the next call uses again. */
class Characters {
  symbols = new Int32Array(512);
  length = 0;

  read(line: string, whitespace: boolean): this {
    if (this.symbols.length < line.length) this.symbols = new Int32Array(2 * line.length);
    let n = 0;
    for (let i = 0; i < line.length; i++) {
      let c = line.charCodeAt(i);
      if (!whitespace && isSpace(c)) continue;
      if (c >= 0xd800 && c < 0xdc00) {
        c = line.codePointAt(i)!;
        if (c > 0xffff) i++;
      }
      this.symbols[n++] = c;
    }
    this.length = n;
    return this;
  }
}

/** chrF with these options, for repeated or resampled use. */
export function chrfMetric(options: ChrfOptions = {}): TranslationMetric<ChrfScore> {
  const { characterOrder = 6, wordOrder = 0, beta = 2 } = options;
  const { whitespace = false, lowercase = false, epsilonSmoothing = false } = options;
  for (const [what, n, least] of [
    ['character order', characterOrder, 1],
    ['word order', wordOrder, 0],
  ] as const)
    if (!Number.isInteger(n) || n < least)
      throw new UserError(`chrF: the ${what} must be a whole number from ${least}, not ${n}`);
  if (!(beta >= 0)) throw new UserError(`chrF: beta must not be negative: ${beta}`);
  const name = `chrF${beta}${'+'.repeat(Math.min(wordOrder, 2))}`;
  const orders = characterOrder + wordOrder;
  const width = 3 * orders;
  const factor = beta * beta;

  /** Mean F-score of [hypothesis, reference, matched] n-grams of every order, from 0 to 1. */
  const fScore = (counts: ArrayLike<number>): number => {
    let effective = 0;
    let precisions = 0;
    let recalls = 0;
    let smoothed = 0;
    for (let n = 0; n < width; n += 3) {
      const hypothesis = counts[n]!;
      const reference = counts[n + 1]!;
      const precision = hypothesis > 0 ? counts[n + 2]! / hypothesis : EPSILON;
      const recall = reference > 0 ? counts[n + 2]! / reference : EPSILON;
      const denominator = factor * precision + recall;
      smoothed += denominator > 0 ? ((1 + factor) * precision * recall) / denominator : EPSILON;
      if (hypothesis > 0 && reference > 0) {
        precisions += precision;
        recalls += recall;
        effective++;
      }
    }
    if (epsilonSmoothing) return smoothed / orders;
    if (effective === 0) return 0;
    const precision = precisions / effective;
    const recall = recalls / effective;
    if (precision + recall === 0) return 0;
    return ((1 + factor) * precision * recall) / (factor * precision + recall);
  };

  const statistics = (hypotheses: readonly string[], references: References) => {
    const values = new Float64Array(hypotheses.length * width);
    const words = new Interner();
    const own = new Characters();
    const other = new Characters();
    const characterTable = new NgramTable(characterOrder);
    const wordTable = new NgramTable(Math.max(1, wordOrder));
    const matched = new Float64Array(orders);
    const row = new Float64Array(width);
    const count = eachLine(hypotheses, references, (line, lineReferences, i) => {
      const text = lowercase ? line.toLowerCase() : line;
      own.read(text, whitespace);
      const ownWords = wordOrder > 0 ? words.idsOf(chrfWords(text)) : new Int32Array(0);
      let best = -1;
      for (const reference of lineReferences) {
        const refText = lowercase ? reference.toLowerCase() : reference;
        other.read(refText, whitespace);
        matched.fill(0);
        characterTable.clear(other.length);
        characterTable.add(other.symbols, other.length);
        characterTable.matches(own.symbols, own.length, matched, 0);
        let refWords = 0;
        if (wordOrder > 0) {
          const ids = words.idsOf(chrfWords(refText));
          refWords = ids.length;
          wordTable.clear(ids.length);
          wordTable.add(ids);
          wordTable.matches(ownWords, ownWords.length, matched, characterOrder);
        }
        for (let n = 0; n < orders; n++) {
          const isWord = n >= characterOrder;
          const shorter = isWord ? n - characterOrder : n;
          const inReference = Math.max(0, (isWord ? refWords : other.length) - shorter);
          const inHypothesis = Math.max(0, (isWord ? ownWords.length : own.length) - shorter);
          // As in chrF++.py: an order that the reference is too short for does not count at all.
          row[3 * n] = inReference > 0 ? inHypothesis : 0;
          row[3 * n + 1] = inReference;
          row[3 * n + 2] = matched[n]!;
        }
        const score = fScore(row);
        if (score > best) {
          best = score;
          values.set(row, i * width);
        }
      }
    });
    return { lines: hypotheses.length, width, values, references: count };
  };

  return {
    name,
    higherIsBetter: true,
    fields: [
      ['case', 'c', lowercase ? 'lc' : 'mixed'],
      ['eff', 'e', epsilonSmoothing ? 'no' : 'yes'],
      ['nc', 'nc', String(characterOrder)],
      ['nw', 'nw', String(wordOrder)],
      ['space', 's', whitespace ? 'yes' : 'no'],
    ],
    statistics,
    fromSums: (sums) => ({ name, score: 100 * fScore(sums), characterOrder, wordOrder, beta }),
  };
}

/** chrF of a corpus; of several references each sentence takes the one that scores best. */
export const chrf = (
  hypotheses: readonly string[],
  references: References,
  options: ChrfOptions = {},
): Signed<ChrfScore> => signedScore(chrfMetric(options), hypotheses, references);
