import { PERL_SPACES } from '../../files/white-space.js';
import { escapeEntities } from './entities.js';
import { normalisePunctuation } from './normalise.js';
import { type MosesLanguage, NONBREAKING_PREFIXES, type NonbreakingPrefixes } from './prefixes.js';

export interface TokeniseOptions {
  language: MosesLanguage;
  /**
   * Lower-case `first`, before anything else (Multi30k), or `last`, after tokenising (IWSLT'14).
   * The two differ: a stop stays with its word when the next word is in lower case. Default: not.
   */
  lowercase?: 'first' | 'last' | undefined;
  /** Normalise punctuation before tokenising. Default false. */
  normalise?: boolean | undefined;
  /** Write & | < > ' " [ ] as entities. Default true. */
  escape?: boolean | undefined;
  /** Cut hyphens between letters or digits: `drei-teilig` -> `drei @-@ teilig`. Default false. */
  aggressive?: boolean | undefined;
  /**
   * What becomes of the stop of a line's last word: `split` cuts it off always, as newer releases
   * of Moses do (IWSLT'14); `word` lets an abbreviation keep it there too (`der Nummer 28.`), as older
   * ones do (Multi30k). Default `split`.
   *
   * On the 62,028 lines of Multi30k, lower-cased first and normalised, `word` gives the published
   * files without a difference. With `split` 13 lines differ, all German, all in that stop:
   *
   * | last word | lines | example |
   * |---|---:|---|
   * | number, an ordinal by its looks | 6 | `nummer 28.` |
   * | single letter | 6 | `linie a.`, `mcdonald &apos; s.` |
   * | word with a dot inside | 1 | a web address |
   */
  finalStop?: 'split' | 'word' | undefined;
}

const CONTROLS = /[\0-\x1f]/g;
const NEITHER_WORD_NOR_STOP = /[^\p{Alphabetic}\p{Nd} .'`,-]/gu;

/**
 * Tokenises a line as Moses' tokenizer.perl (version 1.1) prints it: words, punctuation and, in
 * English, contractions separated by one blank. In rare cases Moses leaves two blanks or one at the
 * end (a final `.'`); so does this. Text should be in normal form C: a combining mark of form D
 * counts as punctuation and is cut off its letter.
 */
export function tokenise(line: string, options: TokeniseOptions): string {
  const { language, lowercase, normalise = false, aggressive = false } = options;
  let text = lowercase === 'first' ? lowerCase(line) : line;
  if (normalise) text = normalisePunctuation(text, language);
  text = tokens(text, language, aggressive, options.finalStop === 'word');
  if (options.escape ?? true) text = escapeEntities(text);
  return lowercase === 'last' ? lowerCase(text) : text;
}

/** Lower case character by character, as Perl's `lc`: a capital sigma is always σ. */
export const lowerCase = (text: string): string => text.replaceAll('Σ', 'σ').toLowerCase();

function tokens(
  line: string,
  language: MosesLanguage,
  aggressive: boolean,
  lastKeepsStop: boolean,
): string {
  let text = ` ${line} `.replace(PERL_SPACES, ' ').replace(CONTROLS, '').replace(/ +/g, ' ');
  text = text.replace(/^ | $/g, '');
  if (text === '') return '';
  text = text.replace(NEITHER_WORD_NOR_STOP, ' $& ');
  if (aggressive)
    text = text.replace(/([\p{Alphabetic}\p{Nd}])-(?=[\p{Alphabetic}\p{Nd}])/gu, '$1 @-@ ');
  // Several dots are one token.
  text = text.replace(/\.{2,}(?=([^.])?)/gu, (dots, next) => ` ${dots}${next ? ' ' : ''}`);
  // A comma stays only between digits.
  text = text
    .replace(/(\P{N}),/gu, '$1 , ')
    .replace(/,(\P{N})/gu, ' , $1')
    .replace(/(\p{N}),$/gu, '$1 ,');
  text = language === 'en' ? englishApostrophes(text) : text.replaceAll("'", " ' ");
  text = separateStops(text.split(' '), NONBREAKING_PREFIXES[language], lastKeepsStop);
  text = text.replace(/ +/g, ' ').replace(/^ | $/g, '');
  return text.replace(/\.' ?$/, " . ' ");
}

/** `don't` -> `don 't`; an apostrophe at a word's edge, or after a digit, is a token of its own. */
function englishApostrophes(text: string): string {
  return text
    .replace(/(\P{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
    .replace(/([^\p{Alphabetic}\p{N}])'(\p{Alphabetic})/gu, "$1 ' $2")
    .replace(/(\p{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
    .replace(/(\p{Alphabetic})'(\p{Alphabetic})/gu, "$1 '$2")
    .replace(/(\p{N})'(s)/gu, "$1 '$2");
}

/** Cuts the stop off words, but not off abbreviations. */
function separateStops(
  words: string[],
  prefixes: NonbreakingPrefixes,
  lastKeepsStop: boolean,
): string {
  while (words.at(-1) === '') words.pop();
  const last = words.length - 1;
  return words
    .map((word, i) => {
      if (word.length < 2 || !word.endsWith('.') || /^\.+$/.test(word)) return word;
      const stem = word.slice(0, -1);
      // The last word is hardly an abbreviation: its stop ends the sentence.
      const mayKeep = i < last || lastKeepsStop;
      return mayKeep && keepsStop(stem, words[i + 1] ?? '', prefixes) ? word : `${stem} .`;
    })
    .join(' ');
}

function keepsStop(stem: string, next: string, prefixes: NonbreakingPrefixes): boolean {
  return (
    (stem.includes('.') && /\p{Alphabetic}/u.test(stem)) ||
    prefixes.always.has(stem) ||
    /^\p{Lowercase}/u.test(next) ||
    (prefixes.beforeDigits.has(stem) && /^[0-9]/.test(next))
  );
}
