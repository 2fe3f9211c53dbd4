/** What the translation metrics have in common: counts per sentence, scores from their sums. */
import { UserError } from '../errors.js';
import { isSpace } from '../files/white-space.js';

/**
 * References of a corpus: streams, each parallel to the hypotheses. `null` stands for "this line
 * has no such reference"; an empty string is a reference that is empty.
 */
export type References = readonly (readonly (string | null)[])[];

/**
 * The counts from which a corpus score is made, one row of `width` numbers a sentence. A corpus, a
 * resample of it or a single sentence is scored by the sum of its rows, so texts are read once.
 */
export interface SentenceStatistics {
  lines: number;
  width: number;
  /** [lines x width], row after row. */
  values: Float64Array;
  /** References of every line; null when lines differ. */
  references: number | null;
}

/** A score on the usual scale from 0 to 100. */
export interface Score {
  /** `BLEU`, `chrF2++`, `TER`. */
  name: string;
  score: number;
  /** What is printed behind the score: BLEU's precisions and lengths. */
  verbose?: string;
}

/** Field of a signature: name, short name, value. */
export type SignatureField = readonly [name: string, short: string, value: string];

/** A metric with its options. */
export interface TranslationMetric<S extends Score = Score> {
  readonly name: string;
  /** Better translations have larger scores (BLEU, chrF) or smaller ones (TER). */
  readonly higherIsBetter: boolean;
  /** Reads the texts once. @throws UserError when line counts differ or a line has no reference */
  statistics(hypotheses: readonly string[], references: References): SentenceStatistics;
  /** The score that belongs to a sum of rows. */
  fromSums(sums: ArrayLike<number>): S;
  /** The fields that name the options. */
  readonly fields: readonly SignatureField[];
}

/** The sum of all rows. */
export function sumRows(statistics: SentenceStatistics): Float64Array {
  const { lines, width, values } = statistics;
  const sums = new Float64Array(width);
  for (let i = 0, at = 0; i < lines; i++) for (let k = 0; k < width; k++) sums[k]! += values[at++]!;
  return sums;
}

/** The score of the whole corpus. */
export const corpusScore = <S extends Score>(
  metric: TranslationMetric<S>,
  statistics: SentenceStatistics,
): S => metric.fromSums(sumRows(statistics));

/** The score of every sentence by itself. */
export function sentenceScores<S extends Score>(
  metric: TranslationMetric<S>,
  { lines, width, values }: SentenceStatistics,
): S[] {
  return Array.from({ length: lines }, (_, i) =>
    metric.fromSums(values.subarray(i * width, (i + 1) * width)),
  );
}

/**
 * Calls `line` with every hypothesis and its references; returns how many references a line has,
 * or null when lines differ.
 */
export function eachLine(
  hypotheses: readonly string[],
  references: References,
  line: (hypothesis: string, references: string[], index: number) => void,
): number | null {
  if (hypotheses.length === 0) throw new UserError('there is no line to score');
  if (references.length === 0) throw new UserError('there are no references');
  references.forEach((stream, r) => {
    if (stream.length !== hypotheses.length)
      throw new UserError(
        `reference ${r + 1} has ${stream.length} lines, the hypotheses have ${hypotheses.length}; line n must translate the same sentence in both`,
      );
  });
  let count: number | null = -1;
  for (let i = 0; i < hypotheses.length; i++) {
    const own: string[] = [];
    for (const stream of references) {
      const text = stream[i];
      if (text !== null && text !== undefined) own.push(text);
    }
    if (own.length === 0) throw new UserError(`line ${i + 1} has no reference`);
    if (count === -1) count = own.length;
    else if (count !== own.length) count = null;
    line(hypotheses[i]!, own, i);
  }
  return count;
}

/** From so many lines that end in " ." on, a text counts as tokenised. */
export const TOKENISED_LINES = 100;

/**
 * Whether the text looks tokenised: at least 100 lines end in a full stop that stands alone.
 * Scores of tokenised text depend on the tokeniser and cannot be compared with published ones.
 */
export function looksTokenised(lines: readonly string[]): boolean {
  let count = 0;
  for (const line of lines) {
    if (!line.endsWith('.') || line.length < 2) continue;
    if (isSpace(line.charCodeAt(line.length - 2)) && ++count === TOKENISED_LINES) return true;
  }
  return false;
}
