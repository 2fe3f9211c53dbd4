import {
  type AbstractSentence,
  type Clause,
  type CommonNoun,
  type NounPhrase,
  type Oblique,
  PLAIN_VERB_PHRASE,
  type Pronoun,
  type RelativeClause,
  type TimePhrase,
  type VerbPhrase,
} from './abstract.js';
import { type Subject, verbGroup } from './english-verbs.js';
import { noun } from './lexicon.js';
import { indefiniteArticle } from './morphology.js';
import { NUMBER_WORDS } from './words.js';
import { Writer, type Written } from './writer.js';

const PRONOUNS = {
  i: ['i', 'me', 'my'],
  we: ['we', 'us', 'our'],
  you: ['you', 'you', 'your'],
  male: ['he', 'him', 'his'],
  female: ['she', 'her', 'her'],
  thing: ['it', 'it', 'its'],
  they: ['they', 'them', 'their'],
} as const;

function pronoun(phrase: Pronoun, form: 0 | 1 | 2): string {
  if (phrase.person === 1) return PRONOUNS[phrase.number === 'plural' ? 'we' : 'i'][form];
  if (phrase.person === 2) return PRONOUNS.you[form];
  return PRONOUNS[phrase.number === 'plural' ? 'they' : phrase.gender][form];
}

function determiner(phrase: CommonNoun, w: Writer, next: string): void {
  const { determiner: d, number } = phrase;
  const plural = number === 'plural';
  switch (d.kind) {
    case 'definite':
      w.word('the');
      break;
    case 'indefinite':
      w.word(indefiniteArticle(next));
      break;
    case 'bare':
      break;
    case 'this':
      w.word(plural ? 'these' : 'this');
      break;
    case 'that':
      w.word(plural ? 'those' : 'that');
      break;
    case 'count':
      w.word(NUMBER_WORDS[d.count] ?? String(d.count));
      break;
    case 'possessive':
      if (d.owner.kind === 'pronoun') w.word(pronoun(d.owner, 2));
      else {
        const owner = nounPhrase(d.owner, w, 'object');
        const bare = owner.number === 'plural' && w.last.endsWith('s');
        w.word(bare ? "'" : "'s");
      }
      break;
    default:
      w.word(d.kind);
  }
}

function relative(phrase: RelativeClause, person: boolean, head: Subject, w: Writer): void {
  if (phrase.aside) w.boundary(',');
  w.boundary(phrase.that && !phrase.aside ? 'that' : person ? 'who' : 'which');
  clause(phrase.clause, w, phrase.role === 'subject' ? head : undefined);
  if (phrase.aside) w.boundary(',');
}

function oblique({ relation, object }: Oblique, w: Writer): void {
  const place = object.kind === 'common' ? noun(object.noun).locative : null;
  w.word(relation === 'location' ? (place ?? 'at') : relation);
  nounPhrase(object, w, 'object');
}

/** Writes a noun phrase; returns what a verb must agree with. */
function nounPhrase(phrase: NounPhrase, w: Writer, role: 'subject' | 'object'): Subject {
  switch (phrase.kind) {
    case 'gap':
      return { person: phrase.person, number: phrase.number, index: -1 };
    case 'pronoun': {
      const index = w.noun(pronoun(phrase, role === 'subject' ? 0 : 1), phrase.number);
      return { person: phrase.person, number: phrase.number, index };
    }
    case 'coordination': {
      nounPhrase(phrase.items[0], w, role);
      // The coordinator, not either noun, makes the whole plural: the verb's partner is "and".
      const index = w.noun('and', 'plural');
      nounPhrase(phrase.items[1], w, role);
      return { person: 3, number: 'plural', index };
    }
    case 'name': {
      if (phrase.title) w.word(phrase.gender === 'male' ? 'mr.' : 'ms.');
      const index = w.noun(phrase.name, 'singular');
      const head: Subject = { person: 3, number: 'singular', index };
      if (phrase.relative) relative(phrase.relative, true, head, w);
      return head;
    }
    case 'common': {
      const entry = noun(phrase.noun);
      const form = phrase.number === 'plural' ? entry.plural! : entry.singular;
      determiner(phrase, w, phrase.adjectives[0] ?? form);
      for (const adjective of phrase.adjectives) w.word(adjective);
      const head: Subject = {
        person: 3,
        number: phrase.number,
        index: w.noun(form, phrase.number),
      };
      if (phrase.of) oblique({ relation: 'of', object: phrase.of }, w);
      if (phrase.modifier) oblique(phrase.modifier, w);
      if (phrase.relative) relative(phrase.relative, entry.kind === 'person', head, w);
      return head;
    }
  }
}

function timePhrase({ id, number }: TimePhrase, w: Writer): void {
  const spelled = number === null ? '' : (NUMBER_WORDS[number] ?? String(number));
  for (const word of id.replace('#', spelled).split(' ')) w.word(word);
}

/** Everything after the finite verb group. */
function complements(phrase: VerbPhrase, subject: Subject, w: Writer): void {
  if (phrase.predicative?.kind === 'adjective') {
    if (phrase.predicative.degree) w.word(phrase.predicative.degree);
    w.word(phrase.predicative.adjective);
  } else if (phrase.predicative) oblique(phrase.predicative.place, w);
  if (phrase.object) nounPhrase(phrase.object, w, 'object');
  if (phrase.agent) {
    w.word('by');
    nounPhrase(phrase.agent, w, 'object');
  }
  for (const item of phrase.obliques) oblique(item, w);
  if (phrase.manner) w.word(phrase.manner);
  if (phrase.content) {
    if (phrase.content.that) w.boundary('that');
    else w.startClause();
    clause(phrase.content.clause, w);
  }
  if (phrase.infinitive) {
    w.word('to');
    w.word(verbGroup(phrase.infinitive, subject, false, true).lexical);
    complements(phrase.infinitive, subject, w);
  }
}

function predicate(phrase: VerbPhrase, subject: Subject, w: Writer): void {
  const group = verbGroup(phrase, subject, false);
  group.words.forEach((word, i) => {
    // "often" follows the first auxiliary (and "is", "was"), but precedes a lone lexical verb.
    const alone = group.words.length === 1 && phrase.verb !== 'be';
    if (phrase.frequency && i === 0 && alone) w.word(phrase.frequency);
    if (i === 0 && group.agrees) w.agreement(subject, word);
    else w.word(word);
    if (phrase.frequency && i === 0 && !alone) w.word(phrase.frequency);
  });
  complements(phrase, subject, w);
}

/** @param head what the verb agrees with when the subject is a gap */
function clause(meaning: Clause, w: Writer, head?: Subject): void {
  const { time } = meaning;
  if (time?.first) {
    timePhrase(time.phrase, w);
    w.boundary(',');
    w.startClause();
  }
  const written = nounPhrase(meaning.subject, w, 'subject');
  const subject = meaning.subject.kind === 'gap' && head ? head : written;
  predicate(meaning.predicates[0]!, subject, w);
  for (const next of meaning.predicates.slice(1)) {
    w.boundary(meaning.conjunction ?? 'and');
    predicate(next, subject, w);
  }
  if (time && !time.first) timePhrase(time.phrase, w);
}

/** "did the pilot see the boat": the finite auxiliary before the subject. */
function question(meaning: Clause, w: Writer): void {
  const phrase = meaning.predicates[0]!;
  // The auxiliary is written before the subject's place is known, so the pair is recorded last.
  const probe = nounPhrase(meaning.subject, new Writer(), 'subject');
  const group = verbGroup(phrase, probe, true);
  const verb = w.word(group.words[0]!);
  const subject = nounPhrase(meaning.subject, w, 'subject');
  if (group.agrees) w.pair(subject, verb);
  for (const word of group.words.slice(1)) w.word(word);
  complements(phrase, subject, w);
  if (meaning.time) timePhrase(meaning.time.phrase, w);
}

function quote(s: AbstractSentence & { kind: 'quote' }, w: Writer): void {
  const said = (): void => {
    const phrase = { ...PLAIN_VERB_PHRASE, verb: s.verb, tense: s.tense };
    if (s.position !== 'inverted') {
      clause(sayingClause(s.speaker, phrase), w);
      return;
    }
    const probe = nounPhrase(s.speaker, new Writer(), 'subject');
    const group = verbGroup(phrase, probe, false);
    const verb = w.word(group.words[0]!);
    const subject = nounPhrase(s.speaker, w, 'subject');
    if (group.agrees) w.pair(subject, verb);
  };
  const content = () => (s.question ? question(s.content, w) : clause(s.content, w));
  if (s.position === 'before') {
    said();
    w.boundary(':');
    w.boundary('``');
    w.startClause();
    content();
    w.boundary(s.question ? '?' : '.');
    w.boundary("''");
    return;
  }
  w.boundary('``');
  w.startClause();
  content();
  w.boundary(s.question ? '?' : ',');
  w.boundary("''");
  w.startClause();
  said();
  w.boundary('.');
}

const sayingClause = (subject: NounPhrase, phrase: VerbPhrase): Clause => ({
  subject,
  predicates: [phrase],
  conjunction: null,
  time: null,
});

/**
 * English words of a sentence, lower case, tokenised as in the Penn Treebank: punctuation, `n't` and
 * `'s` are words, quotation marks are `` and ''. Records clause boundaries and agreement on the way.
 */
export function english(sentence: AbstractSentence): Written {
  const w = new Writer();
  switch (sentence.kind) {
    case 'quote':
      quote(sentence, w);
      return w.finish();
    case 'simple':
      if (sentence.connective) {
        for (const word of sentence.connective.split('-')) w.word(word);
        w.boundary(',');
        w.startClause();
      }
      clause(sentence.clause, w);
      break;
    case 'subordinate':
      if (sentence.first) {
        w.boundary(sentence.conjunction);
        clause(sentence.sub, w);
        w.boundary(',');
        w.startClause();
        clause(sentence.main, w);
      } else {
        clause(sentence.main, w);
        if (sentence.conjunction === 'although') w.boundary(',');
        w.boundary(sentence.conjunction);
        clause(sentence.sub, w);
      }
      break;
    case 'coordinate':
      clause(sentence.left, w);
      w.boundary(',');
      w.boundary(sentence.conjunction);
      clause(sentence.right, w);
  }
  w.boundary('.');
  return w.finish();
}
