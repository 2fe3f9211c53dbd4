import type { SplitName } from '../corpus.js';
import { DEMO_LICENCE } from '../made/corpus.js';
import { MADE_PAIRS, madeParallelCorpus } from '../made/parallel.js';
import type { ParallelCorpus, ParallelSplit } from './corpus.js';
import {
  IWSLT14_LAYOUTS,
  type Layout,
  MULTI30K_LAYOUTS,
  OWN_FILES,
  WMT14_LAYOUTS,
} from './layouts.js';

/** What is known of a translation corpus before it is read. */
export interface ParallelFacts {
  name: string;
  title: string;
  /** Usual direction: from the first to the second. */
  languages: readonly [string, string];
  /** Files of one's own: other languages are as welcome. */
  anyLanguage?: boolean;
  licence: string;
  /** Uncompressed size of the tokenised (else raw) text, both sides; null when unknown. */
  bytes: number | null;
  /** Pairs of each part of the whole corpus; null when unknown. */
  sentences: Record<SplitName, number> | null;
  /** Are its tokenised files lower-cased? */
  lowercased: boolean;
  /** Where its files may lie, the best first. */
  layouts: readonly Layout[];
  /** Made in memory instead of read. */
  make?: (source: string, target: string) => ParallelCorpus;
}

/** The made pairs either way, without the structures behind them (`madeParallelCorpus` has those). */
function makeDemo(sourceLanguage: string, targetLanguage: string): ParallelCorpus {
  const { sentences: _, ...corpus } = madeParallelCorpus();
  const part = (name: SplitName): ParallelSplit => {
    const { sha256, source, target } = corpus[name];
    if (sourceLanguage === corpus.sourceLanguage)
      return { name, paths: null, sha256, source, target };
    const swapped = { source: sha256.target, target: sha256.source };
    return { name, paths: null, sha256: swapped, source: target, target: source };
  };
  const parts = { train: part('train'), valid: part('valid'), test: part('test') };
  return { ...corpus, ...parts, name: 'demo-mt', sourceLanguage, targetLanguage };
}

export const OWN_LICENCE = 'Files of your own.';

export const PARALLEL_FACTS: readonly ParallelFacts[] = [
  {
    name: 'demo-mt',
    title: 'Made German and English sentence pairs (our own grammar, seed 1)',
    languages: ['de', 'en'],
    licence: DEMO_LICENCE,
    bytes: null,
    sentences: MADE_PAIRS,
    lowercased: true,
    layouts: [],
    make: makeDemo,
  },
  {
    name: 'multi30k',
    title: 'Multi30k, task 1, German and English image captions',
    languages: ['de', 'en'],
    licence:
      'Captions derived from Flickr30k, provided for non-commercial research and education; the images are under the Flickr Terms of Use. Not redistributed here.',
    bytes: 2150008 + 1837696 + 77273 + 64608 + 71917 + 63307,
    sentences: { train: 29000, valid: 1014, test: 1000 },
    lowercased: true,
    layouts: MULTI30K_LAYOUTS,
  },
  {
    name: 'iwslt14',
    title: "IWSLT'14 German and English, TED talks, prepared as usual",
    languages: ['de', 'en'],
    licence:
      "TED talk transcripts collected by WIT3 for IWSLT 2014; TED's own terms apply (CC BY-NC-ND). Not redistributed here.",
    bytes: null,
    sentences: { train: 160239, valid: 7283, test: 6750 },
    lowercased: true,
    layouts: IWSLT14_LAYOUTS,
  },
  {
    name: 'wmt14',
    title: "WMT'14 English and German, newstest2012 + 2013 as valid, newstest2014 as test",
    languages: ['en', 'de'],
    licence:
      'Europarl v7, Common Crawl and News Commentary v9 as published for WMT14, each under the terms of its source. Not redistributed here.',
    bytes: null,
    sentences: { train: 4520620, valid: 6003, test: 3003 },
    lowercased: false,
    layouts: WMT14_LAYOUTS,
  },
  {
    name: 'own',
    title: 'Files of your own: train, valid and test, one for each language',
    languages: ['de', 'en'],
    anyLanguage: true,
    licence: OWN_LICENCE,
    bytes: null,
    sentences: null,
    lowercased: false,
    layouts: [OWN_FILES],
  },
];
