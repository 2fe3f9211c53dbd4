import { wordsOf } from '../datasets/corpus.js';
import { UserError } from '../errors.js';
import {
  type BpeCodes,
  BytePairEncoding,
  formatBpeCodes,
  learnBpe,
  parseBpeCodes,
  restoreBpe,
} from '../text/bpe/index.js';
import { Vocabulary } from '../text/vocabulary.js';
import { SPECIAL_UNITS } from './batches.js';

/** What `vocab.json` of a translation run holds. */
export interface StoredUnits {
  source: { words: string[] };
  target: { words: string[] };
  /** Codes file of the joint BPE, null where the words are taken as they stand. */
  bpe: string | null;
}

function* wordsOfAll(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield* wordsOf(line);
}

/** The most frequent units of segmented lines behind the special ones. */
function vocabularyOf(lines: Iterable<string>, limit: number): Vocabulary {
  const all = Vocabulary.build(wordsOfAll(lines), { special: SPECIAL_UNITS });
  if (limit === 0 || all.size <= limit + SPECIAL_UNITS.length) return all;
  return new Vocabulary(all.words.slice(0, limit + SPECIAL_UNITS.length));
}

function checkSpecial(lines: readonly string[], side: string): void {
  lines.forEach((line, index) => {
    const found = wordsOf(line).find((word) => SPECIAL_UNITS.slice(0, 3).includes(word));
    if (found !== undefined)
      throw new UserError(
        `${side} training text, line ${index + 1}: ${found} stands in the text, but is a mark of the model's own; remove it`,
      );
  });
}

/** A line with blanks where other white space separates words: to BPE only blanks do. */
const withBlanks = (line: string): string =>
  /[\t\v\f\r]/.test(line) ? wordsOf(line).join(' ') : line;

/** Turns lines into the model's units and back. */
export class TranslationUnits {
  private readonly sourceBpe: BytePairEncoding | null;
  private readonly targetBpe: BytePairEncoding | null;

  constructor(
    readonly source: Vocabulary,
    readonly target: Vocabulary,
    readonly codes: BpeCodes | null,
  ) {
    // A unit that its side never had is taken apart into ones it had, instead of being unknown.
    const encoder = (vocabulary: Vocabulary) =>
      codes && new BytePairEncoding(codes, { vocabulary: new Set(vocabulary.words) });
    this.sourceBpe = encoder(source);
    this.targetBpe = encoder(target);
  }

  /**
   * Units of a training text: `merges` joint BPE merges learned on the source lines followed by the
   * target lines (0 = words as they stand), the `limit` most frequent units of each side (0 = all).
   */
  static learn(
    source: readonly string[],
    target: readonly string[],
    { merges, limit }: { merges: number; limit: number },
  ): TranslationUnits {
    checkSpecial(source, 'source');
    checkSpecial(target, 'target');
    if (merges === 0)
      return new TranslationUnits(vocabularyOf(source, limit), vocabularyOf(target, limit), null);
    const codes = learnBpe([...source, ...target].map(withBlanks), merges);
    const bpe = new BytePairEncoding(codes);
    const segmented = (lines: readonly string[]) =>
      lines.map((line) => bpe.apply(withBlanks(line)));
    return new TranslationUnits(
      vocabularyOf(segmented(source), limit),
      vocabularyOf(segmented(target), limit),
      codes,
    );
  }

  toJSON(): StoredUnits {
    return {
      source: this.source.toJSON(),
      target: this.target.toJSON(),
      bpe: this.codes && formatBpeCodes(this.codes),
    };
  }

  /** Reads what `toJSON` wrote. @param file names the file in error messages */
  static fromJSON(value: unknown, file = 'vocab.json'): TranslationUnits {
    const { source, target, bpe } = (value ?? {}) as Partial<StoredUnits>;
    if (bpe !== null && typeof bpe !== 'string')
      throw new UserError(
        `${file} is not the vocabulary of a translation run: "bpe" must be text or null`,
      );
    const side = (stored: unknown, name: string): Vocabulary => {
      const vocabulary = Vocabulary.fromJSON(stored, `${file}, ${name}`);
      if (SPECIAL_UNITS.some((word, id) => vocabulary.id(word) !== id))
        throw new UserError(`${file}, ${name}: must begin with ${SPECIAL_UNITS.join(' ')}`);
      return vocabulary;
    };
    const codes = bpe === null ? null : parseBpeCodes(bpe, file);
    return new TranslationUnits(side(source, 'source'), side(target, 'target'), codes);
  }

  /** Units of a source line. */
  segmentSource(line: string): string[] {
    const words = wordsOf(line);
    return this.sourceBpe ? this.sourceBpe.segment(words) : words;
  }

  /** Ids of a source line, unknown units as `<unk>`, without end mark. */
  encodeSource(line: string): Int32Array {
    return this.source.encode(this.segmentSource(line));
  }

  /** Ids of a target line, likewise. */
  encodeTarget(line: string): Int32Array {
    const words = wordsOf(line);
    return this.target.encode(this.targetBpe ? this.targetBpe.segment(words) : words);
  }

  /** The line that target ids stand for, words whole again. */
  decodeTarget(ids: Iterable<number>): string {
    return restoreBpe(this.target.decode(ids).join(' '));
  }
}
