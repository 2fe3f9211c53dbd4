/** The options of `g2lstm bleu`, sacrebleu's, and what they come to. */
import { UsageError } from '../errors.js';
import { BLEU_SMOOTHINGS, bleuMetric } from '../metrics/bleu.js';
import { chrfMetric } from '../metrics/chrf.js';
import type { TranslationMetric } from '../metrics/metric.js';
import { DEFAULT_SEED } from '../metrics/significance.js';
import { terMetric } from '../metrics/ter.js';
import { BLEU_TOKENIZERS } from '../metrics/tokenizers.js';
import {
  choiceOption,
  integerOption,
  type OptionSpec,
  textOption,
  type Values,
} from '../terminal/command.js';

const METRICS = ['bleu', 'chrf', 'ter'] as const;
type MetricName = (typeof METRICS)[number];
const FORMATS = ['json', 'text', 'latex'] as const;

export const BLEU_OPTIONS: Record<string, OptionSpec> = {
  input: {
    type: 'string',
    short: 'i',
    variadic: true,
    value: 'FILE',
    help: 'translations, one file a system (else standard input)',
  },
  'num-refs': {
    type: 'string',
    aliases: ['nr'],
    value: 'N',
    help: 'references in a line, between tabs (1)',
  },
  metrics: {
    type: 'string',
    short: 'm',
    variadic: true,
    value: 'METRIC',
    help: 'bleu, chrf, ter (bleu)',
  },
  'sentence-level': { type: 'boolean', aliases: ['sl'], help: 'score every line' },
  tokenize: {
    type: 'string',
    aliases: ['tok'],
    value: 'NAME',
    help: `BLEU: ${BLEU_TOKENIZERS.join(', ')} (13a)`,
  },
  'smooth-method': {
    type: 'string',
    short: 's',
    value: 'NAME',
    help: `BLEU: ${BLEU_SMOOTHINGS.join(', ')} (exp)`,
  },
  'smooth-value': {
    type: 'string',
    aliases: ['sv'],
    value: 'X',
    help: 'BLEU: of floor (0.1) and add-k (1)',
  },
  'effective-order': { type: 'boolean', help: 'BLEU: leave out orders the text is too short for' },
  'max-order': { type: 'string', value: 'N', help: 'BLEU: longest n-gram (4)' },
  lowercase: { type: 'boolean', aliases: ['lc'], help: 'BLEU: without regard to case' },
  force: { type: 'boolean', help: 'do not warn of tokenised input' },
  'multi-bleu': {
    type: 'boolean',
    help: 'BLEU as the Moses script multi-bleu.perl prints it; with -lc as its -lc',
  },
  'chrf-char-order': { type: 'string', aliases: ['cc'], value: 'N', help: 'characters (6)' },
  'chrf-word-order': {
    type: 'string',
    aliases: ['cw'],
    value: 'N',
    help: 'words (0); 2 makes chrF++',
  },
  'chrf-beta': { type: 'string', value: 'X', help: 'weight of recall (2)' },
  'chrf-whitespace': { type: 'boolean', help: 'count blanks too' },
  'chrf-lowercase': { type: 'boolean', help: 'without regard to case' },
  'chrf-eps-smoothing': { type: 'boolean', help: 'average as chrF++.py, NLTK and Moses do' },
  'ter-case-sensitive': { type: 'boolean', help: 'with regard to case' },
  'ter-asian-support': { type: 'boolean', help: 'treat Chinese and Japanese characters' },
  'ter-no-punct': { type: 'boolean', help: 'remove punctuation' },
  'ter-normalized': { type: 'boolean', help: 'separate punctuation from words' },
  confidence: { type: 'boolean', aliases: ['ci'], help: '95 % interval by bootstrap' },
  'confidence-n': {
    type: 'string',
    aliases: ['cin'],
    value: 'N',
    help: 'resamples (1000)',
  },
  'paired-bs': {
    type: 'boolean',
    aliases: ['pbs'],
    help: 'test systems against the first one by paired bootstrap',
  },
  'paired-bs-n': { type: 'string', aliases: ['pbsn'], value: 'N', help: 'resamples (1000)' },
  'paired-ar': {
    type: 'boolean',
    aliases: ['par'],
    help: 'the same by approximate randomisation',
  },
  'paired-ar-n': { type: 'string', aliases: ['parn'], value: 'N', help: 'trials (10000)' },
  seed: { type: 'string', value: 'N', help: `of all resampling (${DEFAULT_SEED})` },
  format: { type: 'string', short: 'f', value: 'NAME', help: 'json, text, latex (json)' },
  width: { type: 'string', short: 'w', value: 'N', help: 'decimals (1)' },
  short: { type: 'boolean', aliases: ['sh'], help: 'short signatures' },
  'score-only': { type: 'boolean', short: 'b', help: 'nothing but the score' },
  quiet: { type: 'boolean', short: 'q', help: 'no warnings' },
};

/** A number option of at least zero, or undefined. */
function numberOption(values: Values, name: string): number | undefined {
  const given = textOption(values, name);
  if (given === undefined) return undefined;
  const x = Number(given);
  if (given.trim() === '' || !(x >= 0) || x === Number.POSITIVE_INFINITY)
    throw new UsageError(`--${name} ${given}: give a number of at least 0`);
  return x;
}

/** The metrics asked for, always in the same order. */
function metricNames(values: Values): MetricName[] {
  const given = (values['metrics'] as string[] | undefined) ?? ['bleu'];
  const names = given.map((name) => choiceOption({ metrics: name }, 'metrics', METRICS)!);
  return METRICS.filter((name) => names.includes(name));
}

/** An option as an entry, or nothing where it was not given. */
const entry = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [k in K]?: V };

function metricOf(name: MetricName, values: Values, sentences: boolean): TranslationMetric {
  const on = (option: string): boolean => values[option] === true;
  if (name === 'ter')
    return terMetric({
      caseSensitive: on('ter-case-sensitive'),
      asianSupport: on('ter-asian-support'),
      noPunctuation: on('ter-no-punct'),
      normalized: on('ter-normalized'),
    });
  if (name === 'chrf')
    return chrfMetric({
      ...entry('characterOrder', integerOption(values, 'chrf-char-order', 1, 100)),
      ...entry('wordOrder', integerOption(values, 'chrf-word-order', 0, 100)),
      ...entry('beta', numberOption(values, 'chrf-beta')),
      whitespace: on('chrf-whitespace'),
      lowercase: on('chrf-lowercase'),
      epsilonSmoothing: on('chrf-eps-smoothing'),
    });
  return bleuMetric({
    ...entry('tokenizer', choiceOption(values, 'tokenize', BLEU_TOKENIZERS)),
    ...entry('smoothing', choiceOption(values, 'smooth-method', BLEU_SMOOTHINGS)),
    ...entry('smoothingValue', numberOption(values, 'smooth-value')),
    ...entry('maxOrder', integerOption(values, 'max-order', 1, 100)),
    lowercase: on('lowercase'),
    // A sentence is often too short for four words in a row.
    effectiveOrder: sentences || on('effective-order'),
  });
}

/**
 * The systems' files. A baseline named again among the systems (`-i base.de *.de`) counts once; any
 * other file named twice would be two systems of one name.
 */
function distinctInputs(files: readonly string[], paired: boolean): string[] {
  const inputs = files.filter((file, i) => !(paired && i > 0 && file === files[0]));
  const twice = inputs.find((file, i) => inputs.indexOf(file) < i);
  if (twice !== undefined) throw new UsageError(`--input names ${twice} twice`);
  if (inputs.length < 2 && files.length > 1)
    throw new UsageError(`--input names only ${files[0]}, again and again: name a system to test`);
  return inputs;
}

/** The options as settings of a run; what is wrong with them is said before files are read. */
export function bleuSettings(values: Values) {
  const sentences = values['sentence-level'] === true;
  const names = metricNames(values);
  const pairedBs = values['paired-bs'] === true;
  const pairedAr = values['paired-ar'] === true;
  const inputs = distinctInputs(
    (values['input'] as string[] | undefined) ?? [],
    pairedBs || pairedAr,
  );
  const format = choiceOption(values, 'format', FORMATS) ?? 'json';
  const value = values['smooth-value'];
  const method = values['smooth-method'] ?? 'exp';
  if (value !== undefined && method !== 'floor' && method !== 'add-k')
    throw new UsageError('--smooth-value belongs to --smooth-method floor or add-k');
  if (pairedBs && pairedAr) throw new UsageError('choose one of --paired-bs and --paired-ar');
  if ((pairedBs || pairedAr) && inputs.length < 2)
    throw new UsageError('a paired test needs --input BASELINE SYSTEM...');
  if (sentences && names.length > 1) throw new UsageError('--sentence-level takes one metric');
  if (sentences && inputs.length > 1) throw new UsageError('--sentence-level takes one system');
  if (values['multi-bleu'] && (names.some((n) => n !== 'bleu') || pairedBs || pairedAr))
    throw new UsageError('--multi-bleu scores one system with BLEU and has no tests');
  if (values['multi-bleu'] && (inputs.length > 1 || sentences || values['confidence']))
    throw new UsageError('--multi-bleu scores one system, as a whole, without confidence');
  if (format === 'latex' && inputs.length < 2)
    throw new UsageError('--format latex is for several systems; choose json or text');
  return {
    inputs,
    sentences,
    paired: pairedBs ? 'bootstrap' : pairedAr ? 'randomisation' : null,
    metrics: METRICS.map((name) => ({ name, metric: metricOf(name, values, sentences) }))
      .filter(({ name }) => names.includes(name)) // wrong options of the others are told as well
      .map(({ metric }) => metric),
    confidence: values['confidence'] === true,
    confidenceN: integerOption(values, 'confidence-n', 1, 10_000_000) ?? 1000,
    bootstrapN: integerOption(values, 'paired-bs-n', 1, 10_000_000) ?? 1000,
    randomisationN: integerOption(values, 'paired-ar-n', 1, 10_000_000) ?? 10_000,
    seed: integerOption(values, 'seed', 0) ?? DEFAULT_SEED,
    references: integerOption(values, 'num-refs', 1, 1000) ?? 1,
    format: values['json'] ? ('json' as const) : format,
    options: { width: integerOption(values, 'width', 0, 20) ?? 1, short: values['short'] === true },
  } as const;
}
export type BleuSettings = ReturnType<typeof bleuSettings>;
