import { type AbstractSentence, type Clause, PLAIN_VERB_PHRASE } from './abstract.js';
import { type ClauseOptions, clause } from './german-clauses.js';
import { germanAdverb } from './german-words.js';
import { Writer, type Written } from './writer.js';

const STATEMENT: ClauseOptions = { position: 'second' };
const AFTER_FRONT: ClauseOptions = { position: 'first' };

type Subordinate = AbstractSentence & { kind: 'subordinate' };

/** "if" of a mere thought is wenn with the subjunctive, of a possibility falls; "when" once als, else wenn. */
function conjunctionOf({ conjunction, sub }: Subordinate): string {
  const past = sub.predicates[0]!.tense === 'past';
  switch (conjunction) {
    case 'because':
      return 'weil';
    case 'when':
      return past ? 'als' : 'wenn';
    case 'although':
      return 'obwohl';
    case 'if':
      return past ? 'wenn' : 'falls';
    case 'while':
      return 'während';
    case 'before':
      return 'bevor';
    case 'after':
      return 'nachdem';
    case 'until':
      return 'bis';
    default:
      throw new RangeError(`no German conjunction for "${conjunction}"`);
  }
}

/** nachdem asks for a tense before that of the main clause. */
function anterior(meaning: Clause): Clause {
  const predicates = meaning.predicates.map((p) => ({ ...p, perfect: p.modal === null }));
  return { ...meaning, predicates };
}

function subordinate(s: Subordinate, w: Writer): void {
  const { conjunction, sub } = s;
  const modality = conjunction === 'if' ? 'condition' : 'fact';
  const during = conjunction === 'while';
  const writeSub = () => {
    w.boundary(conjunctionOf(s));
    const meaning = conjunction === 'after' ? anterior(sub) : sub;
    clause(meaning, w, { position: 'final', modality, during });
    w.boundary(',');
  };
  const outcome = conjunction === 'if' ? 'consequence' : 'fact';
  if (s.first) {
    writeSub();
    w.startClause();
    clause(s.main, w, { ...AFTER_FRONT, modality: outcome });
  } else {
    clause(s.main, w, { ...STATEMENT, modality: outcome });
    w.boundary(',');
    writeSub();
  }
}

function quote(s: AbstractSentence & { kind: 'quote' }, w: Writer): void {
  const verb = { ...PLAIN_VERB_PHRASE, verb: s.verb, tense: s.tense };
  const saying: Clause = { subject: s.speaker, predicates: [verb], conjunction: null, time: null };
  const content = () => {
    w.boundary('„');
    w.startClause();
    clause(s.content, w, { position: s.question ? 'first' : 'second' });
  };
  if (s.position === 'before') {
    clause(saying, w, STATEMENT);
    w.boundary(':');
    content();
    w.boundary(s.question ? '?' : '.');
    w.boundary('“');
    return;
  }
  content();
  if (s.question) w.boundary('?');
  w.boundary('“');
  w.boundary(',');
  w.startClause();
  clause(saying, w, AFTER_FRONT);
  w.boundary('.');
}

/**
 * German words of a sentence, lower case, tokenised: punctuation marks are words, quotation marks are
 * „ and “. Records clause boundaries and agreement on the way, as `english` does. The comma before a
 * subordinate clause is a boundary of its own; the end of one shows only where words follow it.
 */
export function german(sentence: AbstractSentence): Written {
  const w = new Writer();
  switch (sentence.kind) {
    case 'quote':
      quote(sentence, w);
      return w.finish();
    case 'simple':
      if (sentence.connective) {
        for (const word of germanAdverb(sentence.connective).split(' ')) w.word(word);
      }
      clause(sentence.clause, w, sentence.connective ? AFTER_FRONT : STATEMENT);
      break;
    case 'subordinate':
      subordinate(sentence, w);
      break;
    case 'coordinate': {
      const { conjunction, left, right } = sentence;
      clause(left, w, STATEMENT);
      if (conjunction === 'but' || conjunction === 'so') w.boundary(',');
      w.boundary({ and: 'und', but: 'aber', so: 'deshalb', or: 'oder' }[conjunction]);
      clause(right, w, conjunction === 'so' ? AFTER_FRONT : STATEMENT);
    }
  }
  w.boundary('.');
  return w.finish();
}
