import { SPLITS } from '../../datasets/corpus.js';
import { UsageError } from '../../errors.js';
import { measurementOf, roundedNumbers, writeMeasurement } from '../../results/measurement.js';
import type { TrainedRun } from '../../results/open-run.js';
import {
  commandLine,
  isTranslationRun,
  outputFile,
  RUN_OPTIONS,
  runChoice,
  runFolder,
  storeAndShow,
  WIDEST_BEAM,
} from '../../results/run-options.js';
import {
  type Command,
  choiceOption,
  integerOption,
  printJson,
  SHARED,
  textOption,
  type Values,
} from '../../terminal/command.js';
import { Progress } from '../../terminal/progress.js';
import { shownPath } from '../../terminal/shown-path.js';
import { type Column, grouped, textTable } from '../../terminal/table.js';
import { CACHE_OPTIONS, cacheChoice } from '../language-model/cache-options.js';
import {
  SENSITIVITY_COLUMN_NAME,
  SENSITIVITY_POINTS,
  SWEEP_STREAMS,
  SWEEP_WORDS,
} from './columns.js';
import type { SensitivityPoint, SensitivityResult } from './measure.js';

const { 'search-cache': _, ...CACHE } = CACHE_OPTIONS;

/** Options that only one kind of run has a use for. */
const ONLY = { lm: [...Object.keys(CACHE), 'batch', 'words'], nmt: ['beam'] } as const;

const digits = (value: number | null, n: number) => (value === null ? '' : value.toFixed(n));

/** All points as a table, with the columns of measures that were taken. */
function describe({ columns, sweep }: SensitivityResult): string {
  const all = [...columns, ...sweep];
  const shown: [Column, (p: SensitivityPoint) => string][] = [
    [{ title: '' }, (p) => (p.column ? SENSITIVITY_COLUMN_NAME[p.column] : '')],
    [{ title: 'compression' }, (p) => p.spec ?? 'none'],
    [{ title: 'blocks' }, (p) => (p.spec === null ? '' : p.variant)],
    [{ title: 'gates' }, (p) => (p.hard ? 'hard' : '')],
    [
      { title: 'gate parameters', align: 'right' },
      (p) => (p.spec === null ? '' : `${p.gateParameters.ratio.toFixed(1)}x`),
    ],
    [{ title: 'bytes', align: 'right' }, (p) => grouped(p.gateParameters.bytesAfter)],
    [{ title: 'streams', align: 'right' }, (p) => digits(p.batch, 0)],
    [{ title: 'perplexity', align: 'right' }, (p) => digits(p.perplexity, 2)],
    [{ title: 'with cache', align: 'right' }, (p) => digits(p.cachePerplexity, 2)],
    [{ title: 'BLEU', align: 'right' }, (p) => digits(p.bleu, 2)],
    [{ title: 'multi-bleu', align: 'right' }, (p) => digits(p.multiBleu, 2)],
  ];
  const used = shown.filter(([, cell]) => all.some((p) => cell(p) !== ''));
  return textTable(
    used.map(([column]) => column),
    all.map((p) => used.map(([, cell]) => cell(p))),
  );
}

/** Wrong use is said before anything is read. @throws UsageError */
function check(values: Values, kind: TrainedRun['kind']): void {
  choiceOption(values, 'split', SPLITS);
  choiceOption(values, 'points', SENSITIVITY_POINTS);
  const useless = ONLY[kind === 'lm' ? 'nmt' : 'lm'].find((name) => values[name] !== undefined);
  if (useless !== undefined)
    throw new UsageError(
      `--${useless} is for ${kind === 'lm' ? 'translation runs' : 'language models'}; this is a run of train ${kind}`,
    );
  cacheChoice({ ...values, batch: undefined });
}

/** What is asked for, of a run of either kind. */
async function measure(
  { kind, run }: TrainedRun,
  values: Values,
  onProgress: (done: number) => void,
): Promise<{ result: SensitivityResult; data: Record<string, string> }> {
  const split = choiceOption(values, 'split', SPLITS) ?? 'test';
  const points = choiceOption(values, 'points', SENSITIVITY_POINTS);
  const options = { split, points, onProgress };
  const sensitivity = await import('./measure.js');
  if (kind === 'lm') {
    const {
      kind: mixing,
      options: given,
      thetas,
      lambdas,
    } = cacheChoice({ ...values, batch: undefined });
    const cache = mixing === null ? null : { ...given, theta: thetas?.[0], lambda: lambdas?.[0] };
    const batch = integerOption(values, 'batch', 1, 4096);
    const words = integerOption(values, 'words', 2);
    const own = { ...options, cache, batch, words };
    const result = await sensitivity.languageModelSensitivity(run, own);
    return { result, data: { [split]: run.corpus[split].sha256 } };
  }
  const { loadTranslationCorpus, parallelChecksums } = await import('../../runs/nmt/data.js');
  const dataFolder = textOption(values, 'data');
  const beam = integerOption(values, 'beam', 1, WIDEST_BEAM);
  const result = await sensitivity.translationSensitivity(run, { ...options, beam, dataFolder });
  const sums = Object.entries(parallelChecksums(loadTranslationCorpus(run.config, { dataFolder })));
  const data = Object.fromEntries(sums.filter(([part]) => part.startsWith(`${split}.`)));
  return { result, data };
}

/** What a stored command line leaves out. */
const NOT_SAID = ['data', 'json', 'output', 'debug', 'threads'];

export const sensitivityCommand: Command = {
  name: 'sensitivity',
  summary:
    'Compress the input and forget gates of a trained run in many ways and measure each: Tables 3 to 5, and sweeps.',
  positionals: 'RUN',
  options: {
    split: { type: 'string', value: 'NAME', help: 'test (default), valid or train' },
    points: {
      type: 'string',
      value: 'NAME',
      help: "paper (the tables' five columns), sweep, or all (default)",
    },
    from: RUN_OPTIONS.from,
    ...CACHE,
    batch: {
      type: 'string',
      value: 'N',
      help: `parallel streams of a language model's text in the sweep (default ${SWEEP_STREAMS}); the columns have one`,
    },
    words: {
      type: 'string',
      value: 'N',
      help: `how many of its words the sweep reads (default ${grouped(SWEEP_WORDS)}); the columns read all`,
    },
    beam: { type: 'string', value: 'N', help: "of a translation run (default: the run's own)" },
    set: RUN_OPTIONS.set,
    output: { type: 'string', short: 'o', value: 'FILE', help: 'write the measurement as JSON' },
    data: SHARED.data,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm sensitivity runs/demo-lm-g2-1',
    'g2lstm sensitivity runs/ptb --points paper --cache --cache-theta 1.3',
    'g2lstm sensitivity runs/multi30k -o data/results/multi30k-small/g2-seed1.sensitivity.json',
  ],
  details: () =>
    'The columns are those of Table 3 for language models (r 0.2, c 0.4) and of Table 4 for translation (r 0.5, c 1),\nranks in proportion to the units of a layer. A point is what g2lstm eval --compress gives.',
  async run(values, positionals) {
    const folder = runFolder('sensitivity', positionals);
    check(values, isTranslationRun(folder) ? 'nmt' : 'lm');
    const output = outputFile(values, 'output', folder);
    const { openTrainedRun } = await import('../../results/open-run.js');
    const start = performance.now();
    const trained = await openTrainedRun(folder, runChoice(values));
    const json = values.json === true;
    const progress = new Progress({ label: 'sensitivity', total: 100, unit: '%', silent: json });
    try {
      const { result, data } = await measure(trained, values, (done) =>
        progress.update(100 * done),
      );
      progress.abandon();
      const measurement = measurementOf(trained.run, {
        kind: 'sensitivity',
        command: commandLine('sensitivity', values, NOT_SAID),
        data,
        seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
        result: roundedNumbers(result),
      });
      storeAndShow(
        output,
        (file) => writeMeasurement(file, measurement),
        (stored) => {
          if (json) return printJson(measurement);
          process.stdout.write(`${describe(result)}\n`);
          if (stored !== undefined) process.stdout.write(`written: ${shownPath(stored)}\n`);
        },
      );
    } finally {
      progress.abandon();
      trained.run.dispose();
    }
    return 0;
  },
};
