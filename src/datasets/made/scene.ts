import type { Gender, GrammaticalNumber } from './abstract.js';
import { FRAMES, type Frame, isOfTopic, NOUNS, noun, nounsOf } from './lexicon.js';
import type { NounClass } from './nouns.js';
import type { Random } from './random.js';
import { FIRST_NAMES, SURNAMES } from './words.js';

/** Somebody or something that sentences speak of. */
export interface Referent {
  kind: NounClass;
  /** Noun lemma; null for somebody with a name, and for I, you, we. */
  noun: string | null;
  name: string | null;
  title: boolean;
  gender: Gender;
  number: GrammaticalNumber;
  /** 1 and 2 only inside quotations. */
  person: 1 | 2 | 3;
  /** Was named before, so that "the" or a pronoun will do. */
  introduced: boolean;
}

const THING_SUBJECTS = {
  ...{
    event: 3,
    idea: 3,
    vehicle: 2,
    thing: 2,
    text: 2,
    animal: 3,
    tool: 1,
    mishap: 1,
    fixture: 1,
  },
};

/** Probability of a plural where it is not 0.36. */
const PLURAL: Partial<Record<NounClass, number>> = { place: 0, food: 0.6, mishap: 0.15 };

/** Are two called the same, so that a reader would take them for one? */
export function sameName(a: Referent, b: Referent): boolean {
  return a.person === b.person && a.noun === b.noun && a.name === b.name;
}

/** Probability that a noun comes from the topic and not from the general list. */
const TOPICAL = 0.72;

/**
 * One paragraph's stage: a topic, a narrative tense and a small cast that its sentences keep coming
 * back to. That is what makes the text coherent enough for a language model to profit from memory.
 */
export class Scene {
  readonly random: Random;
  readonly topic: string;
  readonly tense: 'past' | 'present';
  readonly cast: readonly Referent[];
  /** Subjects of the clauses of this sentence: not spoken of again except as subjects. */
  subjects: Referent[] = [];
  /** Subject of the sentence or clause before: a pronoun can stand for it. */
  last: Referent | null = null;
  readonly #frames: readonly Frame[];

  constructor(random: Random, topic: string) {
    this.random = random;
    this.topic = topic;
    this.tense = random.chance(0.55) ? 'past' : 'present';
    this.#frames = FRAMES.filter((f) => !f.topics || f.topics.includes(topic));
    const drawn = [this.person(), this.person(), this.thing()];
    if (random.chance(0.5)) drawn.push(this.ofKind('person')!);
    if (random.chance(0.6)) drawn.push(this.thing());
    this.cast = drawn.filter((who, i) => !drawn.slice(0, i).some((other) => sameName(who, other)));
  }

  /** A person, sometimes with a name. */
  person(): Referent {
    const { random } = this;
    if (!random.chance(0.28)) return this.ofKind('person')!;
    const gender = random.chance(0.5) ? 'female' : 'male';
    const title = random.chance(0.3);
    const name = random.zipf(title ? SURNAMES : FIRST_NAMES[gender]);
    return {
      ...{ kind: 'person', noun: null, name, title, gender, number: 'singular' },
      ...{ person: 3, introduced: false },
    };
  }

  /** Something that is not a person and can be the subject of a sentence. */
  thing(): Referent {
    return this.ofKind(this.random.weighted(THING_SUBJECTS)) ?? this.ofKind('idea')!;
  }

  /** Any noun of the topic (or a general one) that is of a kind, or is `=noun`. */
  ofKind(kind: string): Referent | null {
    const { random } = this;
    if (kind.startsWith('=')) {
      const id = kind.slice(1);
      return NOUNS.has(id) && isOfTopic(this.topic, id) ? this.referent(id) : null;
    }
    const own = nounsOf(this.topic, kind);
    const general = nounsOf('', kind);
    if (own.length + general.length === 0) return null;
    const useOwn = own.length > 0 && (general.length === 0 || random.chance(TOPICAL));
    return this.referent(random.zipf(useOwn ? own : general));
  }

  /** One of several kinds, all equally likely; null when the topic has none of them. */
  ofKinds(kinds: readonly string[]): Referent | null {
    const start = this.random.integer(0, kinds.length - 1);
    for (let i = 0; i < kinds.length; i++) {
      const found = this.ofKind(kinds[(start + i) % kinds.length]!);
      if (found) return found;
    }
    return null;
  }

  referent(id: string): Referent {
    const { random } = this;
    const { kind, plural } = noun(id);
    const gender = kind !== 'person' ? 'thing' : sexOf(id, random);
    return {
      ...{ kind, noun: id, name: null, title: false, gender },
      number: plural && random.chance(PLURAL[kind] ?? 0.36) ? 'plural' : 'singular',
      ...{ person: 3, introduced: false },
    };
  }

  /** The member of the cast of this name, else the referent itself: one name, one referent. */
  known(who: Referent): Referent {
    return this.cast.find((member) => sameName(member, who)) ?? who;
  }

  /** Whether a referent is of one of these kinds. */
  fits(who: Referent, kinds: readonly string[]): boolean {
    return kinds.includes(who.kind) || (who.noun !== null && kinds.includes(`=${who.noun}`));
  }

  /** Frames with this subject; or, for a passive, with this object. Topical ones in `own`. */
  frames(who: Referent, passive: boolean): { own: Frame[]; general: Frame[] } {
    const possible = this.#frames.filter((f) =>
      passive ? f.passive && f.object && this.fits(who, f.object.kinds) : this.fits(who, f.subject),
    );
    return {
      own: possible.filter((f) => f.topics),
      general: possible.filter((f) => !f.topics),
    };
  }
}

function sexOf(id: string, random: Random): Gender {
  if (/^(woman|girl)$/.test(id)) return 'female';
  if (/^(man|boy)$/.test(id)) return 'male';
  return random.chance(0.5) ? 'female' : 'male';
}
