import { UserError } from '../../errors.js';
import { innerRange, splitWords } from './words.js';

/** Words (or subword tokens) and how often each occurs. */
export type WordCounts = ReadonlyMap<string, number>;

/** Adds the words of a line to the counts. */
export function addWords(counts: Map<string, number>, line: string): void {
  for (const word of splitWords(line)) counts.set(word, (counts.get(word) ?? 0) + 1);
}

/**
 * Counts the words of lines as subword-nmt's get-vocab does: most frequent first, ties in order of
 * first appearance. Only blanks separate words.
 */
export function countVocabulary(lines: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) addWords(counts, line);
  return byFrequency(counts);
}

/** Most frequent first; ties keep their order. */
export const byFrequency = (counts: WordCounts): Map<string, number> =>
  new Map([...counts].sort((a, b) => b[1] - a[1]));

/** Lines `WORD COUNT`, as get-vocab writes them. */
export function formatVocabulary(counts: WordCounts): string {
  let text = '';
  for (const [word, count] of counts) text += `${word} ${count}\n`;
  return text;
}

/**
 * Reads lines `WORD COUNT`; the counts of a repeated word are added up.
 * @param file named in error messages
 * @throws UserError naming file and line
 */
export function parseVocabulary(lines: Iterable<string>, file = 'vocabulary'): Map<string, number> {
  const counts = new Map<string, number>();
  let number = 0;
  for (const line of lines) {
    number++;
    const { start, end } = innerRange(line);
    const [word, count, ...more] = line.slice(start, end).split(' ');
    if (!word || count === undefined || more.length > 0 || !/^\d+$/.test(count)) {
      throw new UserError(
        `${file}, line ${number}: expected a word, one blank and its count, found ` +
          JSON.stringify(line.slice(0, 80)),
      );
    }
    counts.set(word, (counts.get(word) ?? 0) + Number(count));
  }
  return counts;
}
