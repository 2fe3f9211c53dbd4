import { UserError } from '../../errors.js';
import { PERL_SPACES } from '../../files/white-space.js';

export interface CleanOptions {
  /** Fewest words of a side. Default 1. */
  min?: number;
  /** Most words of a side. Default 175 (IWSLT'14). */
  max?: number;
  /** A pair goes when one side has more than `ratio` times the words of the other. Default 1.5. */
  ratio?: number;
  /** Most characters of a word. Default 1,000. */
  maxWordLength?: number;
  /** What the sides are called in messages, e.g. the file names. */
  names?: readonly [string, string];
}

/** Why a pair went. */
export type CleanReason = 'empty' | 'short' | 'long' | 'ratio' | 'word';

export interface CleanedPairs {
  source: string[];
  target: string[];
  /** Line numbers (from 1) of the pairs that stayed. */
  lines: number[];
  /** Pairs that went, by reason (the first that applies, in this order). */
  dropped: Record<CleanReason, number>;
}

/**
 * Takes pairs of tokenised lines that are empty, too short, too long or of too unequal length out of
 * a parallel text, as Moses' clean-corpus-n does. Inner runs of white space become one blank. The
 * defaults are those of the IWSLT'14 preparation. (Moses also removes `|`, its factor mark; a text
 * with escaped entities has none, and here it stays.)
 * @throws UserError when one side has more lines
 */
export function cleanPairs(
  source: Iterable<string>,
  target: Iterable<string>,
  options: CleanOptions = {},
): CleanedPairs {
  const cleaned: CleanedPairs = { source: [], target: [], lines: [], dropped: noneDropped() };
  const other = target[Symbol.iterator]();
  let line = 0;
  for (const s of source) {
    const t = other.next();
    if (t.done) throw unequalLines('target', line, options);
    line++;
    const pair = cleanPair(s, t.value, options);
    if (typeof pair === 'string') {
      cleaned.dropped[pair]++;
      continue;
    }
    cleaned.source.push(pair[0]);
    cleaned.target.push(pair[1]);
    cleaned.lines.push(line);
  }
  if (!other.next().done) throw unequalLines('source', line, options);
  return cleaned;
}

/** One pair: its two sides with white space put right, or the reason why it goes. */
export function cleanPair(
  source: string,
  target: string,
  options: CleanOptions = {},
): [source: string, target: string] | CleanReason {
  const left = wordsOf(source);
  const right = wordsOf(target);
  return reasonAgainst(left, right, options) ?? [left.join(' '), right.join(' ')];
}

export const noneDropped = (): Record<CleanReason, number> => ({
  empty: 0,
  short: 0,
  long: 0,
  ratio: 0,
  word: 0,
});

/** The error when one side ends early. */
export function unequalLines(
  shorter: 'source' | 'target',
  lines: number,
  { names: [source, target] = ['source', 'target'] }: CleanOptions,
): UserError {
  const [ended, other] = shorter === 'source' ? [source, target] : [target, source];
  return new UserError(
    `${ended} ends after line ${lines}, ${other} goes on: the two sides must have equally many lines`,
  );
}

const wordsOf = (line: string): string[] => line.split(PERL_SPACES).filter((word) => word !== '');

function reasonAgainst(
  left: readonly string[],
  right: readonly string[],
  { min = 1, max = 175, ratio = 1.5, maxWordLength = 1000 }: CleanOptions,
): CleanReason | null {
  const a = left.length;
  const b = right.length;
  if (a === 0 || b === 0) return 'empty';
  if (a < min || b < min) return 'short';
  if (a > max || b > max) return 'long';
  if (a / b > ratio || b / a > ratio) return 'ratio';
  const tooLong = (word: string): boolean =>
    word.length > maxWordLength && [...word].length > maxWordLength;
  return left.some(tooLong) || right.some(tooLong) ? 'word' : null;
}
