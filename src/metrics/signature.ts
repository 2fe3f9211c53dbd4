/**
 * Signatures: one line that names everything a score depends on, in the form that sacrebleu made
 * common. Only the version is this program's own.
 */
import type { SentenceStatistics, SignatureField, TranslationMetric } from './metric.js';

/** How a confidence interval or a paired test was made. */
export interface Resampling {
  /** Bootstrap samples. */
  bootstrap?: number;
  /** Trials of the approximate randomisation. */
  randomisation?: number;
  seed?: number;
}

/** `g2lstm-0.1.0`: this program in a signature. */
export function metricsVersion(): string {
  return 'g2lstm-0.1.0'; // a test holds it to package.json's
}

/** The fields of a score's signature, in order. */
export function signatureFields(
  metric: Pick<TranslationMetric, 'fields'>,
  statistics: Pick<SentenceStatistics, 'references'>,
  resampling: Resampling = {},
): SignatureField[] {
  const { bootstrap, randomisation, seed } = resampling;
  const fields: SignatureField[] = [['nrefs', '#', String(statistics.references ?? 'var')]];
  if (bootstrap !== undefined) fields.push(['bs', 'bs', String(bootstrap)]);
  if (randomisation !== undefined) fields.push(['ar', 'ar', String(randomisation)]);
  if (seed !== undefined) fields.push(['seed', 'rs', String(seed)]);
  return [...fields, ...metric.fields, ['version', 'v', metricsVersion()]];
}

/** `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:...`, or short `#:1|c:mixed|...`. */
export const signatureText = (fields: readonly SignatureField[], short = false): string =>
  fields.map(([name, brief, value]) => `${short ? brief : name}:${value}`).join('|');
