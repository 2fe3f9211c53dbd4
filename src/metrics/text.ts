/** Numbers as the published metrics print them, and words as numbers. */

/**
 * A number with `digits` decimals, as C's printf rounds it: an exact tie goes to the even digit
 * (66.25 becomes 66.2), where `toFixed` rounds up.
 */
export function fixed(x: number, digits: number): string {
  const scaled = Math.abs(x) * 10 ** digits;
  const low = Math.floor(scaled);
  // A tie is odd / (2 * 10^digits); a double can be one only if it is a multiple of 2^-(digits+1).
  const tie = scaled - low === 0.5 && Number.isInteger(x * 2 ** (digits + 1));
  if (!tie || low % 2 === 1) return x.toFixed(digits);
  const text = (low / 10 ** digits).toFixed(digits);
  return x < 0 ? `-${text}` : text;
}

/** Small whole numbers for words, in order of appearance: two words are equal iff these are. */
export class Interner {
  private readonly ids = new Map<string, number>();

  id(word: string): number {
    let id = this.ids.get(word);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(word, id);
    }
    return id;
  }

  idsOf(words: readonly string[]): Int32Array {
    const ids = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) ids[i] = this.id(words[i]!);
    return ids;
  }
}
