/** Headlines by deletion: summarisation where the tree says which words stay. */
import type { Random } from '../../../datasets/made/random.js';
import { carrying, type KnownTask, padded, type Sequence } from './task.js';

const NOUNS = 'captain doctor farmer singer teacher king ship house letter horse city river'.split(
  ' ',
);
const VERBS = 'sold found saw painted left wanted bought lost'.split(' ');
const ADJECTIVES = 'old red young tall famous small'.split(' ');
const OTHERS = 'pad the of who which near yesterday suddenly finally . first? verb? last?'.split(
  ' ',
);
const TOKENS = [...NOUNS, ...VERBS, ...ADJECTIVES, ...OTHERS];

/** A sentence under construction: words with whether they stay. */
interface Words {
  words: string[];
  kept: number[];
}

const say = (to: Words, text: string, kept = 0): void => {
  for (const word of text.split(' ')) {
    to.words.push(word);
    to.kept.push(kept);
  }
};

/** What follows a noun: phrases with "of" and "near", relative clauses; about so many words. */
function modifiers(to: Words, random: Random, words: number): void {
  let rest = words;
  while (rest >= 3) {
    const noun = random.pick(NOUNS);
    const old = random.chance(0.3) ? `${random.pick(ADJECTIVES)} ` : '';
    const kind = random.weighted({ of: 2, near: 1, who: 2 });
    const text =
      kind === 'who'
        ? `${random.chance(0.5) ? 'who' : 'which'} ${random.pick(VERBS)} the ${old}${noun}`
        : `${kind} the ${old}${noun}`;
    say(to, text);
    rest -= text.split(' ').length;
  }
}

/** THE (adjective) SUBJECT modifiers (adverb) VERB the (adjective) OBJECT modifiers . */
function sentence(random: Random, words: number): Words & { answers: string[] } {
  const to: Words = { words: [], kept: [] };
  const [subject, verb, object] = [random.pick(NOUNS), random.pick(VERBS), random.pick(NOUNS)];
  const room = Math.max(0, words - 12);
  const before = random.integer(0, room);
  const noun = (word: string, after: number): void => {
    say(to, 'the');
    if (random.chance(0.4)) say(to, random.pick(ADJECTIVES));
    say(to, word, 1);
    modifiers(to, random, after);
  };
  noun(subject, before);
  if (random.chance(0.5)) say(to, random.pick(['yesterday', 'suddenly', 'finally']));
  say(to, verb, 1);
  noun(object, room - before);
  say(to, '.');
  return { ...to, answers: [subject, verb, object] };
}

export const HEADLINE: KnownTask = {
  name: 'headline',
  title: 'summarisation: headline by deletion',
  doc: 'subject, verb and object of a long sentence; all other words are dropped',
  role: 'gates',
  tokens: TOKENS,
  length: 26,
  factors: [1, 2, 4, 8],
  units: 64,
  updates: 500,
  learningRate: 0.01,
  sequence(random, length, part): Sequence {
    const room = length - 3;
    // Short sentences help at the beginning and occur in training only.
    const words = part === 'train' ? random.integer(10, room) : room;
    const { words: text, kept, answers } = sentence(random, words);
    const input = [...text, 'first?', 'verb?', 'last?'].map((word) => TOKENS.indexOf(word));
    const target = input.map((_, t) => {
      const answer = answers[t - text.length];
      return answer === undefined ? -1 : TOKENS.indexOf(answer);
    });
    const subject = kept.indexOf(1);
    const known = carrying(input.length, TOKENS.indexOf(answers[0]!), text.length - 1, {
      written: [subject],
      kept: () => true,
    });
    const whole = { input, target, known, kept: [...kept, -1, -1, -1] };
    return padded(whole, length, TOKENS.indexOf('pad'));
  },
};
