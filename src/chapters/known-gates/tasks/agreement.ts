/** Subject and verb over embedded clauses, in the made corpus: the carrier that Figure 4 looks for. */
import { type MadeCorpus, madeCorpus } from '../../../datasets/made/corpus.js';
import { carrying, type KnownTask, nothing, padded, type Sequence } from './task.js';

/** Sentences of each part that are looked through. */
const SENTENCES = { train: 16_000, valid: 0, test: 4000 };
/** The verb is so many words behind its subject, at least: in training, in tests. */
const DISTANCE = { train: 2, test: 4 };
const TOKENS = ['singular', 'plural', 'pad'];

interface Examples {
  tokens: string[];
  train: Sequence[];
  test: Sequence[];
}

function examplesOf(corpus: MadeCorpus): Examples {
  const words = new Map(TOKENS.map((token, id) => [token, id]));
  const idOf = (word: string): number => {
    if (!words.has(word)) words.set(word, words.size);
    return words.get(word)!;
  };
  const of = (part: 'train' | 'test'): Sequence[] =>
    corpus.sentences[part].flatMap((sentence) =>
      sentence.agreement
        .filter(({ subject, verb }) => verb - subject >= DISTANCE[part])
        .map(({ subject, verb, number }): Sequence => {
          const input = sentence.words.slice(0, verb).map(idOf);
          const target = nothing(verb);
          const answer = number === 'plural' ? 1 : 0;
          target[verb - 1] = answer;
          // The number of "a and b" is not written at one word: what is known starts behind it.
          const joined = sentence.words[subject] === 'and';
          const known = carrying(verb, answer, verb - 1, { written: [subject], kept: () => true });
          if (joined) known.input[subject] = -1;
          return { input, target, known };
        }),
    );
  return { train: of('train'), test: of('test'), tokens: [...words.keys()] };
}

let made: Examples | null = null;

/** Made once a process: the corpus takes seconds. */
function examples(): Examples {
  made ??= examplesOf(madeCorpus({ sentences: SENTENCES }));
  return made;
}

export const AGREEMENT: KnownTask = {
  name: 'agreement',
  title: 'number of subject and verb',
  doc: `singular or plural: which verb comes next, ${DISTANCE.test} words or more behind its subject (made corpus)`,
  role: 'gates',
  get tokens() {
    return examples().tokens;
  },
  length: 40,
  factors: [1],
  units: 32,
  updates: 800,
  learningRate: 0.01,
  sequence: (random, length, part) =>
    padded(random.pick(examples()[part]), length, TOKENS.indexOf('pad')),
};
