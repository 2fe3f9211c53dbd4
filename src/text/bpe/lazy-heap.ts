/**
 * The largest of many changing counts. A count that falls leaves its entry where it is: the entry
 * then promises too much and is put right when it comes to the top. So a fall, by far the most
 * common change while BPE learns, costs nothing.
 */
export class LazyHeap {
  readonly #ids: number[] = [];
  readonly #keys: number[] = [];
  /** Per id the largest key in the heap, 0 = none: an entry with another key is out of date. */
  readonly #promised: number[] = [];
  readonly #count: (id: number) => number;
  readonly #before: (a: number, b: number) => boolean;

  /**
   * @param count the present count of an id
   * @param before whether id `a` wins over id `b` of equal count
   */
  constructor(count: (id: number) => number, before: (a: number, b: number) => boolean) {
    this.#count = count;
    this.#before = before;
  }

  /** Says that the count of `id` may have risen. Counts of 0 and less are not kept. */
  raise(id: number): void {
    const key = this.#count(id);
    if (key <= (this.#promised[id] ?? 0)) return;
    this.#promised[id] = key;
    this.#push(id, key);
  }

  /** The id with the largest positive count, undefined when there is none. It stays in the heap. */
  top(): number | undefined {
    while (this.#ids.length > 0) {
      const id = this.#ids[0]!;
      const key = this.#keys[0]!;
      if (key === this.#promised[id]) {
        const count = this.#count(id);
        if (count === key) return id;
        this.#promised[id] = Math.max(count, 0);
        if (count > 0) {
          this.#keys[0] = count;
          this.#sink();
          continue;
        }
      }
      this.#pop();
    }
    return undefined;
  }

  /** Forgets everything. */
  clear(): void {
    this.#ids.length = 0;
    this.#keys.length = 0;
    this.#promised.fill(0);
  }

  #wins(keyA: number, a: number, keyB: number, b: number): boolean {
    return keyA > keyB || (keyA === keyB && a !== b && this.#before(a, b));
  }

  #push(id: number, key: number): void {
    const ids = this.#ids;
    const keys = this.#keys;
    let at = ids.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#wins(key, id, keys[up]!, ids[up]!)) break;
      ids[at] = ids[up]!;
      keys[at] = keys[up]!;
      at = up;
    }
    ids[at] = id;
    keys[at] = key;
  }

  #pop(): void {
    const id = this.#ids.pop()!;
    const key = this.#keys.pop()!;
    if (this.#ids.length === 0) return;
    this.#ids[0] = id;
    this.#keys[0] = key;
    this.#sink();
  }

  /** Moves the first entry down to its place. */
  #sink(): void {
    const ids = this.#ids;
    const keys = this.#keys;
    const id = ids[0]!;
    const key = keys[0]!;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= ids.length) break;
      const other = down + 1;
      if (other < ids.length && this.#wins(keys[other]!, ids[other]!, keys[down]!, ids[down]!))
        down = other;
      if (!this.#wins(keys[down]!, ids[down]!, key, id)) break;
      ids[at] = ids[down]!;
      keys[at] = keys[down]!;
      at = down;
    }
    ids[at] = id;
    keys[at] = key;
  }
}
