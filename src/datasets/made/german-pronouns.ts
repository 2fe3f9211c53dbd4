import type { GrammaticalNumber, Pronoun } from './abstract.js';
import type { Subject } from './english-verbs.js';
import { type Agree, agreeOf } from './german-morphology.js';
import { germanNounOf } from './german-nouns.js';

type Forms = readonly [nominative: string, accusative: string, dative: string, possessive: string];

const FIRST: Record<GrammaticalNumber, Forms> = {
  singular: ['ich', 'mich', 'mir', 'mein'],
  plural: ['wir', 'uns', 'uns', 'unser'],
};
const YOU: Forms = ['ihr', 'euch', 'euch', 'euer'];
const THIRD: Record<Agree, Forms> = {
  m: ['er', 'ihn', 'ihm', 'sein'],
  f: ['sie', 'sie', 'ihr', 'ihr'],
  n: ['es', 'es', 'ihm', 'sein'],
  pl: ['sie', 'sie', 'ihnen', 'ihr'],
};

/** The gender a pronoun takes from its noun: das boot, es; der kurs, er. */
function pronounAgree({ number, gender, antecedent }: Pronoun): Agree {
  if (number === 'plural') return 'pl';
  // A girl is grammatically a thing, but nobody calls her "es".
  if (antecedent === null || antecedent === 'girl') return gender === 'female' ? 'f' : 'm';
  return agreeOf(germanNounOf(antecedent), number, gender === 'female');
}

/** All forms of a pronoun. */
export function pronounForms(phrase: Pronoun): Forms {
  if (phrase.person === 1) return FIRST[phrase.number];
  return phrase.person === 2 ? YOU : THIRD[pronounAgree(phrase)];
}

/** mich, uns, euch, sich. */
export function reflexivePronoun({ person, number }: Subject): string {
  if (person === 3) return 'sich';
  return person === 2 ? YOU[1] : FIRST[number][1];
}
