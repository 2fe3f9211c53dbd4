import { PERL_SPACE } from '../../files/white-space.js';
import { unescapeEntities } from './entities.js';
import type { MosesLanguage } from './prefixes.js';

export interface DetokeniseOptions {
  language: MosesLanguage;
  /** Make the first letter of the sentence a capital. Default false. */
  capitalise?: boolean | undefined;
}

/** Chinese, Japanese and Korean characters, which stand without blanks. */
const CJK =
  /^[\u1100-\u11ff\u2e80-\ua4cf\ua840-\ua87f\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff65-\uffdc\u{20000}-\u{2ffff}]$/u;

const OPENING = /^[\p{Sc}([{¿¡]+$/u;
const CLOSING = /^[,.?!:;\\%}\])]+$/;
const QUOTES = /^['"„“`]+$/;

/**
 * Joins tokens to running text as Moses' detokenizer.perl: entities undone, punctuation and (in
 * English) contractions set close, quotes opened and closed in turn. What a token was before
 * tokenising is not always known: `detokenise(tokenise(x))` is often, not always, `x`.
 * @param tokens a tokenised line, or its words
 */
export function detokenise(
  tokens: string | readonly string[],
  { language, capitalise = false }: DetokeniseOptions,
): string {
  const line = typeof tokens === 'string' ? tokens : tokens.join(' ');
  const words = unescapeEntities(` ${line} `.replaceAll(' @-@ ', '-')).split(' ');
  const openQuotes = new Map<string, boolean>();
  let text = '';
  let glue = ' ';
  words.forEach((word, i) => {
    const before = words[i - 1] ?? '';
    let side: 'left' | 'right' | 'none' = 'none';
    if (isCjk([...word][0])) side = isCjk([...before].at(-1)) ? 'left' : 'none';
    else if (OPENING.test(word)) side = 'right';
    else if (CLOSING.test(word)) side = 'left';
    else if (language === 'en' && isContraction(word, before)) side = 'left';
    else if (QUOTES.test(word)) {
      const kind = /^[„“]+$/.test(word) ? '"' : word;
      if (openQuotes.get(kind)) {
        openQuotes.set(kind, false);
        side = 'left';
      } else if (language === 'en' && word === "'" && before.endsWith('s')) {
        side = 'left'; // the Jones' house
      } else {
        openQuotes.set(kind, true);
        side = 'right';
      }
    }
    text += side === 'left' ? word : glue + word;
    glue = side === 'right' ? '' : ' ';
  });
  text = text.replace(/ +/g, ' ').replace(/^ | $/g, '');
  return capitalise ? capitalised(text) : text;
}

const isCjk = (character: string | undefined): boolean =>
  character !== undefined && CJK.test(character);

const isContraction = (word: string, before: string): boolean =>
  /^'\p{Alphabetic}/u.test(word) && /[\p{Alphabetic}\p{Nd}]$/u.test(before);

/** Punctuation and white space, as Perl has them, may stand before it. */
const FIRST_LETTER = new RegExp(`^([\\p{P}${PERL_SPACE}$+<=>^\`|~]*)(\\p{Alphabetic})`, 'u');

const capitalised = (text: string): string =>
  text.replace(FIRST_LETTER, (_, start: string, letter: string) => start + letter.toUpperCase());
