import {
  type Clause,
  type Gap,
  type NounPhrase,
  type Oblique,
  PLAIN_VERB_PHRASE,
  type RelativeClause,
  type Tense,
  type VerbPhrase,
} from './abstract.js';
import type { Argument, Frame } from './lexicon.js';
import { joined, nounPhrase, placeOf } from './noun-phrases.js';
import { type Referent, type Scene, sameName } from './scene.js';
import { ADJECTIVES, COLORS, DEGREES, FREQUENCIES, MANNERS, TIMES, YEARS } from './words.js';

/** When a clause takes place and how its verb shows it. */
export interface Setting {
  tense: Tense;
  perfect: boolean;
  progressive: boolean;
  modal: string | null;
}

const plainSetting = (tense: Tense): Setting => ({
  ...{ tense, perfect: false, progressive: false, modal: null },
});

/** Tense, aspect and modal verb of a clause told in the past or the present. */
export function setting(scene: Scene, tense: 'past' | 'present' = scene.tense): Setting {
  const { random } = scene;
  const plain = plainSetting(tense);
  const kind = random.weighted({ plain: 72, perfect: 7, progressive: 9, modal: 7, future: 5 });
  if (kind === 'perfect') return { ...plain, perfect: true };
  if (kind === 'progressive') return { ...plain, progressive: true };
  if (kind === 'modal') {
    const modals =
      tense === 'past' ? ['could', 'would', 'might'] : ['can', 'must', 'should', 'may'];
    return { ...plain, modal: random.zipf(modals) };
  }
  if (kind === 'future' && tense === 'present') return { ...plain, tense: 'future' };
  return plain;
}

/** Adjectives that stand before a noun but are hardly said with "be". */
const ATTRIBUTIVE = new Set('wooden electric common secret young'.split(' '));

const gap = ({ person, number }: Referent): Gap => ({ kind: 'gap', person, number });

/** Somebody or something of these kinds; one of the cast when possible, never the subject itself. */
function participant(scene: Scene, kinds: readonly string[], subject: Referent): Referent | null {
  const taken = (who: Referent) => who === subject || scene.subjects.includes(who);
  const known = scene.cast.filter((c) => !taken(c) && scene.fits(c, kinds));
  if (known.length > 0 && scene.random.chance(0.42)) return scene.random.pick(known);
  const found = scene.ofKinds(kinds);
  if (!found || sameName(found, subject)) return null;
  const who = scene.known(found);
  return taken(who) ? null : who;
}

function argument(
  scene: Scene,
  { preposition, kinds }: Argument,
  subject: Referent,
  depth: number,
): { phrase: NounPhrase; oblique: Oblique | null } | null {
  const who = participant(scene, kinds, subject);
  if (!who) return null;
  let phrase = nounPhrase(scene, who, 'object', depth, subject);
  if (who.kind !== 'place' && scene.random.chance(0.06)) phrase = joined(scene, who, phrase);
  return { phrase, oblique: preposition ? { relation: preposition, object: phrase } : null };
}

function adverbs(scene: Scene, phrase: VerbPhrase, frame: Frame): void {
  const { random } = scene;
  const clausal = frame.content || frame.infinitive;
  if (!phrase.negated && !phrase.perfect && !phrase.progressive && random.chance(0.06)) {
    phrase.frequency = random.zipf(FREQUENCIES);
  } else if (!clausal && frame.progressive && !phrase.negated && random.chance(0.09)) {
    phrase.manner = random.zipf(MANNERS);
  }
}

/** Fills a frame's arguments; null when the topic lacks a noun for one of them. */
function fill(
  scene: Scene,
  frame: Frame,
  subject: Referent,
  when: Setting,
  depth: number,
  missing: Referent | null,
): VerbPhrase | null {
  const { random } = scene;
  const phrase: VerbPhrase = { ...PLAIN_VERB_PHRASE, ...when, verb: frame.verb, obliques: [] };
  if (!frame.progressive) phrase.progressive = false;
  if (phrase.modal === null && random.chance(0.09)) phrase.negated = true;
  else if (phrase.modal && random.chance(0.25)) phrase.negated = true;
  if (frame.object) {
    if (missing) phrase.object = gap(missing);
    else {
      const made = argument(scene, frame.object, subject, depth + 1);
      if (!made) return null;
      if (made.oblique) phrase.obliques.push(made.oblique);
      else phrase.object = made.phrase;
    }
  }
  if (frame.second && (frame.complete || random.chance(0.4))) {
    const made = argument(scene, frame.second, subject, depth + 2);
    if (made) phrase.obliques.push(made.oblique!);
  }
  if (frame.content) {
    const clause = contentClause(scene, subject, when, depth + 1);
    phrase.content = { clause, that: random.chance(0.75) };
  }
  if (frame.infinitive) {
    const inner = activePhrase(scene, subject, plainSetting(when.tense), depth + 1, true);
    if (!inner) return null;
    phrase.infinitive = { ...inner, negated: false, frequency: null };
  }
  if (!missing) adverbs(scene, phrase, frame);
  return phrase;
}

function contentClause(scene: Scene, subject: Referent, outer: Setting, depth: number): Clause {
  const { random } = scene;
  const past = outer.tense === 'past';
  const inner = setting(scene, past ? 'past' : 'present');
  if (past && random.chance(0.2)) Object.assign(inner, plainSetting('past'), { modal: 'would' });
  const known = scene.cast.filter((c) => c !== subject);
  const who = random.chance(0.65) ? random.pick(known) : scene.known(scene.person());
  return simpleClause(scene, who, inner, depth);
}

/** An active verb phrase without content clauses or infinitives below the top levels. */
function activePhrase(
  scene: Scene,
  subject: Referent,
  when: Setting,
  depth: number,
  volitional = false,
): VerbPhrase | null {
  const { own, general } = scene.frames(subject, false);
  const light = (f: Frame) =>
    volitional ? f.volitional && !f.infinitive : depth === 0 || !(f.content || f.infinitive);
  const lists = [own, general].map((list) => list.filter(light)).filter((list) => list.length > 0);
  for (let attempt = 0; attempt < 4 && lists.length > 0; attempt++) {
    const list = lists.length === 2 ? lists[scene.random.chance(0.46) ? 0 : 1]! : lists[0]!;
    const phrase = fill(scene, scene.random.zipf(list), subject, when, depth, null);
    if (phrase) return phrase;
  }
  return null;
}

function passivePhrase(
  scene: Scene,
  subject: Referent,
  when: Setting,
  depth: number,
): VerbPhrase | null {
  const { random } = scene;
  const { own, general } = scene.frames(subject, true);
  const list = own.length > 0 && random.chance(0.6) ? own : general;
  if (list.length === 0) return null;
  const frame = random.zipf(list);
  const agent = random.chance(0.45) ? participant(scene, frame.subject, subject) : null;
  return {
    ...{ ...PLAIN_VERB_PHRASE, ...when, progressive: false, verb: frame.verb, passive: true },
    agent: agent && nounPhrase(scene, agent, 'object', depth + 1, subject),
    obliques:
      !agent && subject.kind !== 'idea' && random.chance(0.12) ? [placeOf(scene, depth + 1)] : [],
    negated: random.chance(0.1),
  };
}

function copula(scene: Scene, subject: Referent, when: Setting, depth: number): VerbPhrase {
  const { random } = scene;
  const movable = ['person', 'animal', 'vehicle', 'thing', 'tool'].includes(subject.kind);
  const phrase: VerbPhrase = { ...PLAIN_VERB_PHRASE, ...when, progressive: false, verb: 'be' };
  // "must be young" is no use of must; "could" may carry the condition of an if-clause.
  phrase.modal = when.modal === 'could' || when.modal === 'would' ? 'would' : null;
  phrase.negated = random.chance(0.13);
  phrase.obliques = [];
  if (movable && random.chance(0.3)) {
    return { ...phrase, predicative: { kind: 'place', place: placeOf(scene, depth + 1) } };
  }
  const list = ADJECTIVES[subject.kind].split(' ').filter((a) => !ATTRIBUTIVE.has(a));
  const adjective = random.zipf(list);
  const graded = !COLORS.includes(adjective) && random.chance(0.35);
  const degree = graded ? random.zipf(DEGREES) : null;
  return { ...phrase, predicative: { kind: 'adjective', adjective, degree } };
}

function verbPhrase(scene: Scene, subject: Referent, when: Setting, depth: number): VerbPhrase {
  const { random } = scene;
  const person = subject.kind === 'person';
  const be = random.chance(person ? 0.13 : 0.3);
  if (be) return copula(scene, subject, when, depth);
  const passive = random.chance(person ? 0.06 : 0.5);
  return (
    (passive && passivePhrase(scene, subject, when, depth)) ||
    activePhrase(scene, subject, when, depth) ||
    copula(scene, subject, when, depth)
  );
}

/** A clause with one verb phrase. */
export function simpleClause(scene: Scene, who: Referent, when: Setting, depth: number): Clause {
  scene.subjects.push(who);
  let subject = nounPhrase(scene, who, 'subject', depth);
  let speaker = who;
  if (subject.kind !== 'pronoun' && depth === 0 && scene.random.chance(0.05)) {
    subject = joined(scene, who, subject);
    if (subject.kind === 'coordination') speaker = { ...who, number: 'plural' };
  }
  const predicates = [verbPhrase(scene, speaker, when, depth)];
  return { subject, predicates, conjunction: null, time: null };
}

/** A main clause: perhaps with a second verb phrase and a time. */
export function fullClause(scene: Scene, who: Referent, when: Setting, depth: number): Clause {
  const { random } = scene;
  const clause = simpleClause(scene, who, when, depth);
  const [first] = clause.predicates;
  const plain = !when.perfect && when.modal === null && !first!.frequency;
  if (plain && !first!.content && random.chance(0.12) && depth === 0) {
    const plural = clause.subject.kind === 'coordination';
    const second = activePhrase(scene, plural ? { ...who, number: 'plural' } : who, when, 1);
    if (second && second.verb !== first!.verb) {
      clause.predicates.push(second);
      clause.conjunction = first!.negated !== second.negated ? 'but' : 'and';
    }
  }
  if (plain && !first!.content && random.chance(0.17)) {
    const id = random.zipf(TIMES[when.tense]);
    const number = id.includes('19#')
      ? random.zipf(YEARS)
      : id.includes('#')
        ? random.integer(2, 10)
        : null;
    clause.time = { phrase: { id, number }, first: random.chance(0.4) };
  }
  return clause;
}

/** A relative clause about `who`; null when no verb fits. */
export function relativeClause(scene: Scene, who: Referent, depth: number): RelativeClause | null {
  const { random } = scene;
  const when = plainSetting(scene.tense);
  when.perfect = random.chance(0.2);
  const that = random.chance(who.kind === 'person' ? 0.1 : 0.6);
  const clause = { conjunction: null, time: null };
  if (random.chance(who.kind === 'person' ? 0.3 : 0.55)) {
    const subject = random.chance(0.5) ? scene.known(scene.person()) : random.pick(scene.cast);
    const { own, general } = scene.frames(subject, false);
    const frames = [...own, ...general].filter(
      (f) => f.object?.preposition === null && scene.fits(who, f.object.kinds),
    );
    if (subject.kind === 'person' && !sameName(subject, who) && frames.length > 0) {
      const phrase = fill(scene, random.zipf(frames), subject, when, depth, who);
      if (phrase) {
        const spoken = nounPhrase(scene, subject, 'subject', depth + 1);
        const inner = { ...clause, subject: spoken, predicates: [phrase] };
        return { role: 'object', clause: inner, aside: false, that };
      }
    }
  }
  const phrase = verbPhrase(scene, who, when, depth);
  const inner = { ...clause, subject: gap(who), predicates: [phrase] };
  const aside = !that && phrase.content === null && random.chance(0.12);
  return { role: 'subject', clause: inner, aside, that };
}
