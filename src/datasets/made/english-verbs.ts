import type { GrammaticalNumber, VerbPhrase } from './abstract.js';
import { verb } from './lexicon.js';

/** What a finite verb agrees with. */
export interface Subject {
  person: 1 | 2 | 3;
  number: GrammaticalNumber;
  /** Index of its head among the words; negative when it is not spoken. */
  index: number;
}

/** A verb with its auxiliaries. */
export interface VerbGroup {
  /** In order; the first is finite. `n't` follows it when negated. */
  words: string[];
  /** The main verb's form, last of `words`. */
  lexical: string;
  /** The finite form differs between a singular and a plural subject. */
  agrees: boolean;
}

type Form = 'finite' | 'base' | 'participle' | 'ing';

const BE = { base: 'be', participle: 'been', ing: 'being' } as const;
const IRREGULAR_NEGATION: Readonly<Record<string, string>> = { will: 'wo', can: 'ca' };

function finite(lemma: string, past: boolean, { person, number }: Subject): string {
  const thirdSingular = person === 3 && number === 'singular';
  if (lemma === 'be') {
    const first = person === 1 && number === 'singular';
    if (past) return first || thirdSingular ? 'was' : 'were';
    return first ? 'am' : thirdSingular ? 'is' : 'are';
  }
  if (lemma === 'do') return past ? 'did' : thirdSingular ? 'does' : 'do';
  const entry = verb(lemma);
  return past ? entry.past : thirdSingular ? entry.third : entry.base;
}

function form(lemma: string, wanted: Form, past: boolean, subject: Subject): string {
  if (wanted === 'finite') return finite(lemma, past, subject);
  if (lemma === 'be') return BE[wanted];
  if (lemma === 'do') return 'do';
  return verb(lemma)[wanted];
}

/**
 * Auxiliaries and main verb of a phrase. `inverted`: as in a question, with "do" where there is no
 * other auxiliary. `infinitive`: starts from the base form, without tense.
 */
export function verbGroup(
  phrase: VerbPhrase,
  subject: Subject,
  inverted: boolean,
  infinitive = false,
): VerbGroup {
  const past = phrase.tense === 'past';
  const words: string[] = [];
  let next: Form = infinitive ? 'base' : 'finite';
  let agrees = false;
  const add = (lemma: string, following: Form): void => {
    if (next === 'finite') agrees = lemma === 'be' || !past;
    words.push(form(lemma, next, past, subject));
    next = following;
  };
  const modal = phrase.modal ?? (phrase.tense === 'future' ? 'will' : null);
  if (modal && !infinitive) {
    words.push(modal);
    next = 'base';
  }
  if (phrase.perfect) add('have', 'participle');
  if (phrase.progressive) add('be', 'ing');
  if (phrase.passive) add('be', 'participle');
  if (words.length === 0 && !infinitive && (inverted || phrase.negated) && phrase.verb !== 'be') {
    add('do', 'base');
  }
  add(phrase.verb, 'finite');
  const lexical = words.at(-1)!;
  if (phrase.negated && !infinitive) {
    const first = words[0]!;
    const full = modal === 'may' || modal === 'might' || first === 'am';
    words[0] = IRREGULAR_NEGATION[first] ?? first;
    words.splice(1, 0, full ? 'not' : "n't");
  }
  return { words, lexical, agrees };
}
