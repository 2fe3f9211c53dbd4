import type { Written } from '../../datasets/made/writer.js';

const isWord = (word: string | undefined): boolean => /\p{Letter}/u.test(word ?? '');

/** A made sentence as one line, with a bar before every clause but the first; opening quotes belong to theirs. */
export function markClauses({ words, boundaries }: Written): string {
  const bars = boundaries
    .filter((at) => isWord(words[at]))
    .map((at) => (/^(„|``)$/.test(words[at - 1] ?? '') ? at - 1 : at))
    .filter((at) => at > 0);
  return words.map((word, at) => (bars.includes(at) ? `| ${word}` : word)).join(' ');
}
