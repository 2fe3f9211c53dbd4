import { LazyHeap } from './lazy-heap.js';
import { compareCodePoints } from './words.js';

/**
 * Counts of neighbouring symbols in a list of words, kept up to date while pairs are merged.
 *
 * The counting follows subword-nmt to the letter, also where it is not exact (`x x x` counts the
 * pair `x x` twice; a symbol that two different merges spell is counted again around older
 * occurrences; pairs below a threshold are set aside and lose part of what happened meanwhile):
 * codes are equal byte for byte only if the counts are. Its search for the maximum is not followed:
 * here it is a heap (see LazyHeap).
 */
export class PairStatistics {
  /** Symbols by number. */
  readonly #symbols: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Words as symbol numbers, and their frequencies. */
  readonly #words: number[][] = [];
  readonly #frequencies: number[] = [];

  /** Per left symbol: right symbol -> number of the pair. */
  readonly #pairs: (Map<number, number> | undefined)[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  /**
   * Per pair: the words it came into (their numbers) and went out of (-1 - number), once for each
   * place. Most pairs are never merged: a list is smaller and faster than counting all along.
   */
  readonly #moves: number[][] = [];
  /** Per pair: its count since it was last set aside, and whether it counts at present. */
  readonly #count: number[] = [];
  readonly #active: boolean[] = [];
  #activePairs: number[] = [];
  /** Per pair: its count when it was last set aside. */
  readonly #aside: number[] = [];
  readonly #heap: LazyHeap;

  /** @param words symbols of each word and the word's frequency */
  constructor(words: Iterable<readonly [symbols: readonly string[], frequency: number]>) {
    this.#heap = new LazyHeap(
      (pair) => (this.#active[pair] ? this.#count[pair]! : 0),
      (a, b) => this.#precedes(a, b),
    );
    for (const [symbols, frequency] of words) {
      const word = this.#words.length;
      const numbers = symbols.map((symbol) => this.#number(symbol));
      this.#words.push(numbers);
      this.#frequencies.push(frequency);
      for (let i = 1; i < numbers.length; i++)
        this.#add(numbers[i - 1]!, numbers[i]!, word, frequency);
    }
    for (const pair of this.#activePairs) {
      this.#aside[pair] = this.#count[pair]!;
      this.#heap.raise(pair);
    }
  }

  /** The most frequent pair that is not set aside (ties: the later in code point order). */
  top(): number | undefined {
    return this.#heap.top();
  }

  countOf(pair: number): number {
    return this.#count[pair]!;
  }

  symbolsOf(pair: number): [string, string] {
    return [this.#symbols[this.#left[pair]!]!, this.#symbols[this.#right[pair]!]!];
  }

  /** Sets pairs with a count below `threshold` aside. */
  prune(threshold: number): void {
    const kept: number[] = [];
    for (const pair of this.#activePairs) {
      const count = this.#count[pair]!;
      if (count >= threshold) {
        kept.push(pair);
        continue;
      }
      this.#aside[pair] = count < 0 ? this.#aside[pair]! + count : count;
      this.#count[pair] = 0;
      this.#active[pair] = false;
    }
    this.#activePairs = kept;
  }

  /** Brings every pair back with the count it was set aside with. */
  restore(): void {
    this.#activePairs = this.#left.map((_, pair) => pair);
    this.#heap.clear();
    for (const pair of this.#activePairs) {
      this.#count[pair] = this.#aside[pair]!;
      this.#active[pair] = true;
      this.#heap.raise(pair);
    }
  }

  /** Merges a pair in every word that has it, and counts the neighbours anew. */
  merge(pair: number): void {
    const first = this.#left[pair]!;
    const second = this.#right[pair]!;
    const merged = this.#number(this.#symbols[first]! + this.#symbols[second]!);
    const words = wordsOf(this.#moves[pair]!);
    this.#count[pair] = 0;
    this.#moves[pair] = [];
    for (const word of words) {
      const before = this.#words[word]!;
      const after = replaced(before, first, second, merged);
      this.#words[word] = after;
      this.#discount(before, first, second, word);
      this.#recount(after, merged, word);
    }
    this.#count[pair] = 0;
  }

  /** Takes off the pairs that overlap an occurrence of the merged pair. */
  #discount(symbols: readonly number[], first: number, second: number, word: number): void {
    const frequency = this.#frequencies[word]!;
    const last = symbols.length - 1;
    for (let i = symbols.indexOf(first); i >= 0; i = symbols.indexOf(first, i)) {
      if (i >= last || symbols[i + 1] !== second) {
        i++;
        continue;
      }
      if (i > 0) this.#add(symbols[i - 1]!, first, word, -frequency);
      // In A B A B the pair B A belongs to the second occurrence, which takes it off itself.
      const again = i + 3 <= last && symbols[i + 2] === first && symbols[i + 3] === second;
      if (i + 2 <= last && !again) this.#add(second, symbols[i + 2]!, word, -frequency);
      i += 2;
    }
  }

  /** Adds the pairs around the new symbol. */
  #recount(symbols: readonly number[], merged: number, word: number): void {
    const frequency = this.#frequencies[word]!;
    for (let i = symbols.indexOf(merged); i >= 0; i = symbols.indexOf(merged, i + 1)) {
      if (i > 0) this.#raise(symbols[i - 1]!, merged, word, frequency);
      const next = symbols[i + 1];
      if (next !== undefined && next !== merged) this.#raise(merged, next, word, frequency);
    }
  }

  #raise(left: number, right: number, word: number, frequency: number): void {
    this.#heap.raise(this.#add(left, right, word, frequency));
  }

  #add(left: number, right: number, word: number, frequency: number): number {
    let row = this.#pairs[left];
    if (row === undefined) {
      row = new Map();
      this.#pairs[left] = row;
    }
    let pair = row.get(right);
    if (pair === undefined) {
      pair = this.#left.length;
      row.set(right, pair);
      this.#left.push(left);
      this.#right.push(right);
      this.#moves.push([]);
      this.#count.push(0);
      this.#aside.push(0);
      this.#active.push(false);
    }
    if (!this.#active[pair]) {
      this.#active[pair] = true;
      this.#activePairs.push(pair);
    }
    this.#count[pair]! += frequency;
    this.#moves[pair]!.push(frequency > 0 ? word : -1 - word);
    return pair;
  }

  #number(symbol: string): number {
    let number = this.#numbers.get(symbol);
    if (number === undefined) {
      number = this.#symbols.length;
      this.#numbers.set(symbol, number);
      this.#symbols.push(symbol);
    }
    return number;
  }

  #precedes(a: number, b: number): boolean {
    const symbols = this.#symbols;
    const left = compareCodePoints(symbols[this.#left[a]!]!, symbols[this.#left[b]!]!);
    if (left !== 0) return left > 0;
    return compareCodePoints(symbols[this.#right[a]!]!, symbols[this.#right[b]!]!) > 0;
  }
}

/** Words that a pair came into more often than it went out of them. */
function wordsOf(moves: readonly number[]): number[] {
  const places = new Map<number, number>();
  for (const move of moves) {
    const word = move < 0 ? -1 - move : move;
    places.set(word, (places.get(word) ?? 0) + (move < 0 ? -1 : 1));
  }
  const words: number[] = [];
  for (const [word, times] of places) if (times > 0) words.push(word);
  return words;
}

/** The word with every `first second`, from the left and without overlap, replaced by `merged`. */
function replaced(
  symbols: readonly number[],
  first: number,
  second: number,
  merged: number,
): number[] {
  const result: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === first && symbols[i + 1] === second) {
      result.push(merged);
      i++;
    } else result.push(symbols[i]!);
  }
  return result;
}
