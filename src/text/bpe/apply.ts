import { type BpeCodes, END_OF_WORD } from './codes.js';
import { compileGlossaries, type Glossaries } from './glossary.js';
import { mergeByRank } from './merge-word.js';
import { hasLineEnd, innerRange } from './words.js';

export interface BpeOptions {
  /** Marks a token that the next one continues. Default `@@`. */
  separator?: string;
  /** Use only the first so many merges. Default: all. */
  merges?: number;
  /**
   * Tokens (those inside words with separator) that may be produced: merges that lead elsewhere are
   * undone. With counts, `vocabularyThreshold` says which of them hold. An empty one is no
   * restriction, as in subword-nmt.
   */
  vocabulary?: ReadonlySet<string> | ReadonlyMap<string, number>;
  /** Least count of a token of `vocabulary`. Default: none. */
  vocabularyThreshold?: number;
  /** Python's regular expressions; what they match is left whole (see `compileGlossaries`). */
  glossaries?: readonly string[];
}

/** Most words the cache holds; it begins anew when they are reached (a few 100 MB). */
const MOST_CACHED = 1_000_000;

/**
 * Splits words into the subword tokens of learned codes; equal to subword-nmt's `apply-bpe`.
 * Segmented words are cached. Text is taken as it is: codes learned on composed letters (NFC) do not
 * know decomposed ones (NFD), whose words fall apart.
 */
export class BytePairEncoding {
  readonly codes: BpeCodes;
  readonly separator: string;
  /** Pair, written with a blank between, -> its position in the codes. */
  readonly #ranks = new Map<string, number>();
  /** Merged symbol -> the pair it came from. */
  readonly #origins = new Map<string, readonly [string, string]>();
  readonly #vocabulary: ReadonlySet<string> | null;
  readonly #glossaries: Glossaries | null;
  readonly #cache = new Map<string, string>();

  constructor(codes: BpeCodes, options: BpeOptions = {}) {
    this.codes = codes;
    this.separator = options.separator ?? '@@';
    this.#glossaries = compileGlossaries(options.glossaries ?? [], codes.byte);
    const vocabulary = allowed(options.vocabulary, options.vocabularyThreshold);
    this.#vocabulary = vocabulary?.size ? vocabulary : null;
    const merges = codes.merges.slice(0, options.merges ?? codes.merges.length);
    // From the end: of a pair that is listed twice the first position counts.
    const pairs = new Map<string, readonly [string, string]>();
    for (let rank = merges.length - 1; rank >= 0; rank--) {
      const pair = merges[rank]!;
      const key = `${pair[0]} ${pair[1]}`;
      this.#ranks.set(key, rank);
      pairs.set(key, pair);
    }
    for (const pair of pairs.values()) this.#origins.set(pair[0] + pair[1], pair);
  }

  /**
   * A line with its words segmented. Blanks at both ends stay, inner runs of blanks become one; only
   * blanks separate words. A \r inside stays where it is, as the end of a line.
   */
  apply(line: string): string {
    if (hasLineEnd(line))
      return line
        .split(/([\r\n])/)
        .map((piece) => (hasLineEnd(piece) ? piece : this.apply(piece)))
        .join('');
    const { start, end } = innerRange(line);
    let out = '';
    for (let from = start; from < end; ) {
      let to = line.indexOf(' ', from);
      if (to < 0 || to > end) to = end;
      if (to > from) out += (out === '' ? '' : ' ') + this.#cached(line.slice(from, to));
      from = to + 1;
    }
    if (start > 0) out = line.slice(0, start) + out;
    return end < line.length && end > start ? out + line.slice(end) : out;
  }

  /** Tokens of words, e.g. `['low', 'est@@', ...]`; empty words are left out. */
  segment(words: readonly string[]): string[] {
    return words.flatMap((word) => (word === '' ? [] : this.#cached(word).split(' ')));
  }

  #cached(word: string): string {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const parts = this.#glossaries?.isolate(word) ?? [word];
    const tokens = parts.flatMap((part) => this.#encode(part));
    const text = tokens.join(`${this.separator} `);
    if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
    this.#cache.set(word, text);
    return text;
  }

  /** Symbols of one word (without end mark and separator). */
  #encode(word: string): string[] {
    if (this.#glossaries?.isWhole(word)) return [word];
    const symbols = [...word];
    if (symbols.length === 1) return symbols;
    if (this.codes.version === '0.1') symbols.push(END_OF_WORD);
    else symbols[symbols.length - 1] += END_OF_WORD;
    mergeByRank(symbols, (left, right) => this.#ranks.get(`${left} ${right}`));
    const last = symbols.at(-1)!;
    if (last === END_OF_WORD) symbols.pop();
    else if (last.endsWith(END_OF_WORD))
      symbols[symbols.length - 1] = last.slice(0, -END_OF_WORD.length);
    if (this.#vocabulary === null) return symbols;
    const final = symbols.length - 1;
    return symbols.flatMap((symbol, i) => this.#known(symbol, i === final));
  }

  /** A symbol, taken apart along its merges until every part is in the vocabulary or a character. */
  #known(symbol: string, final: boolean): string[] {
    if (this.#vocabulary!.has(final ? symbol : symbol + this.separator)) return [symbol];
    const origin = this.#origins.get(final ? symbol + END_OF_WORD : symbol);
    if (origin === undefined) return [symbol];
    const right = final ? origin[1].slice(0, -END_OF_WORD.length) : origin[1];
    return [...this.#known(origin[0], false), ...this.#known(right, final)];
  }
}

/** Words of subword tokens: takes the separators away. */
export function restoreBpe(line: string, separator = '@@'): string {
  const joined = line.split(`${separator} `).join('');
  return joined.endsWith(separator) ? joined.slice(0, -separator.length) : joined;
}

function allowed(
  vocabulary: BpeOptions['vocabulary'],
  threshold: number | undefined,
): ReadonlySet<string> | null {
  if (vocabulary === undefined) return null;
  const frequent = new Set<string>();
  for (const [token, count] of vocabulary.entries())
    if (threshold === undefined || typeof count !== 'number' || count >= threshold)
      frequent.add(token);
  return frequent;
}
