import { UserError } from '../../errors.js';
import { BytePairEncoding } from './apply.js';
import { type BpeCodes, END_OF_WORD } from './codes.js';
import { addWords, byFrequency, type WordCounts } from './counts.js';
import { PairStatistics } from './pair-statistics.js';
import { splitWords } from './words.js';

export interface LearnBpeOptions {
  /** Stop when no pair occurs this often. Default 2. */
  minFrequency?: number;
  /** Subtract the number of different characters (inside and at the end of words) from `merges`. */
  totalSymbols?: boolean;
  /** Byte-level codes; the lines must then have one character a byte (see `BpeCodes.byte`). */
  byte?: boolean;
  /** Told about each merge; e.g. for progress. */
  onMerge?: (index: number, pair: readonly [string, string], frequency: number) => void;
}

/**
 * Learns byte pair encoding (Sennrich et al. 2016) from the words of lines: starting from
 * characters, the most frequent pair of neighbouring symbols becomes a symbol, `merges` times.
 * The codes equal those of subword-nmt 0.3.9 `learn-bpe`, ties included (the pair that is later in
 * code point order wins). To learn jointly, give the lines of several texts one after the other.
 * Two departures, neither of which touches text with ordinary blanks only: here just \n and \r end a
 * line (there U+2028, form feed... do too), and white space inside a word, such as a no-break space,
 * does not break its symbols apart (there a merge can miss or hit beside it).
 * @throws UserError when no word has two characters
 */
export function learnBpe(
  lines: Iterable<string>,
  merges: number,
  options: LearnBpeOptions = {},
): BpeCodes {
  const counts = new Map<string, number>();
  for (const line of lines) addWords(counts, line);
  return learnBpeFromCounts(counts, merges, options);
}

/** As `learnBpe`, from words and their counts (`--dict-input`). */
export function learnBpeFromCounts(
  counts: WordCounts,
  merges: number,
  options: LearnBpeOptions = {},
): BpeCodes {
  const { minFrequency = 2, totalSymbols = false, byte = false } = options;
  if (!Number.isInteger(merges) || merges < 0)
    throw new UserError(`BPE: the number of merges must be a whole number, not ${merges}`);
  if (!(minFrequency >= 1))
    throw new UserError(`BPE: the least frequency must be at least 1, not ${minFrequency}`);
  const words = [...counts].map(([word, n]) => [charactersOf(word), n] as const);
  const statistics = new PairStatistics(words);
  const target = totalSymbols ? merges - characterCount(words) : merges;
  const learned: [string, string][] = [];
  let best = statistics.top();
  if (best === undefined)
    throw new UserError('BPE: nothing to learn from, the text has no word of two characters');
  // subword-nmt searches only pairs above a threshold. That would be mere speed, but its counts of
  // the others go stale in rare cases, so the threshold is part of what its codes are.
  let threshold = statistics.countOf(best) / 10;
  for (let i = 0; i < target; i++) {
    best = statistics.top();
    if (i > 0 && (best === undefined || statistics.countOf(best) < threshold)) {
      statistics.prune(threshold);
      statistics.restore();
      best = statistics.top();
      threshold = best === undefined ? 0 : (statistics.countOf(best) * i) / (i + 10000);
      statistics.prune(threshold);
    }
    if (best === undefined || statistics.countOf(best) < minFrequency) break;
    const pair = statistics.symbolsOf(best);
    options.onMerge?.(i, pair, statistics.countOf(best));
    learned.push(pair);
    statistics.merge(best);
    if (i % 100 === 0) statistics.prune(threshold);
  }
  return { version: '0.2', byte, merges: learned };
}

/** Codes learned on several texts together, and the vocabulary of each text segmented by them. */
export interface JointBpe {
  codes: BpeCodes;
  /** Per text: subword tokens (with separator) and their counts, most frequent first. */
  vocabularies: Map<string, number>[];
}

/** subword-nmt's `learn-joint-bpe-and-vocab`. @param separator default `@@` */
export function learnJointBpe(
  texts: readonly Iterable<string>[],
  merges: number,
  options: LearnBpeOptions & { separator?: string } = {},
): JointBpe {
  // A text is its words and their counts: segmenting each word once gives the same vocabulary.
  const counted = texts.map((lines) => {
    const counts = new Map<string, number>();
    for (const line of lines) addWords(counts, line);
    return counts;
  });
  return learnJointBpeFromCounts(counted, merges, options);
}

/** As `learnJointBpe`, from each text's words in order of first appearance and their counts. */
export function learnJointBpeFromCounts(
  texts: readonly WordCounts[],
  merges: number,
  options: LearnBpeOptions & { separator?: string } = {},
): JointBpe {
  const all = new Map<string, number>();
  for (const text of texts) for (const [word, n] of text) all.set(word, (all.get(word) ?? 0) + n);
  const codes = learnBpeFromCounts(all, merges, options);
  const { separator } = options;
  const encoding = new BytePairEncoding(codes, separator === undefined ? {} : { separator });
  const vocabularies = texts.map((text) => {
    const tokens = new Map<string, number>();
    for (const [word, n] of text)
      for (const token of splitWords(encoding.apply(word)))
        tokens.set(token, (tokens.get(token) ?? 0) + n);
    return byFrequency(tokens);
  });
  return { codes, vocabularies };
}

/** Symbols a word begins with: its characters, the last one marked. */
function charactersOf(word: string): string[] {
  const characters = [...word];
  characters[characters.length - 1] += END_OF_WORD;
  return characters;
}

function characterCount(words: readonly (readonly [readonly string[], number])[]): number {
  const inside = new Set<string>();
  const last = new Set<string>();
  for (const [symbols] of words) {
    for (const symbol of symbols.slice(0, -1)) inside.add(symbol);
    last.add(symbols.at(-1)!);
  }
  return inside.size + last.size;
}
