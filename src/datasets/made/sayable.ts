import type { AbstractSentence, Clause, NounPhrase, VerbPhrase } from './abstract.js';
import { germanNounOf } from './german-nouns.js';

/** Verbs whose passive German has no direct object for. */
const NO_PASSIVE = new Set(['trust', 'thank']);

/** What may be wooden or electric; German says it in one word: holztisch, elektromotor. */
const MADE_OF: Readonly<Record<string, ReadonlySet<string>>> = {
  wooden: new Set(
    'table box chair door window roof wall fence gate barrel crate desk toy bowl plate spoon bed stool mask ring'.split(
      ' ',
    ),
  ),
  electric: new Set(
    'machine clock engine pump oven pan kettle printer scanner wheelchair piano violin drum guitar'.split(
      ' ',
    ),
  ),
};

/** Not "an electric rope". */
function plausible(phrase: NounPhrase): boolean {
  if (phrase.kind !== 'common') return true;
  return phrase.adjectives.every((adjective) => MADE_OF[adjective]?.has(phrase.noun) ?? true);
}

const DRINKS = new Set(['wine', 'milk']);

const eatsDrink = ({ verb, object }: VerbPhrase) =>
  verb === 'eat' && object?.kind === 'common' && DRINKS.has(object.noun);

/** The clauses of a sentence that are in no other. */
function clausesOf(meaning: AbstractSentence): Clause[] {
  switch (meaning.kind) {
    case 'simple':
      return [meaning.clause];
    case 'subordinate':
      return [meaning.main, meaning.sub];
    case 'coordinate':
      return [meaning.left, meaning.right];
    case 'quote':
      return [meaning.content];
  }
}

/** Everything below a clause. */
interface Contents {
  phrases: NounPhrase[];
  clauses: Clause[];
  predicates: VerbPhrase[];
}

function gatherPhrase(phrase: NounPhrase | null, into: Contents): void {
  if (!phrase) return;
  into.phrases.push(phrase);
  if (phrase.kind === 'coordination') for (const item of phrase.items) gatherPhrase(item, into);
  if (phrase.kind === 'common') {
    if (phrase.determiner.kind === 'possessive') gatherPhrase(phrase.determiner.owner, into);
    gatherPhrase(phrase.of, into);
    gatherPhrase(phrase.modifier?.object ?? null, into);
  }
  if ((phrase.kind === 'common' || phrase.kind === 'name') && phrase.relative) {
    gatherClause(phrase.relative.clause, into);
  }
}

function gatherPredicate(phrase: VerbPhrase, into: Contents): void {
  into.predicates.push(phrase);
  gatherPhrase(phrase.object, into);
  gatherPhrase(phrase.agent, into);
  for (const { object } of phrase.obliques) gatherPhrase(object, into);
  if (phrase.predicative?.kind === 'place') gatherPhrase(phrase.predicative.place.object, into);
  if (phrase.infinitive) gatherPredicate(phrase.infinitive, into);
  if (phrase.content) gatherClause(phrase.content.clause, into);
}

function gatherClause(clause: Clause, into: Contents): void {
  into.clauses.push(clause);
  gatherPhrase(clause.subject, into);
  for (const phrase of clause.predicates) gatherPredicate(phrase, into);
}

/** Can the pronoun stand for this phrase? */
function names(phrase: NounPhrase, pronoun: NounPhrase & { kind: 'pronoun' }): boolean {
  if (phrase.kind === 'coordination') return pronoun.number === 'plural';
  if (phrase.kind === 'name')
    return pronoun.antecedent === null && phrase.gender === pronoun.gender;
  return (
    phrase.kind === 'common' &&
    phrase.noun === pronoun.antecedent &&
    phrase.number === pronoun.number &&
    phrase.gender === pronoun.gender
  );
}

/** "the guest ... she": der gast is "er", whoever it is, so the German would not tell she from he. */
function hidesSex(phrase: NounPhrase): boolean {
  if (phrase.kind !== 'pronoun' || phrase.gender !== 'female' || phrase.number === 'plural') {
    return false;
  }
  if (phrase.antecedent === null || phrase.antecedent === 'girl') return false;
  const { gender, female } = germanNounOf(phrase.antecedent);
  return gender !== 'f' && female === null;
}

/** "a long party is long" */
function repeats({ subject, predicates }: Clause): boolean {
  if (subject.kind !== 'common') return false;
  return predicates.some(
    ({ predicative }) =>
      predicative?.kind === 'adjective' && subject.adjectives.includes(predicative.adjective),
  );
}

/**
 * Whether a sentence makes sense by itself: its pronouns refer to what it names and tell its sex,
 * nothing is an electric rope, nothing is said twice or "before he does not come", and German has its
 * passives.
 */
export function standsAlone(meaning: AbstractSentence): boolean {
  const contents: Contents = { phrases: [], clauses: [], predicates: [] };
  for (const clause of clausesOf(meaning)) gatherClause(clause, contents);
  if (meaning.kind === 'quote') gatherPhrase(meaning.speaker, contents);
  if (meaning.kind === 'subordinate') {
    const timed = ['before', 'after', 'until', 'while'].includes(meaning.conjunction);
    const never = (p: VerbPhrase) => p.negated || p.frequency === 'never';
    if (timed && meaning.sub.predicates.some(never)) return false;
  }
  const { phrases, clauses, predicates } = contents;
  if (clauses.some(repeats) || phrases.some(hidesSex) || !phrases.every(plausible)) return false;
  if (predicates.some(eatsDrink)) return false;
  if (predicates.some((p) => p.passive && NO_PASSIVE.has(p.verb))) return false;
  return phrases.every(
    (p) => p.kind !== 'pronoun' || p.person !== 3 || phrases.some((other) => names(other, p)),
  );
}
