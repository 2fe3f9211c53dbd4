import { sha256 } from '../../files/hash.js';
import { SPLITS, type SplitName } from '../corpus.js';
import type { AbstractSentence } from './abstract.js';
import { DEMO_LICENCE } from './corpus.js';
import { english } from './english.js';
import { german } from './german.js';
import { TOPICS } from './lexicon.js';
import { Random } from './random.js';
import { standsAlone } from './sayable.js';
import { Scene } from './scene.js';
import { nextSentence } from './sentences.js';
import type { Written } from './writer.js';

/** One meaning in two languages, each with its clause boundaries and agreement. */
export interface MadePair {
  german: Written;
  english: Written;
  meaning: AbstractSentence;
}

export interface MadeParallelOptions {
  /** Default 1. */
  seed?: number;
  /** Pairs of each part. Default `MADE_PAIRS`. */
  sentences?: Partial<Record<SplitName, number>>;
  /** Topics that sentences are about. Default `MADE_PAIR_TOPICS`; all of them are `TOPICS`. */
  topics?: readonly string[];
  /** Words of the longest sentence, in either language. Default `LONGEST_PAIR`; at least 8. */
  longest?: number;
}

/** Default sizes: about 81,500 training tokens in each language, 2,000 German and 1,150 English words. */
export const MADE_PAIRS: Record<SplitName, number> = { train: 7000, valid: 500, test: 500 };

/** Default topics: few enough that a small model sees every word often. */
export const MADE_PAIR_TOPICS: readonly string[] = ['harbor', 'school', 'kitchen', 'court'];

/** Default for the words of the longest sentence. */
export const LONGEST_PAIR = 18;

export interface MadeParallelSplit {
  name: SplitName;
  paths: null;
  /** Of the lines with a line feed behind each, hexadecimal. */
  sha256: { source: string; target: string };
  /** German lines. */
  source: string[];
  /** English lines, in the same order. */
  target: string[];
}

/** Structurally a parallel corpus of the registry, with its sentences as structures. */
export interface MadeParallelCorpus {
  name: string;
  sourceLanguage: 'de';
  targetLanguage: 'en';
  train: MadeParallelSplit;
  valid: MadeParallelSplit;
  test: MadeParallelSplit;
  licence: string;
  matchesPublished: null;
  notes: string[];
  form: { tokenised: true; lowercased: true; segmented: false };
  /** The pairs in the order of the lines. */
  sentences: Record<SplitName, MadePair[]>;
}

/** Meaning and both wordings of one sentence. */
export function realisePair(meaning: AbstractSentence): MadePair {
  return { german: german(meaning), english: english(meaning), meaning };
}

/** Every sentence has a scene of its own, so that its pronouns refer to nothing outside it. */
function* pairs(random: Random, topics: readonly string[], longest: number): Generator<MadePair> {
  for (;;) {
    const meaning = nextSentence(new Scene(random, random.pick(topics)));
    if (!standsAlone(meaning)) continue;
    const pair = realisePair(meaning);
    const length = Math.max(pair.german.words.length, pair.english.words.length);
    if (length <= longest) yield pair;
  }
}

/**
 * German and English text made by our own grammar from the same meanings, for trying out translation:
 * verb-second and verb-final clauses, separable verbs, agreement, compounds. Both sides are lower case
 * and tokenised, German with „ and “, English as in the Penn Treebank. The same seed gives the same
 * text on every machine. No line of valid or test occurs in another part, in either language; their
 * English words all occur in train, while some German forms and compounds do not.
 */
export function madeParallelCorpus(options: MadeParallelOptions = {}): MadeParallelCorpus {
  const { seed = 1, topics = MADE_PAIR_TOPICS, longest = LONGEST_PAIR } = options;
  for (const topic of topics) {
    if (!TOPICS.includes(topic)) {
      throw new RangeError(`no topic "${topic}"; there are ${TOPICS.join(', ')}`);
    }
  }
  if (longest < 8 || topics.length === 0) {
    throw new RangeError('sentences need a topic and at least 8 words; shorter ones run out');
  }
  const sizes = { ...MADE_PAIRS, ...options.sentences };
  const seen = new Set<string>();
  const known = new Set<string>();
  const sentences: Record<SplitName, MadePair[]> = { train: [], valid: [], test: [] };
  const parts = {} as Record<SplitName, MadeParallelSplit>;
  for (const name of SPLITS) {
    const source: string[] = [];
    const target: string[] = [];
    const drawn = pairs(new Random(seed, `parallel ${name}`), topics, longest);
    while (source.length < sizes[name]) {
      const pair = drawn.next().value as MadePair;
      const [de, en] = [pair.german.words.join(' '), pair.english.words.join(' ')];
      if (name === 'train') for (const word of pair.english.words) known.add(word);
      else if (!pair.english.words.every((word) => known.has(word))) continue;
      if (seen.has(de) || seen.has(en)) continue;
      seen.add(de).add(en);
      sentences[name].push(pair);
      source.push(de);
      target.push(en);
    }
    const digest = (lines: string[]) => sha256(lines.map((line) => `${line}\n`).join(''));
    const checksums = { source: digest(source), target: digest(target) };
    parts[name] = { name, paths: null, sha256: checksums, source, target };
  }
  return {
    ...{ name: 'demo-parallel', sourceLanguage: 'de', targetLanguage: 'en' },
    ...parts,
    ...{ licence: DEMO_LICENCE, matchesPublished: null, notes: [] },
    form: { tokenised: true, lowercased: true, segmented: false },
    sentences,
  };
}
