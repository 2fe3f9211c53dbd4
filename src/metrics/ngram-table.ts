/**
 * Counts of the n-grams of a few short texts, all orders in one open-addressed table of typed
 * arrays: an n-gram is the number of its first n-1 symbols together with its last symbol, so no
 * string or tuple is ever built. Made to be emptied and filled again for every sentence.
 */
export class NgramTable {
  /** Number of n-grams in the table; they are numbered from 1. 0 is the empty one. */
  size = 0;
  /** Largest count of an n-gram in any one text. */
  limit: Int32Array = new Int32Array(0);

  private readonly order: number;
  private mask = -1;
  /** Slots: the n-gram found there, valid where `stamp` is the current `generation`. */
  private slotGram = new Int32Array(0);
  private slotStamp = new Int32Array(0);
  private generation = 0;
  private prefix = new Int32Array(0);
  private symbol = new Int32Array(0);
  /** Count in the text `seenIn`, and how many times `matches` met the n-gram. */
  private count = new Int32Array(0);
  private seenIn = new Int32Array(0);
  private met = new Int32Array(0);
  private texts = 0;

  /** @param order longest n-gram to count */
  constructor(order: number) {
    this.order = order;
  }

  /** Empties the table and makes room for texts of together `symbols` symbols. */
  clear(symbols: number): void {
    this.size = 0;
    this.texts = 0;
    const most = symbols * this.order + 1;
    if (this.limit.length < most) {
      const room = 2 ** Math.ceil(Math.log2(most * 1.5));
      this.mask = 2 * room - 1;
      this.slotGram = new Int32Array(2 * room);
      this.slotStamp = new Int32Array(2 * room);
      this.generation = 0;
      for (const name of ['limit', 'prefix', 'symbol', 'count', 'seenIn', 'met'] as const)
        this[name] = new Int32Array(room);
    }
    if (this.generation === 0x7fffffff) {
      this.slotStamp.fill(0);
      this.generation = 0;
    }
    this.generation++;
  }

  /** Counts the n-grams of a text; `limit` becomes the largest count over the texts so far. */
  add(text: Int32Array, length = text.length): void {
    const { order, limit, count, seenIn } = this;
    const number = ++this.texts;
    for (let start = 0; start < length; start++) {
      const end = Math.min(start + order, length);
      let gram = 0;
      for (let i = start; i < end; i++) {
        gram = this.findOrInsert(gram, text[i]!);
        if (seenIn[gram] !== number) {
          seenIn[gram] = number;
          count[gram] = 0;
        }
        const n = ++count[gram]!;
        if (n > limit[gram]!) limit[gram] = n;
      }
    }
  }

  /**
   * Adds to `out[at + n - 1]` the number of n-grams of `text` that the table has, each at most
   * `limit` times. May be called once between two calls of `clear`.
   */
  matches(text: Int32Array, length: number, out: Float64Array, at: number): void {
    const { order, limit, met } = this;
    for (let start = 0; start < length; start++) {
      const end = Math.min(start + order, length);
      let gram = 0;
      for (let i = start; i < end; i++) {
        gram = this.find(gram, text[i]!);
        if (gram === 0) break; // no longer n-gram that begins here can be there
        if (++met[gram]! <= limit[gram]!) out[at + i - start]!++;
      }
    }
  }

  private find(prefix: number, symbol: number): number {
    const { mask, slotGram, slotStamp, generation } = this;
    for (let slot = hash(prefix, symbol) & mask; ; slot = (slot + 1) & mask) {
      if (slotStamp[slot] !== generation) return 0;
      const gram = slotGram[slot]!;
      if (this.prefix[gram] === prefix && this.symbol[gram] === symbol) return gram;
    }
  }

  private findOrInsert(prefix: number, symbol: number): number {
    const { mask, slotGram, slotStamp, generation } = this;
    for (let slot = hash(prefix, symbol) & mask; ; slot = (slot + 1) & mask) {
      if (slotStamp[slot] !== generation) {
        const gram = ++this.size;
        slotStamp[slot] = generation;
        slotGram[slot] = gram;
        this.prefix[gram] = prefix;
        this.symbol[gram] = symbol;
        this.limit[gram] = 0;
        this.seenIn[gram] = 0;
        this.met[gram] = 0;
        return gram;
      }
      const gram = slotGram[slot]!;
      if (this.prefix[gram] === prefix && this.symbol[gram] === symbol) return gram;
    }
  }
}

function hash(prefix: number, symbol: number): number {
  const h = Math.imul(prefix, 0x9e3779b1) ^ Math.imul(symbol + 1, 0x85ebca6b);
  return h ^ (h >>> 15);
}
