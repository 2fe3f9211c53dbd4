import { addEd, addIng, addS } from './morphology.js';
import { GENERAL_NOUNS, type NounClass, TOPIC_NOUNS } from './nouns.js';
import { VERBS } from './verbs.js';
import { RELATIONAL_GENERAL, SAYING_VERBS } from './words.js';

/** A noun and its English forms. */
export interface Noun {
  /** Lemma: the singular. */
  id: string;
  kind: NounClass;
  singular: string;
  /** null for a mass noun. */
  plural: string | null;
  /** Preposition of a place: in, on, at. */
  locative: string | null;
}

/** A verb and its English forms. */
export interface Verb {
  /** Lemma: the base form. */
  id: string;
  base: string;
  third: string;
  past: string;
  participle: string;
  ing: string;
}

/** An argument: a preposition (null for an object) and the kinds of noun (or `=noun`) it may be. */
export interface Argument {
  preposition: string | null;
  kinds: string[];
}

/** One way to use a verb: see `VERBS`. */
export interface Frame {
  verb: string;
  /** Topics it belongs to; null for all. */
  topics: string[] | null;
  subject: string[];
  object: Argument | null;
  second: Argument | null;
  /** The second argument must be there. */
  complete: boolean;
  content: boolean;
  infinitive: boolean;
  progressive: boolean;
  /** May follow "want to", "try to". */
  volitional: boolean;
  passive: boolean;
}

const PREPOSITIONS = new Set('for at to about on with in from against location'.split(' '));

const nouns = new Map<string, Noun>();
const byTopic = new Map<string, Map<NounClass, string[]>>();

function addNouns(topic: string, table: Partial<Record<NounClass, string>>): void {
  const kinds = new Map<NounClass, string[]>();
  for (const [kind, line] of Object.entries(table) as [NounClass, string][]) {
    const ids = line.split(' ').map((entry) => {
      const [word, locative] = entry.split('@') as [string, string?];
      const mass = word.endsWith('~');
      const [singular, plural] = word.replace('~', '').split('/') as [string, string?];
      if (!nouns.has(singular)) {
        nouns.set(singular, {
          id: singular,
          kind,
          singular,
          plural: mass ? null : (plural ?? addS(singular)),
          locative: locative ?? null,
        });
      }
      return singular;
    });
    kinds.set(
      kind,
      ids.filter((id) => nouns.get(id)!.kind === kind),
    );
  }
  byTopic.set(topic, kinds);
}

const verbs = new Map<string, Verb>();

function addVerb(forms: string): string {
  const [base, past, participle, ing] = forms.split('|') as [string, string?, string?, string?];
  const known = verbs.get(base);
  if (!known || past) {
    verbs.set(base, {
      id: base,
      base,
      third: base === 'have' ? 'has' : addS(base),
      past: past ?? addEd(base),
      participle: participle ?? past ?? addEd(base),
      ing: ing ?? addIng(base),
    });
  }
  return base;
}

function argument(text: string): Argument {
  const words = text.trim().split(' ');
  const preposition = PREPOSITIONS.has(words[0]!) ? words.shift()! : null;
  return { preposition, kinds: words };
}

function frame(line: string): Frame {
  const [, topics, forms, marks, subject, rest] = line.match(
    /^(?:\[([^\]]+)\] )?([a-z|]+)([~!^]*) : ([^>]+?)(?: >\s*(.*))?$/,
  )!;
  const [object = '', second] = (rest ?? '').split(/ [+&] /) as [string?, string?];
  const infinitive = object === 'to';
  const content = object === 'that';
  const plain = object !== '' && !infinitive && !content;
  const first = plain ? argument(object) : null;
  return {
    verb: addVerb(forms!),
    topics: topics?.split(' ') ?? null,
    subject: subject!.trim().split(' '),
    object: first,
    second: second ? argument(second) : null,
    content,
    infinitive,
    complete: (rest ?? '').includes('&'),
    progressive: !/[!~]/.test(marks!),
    volitional: !marks!.includes('!'),
    passive: first?.preposition === null && !marks!.includes('^'),
  };
}

addNouns('', GENERAL_NOUNS);
for (const [topic, table] of Object.entries(TOPIC_NOUNS)) addNouns(topic, table);
for (const [id, kind] of Object.entries(RELATIONAL_GENERAL)) {
  nouns.set(id, { id, kind, singular: id, plural: addS(id), locative: null });
}
for (const forms of SAYING_VERBS) addVerb(forms);

/** All verb frames, most frequent first, those of one topic last. */
export const FRAMES: readonly Frame[] = VERBS.trim().split('\n').map(frame);
export const TOPICS: readonly string[] = Object.keys(TOPIC_NOUNS);
export const NOUNS: ReadonlyMap<string, Noun> = nouns;
export const LEXICAL_VERBS: ReadonlyMap<string, Verb> = verbs;

/** Entry of a noun lemma. @throws RangeError for an unknown lemma */
export function noun(id: string): Noun {
  const entry = nouns.get(id);
  if (!entry) throw new RangeError(`no noun "${id}" in the lexicon`);
  return entry;
}

/** Entry of a verb lemma. @throws RangeError for an unknown lemma */
export function verb(id: string): Verb {
  const entry = verbs.get(id);
  if (!entry) throw new RangeError(`no verb "${id}" in the lexicon`);
  return entry;
}

/** Noun lemmas of a kind in one topic (`''`: the general ones), most frequent first. */
export function nounsOf(topic: string, kind: string): readonly string[] {
  return byTopic.get(topic)?.get(kind as NounClass) ?? [];
}

/** Whether a noun is general or belongs to the topic. */
export function isOfTopic(topic: string, id: string): boolean {
  const kind = nouns.get(id)?.kind;
  return !!kind && (nounsOf(topic, kind).includes(id) || nounsOf('', kind).includes(id));
}
