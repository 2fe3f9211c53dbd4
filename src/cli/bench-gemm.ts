import type { GemmLine, GemmShape } from '../bench/gemm.js';
import { UsageError } from '../errors.js';
import { machineFacts } from '../runs/environment-facts.js';
import {
  type Command,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from '../terminal/command.js';
import { Progress } from '../terminal/progress.js';
import { textTable } from '../terminal/table.js';

/** Where nothing else is asked: the step of a small language model on Penn Treebank. */
const STEP = { hidden: 200, batch: 20, bptt: 35, vocabulary: 10_000 };
const LARGEST = 16_384;

function parseShapes(text: string): GemmShape[] {
  return text.split(',').map((name) => {
    const sizes = /^(\d+)x(\d+)x(\d+)$/i.exec(name.trim())?.slice(1).map(Number);
    if (!sizes?.every((n) => n >= 1 && n <= LARGEST))
      throw new UsageError(
        `--shapes ${name}: write MxNxK with sizes from 1 to ${LARGEST}, for example --shapes 700x800x200,20x800x200`,
      );
    const [m, n, k] = sizes as [number, number, number];
    return { name: 'given', m, n, k };
  });
}

const shapeText = ({ m, n, k, ta, tb }: GemmShape): string =>
  `${m}x${n}x${k}${ta ? ' At' : ''}${tb ? ' Bt' : ''}`;

function table(lines: readonly GemmLine[], threads: number): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'M x N x K' },
    right('1 thread'),
    ...(threads > 1 ? [right(`${threads} threads`), right('gain')] : []),
    { title: 'what' },
  ];
  const rows = lines.map((line) => [
    shapeText(line),
    line.one.median.toFixed(1),
    ...(line.all
      ? [line.all.median.toFixed(1), (line.all.median / line.one.median).toFixed(2)]
      : []),
    line.name,
  ]);
  return textTable(columns, rows);
}

export const benchGemmCommand: Command = {
  name: 'bench gemm',
  summary: 'Speed of the matrix products behind a training step, GF/s in float32.',
  options: {
    size: { type: 'string', value: 'N', help: 'side of the square product (default 1024)' },
    shapes: {
      type: 'string',
      value: 'MxNxK,..',
      help: 'products to measure instead of those of a training step',
    },
    threads: SHARED.threads,
  },
  examples: ['g2lstm bench gemm', 'g2lstm bench gemm --shapes 700x800x200,20x800x200 --threads 1'],
  details: () =>
    `Medians of 7 runs; 2MNK operations a product. The training step has H=${STEP.hidden}, B=${STEP.batch}, T=${STEP.bptt}, V=${STEP.vocabulary}. At, Bt: stored transposed.`,
  async run(values, positionals) {
    noPositionals('bench gemm', positionals);
    const size = integerOption(values, 'size', 1, LARGEST / 2);
    const given = textOption(values, 'shapes');
    const square = { name: 'square', m: size ?? 1024, n: size ?? 1024, k: size ?? 1024 };
    const wanted = given === undefined ? null : parseShapes(given);
    const asked = integerOption(values, 'threads', 1, MOST_THREADS);
    const { gemmLine, requireBlasBackend, stepShapes } = await import('../bench/gemm.js');
    const { backend, info } = await requireBlasBackend(asked);
    const { gemm, threads } = info;
    const others = wanted ?? stepShapes(STEP);
    const shapes = wanted && size === undefined ? others : [square, ...others];
    const progress = new Progress({
      label: 'bench',
      total: shapes.length,
      unit: 'products',
      silent: values.json === true,
    });
    const lines = shapes.map((shape, i) => {
      progress.update(i, shape.name);
      return gemmLine(backend, shape);
    });
    progress.abandon();
    if (values.json) {
      const { cpu } = machineFacts();
      printJson({ gemm, threads, cpu, node: process.versions.node, unit: 'GF/s', products: lines });
    } else process.stdout.write(`${gemm}, GF/s\n\n${table(lines, threads)}\n`);
    return 0;
  },
};
