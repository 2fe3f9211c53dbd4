/** `g2lstm bleu`: scores translations, with the options and the output of sacrebleu. */
import { UsageError } from '../errors.js';
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
  pairedApproximateRandomisation,
  pairedBootstrap,
} from '../metrics/significance.js';
import type { Command, Values } from '../terminal/command.js';
import {
  type InputText,
  readStdin,
  readText,
  sameLength,
  splitReferences,
  withoutEndBlanks,
} from './bleu-input.js';
import { BLEU_OPTIONS, type BleuSettings, bleuSettings } from './bleu-options.js';
import * as report from './bleu-report.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function scoreOne(system: InputText, streams: string[][], values: Values, s: BleuSettings): void {
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

function scoreSentences(
  system: InputText,
  streams: string[][],
  values: Values,
  s: BleuSettings,
): void {
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
function testSystems(metric: TranslationMetric, systems: SentenceStatistics[], s: BleuSettings) {
  if (s.paired === 'bootstrap')
    return pairedBootstrap(metric, systems, { samples: s.bootstrapN, seed: s.seed });
  return pairedApproximateRandomisation(metric, systems, {
    samples: s.randomisationN,
    seed: s.seed,
    ...(s.confidence ? { confidenceSamples: s.confidenceN } : {}),
  });
}

function scoreSystems(systems: InputText[], streams: string[][], s: BleuSettings): void {
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
  options: BLEU_OPTIONS,
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
    const s = bleuSettings(values);
    const warn = (message: string): void => {
      if (!values['quiet']) process.stderr.write(`g2lstm: ${message}\n`);
    };
    const references: InputText[] = [];
    for (const file of files)
      references.push(...splitReferences(await readText(file, warn), s.references));
    const systems: InputText[] = [];
    for (const file of s.inputs) systems.push(withoutEndBlanks(await readText(file, warn)));
    if (systems.length === 0) systems.push(withoutEndBlanks(await readStdin(warn)));
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
