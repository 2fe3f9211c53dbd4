/**
 * The meaning of a made sentence, free of any language's word order and inflection. Every `id` names
 * a lemma of the lexicon (its English citation form); a lineariser turns the tree into words.
 */
export type GrammaticalNumber = 'singular' | 'plural';
/** Sex of a person spoken of; `thing` for everything else. */
export type Gender = 'male' | 'female' | 'thing';
export type Tense = 'past' | 'present' | 'future';

/** How a noun is pointed out. */
export type Determiner =
  | { kind: 'definite' }
  | { kind: 'indefinite' }
  | { kind: 'bare' }
  | { kind: 'this' }
  | { kind: 'that' }
  | { kind: 'every' }
  | { kind: 'another' }
  | { kind: 'some' }
  | { kind: 'many' }
  | { kind: 'several' }
  | { kind: 'count'; count: number }
  | { kind: 'possessive'; owner: NounPhrase };

/** A preposition and its noun phrase. Relation `location` takes the place's own preposition. */
export interface Oblique {
  relation: string;
  object: NounPhrase;
}

/** A clause about the noun before it; its `gap` stands where the noun is missing. */
export interface RelativeClause {
  /** Which role of the clause the noun plays. */
  role: 'subject' | 'object';
  clause: Clause;
  /** Set off by commas. */
  aside: boolean;
  /** English may choose `that`; not with `aside`. */
  that: boolean;
}

export interface CommonNoun {
  kind: 'common';
  noun: string;
  number: GrammaticalNumber;
  gender: Gender;
  determiner: Determiner;
  adjectives: string[];
  /** "the owner of the boats". */
  of: NounPhrase | null;
  /** "the boats in the harbour". */
  modifier: Oblique | null;
  relative: RelativeClause | null;
}

export interface ProperName {
  kind: 'name';
  /** First name, or surname after a title. */
  name: string;
  gender: 'male' | 'female';
  /** mr. or ms., by gender. */
  title: boolean;
  relative: RelativeClause | null;
}

export interface Pronoun {
  kind: 'pronoun';
  person: 1 | 2 | 3;
  number: GrammaticalNumber;
  gender: Gender;
  /** Noun lemma it stands for, which decides its grammatical gender in German; null for names, I, you. */
  antecedent: string | null;
}

export interface Coordination {
  kind: 'coordination';
  items: [NounPhrase, NounPhrase];
}

/** The missing argument of a relative clause or the unspoken subject of an infinitive. */
export interface Gap {
  kind: 'gap';
  person: 1 | 2 | 3;
  number: GrammaticalNumber;
}

export type NounPhrase = CommonNoun | ProperName | Pronoun | Coordination | Gap;

/** What is said of a subject with `be`. */
export type Predicative =
  | { kind: 'adjective'; adjective: string; degree: string | null }
  | { kind: 'place'; place: Oblique };

export interface VerbPhrase {
  /** Verb lemma; `be` with a predicative. */
  verb: string;
  tense: Tense;
  perfect: boolean;
  progressive: boolean;
  /** The subject is the verb's object; `agent` may say who did it. */
  passive: boolean;
  agent: NounPhrase | null;
  modal: string | null;
  negated: boolean;
  object: NounPhrase | null;
  /** Prepositional arguments and places, in order. */
  obliques: Oblique[];
  predicative: Predicative | null;
  /** What is said, thought, hoped. `that`: the conjunction is spoken. */
  content: { clause: Clause; that: boolean } | null;
  /** "tried to open the door". Same subject. */
  infinitive: VerbPhrase | null;
  /** Manner adverb. */
  manner: string | null;
  /** Frequency adverb: often, never. */
  frequency: string | null;
}

/** A verb phrase with nothing in it: the past of "say". */
export const PLAIN_VERB_PHRASE: Readonly<VerbPhrase> = {
  verb: 'say',
  tense: 'past',
  perfect: false,
  progressive: false,
  passive: false,
  agent: null,
  modal: null,
  negated: false,
  object: null,
  obliques: [],
  predicative: null,
  content: null,
  infinitive: null,
  manner: null,
  frequency: null,
};

/** A time expression: an id of the lexicon, with a number where it has one ("three days ago"). */
export interface TimePhrase {
  id: string;
  number: number | null;
}

export interface Clause {
  subject: NounPhrase;
  /** One verb phrase, or two that share the subject. */
  predicates: VerbPhrase[];
  /** Joins the two verb phrases. */
  conjunction: 'and' | 'but' | null;
  time: { phrase: TimePhrase; first: boolean } | null;
}

export type AbstractSentence =
  | { kind: 'simple'; connective: string | null; clause: Clause }
  | { kind: 'subordinate'; conjunction: string; first: boolean; main: Clause; sub: Clause }
  | { kind: 'coordinate'; conjunction: 'and' | 'but' | 'so' | 'or'; left: Clause; right: Clause }
  | {
      kind: 'quote';
      speaker: NounPhrase;
      /** Verb of saying, in this tense. */
      verb: string;
      tense: Tense;
      content: Clause;
      question: boolean;
      /** `before`: she said : "..."; `after`: "..." , she said; `inverted`: "..." , said the pilot. */
      position: 'before' | 'after' | 'inverted';
    };
