import type { TrainBenchResult } from '../bench/train.js';
import { GATE_MODES } from '../cell/gate-options.js';
import { UsageError } from '../errors.js';
import { machineFacts } from '../runs/environment-facts.js';
import { languageModelPreset } from '../runs/lm/presets.js';
import {
  type Command,
  choiceOption,
  countsOf,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from '../terminal/command.js';
import { Progress } from '../terminal/progress.js';
import { factList, grouped } from '../terminal/table.js';

const percent = (share: number | null): string =>
  share === null ? '-' : `${(100 * share).toFixed(1)} %`;
const mebibytes = (n: number | null): string => (n === null ? '-' : `${n.toFixed(0)} MiB`);

function describe(r: TrainBenchResult): string {
  const { preset, hidden, layers, batch, bptt, vocabulary, gates, path } = r.settings;
  const fallen = Object.entries(r.fallbacks);
  return factList([
    [
      'model',
      `${preset === undefined ? '' : `${preset}: `}H=${hidden} L=${layers} B=${batch} T=${bptt} V=${vocabulary}, ${gates}, ${path}, ${grouped(r.parameters)} parameters`,
    ],
    ['computed by', `${r.backend}, ${r.gemm}, ${r.threads} thread(s), Node ${r.node}`],
    [
      'step',
      `${r.msPerStep.toFixed(1)} ms mean, ${r.msMedian.toFixed(1)} median, ${r.msMin.toFixed(1)} shortest of ${r.settings.steps}`,
    ],
    ...(r.plain
      ? ([
          [
            'without',
            `${r.plain.msPerStep.toFixed(1)} ms mean, ${r.plain.msMedian.toFixed(1)} median, ${r.plain.msMin.toFixed(1)} shortest with no regularisers, timed in turn`,
          ],
          ['ratio', `${r.plain.ratio.toFixed(3)}, median over neighbouring steps`],
        ] as [string, string][])
      : []),
    ['speed', `${grouped(Math.round(r.tokensPerSecond))} tokens/s`],
    [
      'products',
      `${(r.gemmFlops / 1e9).toPrecision(4)} GF a step, ${percent(r.gemmShare)} of the time`,
    ],
    [
      'of the peak',
      r.peakGflops === null
        ? '-'
        : `${percent(r.shareOfPeak)} of ${r.peakGflops.toFixed(0)} GF/s (square product, same run)`,
    ],
    ['kernels', `${r.kernelsPerStep} a step`],
    [
      'fallbacks',
      fallen.length === 0 ? 'none' : fallen.map(([name, n]) => `${name} ${n}`).join(', '),
    ],
    ['tensors', `${r.tensorsBefore} before, ${r.tensorsAfter} after`],
    [
      'memory',
      `${r.memoryMiB.live === null ? '' : `tensors ${mebibytes(r.memoryMiB.live)} now, ${mebibytes(r.memoryMiB.peak)} at most, ${mebibytes(r.memoryMiB.reserved)} reserved; `}process ${mebibytes(r.memoryMiB.rss)}`,
    ],
    ['heap', `${mebibytes(r.heapMiB.before)} before, ${mebibytes(r.heapMiB.after)} after`],
  ]);
}

export const benchTrainCommand: Command = {
  name: 'bench train',
  summary: 'Speed of the training step of a language model, on random words.',
  options: {
    preset: {
      type: 'string',
      value: 'NAME',
      help: 'sizes and regularisers of a preset, in turn with the same sizes without',
    },
    hidden: { type: 'string', value: 'H', help: 'units of a layer (default 200)' },
    layers: { type: 'string', value: 'L', help: 'LSTM layers (default 2)' },
    batch: { type: 'string', value: 'B', help: 'parallel streams (default 20)' },
    bptt: { type: 'string', value: 'T', help: 'time steps (default 35)' },
    vocab: { type: 'string', value: 'V', help: 'words (default 10000)' },
    gates: { type: 'string', value: 'MODE', help: 'baseline, sharpened or g2 (default)' },
    steps: { type: 'string', value: 'N', help: 'timed steps (default 20)' },
    warmup: { type: 'string', value: 'N', help: 'steps before them (default 3)' },
    path: {
      type: 'string',
      value: 'PATH',
      help: 'fused (default), or reference: the cell op by op in plain tfjs',
    },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm bench train',
    'g2lstm bench train --hidden 650 --steps 40 --json',
    'g2lstm bench train --path reference --steps 5',
    'g2lstm bench train --preset ptb-awd-small',
  ],
  details: () =>
    'The step is that of train lm: embedding, LSTM layers, softmax, clipping, SGD; with g2, noise.\nThe share of the peak is against the best square product seen in the same run.',
  async run(values, positionals) {
    noPositionals('bench train', positionals);
    const count = countsOf(values);
    const preset = textOption(values, 'preset');
    if (preset !== undefined) {
      languageModelPreset(preset); // an unknown name ends here
      const sizes = ['hidden', 'layers', 'batch', 'bptt'].filter((name) => name in values);
      if (sizes.length > 0)
        throw new UsageError(`--preset brings its own sizes: leave out --${sizes.join(', --')}`);
    }
    const options = {
      preset,
      hidden: count('hidden', 200, 16_384),
      layers: count('layers', 2, 16),
      batch: count('batch', 20, 4096),
      bptt: count('bptt', 35, 4096),
      vocabulary: count('vocab', 10_000, 1_000_000, 2),
      gates: choiceOption(values, 'gates', GATE_MODES) ?? 'g2',
      steps: count('steps', 20, 100_000),
      warmup: count('warmup', 3, 10_000, 0),
      path: choiceOption<'fused' | 'reference'>(values, 'path', ['fused', 'reference']) ?? 'fused',
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
    };
    const { benchTrain } = await import('../bench/train.js');
    const steps = options.warmup + options.steps;
    const progress = new Progress({
      label: 'bench',
      total: steps,
      unit: 'steps',
      silent: values.json === true,
    });
    const result = await benchTrain({
      ...options,
      onStep: (done, total) => progress.update((done / total) * steps),
    });
    progress.abandon();
    if (values.json) printJson({ ...result, cpu: machineFacts().cpu });
    else process.stdout.write(`${describe(result)}\n`);
    return 0;
  },
};
