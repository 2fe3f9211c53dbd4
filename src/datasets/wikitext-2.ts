import { type LanguageModelCorpus, SPLITS } from './corpus.js';
import { type DataOptions, type FileNames, requireFolder } from './locate.js';
import { loadFolder } from './penn-treebank.js';

export const WIKITEXT2_LICENCE =
  'Text of Wikipedia, Creative Commons Attribution-ShareAlike (CC BY-SA); not redistributed here.';

/** As in the published archive, in its folder or without it. */
export const WIKITEXT2_FILES: FileNames = SPLITS.map((split) => [
  `wiki.${split}.tokens`,
  `wikitext-2/wiki.${split}.tokens`,
]);

/**
 * WikiText-2, word level: 2,088,628 / 217,646 / 245,569 tokens with `<eos>`, 33,278 word types. Titles
 * (`= title =`) are lines like others, and a blank line is one `<eos>`, as awd-lstm-lm counts them.
 * Searched as `locateFolder` says.
 */
export function loadWikiText2(options: DataOptions = {}): LanguageModelCorpus {
  return loadFolder({
    name: 'wikitext-2',
    folder: requireFolder('wikitext-2', WIKITEXT2_FILES, options),
    licence: WIKITEXT2_LICENCE,
    files: WIKITEXT2_FILES,
  });
}
