import type { GrammaticalNumber } from './abstract.js';
import type { Subject } from './english-verbs.js';

/** A finite verb whose form shows its subject's number. */
export interface Agreement {
  /** Index of the subject's head noun or pronoun; of "and" when nouns are joined. */
  subject: number;
  /** Index of the finite verb. */
  verb: number;
  /** Indices of nouns between the two whose number differs from the subject's. */
  attractors: number[];
  number: GrammaticalNumber;
}

/** A sentence as words, with the structure a language model has to find out. */
export interface Written {
  words: string[];
  /** Indices of words that begin a clause, of clause conjunctions and of punctuation; never 0. */
  boundaries: number[];
  agreement: Agreement[];
}

/** Collects words and their structure while a tree is written out from left to right. */
export class Writer {
  readonly #words: string[] = [];
  readonly #boundaries = new Set<number>();
  readonly #agreement: { subject: Subject; verb: number }[] = [];
  readonly #nouns: { index: number; number: GrammaticalNumber }[] = [];

  get last(): string {
    return this.#words.at(-1) ?? '';
  }

  /** Adds a word; returns its index. */
  word(word: string): number {
    // ", ," and ", ." arise where an aside ends: the stronger mark stands alone.
    if (this.last === ',' && /^[,.:?“]$/.test(word)) this.#words.pop();
    return this.#words.push(word) - 1;
  }

  /** Adds a punctuation mark, conjunction or relative pronoun. */
  boundary(word: string): void {
    this.#boundaries.add(this.word(word));
  }

  /** The next word begins a clause. */
  startClause(): void {
    this.#boundaries.add(this.#words.length);
  }

  /** Adds a noun or pronoun; returns its index. */
  noun(word: string, number: GrammaticalNumber): number {
    const index = this.word(word);
    this.#nouns.push({ index, number });
    return index;
  }

  /** Adds a finite verb that agrees with `subject`. */
  agreement(subject: Subject, word: string): void {
    this.pair(subject, this.word(word));
  }

  /** Records that the verb at an index agrees with `subject`. */
  pair(subject: Subject, verb: number): void {
    if (subject.index >= 0) this.#agreement.push({ subject, verb });
  }

  finish(): Written {
    const agreement = this.#agreement.map(({ subject, verb }) => {
      const [low, high] = [Math.min(subject.index, verb), Math.max(subject.index, verb)];
      const attractors = this.#nouns
        .filter((n) => n.index > low && n.index < high && n.number !== subject.number)
        .map((n) => n.index);
      return { subject: subject.index, verb, attractors, number: subject.number };
    });
    const boundaries = [...this.#boundaries].filter((i) => i > 0).sort((a, b) => a - b);
    return { words: this.#words, boundaries, agreement };
  }
}
