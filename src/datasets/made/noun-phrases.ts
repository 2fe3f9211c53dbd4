import type { CommonNoun, Determiner, NounPhrase, Oblique, Pronoun } from './abstract.js';
import { relativeClause } from './clauses.js';
import { isOfTopic, noun } from './lexicon.js';
import { type Referent, type Scene, sameName } from './scene.js';
import { ADJECTIVES, RELATIONAL_NOUNS } from './words.js';

/** Nesting below which nouns get no further modifiers, so that sentences stay readable. */
const DEEPEST = 2;

export function pronounOf(who: Referent): Pronoun {
  const { person, number, gender, noun: antecedent } = who;
  return { kind: 'pronoun', person, number, gender, antecedent };
}

/** Could "he", "it" or "they" be either of two? */
export function alike(a: Referent, b: Referent): boolean {
  if (a.person !== b.person || a.number !== b.number) return false;
  return a.number === 'plural' || a.gender === b.gender;
}

function determinerOf(
  scene: Scene,
  who: Referent,
  role: 'subject' | 'object',
  owner: Referent | null,
): Determiner {
  const { random } = scene;
  const { kind, number, introduced } = who;
  if (introduced) return { kind: random.chance(0.12) ? 'this' : 'definite' };
  const plural = number === 'plural';
  if (noun(who.noun!).plural === null) {
    return { kind: random.weighted({ definite: 5, bare: 3, some: 2 }) };
  }
  if (kind === 'place') return { kind: random.weighted({ definite: 14, indefinite: 1, that: 1 }) };
  if (owner && role === 'object' && random.chance(0.16)) {
    return { kind: 'possessive', owner: pronounOf(owner) };
  }
  if (kind !== 'person' && random.chance(0.05)) {
    const person = scene.person();
    if (!owner || !sameName(person, owner)) {
      return { kind: 'possessive', owner: plainPhrase(person) };
    }
  }
  if (!plural) {
    const fresh = scene.cast.includes(who) ? 0 : 4;
    const every = role === 'subject' ? fresh : 0;
    return {
      kind: random.weighted({ definite: 50, indefinite: 32, this: 4, every, another: fresh }),
    };
  }
  const choice = random.weighted({
    ...{ definite: 44, bare: 16, some: 10, many: 8, several: 6, count: 9, this: 3, that: 2 },
  });
  return choice === 'count' ? { kind: 'count', count: random.integer(2, 12) } : { kind: choice };
}

/** A name or "the noun", without adjectives or modifiers. */
export function plainPhrase(who: Referent): NounPhrase {
  if (who.person !== 3) return pronounOf(who);
  if (who.name !== null) {
    const gender = who.gender === 'male' ? 'male' : 'female';
    return { kind: 'name', name: who.name, gender, title: who.title, relative: null };
  }
  return {
    ...{ kind: 'common', noun: who.noun!, number: who.number, gender: who.gender },
    ...{ determiner: { kind: 'definite' }, adjectives: [], of: null, modifier: null },
    relative: null,
  };
}

function adjectivesOf(scene: Scene, who: Referent): string[] {
  const { random } = scene;
  if (who.introduced || !random.chance(0.34)) return [];
  const list = ADJECTIVES[who.kind].split(' ');
  const first = random.zipf(list);
  if (!random.chance(0.1)) return [first];
  const second = random.pick(list);
  return second === first ? [first] : [first, second];
}

/** "of the boats" behind a relational noun such as owner, price, end. */
function ofPhrase(scene: Scene, who: Referent, depth: number): NounPhrase | null {
  const kinds = RELATIONAL_NOUNS[who.noun!];
  if (!kinds || who.introduced || !scene.random.chance(0.75)) return null;
  const whole = scene.ofKinds(kinds);
  if (!whole || whole.noun === who.noun) return null;
  return commonPhrase(scene, whole, 'object', depth + 1, null);
}

function placePhrase(scene: Scene, who: Referent, depth: number): Oblique | null {
  if (!['person', 'animal', 'vehicle', 'thing', 'tool'].includes(who.kind)) return null;
  if (!scene.random.chance(depth === 0 ? 0.13 : 0.05)) return null;
  return placeOf(scene, depth + 1);
}

/** "in the harbor". */
export function placeOf(scene: Scene, depth: number): Oblique {
  const place = scene.ofKind('place')!;
  return { relation: 'location', object: commonPhrase(scene, place, 'object', depth, null) };
}

function commonPhrase(
  scene: Scene,
  who: Referent,
  role: 'subject' | 'object',
  depth: number,
  owner: Referent | null,
): CommonNoun {
  const of = depth < DEEPEST ? ofPhrase(scene, who, depth) : null;
  const determiner: Determiner = of ? { kind: 'definite' } : determinerOf(scene, who, role, owner);
  const plainly = depth >= DEEPEST || determiner.kind === 'possessive' || of !== null;
  const modifier = plainly ? null : placePhrase(scene, who, depth);
  const phrase: CommonNoun = {
    ...{ kind: 'common', noun: who.noun!, number: who.number, gender: who.gender },
    ...{ determiner, adjectives: adjectivesOf(scene, who), of, modifier, relative: null },
  };
  if (!plainly && !modifier && scene.random.chance(role === 'subject' ? 0.15 : 0.06)) {
    phrase.relative = relativeClause(scene, who, depth + 1);
  }
  return phrase;
}

/**
 * A referent as a subject or object: by pronoun, name, or noun with what modifies it.
 * @param owner whose it may be ("his boat"): the subject of the clause
 */
export function nounPhrase(
  scene: Scene,
  who: Referent,
  role: 'subject' | 'object',
  depth: number,
  owner: Referent | null = null,
): NounPhrase {
  const { random } = scene;
  if (who.person !== 3) return pronounOf(who);
  const clear = role === 'subject' || !owner || !alike(who, owner);
  // Within one sentence a repeated name would read as a second person.
  const chance = role === 'object' ? 0.3 : depth > 0 ? 1 : 0.5;
  if (who.introduced && clear && who === scene.last && random.chance(chance)) {
    return pronounOf(who);
  }
  let phrase: NounPhrase;
  if (who.name !== null) {
    phrase = plainPhrase(who);
    if (phrase.kind === 'name' && depth === 0 && random.chance(0.06)) {
      phrase.relative = relativeClause(scene, who, depth + 1);
      if (phrase.relative) {
        phrase.relative.aside = true;
        phrase.relative.that = false;
      }
    }
  } else phrase = commonPhrase(scene, who, role, depth, owner);
  who.introduced = true;
  return phrase;
}

/** "the captain and the sailor", "bread and cheese": a second noun of the same kind. */
export function joined(scene: Scene, who: Referent, first: NounPhrase): NounPhrase {
  if (who.person !== 3 || first.kind === 'pronoun') return first;
  if (first.kind !== 'coordination' && first.kind !== 'gap' && first.relative) return first;
  const other = scene.ofKind(who.kind);
  if (!other || other.noun === who.noun || !isOfTopic(scene.topic, other.noun!)) return first;
  if (first.kind === 'common' && first.determiner.kind === 'every') return first;
  const second = commonPhrase(scene, other, 'object', DEEPEST, null);
  return { kind: 'coordination', items: [first, second] };
}
