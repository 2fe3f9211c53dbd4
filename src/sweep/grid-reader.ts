/** A YAML file node by node: every complaint names line and column. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { UsageError } from '../errors.js';
import { nearest } from '../terminal/nearest.js';

/** A value of a key. */
export type GridValue = string | number | boolean;

/** Most seeds of a sweep. */
const MOST_SEEDS = 1000;

/** Walks through the file; every complaint says where. */
export class GridReader {
  readonly #lines = new LineCounter();
  readonly #document;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    const options = { lineCounter: this.#lines, prettyErrors: false };
    this.#document = parseDocument(text, options);
    const error = this.#document.errors[0];
    if (error) throw this.#error(error.pos[0], error.message.split('\n')[0]!);
  }

  #error(offset: number, why: string): UsageError {
    const { line, col } = this.#lines.linePos(offset);
    return new UsageError(`${this.file} line ${line}, column ${col}: ${why}`);
  }

  fail(node: Node | null | undefined, why: string): never {
    throw this.#error(node?.range?.[0] ?? 0, why);
  }

  /** An alias stands for what it names. */
  #plain(node: unknown): Node | null {
    const found = isAlias(node) ? node.resolve(this.#document) : node;
    return (found as Node | undefined) ?? null;
  }

  get root(): YAMLMap {
    const { contents } = this.#document;
    if (isMap(contents)) return contents;
    return this.fail(contents, 'a grid has lines such as "task: lm" and "seeds: 3"');
  }

  /** Keys of a map with their values, in the file's order. */
  entries(node: Node | null, what: string): { key: string; at: Node; value: Node | null }[] {
    if (!isMap(node)) return this.fail(node, `${what} must be keys with values`);
    return node.items.map((item) => {
      const { key, value } = item as Pair<unknown, unknown>;
      const at = key as Node;
      if (!isScalar(key)) this.fail(at, `${what} has a key that is no word`);
      return { key: String((key as { value: unknown }).value), at, value: this.#plain(value) };
    });
  }

  /** The items of a list; a single value is a list of one. */
  items(node: Node | null, what: string): Node[] {
    const list = isSeq(node) ? node.items.map((item) => this.#plain(item)) : [node];
    if (list.length === 0) this.fail(node, `${what} is an empty list`);
    return list.map((item) => item ?? this.fail(node, `${what} has no value`));
  }

  value(node: Node | null, what: string): GridValue {
    const value = isScalar(node) ? node.value : undefined;
    const kind = typeof value;
    if (kind === 'string' || kind === 'number' || kind === 'boolean') return value as GridValue;
    return this.fail(node, `${what} must be a number, a word, true or false`);
  }

  /** One of a few words. */
  word<T extends string>(node: Node | null, what: string, choices: readonly T[]): T {
    const value = String(this.value(node, what));
    if (choices.includes(value as T)) return value as T;
    return this.fail(node, `${what} ${value}: ${hint(value, choices)}`);
  }

  words<T extends string>(node: Node | null, what: string, choices: readonly T[]): T[] {
    const nodes = this.items(node, what);
    const found = nodes.map((item) => this.word(item, what, choices));
    const twice = found.findIndex((word, i) => found.indexOf(word) < i);
    if (twice >= 0) this.fail(nodes[twice], `${what} ${found[twice]} is given twice`);
    return found;
  }

  seeds(node: Node | null): number[] {
    const seed = (item: Node | null, least: number, what: string): number => {
      const value = this.value(item, 'seeds');
      if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
      return this.fail(item, `seeds: ${what}`);
    };
    if (!isSeq(node)) {
      const count = seed(node, 1, 'give how many (3 for 1, 2 and 3), or a list of whole numbers');
      if (count > MOST_SEEDS) this.fail(node, `seeds: ${MOST_SEEDS} are the most`);
      return Array.from({ length: count }, (_, i) => i + 1);
    }
    const nodes = this.items(node, 'seeds');
    const seeds = nodes.map((item) => seed(item, 0, 'whole numbers of at least 0'));
    const twice = seeds.findIndex((one, i) => seeds.indexOf(one) < i);
    if (twice >= 0) this.fail(nodes[twice], `seed ${seeds[twice]} is given twice`);
    return seeds;
  }
}

/** `did you mean X?`, else all there are. */
export function hint(word: string, choices: readonly string[]): string {
  const near = nearest(word, choices);
  return near === null ? `choose among ${choices.join(', ')}` : `did you mean ${near}?`;
}
