import { UserError } from '../../errors.js';
import { trimRight } from '../../files/white-space.js';
import type { SplitName } from '../corpus.js';

/** One part of a parallel corpus: line i of `target` translates line i of `source`. */
export interface ParallelSplit {
  name: SplitName;
  /** Files it was read from (several are joined by ` + `); null for a corpus made in memory. */
  paths: { source: string; target: string } | null;
  /** SHA-256 of the uncompressed texts as they were read, hexadecimal. */
  sha256: { source: string; target: string };
  /** Published SHA-256 of these texts, where known; checksums of all must be known for `matchesPublished`. */
  published?: { source: string | null; target: string | null };
  /** Lines; neither side has empty ones. */
  source: string[];
  /** As many lines as `source`. */
  target: string[];
}

/** What has been done to a text. */
export interface TextForm {
  /** Words and punctuation are separated by blanks. */
  tokenised: boolean;
  /** No capital letters. */
  lowercased: boolean;
  /** Words are cut into sub-word units, `@@ ` inside words. */
  segmented: boolean;
}

/** Sentence pairs for translation in three parts. */
export interface ParallelCorpus {
  /** Name in the registry; `-sample` at its end says that the training part is not the whole one. */
  name: string;
  sourceLanguage: string;
  targetLanguage: string;
  train: ParallelSplit;
  valid: ParallelSplit;
  test: ParallelSplit;
  licence: string;
  /** Do all checksums equal the published ones? null when some are not known and none differs. */
  matchesPublished: boolean | null;
  form: TextForm;
  /** What the reader of a result must know: a sample, pairs left out, letters brought to one form. */
  notes: string[];
}

/** One side of a part before pairing. */
export interface SideText {
  path: string;
  sha256: string;
  lines: readonly string[];
}

const isBlank = (line: string): boolean => trimRight(line) === '';

/** No character below U+0300 is changed by normal form C. */
const MAY_COMPOSE = /[\u0300-\uffff]/;

/** Lines in Unicode normal form C, and the first line (from 1) that was not. */
function normalForm(lines: readonly string[]): { lines: string[]; changed: number; first: number } {
  let changed = 0;
  let first = 0;
  const normal = lines.map((line, index) => {
    if (!MAY_COMPOSE.test(line)) return line;
    const composed = line.normalize('NFC');
    if (composed === line) return line;
    if (changed++ === 0) first = index + 1;
    return composed;
  });
  return { lines: normal, changed, first };
}

/**
 * Pairs two texts line by line. Letters come in Unicode normal form C ("u" and its two dots as one
 * "ü"), so that the same word looks the same in every file. Of the training part, pairs with an empty
 * side are left out; both is noted.
 * @throws UserError for unequal line counts, and for an empty line of valid or test, where leaving
 * out would change what is measured
 */
export function pairLines(
  name: SplitName,
  source: SideText,
  target: SideText,
): { split: ParallelSplit; notes: string[] } {
  const counts = [source.lines.length, target.lines.length];
  if (counts[0] !== counts[1]) {
    const [shorter, longer] = counts[0]! < counts[1]! ? [source, target] : [target, source];
    throw new UserError(
      `${longer.path} has ${longer.lines.length} lines, ${shorter.path} has ${shorter.lines.length}: ` +
        'line i must translate line i; fetch or cut both files again',
    );
  }
  const sides = [normalForm(source.lines), normalForm(target.lines)] as const;
  const notes = [source, target].flatMap(({ path }, i) => {
    const { changed, first } = sides[i]!;
    if (changed === 0) return [];
    return `${path}: ${changed} lines were not in Unicode normal form C (the first is line ${first}) and were brought to it`;
  });
  const empty: number[] = [];
  sides[0].lines.forEach((line, i) => {
    if (isBlank(line) || isBlank(sides[1].lines[i]!)) empty.push(i);
  });
  if (empty.length > 0) {
    const line = empty[0]!;
    const { path } = isBlank(sides[0].lines[line]!) ? source : target;
    const where = `${path}, line ${line + 1}: the line is empty`;
    if (name !== 'train') throw new UserError(`${where}; remove the pair from both files`);
    if (empty.length === sides[0].lines.length)
      throw new UserError(`${where}, and no pair has text on both sides`);
    notes.push(`${where}; ${empty.length} pairs with an empty side were left out`);
  }
  const left = new Set(empty);
  const kept = (lines: string[]) => (left.size ? lines.filter((_, i) => !left.has(i)) : lines);
  const split: ParallelSplit = {
    name,
    paths: { source: source.path, target: target.path },
    sha256: { source: source.sha256, target: target.sha256 },
    source: kept(sides[0].lines),
    target: kept(sides[1].lines),
  };
  return { split, notes };
}

/**
 * Tells from the look of a text what has been done to it: sub-word units show as words ending in
 * `@@`, tokenised text hardly ever has a full stop or comma at the end of a word, lower-cased text
 * has no capital letter. Reads at most 2,000 lines.
 */
export function guessForm(lines: readonly string[]): TextForm {
  const text = lines.slice(0, 2000);
  const attached = text.filter((line) => /\p{L}\p{L}[.,?!](\s|$)/u.test(line)).length;
  const capitals = text.filter((line) => /\p{Lu}/u.test(line)).length;
  return {
    tokenised: attached < text.length / 20,
    lowercased: capitals < text.length / 1000,
    segmented: text.some((line) => /@@( |$)/.test(line)),
  };
}
