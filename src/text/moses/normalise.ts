import type { MosesLanguage } from './prefixes.js';

type Rule = readonly [pattern: RegExp, replacement: string];

const ONE_BLANK: Rule = [/ +/g, ' '];

/** Blanks around brackets, per cent signs and stops. */
const SPACING: readonly Rule[] = [
  [/\r/g, ''],
  [/\(/g, ' ('],
  [/\)/g, ') '],
  ONE_BLANK,
  [/\) ([.!:?;,])/g, ')$1'],
  [/\( /g, '('],
  [/ \)/g, ')'],
  [/(\d) %/g, '$1%'],
  [/ ([:;])/g, '$1'],
];

/** Quotes and dashes of other alphabets and typesetters, as ASCII. */
const QUOTES: readonly Rule[] = [
  [/`/g, "'"],
  [/''/g, ' " '],
  [/[„“”]/g, '"'],
  [/–/g, '-'],
  [/—/g, ' - '],
  ONE_BLANK,
  [/´/g, "'"],
  [/([a-z])‘([a-z])/gi, "$1'$2"],
  [/([a-z])’([a-z])/gi, "$1'$2"],
  [/[‘‚]/g, "'"],
  [/’/g, '"'],
  [/''/g, '"'],
  [/…/g, '...'],
  [/\u00a0«\u00a0/g, ' "'],
  [/«\u00a0/g, '"'],
  [/«/g, '"'],
  [/\u00a0»\u00a0/g, '" '],
  [/\u00a0»/g, '"'],
  [/»/g, '"'],
];

/** No-break spaces that only keep a sign or unit with its number. */
const NO_BREAK_SPACES: readonly Rule[] = [
  [/\u00a0%/g, '%'],
  [/nº\u00a0/g, 'nº '],
  [/\u00a0:/g, ':'],
  [/\u00a0ºC/g, ' ºC'],
  [/\u00a0cm/g, ' cm'],
  [/\u00a0([?!;])/g, '$1'],
  [/,\u00a0/g, ', '],
  ONE_BLANK,
];

/** Where a quote stands beside a comma or stop, and what a no-break space between digits means. */
const BY_LANGUAGE: Readonly<Record<MosesLanguage, readonly Rule[]>> = {
  en: [
    [/"([,.]+)/g, '$1"'],
    [/(\d)\u00a0(\d)/g, '$1.$2'],
  ],
  de: [
    [/,"/g, '",'],
    // White space of ASCII only: the original works on bytes. Every run of dots is taken whole, with a
    // quote behind it or not, so that a long one is not tried from each of its dots.
    [/(\.+)(?:(")([\t-\r ]*[^<]))?/g, '$2$1$3'],
    [/(\d)\u00a0(\d)/g, '$1,$2'],
  ],
};

/**
 * Punctuation as ASCII, as Moses' normalize-punctuation does: quotes, dashes, dots, blanks around
 * them, and the order of quote and comma of the language.
 */
export function normalisePunctuation(line: string, language: MosesLanguage): string {
  // The line end is part of what the rules see: a stop before a final quote is moved behind it.
  let text = `${line}\n`;
  for (const rules of [SPACING, QUOTES, NO_BREAK_SPACES, BY_LANGUAGE[language]])
    for (const [pattern, replacement] of rules) text = text.replace(pattern, replacement);
  return text.slice(0, -1);
}
