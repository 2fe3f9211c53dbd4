/** How well a translation model translates a text: perplexity, BLEU as published and as Moses, chrF. */

import { z } from 'zod';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { readStored } from '../../files/json-file.js';
import { type BleuScore, bleuMetric, type Signed } from '../../metrics/bleu.js';
import { type ChrfScore, chrf } from '../../metrics/chrf.js';
import { corpusScore, type SentenceStatistics } from '../../metrics/metric.js';
import { multiBleu } from '../../metrics/multi-bleu.js';
import { metricsVersion, signatureFields, signatureText } from '../../metrics/signature.js';
import type { EncodedPair } from '../../nmt/batches.js';
import type { TranslationModel } from '../../nmt/model.js';
import { evaluatePairs, type PairEvaluation, translate } from '../../nmt/translate.js';
import type { TranslationUnits } from '../../nmt/units.js';
import { shownPath } from '../../terminal/shown-path.js';

/** A text with its translation, as the model reads them and as people do. */
export interface TestText {
  pairs: readonly EncodedPair[];
  source: readonly string[];
  references: readonly string[];
}

export interface TranslationScores extends PairEvaluation {
  sentences: number;
  beam: number;
  /** 13a tokens of the text as the corpus has it: lower-cased where that is. */
  bleu: Signed<BleuScore>;
  /** Words of the hypotheses for every word of the references, as multi-bleu counts them. */
  brevityRatio: number;
  /** What the paper's script gives on the same lines. */
  multiBleu: number;
  chrf: Signed<ChrfScore>;
  /** Counts of every sentence for BLEU. */
  statistics: SentenceStatistics;
  hypotheses: string[];
}

/** Says how `multiBleu` was measured, in the form of the other signatures. */
export const multiBleuSignature = (): string =>
  `multi-bleu|nrefs:1|case:mixed|tok:none|smooth:none|version:${metricsVersion()}`;

/** Translates a text and scores the translations against the references. */
export async function scoreTranslations(
  model: TranslationModel,
  units: TranslationUnits,
  { pairs, source, references }: TestText,
  options: { beam: number; onProgress?: (done: number) => void },
): Promise<TranslationScores> {
  const { beam, onProgress } = options;
  const loss = await evaluatePairs(model, pairs);
  const translations = await translate(model, units, source, {
    beam,
    onProgress: (done) => onProgress?.(done / source.length),
  });
  const hypotheses = translations.map(({ text }) => text);
  const metric = bleuMetric();
  const statistics = metric.statistics(hypotheses, [references]);
  const signature = signatureText(signatureFields(metric, statistics));
  // The script dies of hypotheses without a word, which a model of the first steps may give.
  const silent = hypotheses.every((line) => line === '');
  const moses = silent ? null : multiBleu(hypotheses, [references]);
  return {
    ...loss,
    sentences: source.length,
    beam,
    bleu: Object.assign(corpusScore(metric, statistics), { signature }),
    brevityRatio: moses?.ratio ?? 0,
    multiBleu: moses?.score ?? 0,
    chrf: chrf(hypotheses, [references]),
    statistics,
    hypotheses,
  };
}

/** Two lengths; matches and n-grams of orders 1 to 4. */
const BLEU_COLUMNS = 10;

/** Metadata `format` of stored counts. */
const STATISTICS_FORMAT = 'g2lstm-sentence-statistics-1';

/** Writes the counts of every sentence, without its text: enough for tests of significance. */
export function writeStatistics(
  file: string,
  { statistics, bleu }: Pick<TranslationScores, 'statistics' | 'bleu'>,
): void {
  const { lines, width, values, references } = statistics;
  const head = JSON.stringify({
    format: STATISTICS_FORMAT,
    metric: bleu.name,
    signature: bleu.signature,
    score: bleu.score,
    columns: [
      ...['hypothesis length', 'reference length'],
      ...bleu.counts.map((_, n) => `matches of order ${n + 1}`),
      ...bleu.totals.map((_, n) => `n-grams of order ${n + 1}`),
    ],
    references,
  });
  const row = (i: number) => JSON.stringify([...values.subarray(i * width, (i + 1) * width)]);
  const rows = Array.from({ length: lines }, (_, i) => row(i)).join(',\n');
  writeFileAtomic(file, `${head.slice(0, -1)},"sentences":[\n${rows}\n]}\n`);
}

const STATISTICS = z.looseObject({
  format: z.literal(STATISTICS_FORMAT),
  signature: z.string(),
  score: z
    .number()
    .min(0)
    .max(100 + 1e-9),
  columns: z.array(z.string()).length(BLEU_COLUMNS),
  references: z.nullable(z.int().min(1)),
  sentences: z.array(z.array(z.int().min(0))).min(1),
});

/** Counts of a run's translations, and how they were made. */
export interface StoredStatistics {
  signature: string;
  score: number;
  statistics: SentenceStatistics;
}

/** Reads what `writeStatistics` wrote; a file that is none is a UserError. */
export function readStatistics(file: string): StoredStatistics {
  const { columns, signature, score, references, sentences } = readStored(
    file,
    STATISTICS,
    'a file of counts of sentences',
  );
  const width = columns.length;
  const wrong = sentences.findIndex((row) => row.length !== width);
  if (wrong >= 0)
    throw new UserError(
      `${shownPath(file)} is not a file of counts of sentences: sentences[${wrong}] must be of ${width} items, as columns is.`,
    );
  const statistics = {
    lines: sentences.length,
    width,
    values: Float64Array.from(sentences.flat()),
    references,
  };
  return { signature, score, statistics };
}
