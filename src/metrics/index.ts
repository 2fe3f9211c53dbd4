/** Translation metrics: BLEU, chrF, TER, how sure they are, and the Moses script's BLEU. */
export {
  BLEU_SMOOTHINGS,
  type BleuOptions,
  type BleuScore,
  type BleuSmoothing,
  bleu,
  bleuMetric,
  type Signed,
  sentenceBleu,
} from './bleu.js';
export { type ChrfOptions, type ChrfScore, chrf, chrfMetric } from './chrf.js';
export {
  corpusScore,
  looksTokenised,
  type References,
  type Score,
  type SentenceStatistics,
  sentenceScores,
  sumRows,
  type TranslationMetric,
} from './metric.js';
export { type MultiBleuOptions, type MultiBleuScore, multiBleu } from './multi-bleu.js';
export { metricsVersion, signatureFields, signatureText } from './signature.js';
export {
  bootstrapConfidence,
  type Confidence,
  DEFAULT_SEED,
  type PairedResult,
  pairedApproximateRandomisation,
  pairedBootstrap,
  type ResamplingOptions,
  statisticsOf,
} from './significance.js';
export { type TerOptions, type TerScore, ter, terMetric } from './ter.js';
export {
  BLEU_TOKENIZERS,
  type BleuTokenizer,
  tokenizeForBleu,
  tokenizeForTer,
} from './tokenizers.js';
