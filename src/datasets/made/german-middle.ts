import type { NounPhrase, VerbPhrase } from './abstract.js';
import type { Subject } from './english-verbs.js';
import {
  governed,
  isQuantified,
  kindOf,
  type PhraseOptions,
  place,
  takesKein,
} from './german-phrases.js';
import { reflexivePronoun } from './german-pronouns.js';
import { type GermanFrame, type Government, germanFrame } from './german-verbs.js';
import { EARLY_MANNERS, germanAdjective, germanAdverb } from './german-words.js';
import type { NounClass } from './nouns.js';
import type { Writer } from './writer.js';

/** Every argument of the verb phrase with its form; places are written by their own prepositions. */
type Argument =
  | { kind: 'governed'; phrase: NounPhrase; government: Government }
  | { kind: 'place'; phrase: NounPhrase; where: 'at' | 'to' };

/** The German verb of a phrase with a subject of this kind. `gap`: kind of its missing object. */
export function frameOf(
  phrase: VerbPhrase,
  subject: NounClass | null,
  gap: NounClass | null = null,
): GermanFrame {
  const { object, verb, passive } = phrase;
  const relations = phrase.obliques.map((item) => item.relation);
  const named = object && object.kind !== 'gap' ? kindOf(object) : gap;
  return germanFrame({ verb, passive, relations, subject, object: passive ? subject : named });
}

/** sein with a predicative. */
export const COPULA: GermanFrame = {
  verb: {
    ...{ infinitive: 'sein', prefix: '', third: 'ist', past: 'war', participle: 'gewesen' },
    ...{ sein: true, reflexive: false },
  },
  arguments: new Map(),
};
export const ACCUSATIVE: Government = { preposition: null, case: 'accusative' };
const DATIVE: Government = { preposition: null, case: 'dative' };

function argumentsOf(phrase: VerbPhrase, frame: GermanFrame): Argument[] {
  const found: Argument[] = [];
  if (phrase.object && phrase.object.kind !== 'gap') {
    const government = frame.arguments.get('') ?? ACCUSATIVE;
    found.push({ kind: 'governed', phrase: phrase.object, government });
  }
  if (phrase.agent) {
    const government: Government = { preposition: 'von', case: 'dative' };
    found.push({ kind: 'governed', phrase: phrase.agent, government });
  }
  for (const { relation, object } of phrase.obliques) {
    const government = frame.arguments.get(relation);
    if (government) found.push({ kind: 'governed', phrase: object, government });
    else if (relation === 'location') found.push({ kind: 'place', phrase: object, where: 'at' });
    else if (kindOf(object) === 'person')
      found.push({ kind: 'governed', phrase: object, government: DATIVE });
    else found.push({ kind: 'place', phrase: object, where: 'to' });
  }
  if (phrase.predicative?.kind === 'place') {
    found.push({ kind: 'place', phrase: phrase.predicative.place.object, where: 'at' });
  }
  return found;
}

/** Takes a relative clause, to be written later. */
export type Defer = NonNullable<PhraseOptions['defer']>;

export interface MiddleOptions {
  subject: Subject;
  /** Conjunction that stands after the verb: "kaufte aber ein buch". */
  particle?: string;
  time?: string[];
  during?: boolean;
  /** The verb's own pronoun stands already. */
  accompanied?: boolean;
  /** Takes the relative clause of the last phrase. */
  defer?: Defer;
}

/** The pronoun that belongs to a verb: sich beschweren, es schaffen. */
export function companion(phrase: VerbPhrase, frame: GermanFrame, subject: Subject): string | null {
  if (phrase.verb === 'manage') return 'es';
  return frame.verb.reflexive ? reflexivePronoun(subject) : null;
}

/** All between the finite verb (or the subject) and the clause's end. */
export function middle(phrase: VerbPhrase, frame: GermanFrame, w: Writer, o: MiddleOptions): void {
  const all = argumentsOf(phrase, frame);
  const direct = all.flatMap((a) =>
    a.kind === 'governed' && a.government.preposition === null ? [a] : [],
  );
  const indirect = all.filter((a) => a.kind === 'place' || a.government.preposition !== null);
  const ofCase = (c: string) => direct.filter((a) => a.government.case === c);
  const spoken = (a: { phrase: NounPhrase }) => a.phrase.kind === 'pronoun';
  const never = phrase.frequency === 'never';

  const own = companion(phrase, frame, o.subject);
  if (own && !o.accompanied) w.word(own);
  for (const c of ['accusative', 'dative']) {
    for (const item of ofCase(c).filter(spoken)) governed(item.phrase, item.government, w);
  }
  if (o.particle) w.word(o.particle);
  for (const word of o.time ?? []) w.word(word);
  const nouns = [...ofCase('dative'), ...ofCase('accusative')].filter((a) => !spoken(a));
  const last = nouns.at(-1);
  const kein = phrase.negated && last !== undefined && takesKein(last.phrase);
  const denial = never ? 'nie' : phrase.negated && !kein ? 'nicht' : null;
  const before = last !== undefined && (isQuantified(last.phrase) || takesKein(last.phrase));
  // "sah das boot gerade nicht", but "sah gerade kein boot"
  const now = phrase.progressive && !o.during;
  const late = denial !== null && !before;
  if (now && !late) w.word('gerade');
  if (phrase.frequency && !never) w.word(germanAdverb(phrase.frequency));
  const early = phrase.manner !== null && (before || EARLY_MANNERS.has(phrase.manner));
  if (phrase.manner && early) w.word(germanAdverb(phrase.manner));
  for (const item of nouns) {
    if (item === last && denial && before) w.word(denial);
    const end = item === last && indirect.length === 0 && phrase.predicative === null;
    const defer = end ? o.defer : undefined;
    governed(item.phrase, item.government, w, { negated: kein && item === last, defer });
  }
  if (now && late) w.word('gerade');
  if (denial && late) w.word(denial);
  if (phrase.manner && !early) w.word(germanAdverb(phrase.manner));
  for (const item of indirect) {
    const defer = item === indirect.at(-1) ? o.defer : undefined;
    if (item.kind === 'place') place(item.phrase, item.where, w, defer);
    else governed(item.phrase, item.government, w, { defer });
  }
  if (phrase.predicative?.kind === 'adjective') {
    const { degree, adjective } = phrase.predicative;
    if (degree) w.word(germanAdverb(degree));
    w.word(germanAdjective(adjective));
  }
}
