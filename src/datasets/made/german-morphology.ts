import type { GrammaticalNumber } from './abstract.js';
import type { GermanNoun, GrammaticalGender } from './german-nouns.js';

export type Case = 'nominative' | 'accusative' | 'dative' | 'genitive';
/** What determiners and adjectives agree with: a gender, or the plural. */
export type Agree = GrammaticalGender | 'pl';
/** Adjective endings: after der and dieser; after ein, kein and mein; after nothing, viele or a number. */
export type Declension = 'weak' | 'mixed' | 'strong';

const CASES: readonly Case[] = ['nominative', 'accusative', 'dative', 'genitive'];

type Table = Readonly<Record<Agree, readonly [string, string, string, string]>>;

const DEFINITE: Table = {
  m: ['der', 'den', 'dem', 'des'],
  f: ['die', 'die', 'der', 'der'],
  n: ['das', 'das', 'dem', 'des'],
  pl: ['die', 'die', 'den', 'der'],
};
/** The definite article's endings, as dieser and jeder take them. */
const ENDINGS: Table = {
  m: ['er', 'en', 'em', 'es'],
  f: ['e', 'e', 'er', 'er'],
  n: ['es', 'es', 'em', 'es'],
  pl: ['e', 'e', 'en', 'er'],
};
const RELATIVE: Table = {
  m: ['der', 'den', 'dem', 'dessen'],
  f: ['die', 'die', 'der', 'deren'],
  n: ['das', 'das', 'dem', 'dessen'],
  pl: ['die', 'die', 'denen', 'deren'],
};

const at = (table: Table, agree: Agree, grammaticalCase: Case) =>
  table[agree][CASES.indexOf(grammaticalCase)]!;

export const definiteArticle = (agree: Agree, c: Case): string => at(DEFINITE, agree, c);
export const relativePronoun = (agree: Agree, c: Case): string => at(RELATIVE, agree, c);
/** dieser, jener, jeder, viele, einige, mehrere, from the stem. */
export const pointing = (stem: string, agree: Agree, c: Case): string =>
  stem + at(ENDINGS, agree, c);

/** ein, kein, mein: without an ending in the nominative of der and das. */
export function einWord(stem: string, agree: Agree, c: Case): string {
  const bare = (agree === 'm' && c === 'nominative') || (agree === 'n' && isDirect(c));
  if (bare) return stem;
  // "euer" loses its second e before an ending.
  return (stem === 'euer' ? 'eur' : stem) + at(ENDINGS, agree, c);
}

const isDirect = (c: Case) => c === 'nominative' || c === 'accusative';

function adjectiveEnding(declension: Declension, agree: Agree, c: Case): string {
  if (declension === 'strong') {
    return c === 'genitive' && (agree === 'm' || agree === 'n') ? 'en' : at(ENDINGS, agree, c);
  }
  if (agree === 'pl' || !isDirect(c) || (agree === 'm' && c === 'accusative')) return 'en';
  return declension === 'mixed' ? at(ENDINGS, agree, c) : 'e';
}

/** An adjective before a noun: teuer, teures; dunkel, dunkle. */
export function declined(adjective: string, declension: Declension, agree: Agree, c: Case): string {
  const stem = adjective.replace(/e([lr])$/, (all, liquid: string) =>
    /(teuer|dunkel)$/.test(adjective) ? liquid : all,
  );
  const ending = adjectiveEnding(declension, agree, c);
  return stem.endsWith('e') ? stem.slice(0, -1) + ending : stem + ending;
}

/** Short words that take -s alone: loans, and what ends in a long vowel. */
const SHORT_GENITIVE = /([aeiouäöüé]|fan|koch|test|streik|dock|wal|stil|plan|dieb)$/;

/** Genitive of a masculine or neuter noun: des bootes, des hauses, des hafens, des geheimnisses. */
function genitive(singular: string): string {
  if (singular.endsWith('nis')) return `${singular}ses`;
  if (SHORT_GENITIVE.test(singular)) return `${singular}s`;
  if (/(s|ß|z|x|sch|st|arzt)$/.test(singular)) return `${singular}es`;
  const syllables = singular.match(/[aeiouyäöü]+/g)!.length;
  return syllables === 1 ? `${singular}es` : `${singular}s`;
}

/** A noun in a case and number. `female`: of a woman, where the noun has a form for women. */
export function nounForm(
  noun: GermanNoun,
  number: GrammaticalNumber,
  c: Case,
  female: boolean,
  declension: Declension,
): string {
  if (noun.adjectival) {
    const agree = number === 'plural' ? 'pl' : female ? 'f' : 'm';
    return declined(noun.singular, declension, agree, c);
  }
  const woman = female && noun.female !== null;
  if (number === 'plural') {
    if (woman) return `${noun.female}nen`;
    const plural = noun.plural ?? noun.singular;
    return c === 'dative' && !/[ns]$/.test(plural) ? `${plural}n` : plural;
  }
  if (woman) return noun.female!;
  if (noun.weak && c !== 'nominative') return noun.plural!;
  return c === 'genitive' && noun.gender !== 'f' ? genitive(noun.singular) : noun.singular;
}

/** What determiners, adjectives and relative pronouns of a noun agree with. */
export function agreeOf(noun: GermanNoun, number: GrammaticalNumber, female: boolean): Agree {
  if (number === 'plural') return 'pl';
  return female && noun.female !== null ? 'f' : noun.gender;
}

const CONTRACTED: Readonly<Record<string, string>> = {
  'in dem': 'im',
  'an dem': 'am',
  'von dem': 'vom',
  'zu dem': 'zum',
  'zu der': 'zur',
  'bei dem': 'beim',
  'in das': 'ins',
  'an das': 'ans',
};

/** "im" of "in dem"; null when the two words stay apart. */
export const contraction = (preposition: string, article: string): string | null =>
  CONTRACTED[`${preposition} ${article}`] ?? null;
