import { SPLITS } from '../../datasets/corpus.js';
import { UsageError } from '../../errors.js';
import type { TrainedRun } from '../../results/open-run.js';
import {
  commandLine,
  outputFile,
  RUN_OPTIONS,
  runChoice,
  runFolder,
  storeAndShow,
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
import { nearest } from '../../terminal/nearest.js';
import { Progress } from '../../terminal/progress.js';
import { shownPath } from '../../terminal/shown-path.js';
import { factList, grouped } from '../../terminal/table.js';
import { boundaryTable, gateTable, heatmapText, histogramText } from './gates-report.js';
import type { GatesMode, GivenSentence } from './measure-gates.js';

const MODES: Record<string, readonly GatesMode[]> = {
  train: ['training'],
  eval: ['evaluation'],
  both: ['training', 'evaluation'],
};

/** Every --sentence with the --target of its place. */
function givenSentences(values: Values, kind: TrainedRun['kind']): GivenSentence[] {
  const sentences = (values.sentence as string[] | undefined) ?? [];
  const targets = (values.target as string[] | undefined) ?? [];
  if (targets.length > 0 && kind === 'lm')
    throw new UsageError('--target is for runs of train nmt; a language model reads one sentence');
  if (targets.length > sentences.length)
    throw new UsageError('--target is the translation of a --sentence: give one for each');
  return sentences.map((sentence, n) => ({ sentence, target: targets[n] }));
}

/** Names of the layers asked for; a bare number counts from 0. */
function chosenLayers(values: Values, known: readonly string[]): string[] | undefined {
  const given = textOption(values, 'layer');
  if (given === undefined) return undefined;
  const layer = [given, `lstm.${given}`, `decoder.${given}`].find((name) => known.includes(name));
  if (layer) return [layer];
  const near = nearest(given, known);
  throw new UsageError(
    `--layer ${given}: the model has no such layer${near ? `; did you mean ${near}?` : ''} (it has ${known.join(', ')})`,
  );
}

/** What a stored command line leaves out. */
const NOT_SAID = ['output', 'data', 'json', 'debug'];

export const gatesCommand: Command = {
  name: 'gates',
  summary:
    'How open the gates of a trained run are: histograms, heatmaps of sentences, boundaries.',
  positionals: 'RUN',
  options: {
    split: {
      type: 'string',
      value: 'NAME',
      help: 'text read: train, valid or test (default: train for translation, else valid)',
    },
    sentences: {
      type: 'string',
      value: 'N',
      help: 'lines from its beginning (default: 10000 pairs as in the paper, else all)',
    },
    mode: {
      type: 'string',
      value: 'MODE',
      help: 'gates as in train, eval or both (default); a sentence: eval (default)',
    },
    layer: {
      type: 'string',
      value: 'NAME',
      help: 'only this one: lstm.0, encoder.0.forward, decoder.0, decoder.0.second, ...',
    },
    sentence: {
      type: 'string',
      value: 'TEXT',
      multiple: true,
      help: 'mean gate at each word of this sentence instead of histograms; may be repeated',
    },
    target: {
      type: 'string',
      value: 'TEXT',
      multiple: true,
      help: "translation that the decoder reads (default: the model's own)",
    },
    boundaries: {
      type: 'boolean',
      help: 'do gates fall at function words, punctuation, clause boundaries? effect sizes',
    },
    from: RUN_OPTIONS.from,
    set: RUN_OPTIONS.set,
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'write the measurement; with --sentence histograms and heatmaps together',
    },
    data: SHARED.data,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm gates runs/demo-lm-g2-1',
    'g2lstm gates runs/demo-lm-g2-1 --mode eval --layer 0 --json',
    'g2lstm gates runs/demo-lm-g2-1 --sentence "the captain laughed because the boat was old ."',
    'g2lstm gates runs/demo-lm-g2-1 --boundaries -o g2-seed1.boundaries.json',
    'g2lstm gates runs/demo-nmt-g2-1 --sentence "karl wusch die teller ab ." --target "karl washed the plates ."',
  ],
  async run(values, positionals) {
    const folder = runFolder('gates', positionals);
    const split = choiceOption(values, 'split', SPLITS);
    const sentences = integerOption(values, 'sentences', 1);
    const mode = choiceOption(values, 'mode', ['train', 'eval', 'both'] as const);
    const dataFolder = textOption(values, 'data');
    const boundaries = values.boundaries === true;
    if (boundaries && values.sentence !== undefined)
      throw new UsageError('--boundaries counts a whole text; leave out --sentence');
    if (boundaries && mode !== undefined && mode !== 'eval')
      throw new UsageError('--boundaries looks at evaluation, where gates are the same every time');
    const output = outputFile(values, 'output', folder);
    const { openTrainedRun } = await import('../../results/open-run.js');
    const trained = await openTrainedRun(folder, runChoice(values));
    try {
      return await measure(trained, { values, folder, split, sentences, mode, dataFolder, output });
    } finally {
      trained.run.dispose();
    }
  },
};

interface Asked {
  values: Values;
  folder: string;
  split: (typeof SPLITS)[number] | undefined;
  sentences: number | undefined;
  mode: 'train' | 'eval' | 'both' | undefined;
  dataFolder: string | undefined;
  output: string | undefined;
}

async function measure(trained: TrainedRun, asked: Asked): Promise<number> {
  const { values, folder, split, sentences, mode, dataFolder } = asked;
  const { gateLayersOf, gatesOfRun } = await import('./gate-text.js');
  const analysis = await import('./measure-gates.js');
  const given = givenSentences(values, trained.kind);
  const layers = chosenLayers(
    values,
    gateLayersOf(trained).map(({ name }) => name),
  );
  const { output } = asked;
  const silent = values.json === true;
  const start = performance.now();
  const inLayers = <T extends { layer: string }>(list: T[]): T[] =>
    layers ? list.filter(({ layer }) => layers.includes(layer)) : list;
  const heatmaps = [];
  for (const one of given)
    for (const map of await analysis.sentenceHeatmaps(
      trained,
      one,
      MODES[mode ?? (output ? 'both' : 'eval')]!,
    ))
      heatmaps.push({ ...map, layers: inLayers(map.layers) });
  if (given.length > 0 && output === undefined) {
    if (silent) printJson({ run: shownPath(folder), heatmaps });
    else process.stdout.write(`${heatmaps.map(heatmapText).join('\n\n')}\n`);
    return 0;
  }
  const kind = values.boundaries === true ? 'boundaries' : 'gates';
  const gates = gatesOfRun(trained, { split, sentences, dataFolder });
  for (const warning of gates.warnings) process.stderr.write(`warning: ${warning}\n`);
  const total = Object.values(gates.source.texts).reduce((sum, { ids }) => sum + ids.length, 0);
  const passes = kind === 'boundaries' ? 1 : MODES[mode ?? 'both']!.length;
  const progress = new Progress({ label: kind, total: total * passes, unit: 'words', silent });
  const onProgress = (done: number) => progress.update(done * total * passes);
  const result =
    kind === 'boundaries'
      ? await analysis.measureBoundaries(gates, { layers, onProgress })
      : {
          ...(await analysis.measureGates(gates, {
            modes: MODES[mode ?? 'both']!,
            layers,
            onProgress,
          })),
          heatmaps,
        };
  progress.abandon();
  const seconds = (performance.now() - start) / 1000;
  const { measurementOf, writeMeasurement } = await import('../../results/measurement.js');
  const { roundedNumbers } = await import('../../results/measurement.js');
  const store = (file: string): void => {
    const facts = { kind, command: commandLine('gates', values, NOT_SAID), data: gates.data };
    const own = roundedNumbers({ ...facts, seconds, result });
    writeMeasurement(file, measurementOf(trained.run, own));
  };
  const printed = { run: shownPath(folder), kind, ...result, seconds, warnings: gates.warnings };
  const { config, from, epochs } = trained.run;
  const { text } = result;
  const words = Object.entries(text.words).map(
    ([name, n]) => `${grouped(n)} ${name === 'text' ? 'words' : `${name} units`}`,
  );
  const lines = [
    factList([
      [
        'run',
        `${shownPath(folder)} (${config.gates}, ${grouped(trained.run.model.parameterCount)} parameters)`,
      ],
      ['weights', `${from}, after ${epochs} epoch${epochs === 1 ? '' : 's'}`],
      [
        'text',
        `${text.dataset} ${text.split}, ${grouped(text.sentences)} sentences, ${words.join(', ')}`,
      ],
    ]),
  ];
  if ('effects' in result) lines.push(boundaryTable(result));
  else {
    lines.push(gateTable(result.histograms));
    lines.push(histogramText(result.histograms));
    lines.push(...heatmaps.map(heatmapText));
  }
  storeAndShow(output, store, (stored) => {
    if (silent) return printJson(printed);
    if (stored !== undefined) lines.push(`written to ${shownPath(stored)}`);
    process.stdout.write(`${lines.join('\n\n')}\n`);
  });
  return 0;
}
