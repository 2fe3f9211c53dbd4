import type { CompressedBenchResult } from '../bench/compressed.js';
import { UsageError } from '../errors.js';
import { machineFacts } from '../runs/environment-facts.js';
import {
  type Command,
  countsOf,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
  type Values,
} from '../terminal/command.js';
import { Progress } from '../terminal/progress.js';
import { factList, grouped, textTable } from '../terminal/table.js';

function ranksOption(values: Values, hidden: number): number[] {
  const given = textOption(values, 'ranks');
  if (given === undefined)
    return [...new Set([1 / 16, 1 / 8, 1 / 4].map((share) => Math.ceil(share * hidden)))];
  return given.split(',').map((text) => {
    const rank = Number(text);
    if (!Number.isInteger(rank) || rank < 1 || rank >= hidden)
      throw new UsageError(
        `--ranks ${given}: give whole numbers from 1 to ${hidden - 1} (below --hidden), separated by commas`,
      );
    return rank;
  });
}

function describe(r: CompressedBenchResult): string {
  const { hidden, layers, vocabulary, batch, words, gates, repeats } = r.settings;
  const facts = factList([
    [
      'model',
      `${layers} x ${hidden} units, ${grouped(vocabulary)} words, ${grouped(r.parameters)} parameters; gates ${gates} from factors`,
    ],
    ['text', `${grouped(words)} random words, ${batch} stream(s), ${repeats} times each, in turn`],
    ['computed by', `${r.backend}, ${r.gemm}, ${r.threads} thread(s), Node ${r.node}`],
  ]);
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = textTable(
    [
      ...[right('rank'), right('multiplications'), right('whole, words/s')],
      ...[right('factors, words/s'), right('speed'), right('step by step, words/s')],
      right('speed'),
    ],
    r.rows.map((row) => [
      String(row.rank),
      `${row.multiplications.toFixed(2)}x fewer`,
      ...[
        grouped(Math.round(row.whole.wordsPerCpuSecond)),
        grouped(Math.round(row.fused.wordsPerCpuSecond)),
        `${row.speedup.fused.toFixed(2)}x`,
        grouped(Math.round(row.composed.wordsPerCpuSecond)),
        `${row.speedup.composed.toFixed(2)}x`,
      ],
    ]),
  );
  return `${facts}\n\n${table}\nwords a second of processor time, medians`;
}

export const benchCompressedCommand: Command = {
  name: 'bench compressed',
  summary: 'Speed of a language model of low rank: from whole matrices, and from its factors.',
  options: {
    hidden: { type: 'string', value: 'H', help: 'units of a layer (default 256)' },
    layers: { type: 'string', value: 'L', help: 'layers (default 2)' },
    vocab: { type: 'string', value: 'V', help: 'words of the vocabulary (default 10000)' },
    batch: { type: 'string', value: 'B', help: 'parallel streams (default 1)' },
    words: { type: 'string', value: 'N', help: 'words to score (default 2000)' },
    ranks: { type: 'string', value: 'K,K', help: 'ranks (default: 1/16, 1/8, 1/4 of H)' },
    gates: { type: 'string', value: 'LETTERS', help: 'gates with factors, of fiog (default fi)' },
    repeats: { type: 'string', value: 'N', help: 'timed runs of each way (default 5)' },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm bench compressed',
    'g2lstm bench compressed --hidden 1150 --layers 3 --words 400 --ranks 64,128',
    'g2lstm bench compressed --gates fiog --vocab 1000 --json',
  ],
  details: () =>
    'Weights are random and decomposed really; embedding and softmax are tied and stay whole. `factors` is one fused\nkernel, `step by step` is plain tfjs ops.',
  async run(values, positionals) {
    noPositionals('bench compressed', positionals);
    const count = countsOf(values);
    const hidden = count('hidden', 256, 4096, 2);
    const gates = textOption(values, 'gates') ?? 'fi';
    if (!/^[fiog]+$/.test(gates) || new Set(gates).size < gates.length)
      throw new UsageError(`--gates ${gates}: give different letters of fiog`);
    const options = {
      hidden,
      gates,
      layers: count('layers', 2, 16),
      vocabulary: count('vocab', 10_000, 1_000_000, 2),
      batch: count('batch', 1, 4096),
      words: count('words', 2000, 10_000_000, 2),
      ranks: ranksOption(values, hidden),
      repeats: count('repeats', 5, 1000),
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
    };
    const { benchCompressed } = await import('../bench/compressed.js');
    const silent = values.json === true;
    const progress = new Progress({ label: 'bench', total: 100, unit: '%', silent });
    const onProgress = (done: number) => progress.update(100 * done);
    const result = await benchCompressed({ ...options, onProgress });
    progress.abandon();
    if (silent) printJson({ ...result, cpu: machineFacts().cpu });
    else process.stdout.write(`${describe(result)}\n`);
    return 0;
  },
};
