/** `g2lstm bleu`: scores translations, with the options and the output of sacrebleu. */
import { UsageError } from '../errors.js';
import { BLEU_SMOOTHINGS, bleuMetric } from '../metrics/bleu.js';
import { chrfMetric } from '../metrics/chrf.js';
import {
  corpusScore,
  looksTokenised,
  type SentenceStatistics,
  sentenceScores,
  TOKENISED_LINES,
  type TranslationMetric,
} from '../metrics/metric.js';
import { multiBleu } from '../metrics/multi-bleu.js';
import { type Resampling, signatureFields } from '../metrics/signature.js';
import {
  bootstrapConfidence,
  DEFAULT_SEED,
  pairedApproximateRandomisation,
  pairedBootstrap,
} from '../metrics/significance.js';
import { terMetric } from '../metrics/ter.js';
import { BLEU_TOKENIZERS } from '../metrics/tokenizers.js';
import { type InputText, readStdin, readText, sameLength, splitReferences } from './bleu-input.js';
import * as report from './bleu-report.js';
import {
  type Command,
  choiceOption,
  integerOption,
  type OptionSpec,
  textOption,
  type Values,
} from './command.js';

const METRICS = ['bleu', 'chrf', 'ter'] as const;
type MetricName = (typeof METRICS)[number];
const FORMATS = ['json', 'text', 'latex'] as const;

const OPTIONS: Record<string, OptionSpec> = {
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

/** Everything is said before files are read. */
function settings(values: Values) {
  const sentences = values['sentence-level'] === true;
  const names = metricNames(values);
  const inputs = (values['input'] as string[] | undefined) ?? [];
  const pairedBs = values['paired-bs'] === true;
  const pairedAr = values['paired-ar'] === true;
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
type Settings = ReturnType<typeof settings>;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function scoreOne(system: InputText, streams: string[][], values: Values, s: Settings): void {
  const scored = s.metrics.map((metric): report.Scored => {
    const statistics = metric.statistics(system.lines, streams);
    const { confidenceN: samples, seed } = s;
    const resampling: Resampling = s.confidence ? { bootstrap: samples, seed } : {};
    return {
      score: corpusScore(metric, statistics),
      fields: signatureFields(metric, statistics, resampling),
      confidence: s.confidence ? bootstrapConfidence(metric, statistics, { samples, seed }) : null,
    };
  });
  if (values['score-only']) {
    const texts = scored.map((x) => report.scoreOnly(x, s.options.width));
    print(texts.length === 1 ? texts[0]! : `[\n${texts.join(',\n')}\n]`);
  } else if (s.format === 'json') print(report.json(scored, s.options));
  else print(report.textLines(scored, s.options));
}

function scoreSentences(system: InputText, streams: string[][], values: Values, s: Settings): void {
  const metric = s.metrics[0]!;
  const statistics = metric.statistics(system.lines, streams);
  const fields = signatureFields(metric, statistics);
  const lines = sentenceScores(metric, statistics).map((score) => {
    const scored = { score, fields, confidence: null };
    if (values['score-only']) return report.scoreOnly(scored, s.options.width);
    return report.textLine(scored, s.options);
  });
  print(lines.join('\n'));
}

/** The test of one metric, the baseline's result first. */
function testSystems(metric: TranslationMetric, systems: SentenceStatistics[], s: Settings) {
  if (s.paired === 'bootstrap')
    return pairedBootstrap(metric, systems, { samples: s.bootstrapN, seed: s.seed });
  return pairedApproximateRandomisation(metric, systems, {
    samples: s.randomisationN,
    seed: s.seed,
    ...(s.confidence ? { confidenceSamples: s.confidenceN } : {}),
  });
}

function scoreSystems(systems: InputText[], streams: string[][], s: Settings): void {
  const resampling: Resampling =
    s.paired === null
      ? {}
      : s.paired === 'bootstrap'
        ? { bootstrap: s.bootstrapN, seed: s.seed }
        : {
            ...(s.confidence ? { bootstrap: s.confidenceN } : {}),
            randomisation: s.randomisationN,
            seed: s.seed,
          };
  const rows: report.SystemRow[] = systems.map(({ name }, i) => ({
    system: s.paired && i === 0 ? `Baseline: ${name}` : name,
    scores: [],
    paired: s.paired ? [] : null,
  }));
  for (const metric of s.metrics) {
    const statistics = systems.map((system) => metric.statistics(system.lines, streams));
    const fields = signatureFields(metric, statistics[0]!, resampling);
    const tested = s.paired ? testSystems(metric, statistics, s) : null;
    rows.forEach((row, i) => {
      const score = corpusScore(metric, statistics[i]!);
      row.scores.push({ score, fields, confidence: null });
      if (tested) row.paired!.push(tested[i]!);
    });
  }
  if (s.format === 'json') {
    print(report.systemsJson(rows, s.options));
    return;
  }
  const table = s.format === 'latex' ? report.systemsLatex : report.systemsTable;
  const parts = [table(rows, s.options)];
  if (s.paired) {
    const samples = s.paired === 'bootstrap' ? s.bootstrapN : s.randomisationN;
    parts.push(report.pairedExplanation(s.paired, samples));
  }
  parts.push(report.signatureList(rows[0]!.scores, s.options.short));
  print(parts.join('\n\n'));
}

export const bleuCommand: Command = {
  name: 'bleu',
  summary: 'Scores translations with BLEU, chrF and TER, as sacrebleu does.',
  positionals: 'REF...',
  options: OPTIONS,
  examples: [
    'g2lstm bleu test.en < translations.en',
    'g2lstm bleu test.en -i baseline.en g2.en -m bleu chrf ter --paired-bs -f text',
    'g2lstm bleu test.tok.en -i translations.tok.en --multi-bleu',
  ],
  details: () =>
    'Files are UTF-8 text, plain or gzip, a sentence a line; several REF files are several references.\nScores are only comparable with the same signature. Give detokenised text.',
  run: async (values, files) => {
    if (files.length === 0)
      throw new UsageError('bleu needs REF, a file of reference translations');
    const s = settings(values);
    const warn = (message: string): void => {
      if (!values['quiet']) process.stderr.write(`g2lstm: ${message}\n`);
    };
    const references: InputText[] = [];
    for (const file of files)
      references.push(...splitReferences(await readText(file, warn), s.references));
    const systems: InputText[] = [];
    for (const file of s.inputs) systems.push(await readText(file, warn));
    if (systems.length === 0) systems.push(await readStdin(warn));
    sameLength([...references, ...systems]);
    const streams = references.map((text) => text.lines);
    if (values['multi-bleu']) {
      const score = multiBleu(systems[0]!.lines, streams, {
        lowercase: values['lowercase'] === true,
      });
      if (values['json']) print(JSON.stringify(score));
      else print(values['score-only'] ? score.score.toFixed(2) : score.line);
      return 0;
    }
    for (const { name, lines } of systems)
      if (!values['force'] && looksTokenised(lines))
        warn(
          `${name} looks tokenised: ${TOKENISED_LINES} lines and more end in " ."\nScores are only comparable on detokenised text; --force says that it is, or that you know.`,
        );
    if (values['tokenize'] === 'none')
      warn('--tokenize none: scores of your own tokens are not comparable with published ones');
    if (s.sentences) scoreSentences(systems[0]!, streams, values, s);
    else if (systems.length === 1) scoreOne(systems[0]!, streams, values, s);
    else {
      if (s.confidence && !s.paired)
        warn('--confidence of several systems needs --paired-bs or --paired-ar');
      scoreSystems(systems, streams, s);
    }
    return 0;
  },
};
