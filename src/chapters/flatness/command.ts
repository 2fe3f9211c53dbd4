import { SPLITS } from '../../datasets/corpus.js';
import { UsageError } from '../../errors.js';
import { roundedNumbers } from '../../results/measurement.js';
import {
  outputFile,
  RUN_OPTIONS,
  runChoice,
  runFolder,
  storeAndShow,
} from '../../results/run-options.js';
import { mean } from '../../results/statistics.js';
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
import { factList, grouped, textTable } from '../../terminal/table.js';
import { FLATNESS_PARTS, type Flatness, type FlatnessPart } from './flatness.js';

function partsOf(values: Values): FlatnessPart[] {
  const given = textOption(values, 'parts');
  if (given === undefined) return [...FLATNESS_PARTS];
  const words = given.split(',').map((word) => word.trim());
  for (const word of words)
    if (!(FLATNESS_PARTS as readonly string[]).includes(word))
      throw new UsageError(`--parts ${given}: choose of ${FLATNESS_PARTS.join(', ')}`);
  return words as FlatnessPart[];
}

function tables({ perturb, landscape, hessian, gradient }: Flatness): string[] {
  const right = (title: string) => ({ title, align: 'right' as const });
  const parts: string[] = [];
  if (perturb)
    parts.push(
      'rise of the loss under Gaussian noise, mean over draws (nats a token)',
      ...['fi', 'og'].map((gates) => {
        const rows = perturb.filter((p) => p.gates === gates);
        return textTable(
          [{ title: `gates ${gates}: unit` }, right('size: rise ...')],
          rows.map(({ unit, sizes, rises }) => [
            unit,
            sizes.map((size, k) => `${size}: ${mean(rises[k]!).toFixed(4)}`).join('  '),
          ]),
        );
      }),
    );
  if (landscape) {
    const ends = landscape.lines.map((line) => (line[0]! + line.at(-1)!) / 2);
    parts.push(
      factList([
        [
          'filter-normalised slices',
          `rise at +-1, mean of ${ends.length}: ${mean(ends).toFixed(4)}`,
        ],
        ['plane', `highest rise ${Math.max(...landscape.grid.flat()).toFixed(4)}`],
      ]),
    );
  }
  if (hessian)
    parts.push(
      'ends of the Hessian',
      textTable(
        ['unit', 'largest', 'residual', 'half step', 'from losses', 'smallest', 'products'].map(
          (title, k) => (k === 0 ? { title } : right(title)),
        ),
        hessian.map(({ unit, largest, smallest, steps }) => [
          unit,
          largest.eigenvalue.toPrecision(4),
          largest.residual.toPrecision(2),
          largest.byScale[0]!.quotient.toPrecision(4),
          largest.fromLosses.toPrecision(4),
          smallest.eigenvalue.toPrecision(4),
          `${steps.length}`,
        ]),
      ),
    );
  if (gradient)
    parts.push(
      'gradient by tensor and gate',
      textTable(
        [{ title: 'tensor' }, { title: 'gate' }, right('norm'), right('rms'), right('norm x rms')],
        gradient.blocks.map((b) => [
          b.tensor,
          b.gate,
          b.norm.toExponential(2),
          b.rms.toFixed(3),
          b.scaled.toExponential(2),
        ]),
      ),
    );
  if (gradient?.preactivations)
    parts.push(
      'gates in evaluation mode',
      textTable(
        [right('layer'), { title: 'gate' }, ...['gradient', 'slope', 'near zero'].map(right)],
        gradient.preactivations.map((p) => [
          `${p.layer}`,
          p.gate,
          p.gradient.toExponential(2),
          p.slope.toFixed(4),
          `${(100 * p.nearZero).toFixed(1)} %`,
        ]),
      ),
    );
  return parts;
}

export const flatnessCommand: Command = {
  name: 'flatness',
  summary: 'Measure how flat the loss of a trained run is in its gate parameters.',
  positionals: 'RUN',
  options: {
    split: { type: 'string', value: 'NAME', help: 'valid (default), test or train' },
    words: {
      type: 'string',
      value: 'N',
      help: 'tokens predicted, spread over the text (default 2000)',
    },
    draws: { type: 'string', value: 'N', help: 'draws of the noise (default 5)' },
    grid: { type: 'string', value: 'N', help: 'points a side of the landscape, odd (default 15)' },
    parts: { type: 'string', value: 'LIST', help: `of ${FLATNESS_PARTS.join(',')} (default all)` },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'store the measurement' },
    from: RUN_OPTIONS.from,
    data: SHARED.data,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm flatness runs/demo-lm-g2-1',
    'g2lstm flatness runs/demo-lm-g2-1 --parts hessian --words 1000 --json',
    'g2lstm flatness runs/demo-nmt-g2-1 --draws 3 --grid 9 -o flat.json',
  ],
  async run(values, positionals) {
    const folder = runFolder('flatness', positionals);
    const split = choiceOption(values, 'split', SPLITS) ?? 'valid';
    const words = integerOption(values, 'words', 10, 1_000_000) ?? 2000;
    const draws = integerOption(values, 'draws', 1, 1000) ?? 5;
    const grid = integerOption(values, 'grid', 3, 201) ?? 15;
    if (grid % 2 === 0)
      throw new UsageError(
        `--grid ${grid}: give an odd number, so that its middle is the trained model`,
      );
    const parts = partsOf(values);
    const output = outputFile(values, 'output', folder);
    const json = values.json === true;
    const { openTrainedRun } = await import('../../results/open-run.js');
    const { measureRunFlatness } = await import('./flatness-of-run.js');
    const choice = runChoice(values);
    const { dataFolder } = choice;
    const trained = await openTrainedRun(folder, choice);
    const { run } = trained;
    const progress = new Progress({ label: 'flatness', total: 100, unit: '%', silent: json });
    const onProgress = (share: number, part: string) => progress.update(100 * share, part);
    const start = performance.now();
    const options = { split, words, draws, grid, parts, dataFolder, onProgress };
    const measured = await measureRunFlatness(trained, options).finally(() => progress.abandon());
    const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
    const result = roundedNumbers(measured.result);
    const { measurementOf, writeMeasurement } = await import('../../results/measurement.js');
    const command = `g2lstm flatness RUN --split ${split} --words ${words} --draws ${draws} --grid ${grid} --parts ${parts.join(',')}`;
    const own = { kind: 'flatness', command, data: measured.data, seconds, result };
    const measurement = measurementOf(run, own);
    run.dispose();
    const show = (stored: string | undefined): void => {
      if (json) {
        printJson(measurement);
        return;
      }
      const facts = factList([
        ['run', `${shownPath(folder)} (${run.config.gates})`],
        [
          'text',
          `${run.config.dataset} ${split}, ${result.text}, ${grouped(result.tokens)} predicted`,
        ],
        ['loss', `${result.loss.toFixed(4)} nats a token`],
        ['gates f and i', `${grouped(result.parameters)} parameters`],
        ['time', `${seconds.toFixed(0)} s`],
        ...(stored === undefined ? [] : [['stored', shownPath(stored)] as const]),
      ]);
      process.stdout.write(`${[facts, ...tables(result)].join('\n\n')}\n`);
    };
    storeAndShow(output, (file) => writeMeasurement(file, measurement), show);
    return 0;
  },
};
