/** What byte pair encoding does to a text as merges are added. */
import { type BpeCodes, BytePairEncoding } from '../../text/bpe/index.js';

/** A text in the units of the first so many merges. */
export interface BpePoint {
  merges: number;
  /** Different units. */
  vocabulary: number;
  /** Units of an average line. */
  unitsPerLine: number;
}

/** Vocabulary and length of a text for several numbers of merges. @param lines of words, blanks between */
export function bpeCurve(
  lines: readonly string[],
  codes: BpeCodes,
  merges: readonly number[],
): BpePoint[] {
  return merges.map((n) => {
    const bpe = new BytePairEncoding(codes, { merges: n });
    const seen = new Set<string>();
    let units = 0;
    for (const line of lines) {
      for (const unit of bpe.apply(line).split(' ')) {
        seen.add(unit);
        units++;
      }
    }
    return { merges: n, vocabulary: seen.size, unitsPerLine: units / lines.length };
  });
}

/**
 * How a word grows together: its units after each merge that changes it, from single letters on.
 * `merges` is the number of merges at which the form is reached.
 */
export function bpeSteps(word: string, codes: BpeCodes): { merges: number; units: string[] }[] {
  const steps: { merges: number; units: string[] }[] = [];
  for (let merges = 0; merges <= codes.merges.length; merges++) {
    // a merge changes the word only if both its parts stand in it
    const pair = codes.merges[merges - 1]?.map((part) => part.replace('</w>', ''));
    if (pair && !word.includes(pair.join(''))) continue;
    const units = new BytePairEncoding(codes, { merges }).segment([word]);
    if (units.length !== steps.at(-1)?.units.length) steps.push({ merges, units });
  }
  return steps;
}
