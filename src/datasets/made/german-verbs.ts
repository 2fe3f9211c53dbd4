import type { Subject } from './english-verbs.js';
import type { Case } from './german-morphology.js';
import { GERMAN_AUXILIARIES, GERMAN_VERBS } from './german-verb-table.js';
import { FRAMES } from './lexicon.js';
import type { NounClass } from './nouns.js';
import { SAYING_VERBS } from './words.js';

/** `reported` is the first subjunctive (er sei, er sehe), `subjunctive` the second (wäre, würde). */
export type Mood = 'present' | 'past' | 'reported' | 'subjunctive';

/** A German verb and the stems of its forms, all without the separable prefix. */
export interface GermanVerb {
  /** Without the prefix: kommen of ankommen. */
  infinitive: string;
  /** Separable: stands alone at the end of a clause whose verb stands before; '' for none. */
  prefix: string;
  /** Third person singular of the present. */
  third: string;
  /** Third person singular of the past. */
  past: string;
  /** With its prefix. */
  participle: string;
  /** Forms the perfect with sein. */
  sein: boolean;
  reflexive: boolean;
}

/** What an argument of a verb looks like. */
export interface Government {
  preposition: string | null;
  case: Case;
}

/** A German verb with its arguments, for one English frame. */
export interface GermanFrame {
  verb: GermanVerb;
  /** Argument of each English slot: '' for the direct object, else the preposition. */
  arguments: ReadonlyMap<string, Government>;
}

const direct = (c: Case): Government => ({ preposition: null, case: c });

const SUBJUNCTIVE: Readonly<Record<string, string>> = {
  sein: 'wäre',
  haben: 'hätte',
  werden: 'würde',
  können: 'könnte',
  müssen: 'müsste',
  sollen: 'sollte',
  dürfen: 'dürfte',
  wollen: 'wollte',
};
const PRESENT_SINGULAR_ALIKE = new Set(
  'können müssen sollen dürfen wollen mögen wissen'.split(' '),
);

const stemOf = (infinitive: string) => infinitive.replace(/e?n$/, '');

/** A vowel eases stem and ending apart: arbeitet, öffnete; but lernt, filmt. */
const eases = (stem: string) => /([dt]|ch[mn]|[^aeiouäöülrhmn][mn])$/.test(stem);

function parse(words: string[]): GermanVerb {
  const reflexive = words[0] === 'sich';
  if (reflexive) words.shift();
  const sein = words[0] === 'ist';
  if (sein) words.shift();
  const [written, third, past, participle] = words as [string, string?, string?, string?];
  const [first, rest] = written.split('|') as [string, string?];
  const prefix = rest ? first : '';
  const bare = rest ?? first;
  const infinitive = bare.replace('~', '');
  const stem = stemOf(infinitive);
  const e = eases(stem) ? 'e' : '';
  const weak = `${bare.startsWith('~') ? '' : 'ge'}${stem}${e}t`;
  return {
    ...{ infinitive, prefix, sein, reflexive },
    third: third ?? `${stem}${e}t`,
    past: past ?? `${stem}${e}te`,
    participle: prefix + (participle ?? weak),
  };
}

function governments(text: string | undefined, key: string): Map<string, Government> {
  const map = new Map<string, Government>();
  const slot = key.match(/-([a-z]+)/)?.[1] ?? '';
  const full: Record<string, Case> = { acc: 'accusative', dat: 'dative' };
  const [first, second] = (text ?? 'acc').split(' ') as [string, string?];
  map.set(slot, second ? { preposition: first, case: full[second]! } : direct(full[first]!));
  return map;
}

const frames = new Map<string, GermanFrame>();
for (const line of GERMAN_VERBS.trim().split('\n')) {
  const [words, government] = line.split(' > ') as [string, string?];
  const [key, ...forms] = words.split(' ') as [string, ...string[]];
  frames.set(key, { verb: parse(forms), arguments: governments(government, key) });
}
const auxiliaries = new Map(
  GERMAN_AUXILIARIES.trim()
    .split('\n')
    .map((line) => {
      const [name, ...forms] = line.split(' ') as [string, ...string[]];
      return [name, parse(forms)] as const;
    }),
);
auxiliaries.set('wollen', frames.get('want')!.verb);

/** An auxiliary or modal verb. @throws RangeError for another verb */
export function auxiliary(name: string): GermanVerb {
  const entry = auxiliaries.get(name);
  if (!entry) throw new RangeError(`no auxiliary "${name}"`);
  return entry;
}

/** How an English verb is used. */
export interface VerbUse {
  verb: string;
  /** Prepositions of its arguments. */
  relations: readonly string[];
  /** Kind of its subject, null when unknown; of a passive, the object it would have. */
  subject: NounClass | null;
  object: NounClass | null;
  passive: boolean;
}

/** The German verb for a use of an English one. @throws RangeError when the lexicon has none */
export function germanFrame({ verb, relations, subject, object, passive }: VerbUse): GermanFrame {
  const keys = [
    ...(passive ? [`${verb}:passive`] : []),
    ...(relations.includes('to') ? [`${verb}+to`] : []),
    `${verb}=${object}`,
    `${verb}@${subject}`,
    `${verb}-${relations[0]}`,
    verb,
  ];
  for (const key of keys) {
    const found = frames.get(key);
    if (found) return found;
  }
  throw new RangeError(`no German verb for "${keys.join('", "')}"`);
}

/** Verbs of the lexicon without German; empty. */
export function verbsWithoutGerman(): string[] {
  const used = FRAMES.map((f) => [f.verb, f.object?.preposition] as const);
  const said = SAYING_VERBS.map((forms) => [forms.split('|')[0]!, null] as const);
  return [...used, ...said]
    .filter(([verb, preposition]) => !frames.has(verb) && !frames.has(`${verb}-${preposition}`))
    .map(([verb]) => verb);
}

const withE = (stem: string) => (stem.endsWith('el') ? `${stem.slice(0, -2)}le` : `${stem}e`);

/** Finite form without the prefix. `reported`: third person only. */
export function finiteForm(verb: GermanVerb, mood: Mood, subject: Subject): string {
  const { person, number } = subject;
  const { infinitive } = verb;
  if (mood === 'present') {
    if (infinitive === 'sein') {
      if (number === 'plural') return person === 2 ? 'seid' : 'sind';
      return person === 1 ? 'bin' : 'ist';
    }
    const stem = stemOf(infinitive);
    if (number === 'plural') {
      if (person !== 2) return infinitive;
      return `${stem}${eases(stem) || infinitive === 'werden' ? 'e' : ''}t`;
    }
    return person !== 1 || PRESENT_SINGULAR_ALIKE.has(infinitive) ? verb.third : withE(stem);
  }
  if (mood === 'reported') {
    const sein = infinitive === 'sein';
    if (number === 'plural' && !sein) throw new RangeError('a plural reports by "würden"');
    return sein ? (number === 'plural' ? 'seien' : 'sei') : withE(stemOf(infinitive));
  }
  const base = mood === 'past' ? verb.past : SUBJUNCTIVE[infinitive];
  if (!base) throw new RangeError(`"${infinitive}" takes würde, not a subjunctive of its own`);
  if (number === 'singular') return base;
  if (person === 2) return `${base}${/[dt]$/.test(base) ? 'e' : ''}t`;
  return base.endsWith('e') ? `${base}n` : `${base}en`;
}

/** Infinitive with zu: zu sehen, anzukommen. */
export function zuInfinitive({ prefix, infinitive }: GermanVerb): string[] {
  return prefix ? [`${prefix}zu${infinitive}`] : ['zu', infinitive];
}

/** Does the verb have a subjunctive of its own that one says? Others take würde. */
export const hasSubjunctive = ({ infinitive }: GermanVerb): boolean => infinitive in SUBJUNCTIVE;
