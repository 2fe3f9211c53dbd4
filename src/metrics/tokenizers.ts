/**
 * The tokenisers of BLEU, by the names that signatures give them:
 * - `13a`: what mteval-v13a.pl of the WMT campaigns does, the usual choice;
 * - `intl`: mteval-v14.pl, which knows the punctuation and symbols of all scripts;
 * - `zh`: every Chinese character is a token, the rest as in 13a;
 * - `char`: every character is a token;
 * - `none`: the text is tokenised already.
 */
import { isSpace, splitWords, trimBoth } from '../files/white-space.js';

/** Names of BLEU's tokenisers. */
export const BLEU_TOKENIZERS = ['13a', 'none', 'intl', 'char', 'zh'] as const;
export type BleuTokenizer = (typeof BLEU_TOKENIZERS)[number];

/** All ASCII punctuation but the apostrophe, the comma, the dash and the full stop. */
const ASCII_SYMBOL = /([{-~[-` -&(-+:-@/])/g;

/** The rules that 13a, zh and TER's normalisation share; each works on the output of the last. */
export function separatePunctuation(line: string): string {
  return splitStops(line.replace(ASCII_SYMBOL, ' $1 '));
}

/** Full stop and comma stay inside numbers only; a dash behind a digit stands alone. */
export function splitStops(line: string): string {
  return line
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
}

/** The four entities that mteval-v13a decodes, in its order. */
export function decodeEntities(line: string): string {
  if (!line.includes('&')) return line;
  return line
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

function tokenize13a(line: string): string[] {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  return splitWords(separatePunctuation(` ${decodeEntities(joined)} `));
}

function tokenizeIntl(line: string): string[] {
  return splitWords(
    line
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/(\p{S})/gu, ' $1 '),
  );
}

function tokenizeChar(line: string): string[] {
  return [...line].filter((c) => !isSpace(c.charCodeAt(0)));
}

/**
 * What sacrebleu takes for a Chinese character. Two ranges beyond U+FFFF are written there with
 * four hexadecimal digits too few, so that they mean U+2001 to U+2A6D and U+2F81 to U+2FA1: scores
 * in the literature were computed so, and so do we. Characters beyond U+FFFF are none.
 */
const CHINESE =
  /([\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u3200-\u33ff])/g;

function tokenizeZh(line: string): string[] {
  return splitWords(separatePunctuation(trimBoth(line).replace(CHINESE, ' $1 ')));
}

const TOKENIZERS: Record<BleuTokenizer, (line: string) => string[]> = {
  '13a': tokenize13a,
  none: splitWords,
  intl: tokenizeIntl,
  char: tokenizeChar,
  zh: tokenizeZh,
};

/** The tokens of a line. */
export const tokenizeForBleu = (tokenizer: BleuTokenizer, line: string): string[] =>
  TOKENIZERS[tokenizer](line);

/** Options of TER's tokeniser; the defaults are Tercom's. */
export interface TerTokenizerOptions {
  /** Separate punctuation from words first (false: the text's own blanks count). */
  normalized?: boolean;
  /** Remove punctuation. */
  noPunctuation?: boolean;
  /** Let the two options above work on Chinese and Japanese too. */
  asianSupport?: boolean;
  /** Keep upper and lower case apart. */
  caseSensitive?: boolean;
}

const ASIAN_PUNCTUATION = /([\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb])/g;
const FULL_WIDTH_PUNCTUATION = /([\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09])/g;

function normalizeWestern(line: string): string {
  const joined = line.replace(/\n-/g, '').replace(/\n/g, ' ');
  const symbols = ` ${decodeEntities(joined)} `.replace(ASCII_SYMBOL, ' $1 ');
  return splitStops(symbols.replace(/'s /g, " 's ").replace(/'s$/, " 's"));
}

function normalizeAsian(line: string): string {
  return (
    line
      .replace(/([\u4e00-\u9fff\u3400-\u4dbf])/g, ' $1 ')
      .replace(/([\u31c0-\u31ef\u2e80-\u2eff])/g, ' $1 ')
      .replace(/([\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f])/g, ' $1 ')
      .replace(/([\u3200-\u3f22])/g, ' $1 ')
      // Kana: Tercom's rules split them only where the whole line is of one kind.
      .replace(/(^|^[\u3040-\u309f])([\u3040-\u309f]+)(?=$|^[\u3040-\u309f])/g, '$1 $2 ')
      .replace(/(^|^[\u30a0-\u30ff])([\u30a0-\u30ff]+)(?=$|^[\u30a0-\u30ff])/g, '$1 $2 ')
      .replace(/(^|^[\u31f0-\u31ff])([\u31f0-\u31ff]+)(?=$|^[\u31f0-\u31ff])/g, '$1 $2 ')
      .replace(ASIAN_PUNCTUATION, ' $1 ')
      .replace(FULL_WIDTH_PUNCTUATION, ' $1 ')
  );
}

/** The tokens that TER compares. */
export function tokenizeForTer(line: string, options: TerTokenizerOptions = {}): string[] {
  const { normalized, noPunctuation, asianSupport, caseSensitive } = options;
  let text = caseSensitive ? line : line.toLowerCase();
  if (normalized) {
    text = normalizeWestern(text);
    if (asianSupport) text = normalizeAsian(text);
  }
  if (noPunctuation) {
    text = text.replace(/[.,?:;!"()]/g, '');
    if (asianSupport)
      text = text.replace(ASIAN_PUNCTUATION, '').replace(FULL_WIDTH_PUNCTUATION, '');
  }
  return splitWords(text);
}
