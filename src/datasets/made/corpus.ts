import { sha256 } from '../../files/hash.js';
import { buildCorpus, type LanguageModelCorpus, SPLITS, type SplitName } from '../corpus.js';
import type { AbstractSentence } from './abstract.js';
import { english } from './english.js';
import { TOPICS } from './lexicon.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { nextSentence } from './sentences.js';
import type { Agreement } from './writer.js';

export const DEMO_LICENCE = 'Made by this project; Apache-2.0 like the project itself.';

/** A made sentence with the structure a language model has to find out. */
export interface MadeSentence {
  words: string[];
  /**
   * Rising indices of words that begin a clause, conjunctions between clauses, relative pronouns and
   * punctuation; index 0 is never among them, nor is "and" between nouns.
   */
  boundaries: number[];
  /** Finite verbs whose form shows the subject's number. */
  agreement: Agreement[];
  /** What the sentence was written from. */
  meaning: AbstractSentence;
}

export interface MadeOptions {
  /** Default 1. */
  seed?: number;
  /** Sentences of each part. Default `MADE_SENTENCES`. */
  sentences?: Partial<Record<SplitName, number>>;
}

/** Default sizes: about 110,000, 9,000 and 9,000 tokens. */
export const MADE_SENTENCES: Record<SplitName, number> = { train: 8000, valid: 640, test: 640 };

/** A made corpus, and its sentences as structures in the order of its lines. */
export interface MadeCorpus extends LanguageModelCorpus {
  sentences: Record<SplitName, MadeSentence[]>;
}

/** Longer sentences are drawn again: they are correct but tire the reader. */
const LONGEST = 40;

/** Meaning, words and structure of one sentence. */
export function realise(meaning: AbstractSentence): MadeSentence {
  return { ...english(meaning), meaning };
}

function* paragraphs(random: Random): Generator<MadeSentence> {
  for (;;) {
    const scene = new Scene(random, random.pick(TOPICS));
    for (let rest = random.integer(4, 9); rest > 0; rest--) {
      const sentence = realise(nextSentence(scene));
      if (sentence.words.length <= LONGEST) yield sentence;
    }
  }
}

/**
 * English text made by our own grammar: paragraphs on one topic with a small cast, lower case,
 * tokenised as in the Penn Treebank. The same seed gives the same text on every machine. Sentences of
 * valid and test do not occur in train and hold only words of train.
 */
export function madeCorpus(options: MadeOptions = {}): MadeCorpus {
  const { seed = 1 } = options;
  const sizes = { ...MADE_SENTENCES, ...options.sentences };
  const seen = new Set<string>();
  const known = new Set<string>();
  const sentences: Record<SplitName, MadeSentence[]> = { train: [], valid: [], test: [] };
  const texts = {} as Record<SplitName, { path: null; sha256: string; lines: string[] }>;
  for (const split of SPLITS) {
    const lines: string[] = [];
    for (const sentence of paragraphs(new Random(seed, split))) {
      if (lines.length >= sizes[split]) break;
      const line = sentence.words.join(' ');
      if (split === 'train') {
        for (const word of sentence.words) known.add(word);
      } else if (seen.has(line) || !sentence.words.every((word) => known.has(word))) continue;
      sentences[split].push(sentence);
      lines.push(line);
    }
    // Added after the part is complete: a part may repeat itself, as real text does.
    for (const line of lines) seen.add(line);
    texts[split] = { path: null, sha256: sha256(`${lines.join('\n')}\n`), lines };
  }
  return { ...buildCorpus({ name: 'demo', licence: DEMO_LICENCE, texts }), sentences };
}
