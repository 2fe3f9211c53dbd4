import type { TranslationBenchResult } from '../bench/translation.js';
import { GATE_MODES } from '../cell/gate-options.js';
import { machineFacts } from '../runs/environment-facts.js';
import {
  type Command,
  choiceOption,
  countsOf,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
} from '../terminal/command.js';
import { Progress } from '../terminal/progress.js';
import { factList, grouped } from '../terminal/table.js';

function describe(r: TranslationBenchResult): string {
  const { hidden, layers, batch, source, target, vocabulary, gates, optimizer } = r.settings;
  const { mean, median, min, cpu } = r.step;
  const fallen = Object.entries(r.fallbacks);
  return factList([
    [
      'model',
      `H=${hidden} L=${layers} B=${batch} S=${source} T=${target} V=${vocabulary}, ${gates}, ${optimizer}, ${grouped(r.parameters)} parameters`,
    ],
    ['computed by', `${r.backend}, ${r.gemm}, ${r.threads} thread(s), Node ${r.node}`],
    [
      'step',
      `${mean.toFixed(1)} ms mean, ${median.toFixed(1)} median, ${min.toFixed(1)} shortest of ${r.settings.steps}; ${cpu.toFixed(1)} ms of processor time`,
    ],
    ['speed', `${grouped(Math.round(r.tokensPerSecond))} target units/s`],
    [
      'decoding',
      r.decoding
        ? `${r.settings.sentences} sentences of ${target} units, beam ${r.settings.beam}: ${r.decoding.seconds.toFixed(2)} s (processor ${r.decoding.cpuSeconds.toFixed(2)} s), ${r.decoding.sentencesPerSecond.toFixed(0)} sentences/s`
        : 'not measured (--sentences N)',
    ],
    [
      'fallbacks',
      fallen.length === 0 ? 'none' : fallen.map(([name, n]) => `${name} ${n}`).join(', '),
    ],
    ['tensors', `${r.tensorsBefore} before, ${r.tensorsAfter} after`],
  ]);
}

export const benchNmtCommand: Command = {
  name: 'bench nmt',
  summary:
    'Speed of the training step and the beam search of a translation model, on random units.',
  options: {
    hidden: { type: 'string', value: 'H', help: 'units of a layer (default 256)' },
    layers: { type: 'string', value: 'L', help: 'layers of encoder and decoder (default 2)' },
    batch: { type: 'string', value: 'B', help: 'sentence pairs a step (default 64)' },
    source: { type: 'string', value: 'S', help: 'units of a source sentence (default 15)' },
    target: { type: 'string', value: 'T', help: 'units of a target sentence (default 15)' },
    vocab: { type: 'string', value: 'V', help: 'units of each vocabulary (default 4372)' },
    gates: { type: 'string', value: 'MODE', help: 'baseline, sharpened or g2 (default)' },
    optimizer: { type: 'string', value: 'NAME', help: 'adam (default) or adadelta' },
    steps: { type: 'string', value: 'N', help: 'timed steps (default 20)' },
    warmup: { type: 'string', value: 'N', help: 'steps before them (default 3)' },
    sentences: { type: 'string', value: 'N', help: 'sentences to translate (default 0)' },
    beam: { type: 'string', value: 'K', help: 'beam of that (default 5)' },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm bench nmt',
    'g2lstm bench nmt --batch 32 --source 25 --target 25 --vocab 8000',
    'g2lstm bench nmt --sentences 1000 --json',
  ],
  details: () =>
    'The step is that of train nmt: encoder, attention, decoder, readout, softmax, clipping, optimiser; dropout\n0.3, with g2 noise. Lengths count end marks. Every hypothesis of the beam search is made TARGET units long.',
  async run(values, positionals) {
    noPositionals('bench nmt', positionals);
    const count = countsOf(values);
    const options = {
      hidden: count('hidden', 256, 4096),
      layers: count('layers', 2, 16),
      batch: count('batch', 64, 4096),
      source: count('source', 15, 1000, 2),
      target: count('target', 15, 1000, 2),
      vocabulary: count('vocab', 4372, 1_000_000, 16),
      gates: choiceOption(values, 'gates', GATE_MODES) ?? 'g2',
      optimizer:
        choiceOption<'adam' | 'adadelta'>(values, 'optimizer', ['adam', 'adadelta']) ?? 'adam',
      steps: count('steps', 20, 100_000),
      warmup: count('warmup', 3, 10_000, 0),
      sentences: count('sentences', 0, 1_000_000, 0),
      beam: count('beam', 5, 29),
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
    };
    const { benchTranslation } = await import('../bench/translation.js');
    const steps = options.warmup + options.steps;
    const progress = new Progress({
      label: 'bench',
      total: steps,
      unit: 'steps',
      silent: values.json === true,
    });
    const result = await benchTranslation({
      ...options,
      onStep: (done, total) => progress.update((done / total) * steps),
    });
    progress.abandon();
    if (values.json) printJson({ ...result, cpu: machineFacts().cpu });
    else process.stdout.write(`${describe(result)}\n`);
    return 0;
  },
};
