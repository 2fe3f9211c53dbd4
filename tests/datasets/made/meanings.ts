import {
  type AbstractSentence,
  type Clause,
  type CommonNoun,
  type Determiner,
  type NounPhrase,
  type Oblique,
  PLAIN_VERB_PHRASE,
  type Pronoun,
  type ProperName,
  type VerbPhrase,
} from '#src/datasets/made/abstract.js';
import { noun } from '#src/datasets/made/lexicon.js';

/** Short ways to write meanings by hand, for tests. */
export function thing(id: string, more: Partial<CommonNoun> = {}): CommonNoun {
  const person = noun(id).kind === 'person';
  return {
    ...{ kind: 'common', noun: id, number: 'singular', gender: person ? 'male' : 'thing' },
    ...{ determiner: { kind: 'definite' }, adjectives: [], of: null, modifier: null },
    relative: null,
    ...more,
  };
}

export const a = (id: string, more: Partial<CommonNoun> = {}): CommonNoun =>
  thing(id, { determiner: { kind: 'indefinite' }, ...more });

export const plural = (id: string, more: Partial<CommonNoun> = {}): CommonNoun =>
  thing(id, { number: 'plural', ...more });

export const with_ = (determiner: Determiner, phrase: CommonNoun): CommonNoun => ({
  ...phrase,
  determiner,
});

export const name = (
  word: string,
  gender: 'male' | 'female' = 'male',
  title = false,
): ProperName => ({ kind: 'name', name: word, gender, title, relative: null });

export const pronoun = (antecedent: string | null, more: Partial<Pronoun> = {}): Pronoun => ({
  ...{ kind: 'pronoun', person: 3, number: 'singular', antecedent },
  gender: antecedent === null || noun(antecedent).kind === 'person' ? 'male' : 'thing',
  ...more,
});

export const who = (person: 1 | 2, number: 'singular' | 'plural'): Pronoun => ({
  ...{ kind: 'pronoun', person, number, gender: 'thing', antecedent: null },
});

export const to = (relation: string, object: NounPhrase): Oblique => ({ relation, object });

export const does = (verb: string, more: Partial<VerbPhrase> = {}): VerbPhrase => ({
  ...PLAIN_VERB_PHRASE,
  verb,
  ...more,
});

export const is = (adjective: string, more: Partial<VerbPhrase> = {}): VerbPhrase =>
  does('be', { predicative: { kind: 'adjective', adjective, degree: null }, ...more });

export const clause = (subject: NounPhrase, ...predicates: VerbPhrase[]): Clause => ({
  ...{ subject, predicates, conjunction: predicates.length > 1 ? 'and' : null, time: null },
});

export const at = (id: string, first: boolean, meaning: Clause): Clause => ({
  ...meaning,
  time: { phrase: { id, number: id.includes('#') ? 3 : null }, first },
});

export const simple = (meaning: Clause, connective: string | null = null): AbstractSentence => ({
  ...{ kind: 'simple', connective, clause: meaning },
});

export const sub = (
  conjunction: string,
  first: boolean,
  main: Clause,
  below: Clause,
): AbstractSentence => ({ kind: 'subordinate', conjunction, first, main, sub: below });
