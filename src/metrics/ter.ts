/**
 * TER, the translation edit rate (Snover et al. 2006): edits for every word of the references, in
 * percent, 0 = equal. Scores are those of sacrebleu, which follows Tercom.
 */
import { UserError } from '../errors.js';
import { trimRight } from '../files/white-space.js';
import { type Signed, signedScore } from './bleu.js';
import { eachLine, type References, type Score, type TranslationMetric } from './metric.js';
import { terEdits } from './ter-edits.js';
import { Interner } from './text.js';
import { type TerTokenizerOptions, tokenizeForTer } from './tokenizers.js';

/** The distance table of a sentence grows with the product of the lengths: 7,000 words each. */
const MOST_CELLS = 5e7;

export type TerOptions = TerTokenizerOptions;

export interface TerScore extends Score {
  /** Edits to the closest reference of each line, summed. */
  edits: number;
  /** Words of the references, the mean of a line's references, summed. */
  referenceLength: number;
}

/** TER with these options, for repeated or resampled use. */
export function terMetric(options: TerOptions = {}): TranslationMetric<TerScore> {
  const yes = (on: boolean | undefined): string => (on ? 'yes' : 'no');
  return {
    name: 'TER',
    higherIsBetter: false,
    fields: [
      ['case', 'c', options.caseSensitive ? 'mixed' : 'lc'],
      ['tok', 't', 'tercom'],
      ['norm', 'nr', yes(options.normalized)],
      ['punct', 'pn', yes(!options.noPunctuation)],
      ['asian', 'as', yes(options.asianSupport)],
    ],
    statistics: (hypotheses, references) => {
      const values = new Float64Array(2 * hypotheses.length);
      const words = new Interner();
      const read = (line: string): Int32Array =>
        words.idsOf(tokenizeForTer(trimRight(line), options));
      // sacrebleu tokenises references twice, which separates a comma more in "a,,2"; scores in
      // the literature are made so. Without normalisation the second pass changes nothing.
      const readReference = (line: string): Int32Array =>
        read(options.normalized ? tokenizeForTer(trimRight(line), options).join(' ') : line);
      const count = eachLine(hypotheses, references, (line, lineReferences, i) => {
        const hypothesis = read(line);
        let fewest = Number.POSITIVE_INFINITY;
        let length = 0;
        for (const text of lineReferences) {
          const reference = readReference(text);
          length += reference.length;
          if (hypothesis.length * reference.length > MOST_CELLS)
            throw new UserError(
              `TER: line ${i + 1} has ${hypothesis.length} words, its reference ${reference.length}; that is too long for one sentence`,
            );
          fewest = Math.min(fewest, terEdits(hypothesis, reference));
        }
        values[2 * i] = fewest;
        values[2 * i + 1] = length / lineReferences.length;
      });
      return { lines: hypotheses.length, width: 2, values, references: count };
    },
    fromSums: (sums) => {
      const edits = sums[0]!;
      const referenceLength = sums[1]!;
      // Without a reference word any edit is one too many.
      const rate = referenceLength > 0 ? edits / referenceLength : edits > 0 ? 1 : 0;
      return { name: 'TER', score: 100 * rate, edits, referenceLength };
    },
  };
}

/** TER of a corpus. */
export const ter = (
  hypotheses: readonly string[],
  references: References,
  options: TerOptions = {},
): Signed<TerScore> => signedScore(terMetric(options), hypotheses, references);
