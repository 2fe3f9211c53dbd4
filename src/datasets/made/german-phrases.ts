import type { Clause, CommonNoun, Determiner, NounPhrase, RelativeClause } from './abstract.js';
import type { Subject } from './english-verbs.js';
import { relativeClause } from './german-clauses.js';
import {
  type Agree,
  agreeOf,
  type Case,
  contraction,
  type Declension,
  declined,
  definiteArticle,
  einWord,
  nounForm,
  pointing,
} from './german-morphology.js';
import { compoundPrefix, germanNounOf, germanPlace } from './german-nouns.js';
import { pronounForms } from './german-pronouns.js';
import type { Government } from './german-verbs.js';
import { germanAdjective, germanNumber, JOINED_ADJECTIVES } from './german-words.js';
import { noun } from './lexicon.js';
import type { NounClass } from './nouns.js';
import type { Writer } from './writer.js';

/** What kind of thing a phrase names; null for a gap. */
export function kindOf(phrase: NounPhrase): NounClass | null {
  switch (phrase.kind) {
    case 'common':
      return noun(phrase.noun).kind;
    case 'pronoun':
      if (phrase.antecedent !== null) return noun(phrase.antecedent).kind;
      return 'person';
    case 'coordination':
      return kindOf(phrase.items[0]);
    case 'name':
      return 'person';
    case 'gap':
      return null;
  }
}

/** What a verb before the phrase must agree with; its place is not known yet. */
export function agreementOf(phrase: NounPhrase): Subject {
  const person = phrase.kind === 'pronoun' || phrase.kind === 'gap' ? phrase.person : 3;
  if (phrase.kind === 'name') return { person, number: 'singular', index: -1 };
  return { person, number: phrase.kind === 'coordination' ? 'plural' : phrase.number, index: -1 };
}

/** May "kein" negate it? Not the numbers and quantities, which "nicht" precedes. */
export function takesKein(phrase: NounPhrase): boolean {
  if (phrase.kind === 'coordination') return phrase.items.every(takesKein);
  if (phrase.kind !== 'common') return false;
  return ['indefinite', 'bare', 'some', 'another'].includes(phrase.determiner.kind);
}

/** Is it counted or measured: "nicht viele briefe"? */
export function isQuantified(phrase: NounPhrase): boolean {
  if (phrase.kind === 'coordination') return phrase.items.some(isQuantified);
  if (phrase.kind !== 'common') return false;
  return ['many', 'several', 'count'].includes(phrase.determiner.kind);
}

interface Opening {
  words: string[];
  declension: Declension;
}

/** Genitive of a name before a noun (peters boot); null for names in -s, -x, -z, which take "von". */
function ownerName(owner: NounPhrase): string[] | null {
  if (owner.kind !== 'name' || /[sxz]$/.test(owner.name)) return null;
  return [...title(owner, 'genitive'), `${owner.name}s`];
}

function title(phrase: NounPhrase & { kind: 'name' }, c: Case): string[] {
  if (!phrase.title) return [];
  if (phrase.gender === 'female') return ['frau'];
  return [c === 'nominative' ? 'herr' : 'herrn'];
}

function opening(d: Determiner, agree: Agree, c: Case, negated: boolean): Opening {
  const ein = negated ? 'kein' : 'ein';
  const strong = (words: string[]): Opening => ({ words, declension: 'strong' });
  const weak = (word: string): Opening => ({ words: [word], declension: 'weak' });
  const mixed = (...words: string[]): Opening => ({ words, declension: 'mixed' });
  switch (d.kind) {
    case 'definite':
      return weak(definiteArticle(agree, c));
    case 'this':
      return weak(pointing('dies', agree, c));
    case 'that':
      return weak(pointing('jen', agree, c));
    case 'every':
      return weak(pointing('jed', agree, c));
    case 'indefinite':
      return mixed(einWord(ein, agree, c));
    case 'another':
      return mixed(einWord(ein, agree, c), declined('ander', 'mixed', agree, c));
    case 'bare':
      return negated ? mixed(einWord(ein, agree, c)) : strong([]);
    case 'some':
      if (negated) return mixed(einWord(ein, agree, c));
      return strong([agree === 'pl' ? pointing('einig', agree, c) : 'etwas']);
    case 'many':
      return strong([pointing('viel', agree, c)]);
    case 'several':
      return strong([pointing('mehrer', agree, c)]);
    case 'count':
      return strong([germanNumber(d.count)]);
    case 'possessive': {
      if (d.owner.kind === 'pronoun') return mixed(einWord(pronounForms(d.owner)[3], agree, c));
      const name = ownerName(d.owner);
      return name ? strong(name) : weak(definiteArticle(agree, c));
    }
  }
}

/** Whether the genitive shows: a phrase without a declined determiner takes "von" instead. */
function showsGenitive(phrase: NounPhrase): boolean {
  if (phrase.kind !== 'common') return false;
  const { determiner: d, number } = phrase;
  if (d.kind === 'some') return number === 'plural';
  if (d.kind === 'possessive') return ownerName(d.owner) === null;
  return !['bare', 'count'].includes(d.kind);
}

/** des bootes, von booten, über den unfall: what follows a noun without a clause of its own. */
function attribute(
  head: string,
  phrase: NounPhrase,
  w: Writer,
  defer?: PhraseOptions['defer'],
): void {
  if (head === 'report') nounPhrase(phrase, 'accusative', w, { preposition: 'über', defer });
  else if (showsGenitive(phrase)) nounPhrase(phrase, 'genitive', w, { defer });
  else nounPhrase(phrase, 'dative', w, { preposition: 'von', defer });
}

/** "boots" of bootsbesitzer: the phrase is a single known thing, with nothing said about it. */
function joinedWhole(phrase: CommonNoun): string | null {
  const { of } = phrase;
  if (of?.kind !== 'common' || of.number !== 'singular' || of.determiner.kind !== 'definite') {
    return null;
  }
  if (of.adjectives.length > 0 || of.of || of.modifier || of.relative) return null;
  return compoundPrefix(phrase.noun, of.noun);
}

export interface PhraseOptions {
  preposition?: string | null;
  /** Indefinite phrases take kein. */
  negated?: boolean;
  /** Takes the relative clause of the phrase, to be written behind the clause's last verb. */
  defer?: (write: () => void) => void;
}

function common(phrase: CommonNoun, c: Case, w: Writer, options: PhraseOptions): Subject {
  const { number, determiner, relative } = phrase;
  const { preposition = null, negated = false } = options;
  const entry = germanNounOf(phrase.noun);
  const female = phrase.gender === 'female';
  const agree = agreeOf(entry, number, female);
  const { words, declension } = opening(determiner, agree, c, negated);
  if (preposition) {
    // "in dem haus, das ...": the article of a noun that a clause singles out stays apart.
    const singled = relative !== null && !relative.aside;
    const short =
      singled || determiner.kind !== 'definite' ? null : contraction(preposition, words[0]!);
    if (short) words.splice(0, 1, short);
    else words.unshift(preposition);
  }
  let prefix = joinedWhole(phrase) ?? '';
  const whole = prefix === '' ? phrase.of : null;
  for (const adjective of phrase.adjectives) {
    const joins = JOINED_ADJECTIVES[adjective];
    if (joins && prefix === '') prefix = joins;
    else words.push(declined(germanAdjective(adjective), declension, agree, c));
  }
  for (const word of words) w.word(word);
  const form = prefix + nounForm(entry, number, c, female, declension);
  const head: Subject = { person: 3, number, index: w.noun(form, number) };
  if (whole) attribute(phrase.noun, whole, w, options.defer);
  if (determiner.kind === 'possessive' && determiner.owner.kind !== 'pronoun') {
    if (!ownerName(determiner.owner)) attribute('', determiner.owner, w);
  }
  if (phrase.modifier) place(phrase.modifier.object, 'at', w);
  if (relative) {
    const write = () => relativeTo(relative, head, agree, kindOf(phrase), w);
    if (options.defer && !relative.aside) options.defer(write);
    else write();
  }
  return head;
}

function relativeTo(
  relative: RelativeClause,
  head: Subject,
  agree: Agree,
  kind: NounClass | null,
  w: Writer,
): void {
  const clause: Clause = relative.clause;
  relativeClause(clause, { role: relative.role, head, agree, kind }, w);
}

/** Where (in dem haus) or where to (in das haus). */
export function place(
  phrase: NounPhrase,
  where: 'at' | 'to',
  w: Writer,
  defer?: PhraseOptions['defer'],
): void {
  const id = phrase.kind === 'common' ? phrase.noun : null;
  if (id === null || noun(id).kind !== 'place') {
    nounPhrase(phrase, 'dative', w, { preposition: where === 'at' ? 'bei' : 'zu', defer });
    return;
  }
  const { at, to } = germanPlace(id);
  if (where === 'at') nounPhrase(phrase, 'dative', w, { preposition: at, defer });
  else nounPhrase(phrase, to.case, w, { preposition: to.preposition, defer });
}

/** A verb's argument in the form the verb asks for. */
export function governed(
  phrase: NounPhrase,
  { preposition, case: c }: Government,
  w: Writer,
  options: PhraseOptions = {},
): void {
  nounPhrase(phrase, c, w, { ...options, preposition });
}

/** Writes a noun phrase in a case; returns what a verb must agree with. */
export function nounPhrase(
  phrase: NounPhrase,
  c: Case,
  w: Writer,
  options: PhraseOptions = {},
): Subject {
  const preposition = options.preposition ?? null;
  switch (phrase.kind) {
    case 'gap':
      return { person: phrase.person, number: phrase.number, index: -1 };
    case 'pronoun': {
      const { person, number } = phrase;
      if (preposition && !['person', 'animal'].includes(kindOf(phrase)!)) {
        const joint = /^[aeiouäöü]/.test(preposition) ? 'dar' : 'da';
        return { person, number, index: w.noun(joint + preposition, number) };
      }
      if (preposition) w.word(preposition);
      const slot = c === 'nominative' ? 0 : c === 'accusative' ? 1 : 2;
      return { person, number, index: w.noun(pronounForms(phrase)[slot], number) };
    }
    case 'coordination': {
      nounPhrase(phrase.items[0], c, w, { ...options, defer: undefined });
      const index = w.noun('und', 'plural');
      nounPhrase(phrase.items[1], c, w, { ...options, preposition: null });
      return { person: 3, number: 'plural', index };
    }
    case 'name': {
      if (preposition) w.word(preposition);
      for (const word of title(phrase, c)) w.word(word);
      const head: Subject = {
        person: 3,
        number: 'singular',
        index: w.noun(phrase.name, 'singular'),
      };
      const agree = phrase.gender === 'female' ? 'f' : 'm';
      if (phrase.relative) relativeTo(phrase.relative, head, agree, 'person', w);
      return head;
    }
    case 'common':
      return common(phrase, c, w, options);
  }
}
