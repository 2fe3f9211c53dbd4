import type { Clause, VerbPhrase } from './abstract.js';
import type { Subject } from './english-verbs.js';
import { type Modality, verbChain } from './german-chain.js';
import {
  ACCUSATIVE,
  COPULA,
  companion,
  type Defer,
  frameOf,
  type MiddleOptions,
  middle,
} from './german-middle.js';
import { type Agree, relativePronoun } from './german-morphology.js';
import { agreementOf, kindOf, nounPhrase } from './german-phrases.js';
import { zuInfinitive } from './german-verbs.js';
import { germanTime } from './german-words.js';
import type { NounClass } from './nouns.js';
import { Writer } from './writer.js';

/**
 * Where the finite verb stands: `second` in statements, `first` in questions and where something
 * other than the subject already stands in front, `final` in subordinate clauses.
 */
export type VerbPosition = 'first' | 'second' | 'final';

export interface ClauseOptions {
  position: VerbPosition;
  modality?: Modality;
  /** In a clause with während, "gerade" would say the same again. */
  during?: boolean;
  /** What the verb agrees with when the subject is a gap. */
  head?: Subject;
  /** Kind of the noun that a relative clause is about. */
  gap?: NounClass | null;
}

function isEmpty(write: (draft: Writer) => void): boolean {
  const draft = new Writer();
  write(draft);
  return draft.last === '';
}

/** Without "dass" German says as a main clause what these verbs tell. */
const TOLD_PLAINLY = new Set('say think believe hope argue'.split(' '));

/** How a content clause without "that" is told; null where German needs its "dass". */
function toldPlainly(phrase: VerbPhrase): Modality | null {
  const { clause: content, that } = phrase.content!;
  if (that || phrase.negated || !TOLD_PLAINLY.has(phrase.verb)) return null;
  const past = content.predicates[0]!.tense === 'past';
  if (phrase.tense === 'past')
    return past && agreementOf(content.subject).person === 3 ? 'report' : null;
  return past ? null : 'fact';
}

/** What stands behind the clause's end: ", dass ..." and ", ... zu ...". */
function extraposed(phrase: VerbPhrase, subject: Subject, w: Writer): void {
  if (phrase.content) {
    const modality = toldPlainly(phrase);
    w.boundary(',');
    if (modality) w.startClause();
    else w.boundary('dass');
    const position = modality ? 'second' : 'final';
    clause(phrase.content.clause, w, { position, modality: modality ?? 'fact' });
    w.boundary(',');
  }
  if (phrase.infinitive && phrase.verb !== 'want') {
    const inner = phrase.infinitive;
    const frame = frameOf(inner, 'person');
    // A bare "zu schlafen" needs no comma.
    const bare = isEmpty((draft) => middle(inner, frame, draft, { subject }));
    const extended = !bare || inner.content !== null || phrase.verb === 'manage';
    if (extended) w.boundary(',');
    const deferred: (() => void)[] = [];
    middle(inner, frame, w, { subject, defer: (write) => deferred.push(write) });
    for (const word of zuInfinitive(frame.verb)) w.word(word);
    for (const write of deferred) write();
    extraposed(inner, subject, w);
    if (extended) w.boundary(',');
  }
}

/** Wanting something is a modal verb in German: its infinitive belongs to the same clause. */
function flattened(phrase: VerbPhrase): VerbPhrase {
  if (phrase.verb !== 'want' || !phrase.infinitive) return phrase;
  const { verb, object, agent, obliques, predicative, content, manner } = phrase.infinitive;
  return {
    ...{ ...phrase, verb, object, agent, obliques, predicative, content, manner },
    infinitive: null,
  };
}

interface PredicateOptions extends ClauseOptions {
  /** Kind of the subject. */
  kind: NounClass | null;
  particle?: string;
  time?: string[];
}

/** A verb phrase whose subject is written by `subject`, at the place that the position asks for. */
function predicate(
  written: VerbPhrase,
  probe: Subject,
  subject: (w: Writer, defer?: Defer) => Subject,
  full: boolean,
  w: Writer,
  o: PredicateOptions,
): Subject {
  const wish = written.verb === 'want';
  const phrase = flattened(written);
  const frame = phrase.verb === 'be' ? COPULA : frameOf(phrase, o.kind, o.gap);
  const chain = verbChain(phrase, frame.verb, probe, o.modality ?? 'fact', wish);
  const final = o.position === 'final';
  let found = probe;
  let verb = -1;
  if (o.position === 'second') found = subject(w);
  if (!final) verb = w.word(chain.finite);
  // "gestern erholte sich der mann", "weil sich der mann erholte"
  const own = companion(phrase, frame, probe);
  const accompanied = o.position !== 'second' && full && own !== null;
  if (accompanied) w.word(own);
  const { particle, time, during } = o;
  const options: MiddleOptions = { subject: found, particle, time, during, accompanied };
  // "wird ein motor gefunden , der ...": what ends in a relative clause sends it behind the last verb.
  const deferred: (() => void)[] = [];
  const defer: Defer = (write) => deferred.push(write);
  if (o.position !== 'second') {
    const ends = !final && isEmpty((draft) => middle(phrase, frame, draft, options));
    found = subject(w, ends ? defer : undefined);
  }
  middle(phrase, frame, w, { ...options, subject: found, defer });
  if (final && chain.early) verb = w.word(chain.finite);
  if (!final && chain.prefix) w.word(chain.prefix);
  for (const word of chain.rest) w.word(word);
  if (final && !chain.early) verb = w.word(chain.prefix + chain.finite);
  w.pair(found, verb);
  for (const write of deferred) write();
  extraposed(phrase, found, w);
  return found;
}

/** Writes a clause; its last comma, if a subordinate clause ended it, stands. */
export function clause(meaning: Clause, w: Writer, options: ClauseOptions): void {
  const { time, predicates, conjunction } = meaning;
  const words = time ? germanTime(time.phrase.id, time.phrase.number) : [];
  let { position } = options;
  let middleTime: string[] | undefined = words;
  if (time?.first && position === 'second') {
    for (const word of words) w.word(word);
    position = 'first';
    middleTime = undefined;
  }
  const missing = meaning.subject.kind === 'gap';
  const probe = missing && options.head ? options.head : agreementOf(meaning.subject);
  const subject = (to: Writer, defer?: Defer) =>
    missing ? probe : nounPhrase(meaning.subject, 'nominative', to, { defer });
  const kind = missing ? (options.gap ?? null) : kindOf(meaning.subject);
  const full = !missing && meaning.subject.kind !== 'pronoun';
  let spoken = predicate(predicates[0]!, probe, subject, full, w, {
    ...{ ...options, kind, position, time: middleTime },
  });
  for (const next of predicates.slice(1)) {
    const but = conjunction === 'but';
    if (but) w.boundary(',');
    else w.boundary('und');
    if (but) w.startClause();
    const second: PredicateOptions = { ...options, kind, particle: but ? 'aber' : undefined };
    second.position = options.position === 'final' ? 'final' : 'first';
    const known = spoken;
    spoken = predicate(next, known, () => known, false, w, second);
  }
}

export interface RelativeOptions {
  role: 'subject' | 'object';
  head: Subject;
  agree: Agree;
  kind: NounClass | null;
}

/** ", der das boot sah ,": between commas, the verb at its end. */
export function relativeClause(meaning: Clause, o: RelativeOptions, w: Writer): void {
  w.boundary(',');
  if (o.role === 'subject') {
    w.boundary(relativePronoun(o.agree, 'nominative'));
    clause(meaning, w, { position: 'final', head: o.head, gap: o.kind });
  } else {
    const frame = frameOf(meaning.predicates[0]!, kindOf(meaning.subject), o.kind);
    const { preposition, case: c } = frame.arguments.get('') ?? ACCUSATIVE;
    if (preposition) w.boundary(preposition);
    w.boundary(relativePronoun(o.agree, c));
    clause(meaning, w, { position: 'final', gap: o.kind });
  }
  w.boundary(',');
}
