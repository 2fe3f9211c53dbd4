import type { SplitName } from '../corpus.js';

/** Which text of a corpus is wanted. */
export type ParallelFormName = 'tokenised' | 'raw' | 'bpe-10k' | 'bpe-30k';

/** Files of one form of a corpus: `stem.LANGUAGE`; several stems are read one after the other. */
export interface Layout {
  form: ParallelFormName;
  stems: Record<SplitName, readonly string[]>;
  /** The training part is only a sample of the corpus. */
  sample?: boolean;
  /** Remove `@@ ` from the training part, which is stored in sub-word units. */
  joinTraining?: boolean;
  /** Files of one's own: nothing is known of their form but what they look like. */
  own?: boolean;
}

const stems = (train: string, valid: string, test: string): Layout['stems'] => ({
  train: [train],
  valid: [valid],
  test: [test],
});

/** train.de, train.en, valid.de ... in a folder of one's own, whatever their form. */
export const OWN_FILES: Layout = {
  form: 'tokenised',
  stems: stems('train', 'valid', 'test'),
  own: true,
};

/** A folder of the Multi30k repository, or its files without the folders around them. */
const multi30k = (form: ParallelFormName, folder: string, end: string): Layout[] =>
  [`${folder}/`, `data/task1/${folder}/`, ''].map((before) => ({
    form,
    stems: stems(`${before}train${end}`, `${before}val${end}`, `${before}test_2016_flickr${end}`),
  }));

export const MULTI30K_LAYOUTS: readonly Layout[] = [
  ...multi30k('tokenised', 'tok', '.lc.norm.tok'),
  ...multi30k('raw', 'raw', ''),
  OWN_FILES,
];

const iwslt = (form: ParallelFormName, folder: string): Layout => ({
  form,
  stems: stems(`${folder}/train`, `${folder}/valid`, `${folder}/test`),
});
const iwsltSample = (form: ParallelFormName, folder: string): Layout => ({
  form,
  stems: stems('lr_first/train', `${folder}/valid`, `${folder}/test`),
  sample: true,
  joinTraining: form === 'tokenised',
});

/** The whole training part first; else the sample of 4,600 pairs. */
export const IWSLT14_LAYOUTS: readonly Layout[] = [
  iwslt('tokenised', 'tok'),
  OWN_FILES,
  iwsltSample('tokenised', 'tok'),
  iwslt('bpe-10k', '10k_bpe'),
  iwslt('bpe-30k', '30k_bpe'),
  iwsltSample('bpe-30k', '30k_bpe'),
];

const wmt14 = (form: ParallelFormName, folder: string): Layout => ({
  form,
  stems: {
    train: [`${folder}train`],
    valid: [`${folder}newstest2012`, `${folder}newstest2013`],
    test: [`${folder}newstest2014`],
  },
});

/** newstest2012 and 2013 together are the paper's validation text. */
export const WMT14_LAYOUTS: readonly Layout[] = [
  wmt14('tokenised', 'tok/'),
  wmt14('tokenised', ''),
  wmt14('raw', 'raw/'),
  OWN_FILES,
];
