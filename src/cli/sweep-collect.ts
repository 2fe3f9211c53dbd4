import path from 'node:path';
import { withDeviation } from '../results/statistics.js';
import { TASK_KINDS, type TaskKind } from '../runs/tasks.js';
import { collectSweep, type SweepRow, type SweepTable, tableFile } from '../sweep/collect.js';
import { type Command, printJson, textOption } from '../terminal/command.js';
import { formatDuration } from '../terminal/progress.js';
import { textTable } from '../terminal/table.js';
import { sweepFolder } from './sweep-status.js';

/** Scores that are printed, by task; the table in the file has all. */
const SHOWN: Record<TaskKind, readonly (readonly [title: string, score: string])[]> = {
  lm: [
    ['valid perplexity', 'validPerplexity'],
    ['test perplexity', 'testPerplexity'],
  ],
  nmt: [
    ['test BLEU', 'testBleu'],
    ['multi-bleu', 'testMultiBleu'],
    ['valid perplexity', 'validPerplexity'],
    ['test perplexity', 'testPerplexity'],
  ],
};

function rowsTable(task: TaskKind, rows: readonly SweepRow[]): string {
  const titles = ['configuration', ...SHOWN[task].map(([title]) => title), 'seeds', 'each'];
  const cells = rows.map(({ id, scores, seeds, label, seconds }) => [
    id,
    ...SHOWN[task].map(([, name]) => {
      const score = scores[name];
      return score ? withDeviation(score.values, 2) : '-';
    }),
    seeds.length === 1 ? label : seeds.join(', '),
    formatDuration(seconds / seeds.length),
  ]);
  return textTable(
    titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    cells,
  );
}

function describe({ rows, unfinished, sweep }: SweepTable, out: string): string {
  const parts = TASK_KINDS.map((task) => [task, rows.filter((row) => row.task === task)] as const)
    .filter(([, own]) => own.length > 0)
    .map(([task, own]) => rowsTable(task, own));
  const few = rows.filter(({ seeds }) => seeds.length === 1).length;
  return [
    ...parts,
    [
      'Mean and standard deviation over seeds; test numbers are of the weights that were best on the validation text.',
      ...(few > 0 ? ['A row of one seed says nothing about chance.'] : []),
      ...(unfinished.length > 0
        ? [
            `not finished: ${unfinished.length === 1 ? 'task' : 'tasks'} ${unfinished.map(({ index }) => index).join(', ')}`,
          ]
        : []),
      `Stored: ${tableFile(out, sweep)}, and the summaries in ${out}`,
    ].join('\n'),
  ].join('\n\n');
}

export const sweepCollectCommand: Command = {
  name: 'sweep collect',
  summary: 'Put the results of a sweep together: summaries, and mean and deviation over seeds.',
  positionals: 'SWEEP',
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      help: 'folder for the results, as data/results has them (default SWEEP/results)',
    },
  },
  examples: [
    'g2lstm sweep collect runs/sweep-grid',
    'g2lstm sweep collect runs/sweep-grid -o results --json',
  ],
  async run(values, positionals) {
    const sweep = sweepFolder('sweep collect', positionals);
    const out = textOption(values, 'output') ?? path.join(sweep, 'results');
    const table = collectSweep(sweep, out, 'g2lstm sweep collect SWEEP');
    if (values.json) printJson(table);
    else process.stdout.write(`${describe(table, out)}\n`);
    return 0;
  },
};
