/** From running text to the form a model was trained on, and back. */
import { UserError } from '../../errors.js';
import type { TranslationUnits } from '../../nmt/units.js';
import {
  detokenise,
  lowerCase,
  MOSES_LANGUAGES,
  type MosesLanguage,
  type TokeniseOptions,
  tokenise,
} from '../../text/moses/index.js';
import type { TrainedText } from './data.js';

/** What is done to a line before it is translated and to its translation. */
export interface LineForm {
  lowercase?: boolean;
  tokenise?: boolean;
  detokenise?: boolean;
}

/** How the corpora were prepared where they differ from Moses' defaults (shared facts of their makers). */
const PREPARED: Record<string, (language: string) => Partial<TokeniseOptions>> = {
  multi30k: (language) => ({
    lowercase: 'first',
    normalise: true,
    finalStop: language === 'de' ? 'word' : 'split',
  }),
};

function moses(language: string): MosesLanguage {
  const known = MOSES_LANGUAGES.find((name) => name === language);
  if (known) return known;
  throw new UserError(
    `there is no tokeniser for language "${language}" (${MOSES_LANGUAGES.join(', ')}); prepare the text as the training text was`,
  );
}

/**
 * What `--raw` means for a run: its form from running text, running text from its translations.
 * @throws UserError where the text of the run is not known, or came in sub-word units whose codes are not
 */
export function rawForm(text: TrainedText | undefined, units: Pick<TranslationUnits, 'codes'>) {
  if (!text)
    throw new UserError(
      'vocab.json does not say which text the run was trained on; leave --raw out',
    );
  if (text.form.segmented && units.codes === null)
    throw new UserError(
      'the run was trained on a text that came in sub-word units; cut the input in the same way and leave --raw out',
    );
  const { tokenised, lowercased } = text.form;
  return { tokenise: tokenised, lowercase: lowercased, detokenise: tokenised };
}

/** The two functions of a form. */
export function lineForm(
  form: LineForm,
  text: Pick<TrainedText, 'name' | 'sourceLanguage' | 'targetLanguage'>,
): { before: (line: string) => string; after: (line: string) => string } {
  const { name, sourceLanguage, targetLanguage } = text;
  const same = (line: string) => line;
  let before: (line: string) => string = form.lowercase ? lowerCase : same;
  if (form.tokenise) {
    const language = moses(sourceLanguage);
    const own = PREPARED[name]?.(language) ?? { lowercase: 'last' };
    const lowercase = form.lowercase ? own.lowercase : undefined;
    before = (line) => tokenise(line, { ...own, language, lowercase });
  }
  if (!form.detokenise) return { before, after: same };
  const language = moses(targetLanguage);
  return { before, after: (line) => detokenise(line, { language }) };
}
