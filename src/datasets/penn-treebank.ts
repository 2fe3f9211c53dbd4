import path from 'node:path';
import { readLines, type TextFile } from '../files/lines.js';
import { buildCorpus, type LanguageModelCorpus, SPLITS, type SplitName } from './corpus.js';
import { type DataOptions, type FileNames, requireFolder } from './locate.js';

/** SHA-256 of the uncompressed texts of Mikolov's word-level split. */
export const PENN_TREEBANK_SHA256: Record<SplitName, string> = {
  train: 'fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf',
  valid: 'c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2',
  test: 'dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0',
};

export const PENN_TREEBANK_LICENCE =
  'The Penn Treebank is distributed by the Linguistic Data Consortium under its own terms; not redistributed here.';

/** train.txt, valid.txt, test.txt; also ptb.train.txt and so on, as in Mikolov's archive. */
export const PENN_TREEBANK_FILES: FileNames = SPLITS.map((split) => [
  `${split}.txt`,
  `ptb.${split}.txt`,
]);

/** A folder of train.txt, valid.txt and test.txt (plain or `.gz`) as a corpus. */
export interface FolderCorpus {
  name: string;
  folder: string;
  licence: string;
  /** Names each part's file may have, in the order train, valid, test. Default `SPLIT.txt`. */
  files?: FileNames;
  /** Published SHA-256 of each part; a mismatch shows in `matchesPublished` and is no error. */
  published?: Record<SplitName, string>;
}

/**
 * Loads a corpus from a folder: one sentence a line, words separated by white space, every line end
 * an `<eos>`. @throws UserError as `readLines` and `buildCorpus`.
 */
export function loadFolder(source: FolderCorpus): LanguageModelCorpus {
  const files = source.files ?? SPLITS.map((split) => [`${split}.txt`]);
  const read = (index: number): TextFile =>
    readLines(files[index]!.map((name) => path.join(source.folder, name)));
  const texts = { train: read(0), valid: read(1), test: read(2) };
  return buildCorpus({ ...source, texts });
}

/**
 * Penn Treebank, Mikolov's word-level split: 929,589 / 73,760 / 82,430 tokens with `<eos>`, 10,000
 * word types. Searched as `locateFolder` says.
 */
export function loadPennTreebank(options: DataOptions = {}): LanguageModelCorpus {
  return loadFolder({
    name: 'ptb',
    folder: requireFolder('ptb', PENN_TREEBANK_FILES, options),
    licence: PENN_TREEBANK_LICENCE,
    files: PENN_TREEBANK_FILES,
    published: PENN_TREEBANK_SHA256,
  });
}
