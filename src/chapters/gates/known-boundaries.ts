/** Clause boundaries of the corpora that this project makes, at the places where a model reads them. */
import type { SplitName } from '../../datasets/corpus.js';
import { madeCorpus } from '../../datasets/made/corpus.js';
import { madeParallelCorpus } from '../../datasets/made/parallel.js';
import type { Written } from '../../datasets/made/writer.js';

/**
 * A 1 at every boundary among the first `length` words of a part of `demo`; undefined where the text
 * is another one.
 */
export function madeBoundaries(
  split: SplitName,
  sha256: string,
  length: number,
): Uint8Array | undefined {
  const made = madeCorpus();
  if (made[split].sha256 !== sha256) return undefined;
  const marks = new Uint8Array(made[split].ids.length);
  let at = 0;
  for (const { words, boundaries } of made.sentences[split]) {
    for (const b of boundaries) marks[at + b] = 1;
    at += words.length + 1;
  }
  return marks.slice(0, length);
}

/** Both sides of a part of `demo-mt` by language; undefined where the texts are others. */
export function madePairs(
  split: SplitName,
  sha256: { de: string; en: string },
): { de: Written[]; en: Written[] } | undefined {
  const made = madeParallelCorpus();
  const { source, target } = made[split].sha256;
  if (source !== sha256.de || target !== sha256.en) return undefined;
  const pairs = made.sentences[split];
  return { de: pairs.map(({ german }) => german), en: pairs.map(({ english }) => english) };
}

/**
 * A 1 at the first unit of every word that is a boundary, by position in a text of sub-word units
 * (`@@` behind all but the last piece of a word), none of them unknown.
 *
 * @param sentences number of the sentence at each position
 * @param written sentences by that number
 */
export function unitBoundaries(
  units: readonly string[],
  sentences: Int32Array,
  written: readonly Pick<Written, 'boundaries'>[],
): Uint8Array {
  const marks = new Uint8Array(units.length);
  let word = 0;
  units.forEach((unit, p) => {
    if (p === 0 || sentences[p] !== sentences[p - 1]) word = 0;
    // The mark before a target sentence is none of its words.
    if (unit === '<s>') return;
    const begins = p === 0 || !units[p - 1]!.endsWith('@@');
    if (begins && written[sentences[p]!]!.boundaries.includes(word)) marks[p] = 1;
    if (!unit.endsWith('@@')) word++;
  });
  return marks;
}
