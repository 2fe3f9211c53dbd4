import { UserError } from '../errors.js';

/** Stands for the end of a sentence (or line). */
export const END_OF_SENTENCE = '<eos>';
/** Stands for every word that is not in the vocabulary. */
export const UNKNOWN_WORD = '<unk>';

export interface VocabularyOptions {
  /** Words that get the first ids, in this order, whether or not they occur. Default: none. */
  special?: readonly string[];
}

/** Words and their ids 0 .. size-1. Immutable. */
export class Vocabulary {
  readonly #words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /** @param words in the order of their ids; a repeated or empty word is a UserError. */
  constructor(words: readonly string[]) {
    const ids = new Map<string, number>();
    words.forEach((word, id) => {
      if (word === '') throw new UserError(`vocabulary: the word with id ${id} is empty`);
      const first = ids.get(word);
      if (first !== undefined) {
        throw new UserError(`vocabulary: "${word}" has two ids, ${first} and ${id}; remove one`);
      }
      ids.set(word, id);
    });
    this.#words = [...words];
    this.#ids = ids;
  }

  /** Vocabulary of a text: special words first, then by falling frequency, then by first appearance. */
  static build(words: Iterable<string>, options: VocabularyOptions = {}): Vocabulary {
    const special = new Set(options.special ?? []);
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    // A Map keeps the order of first appearance and sort() is stable: ties need no second key.
    const common = [...counts].filter(([word]) => !special.has(word)).sort((a, b) => b[1] - a[1]);
    return new Vocabulary([...special, ...common.map(([word]) => word)]);
  }

  /** Reads what `toJSON` wrote. @param source names the file in error messages. */
  static fromJSON(value: unknown, source = 'vocabulary'): Vocabulary {
    const words = (value as { words?: unknown } | null)?.words;
    if (!Array.isArray(words)) {
      throw new UserError(`${source}: expected {"words": [...]}, the words in order of their ids`);
    }
    const wrong = words.findIndex((word) => typeof word !== 'string');
    if (wrong >= 0) {
      throw new UserError(
        `${source}: words[${wrong}] is ${JSON.stringify(words[wrong])}, not text`,
      );
    }
    try {
      return new Vocabulary(words as string[]);
    } catch (error) {
      throw new UserError(`${source}: ${(error as Error).message}`, { cause: error });
    }
  }

  toJSON(): { words: string[] } {
    return { words: [...this.#words] };
  }

  /** Number of words. */
  get size(): number {
    return this.#words.length;
  }

  /** All words in order of their ids. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** Id of `<unk>`, undefined when the vocabulary has none. */
  get unknown(): number | undefined {
    return this.#ids.get(UNKNOWN_WORD);
  }

  /** Id of `<eos>`, undefined when the vocabulary has none. */
  get endOfSentence(): number | undefined {
    return this.#ids.get(END_OF_SENTENCE);
  }

  has(word: string): boolean {
    return this.#ids.has(word);
  }

  /** Id of a word; undefined when it is not in the vocabulary (`<unk>` is not put in its place). */
  id(word: string): number | undefined {
    return this.#ids.get(word);
  }

  /** Word of an id. @throws RangeError outside 0 .. size-1. */
  word(id: number): string {
    const word = this.#words[id];
    if (word === undefined)
      throw new RangeError(`no word has id ${id}: ids are 0..${this.size - 1}`);
    return word;
  }

  /** Ids [words.length]; words not in the vocabulary become `<unk>`, without `<unk>` a UserError. */
  encode(words: readonly string[]): Int32Array {
    const ids = new Int32Array(words.length);
    const unknown = this.unknown;
    words.forEach((word, position) => {
      const id = this.#ids.get(word) ?? unknown;
      if (id === undefined) {
        throw new UserError(
          `"${word}" (word ${position + 1}) is not in the vocabulary, which has no ${UNKNOWN_WORD}`,
        );
      }
      ids[position] = id;
    });
    return ids;
  }

  /** Words of ids. @throws RangeError as `word`. */
  decode(ids: Iterable<number>): string[] {
    return Array.from(ids, (id) => this.word(id));
  }
}
