import { UserError } from '../errors.js';
import { END_OF_SENTENCE, UNKNOWN_WORD, Vocabulary } from '../text/vocabulary.js';

export type SplitName = 'train' | 'valid' | 'test';
export const SPLITS: readonly SplitName[] = ['train', 'valid', 'test'];

/** One part of a corpus as word ids. */
export interface CorpusSplit {
  name: SplitName;
  /** File it was read from; null for a corpus made in memory. */
  path: string | null;
  /** SHA-256 of the uncompressed text, hexadecimal. */
  sha256: string;
  lines: number;
  /** Words and one `<eos>` a line: the length of `ids`. */
  tokens: number;
  /** Words outside the vocabulary that became `<unk>`; a literal `<unk>` in the text is not counted. */
  unknown: number;
  /** Word ids [tokens], `<eos>` after every line. */
  ids: Int32Array;
}

/** A text for language models: one vocabulary (of the training text) and three parts. */
export interface LanguageModelCorpus {
  /** Name in the registry. */
  name: string;
  vocabulary: Vocabulary;
  train: CorpusSplit;
  valid: CorpusSplit;
  test: CorpusSplit;
  licence: string;
  /** Do all checksums equal the published ones? null when none are known. */
  matchesPublished: boolean | null;
}

/** A part before it has ids. */
export interface SplitText {
  path: string | null;
  sha256: string;
  lines: readonly string[];
}

export interface CorpusSource {
  name: string;
  licence: string;
  texts: Record<SplitName, SplitText>;
  /** Published SHA-256 of each part; default: none known. */
  published?: Record<SplitName, string>;
}

/** Words of a line: separated by ASCII white space, so that a no-break space stays inside a word. */
export function wordsOf(line: string): string[] {
  return line.split(/[ \t\v\f\r]+/).filter((word) => word !== '');
}

const place = (text: SplitText, split: SplitName, line: number) =>
  `${text.path ?? split}, line ${line + 1}`;

function encode(text: SplitText, name: SplitName, vocabulary: Vocabulary): CorpusSplit {
  const ids: number[] = [];
  const end = vocabulary.endOfSentence!;
  const standIn = vocabulary.unknown;
  let unknown = 0;
  let first: { word: string; line: number } | undefined;
  text.lines.forEach((line, index) => {
    for (const word of wordsOf(line)) {
      const id = vocabulary.id(word);
      if (id === undefined) {
        unknown++;
        first ??= { word, line: index };
      }
      ids.push(id ?? standIn ?? -1);
    }
    ids.push(end);
  });
  if (first) {
    const words = ids.length - text.lines.length;
    const where = `${place(text, name, first.line)}: "${first.word}"`;
    if (unknown > words / 2) {
      const share = ((100 * unknown) / words).toFixed(0);
      throw new UserError(
        `${where} is the first of ${unknown} words (${share}%) that are not in the training text; ` +
          'is this the right file?',
      );
    }
    if (standIn === undefined) {
      throw new UserError(
        `${where} is not in the training text, which has no ${UNKNOWN_WORD}; ` +
          `write ${UNKNOWN_WORD} for rare words in the training text`,
      );
    }
  }
  const { path, sha256, lines } = text;
  const tokens = ids.length;
  return { name, path, sha256, lines: lines.length, tokens, unknown, ids: Int32Array.from(ids) };
}

function* words(text: SplitText): Generator<string> {
  for (let line = 0; line < text.lines.length; line++) {
    for (const word of wordsOf(text.lines[line]!)) {
      if (word === END_OF_SENTENCE) {
        throw new UserError(
          `${place(text, 'train', line)}: ${END_OF_SENTENCE} stands in the text, but every line end ` +
            'counts as one already; remove it',
        );
      }
      yield word;
    }
  }
}

/**
 * Turns three texts into a corpus. The vocabulary holds the words of the training text and `<eos>`,
 * which takes id 0 and ends every line; `<unk>` takes id 1 when the training text contains it. A
 * word of the other parts that is not in the vocabulary becomes `<unk>`; a UserError names the file,
 * line and word when there is no `<unk>`, or when more than half of the words are unknown.
 */
export function buildCorpus(source: CorpusSource): LanguageModelCorpus {
  const { texts, published } = source;
  const counted = Vocabulary.build(words(texts.train), { special: [END_OF_SENTENCE] });
  const vocabulary = counted.has(UNKNOWN_WORD)
    ? new Vocabulary([...new Set([END_OF_SENTENCE, UNKNOWN_WORD, ...counted.words])])
    : counted;
  return {
    name: source.name,
    vocabulary,
    train: encode(texts.train, 'train', vocabulary),
    valid: encode(texts.valid, 'valid', vocabulary),
    test: encode(texts.test, 'test', vocabulary),
    licence: source.licence,
    matchesPublished: published
      ? SPLITS.every((split) => texts[split].sha256 === published[split])
      : null,
  };
}
