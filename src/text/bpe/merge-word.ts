/** The rank of a pair that came about just now is not known yet. */
const NOT_KNOWN = -1;
/** The rank of a pair that is no merge. */
const NONE = Number.POSITIVE_INFINITY;

/**
 * Merges the symbols of one word, in place: again and again the pair of lowest rank, everywhere from the
 * left and without overlap. The rank of every pair is looked up once, so that even a word of 100,000
 * characters, which goes through thousands of merges, takes no more than a look at its numbers for each.
 */
export function mergeByRank(
  symbols: string[],
  rankOf: (left: string, right: string) => number | undefined,
): void {
  const ranks: number[] = [];
  for (let i = 1; i < symbols.length; i++) ranks.push(rankOf(symbols[i - 1]!, symbols[i]!) ?? NONE);
  for (;;) {
    let best = NONE;
    for (let i = 0; i < ranks.length; i++) if (ranks[i]! < best) best = ranks[i]!;
    if (best === NONE) return;
    let count = 0;
    for (let i = 0; i < symbols.length; i++, count++) {
      if (ranks[i] === best) {
        symbols[count] = symbols[i]! + symbols[i + 1]!;
        ranks[count] = NOT_KNOWN;
        if (count > 0) ranks[count - 1] = NOT_KNOWN;
        i++;
      } else if (count < i) {
        symbols[count] = symbols[i]!;
        ranks[count] = ranks[i]!;
      }
    }
    symbols.length = count;
    ranks.length = count - 1;
    for (let i = 0; i < ranks.length; i++)
      if (ranks[i] === NOT_KNOWN) ranks[i] = rankOf(symbols[i]!, symbols[i + 1]!) ?? NONE;
  }
}
