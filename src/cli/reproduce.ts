import { UsageError } from '../errors.js';
import { StopFlag, stopOnSignals } from '../runs/interrupt.js';
import type { Reproduction } from '../runs/reproduce.js';
import { gateTable, perplexityTable, type TextTable } from '../runs/reproduce-report.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from './command.js';
import { textTable } from './table.js';

/** Exit status of work that was stopped and can go on. */
const STOPPED = 130;

const PROFILES = ['demo', 'small', 'paper'] as const;

/** What the larger profiles will be; today their models are trained one by one. */
const NOT_YET: Record<'small' | 'paper', string> = {
  small: 'it will train preset ptb-unregularised with all three algorithms on Penn Treebank',
  paper: "it will train the paper's AWD-LSTM (3 x 1150 units) on Penn Treebank",
};

const show = ({ columns, rows }: TextTable): string =>
  textTable(
    columns.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows,
  );

const describe = (results: Reproduction, out: string): string =>
  [
    `Perplexity on ${results.dataset} (preset ${results.preset}, seeds ${results.seeds.join(', ')})`,
    show(perplexityTable(results)),
    '',
    'Gate values near 0 and 1 on the validation text, percent',
    show(gateTable(results)),
    '',
    results.note,
    `Stored: ${out}/results.json, ${out}/results.md`,
  ].join('\n');

export const reproduceCommand: Command = {
  name: 'reproduce',
  summary: 'The whole experiment at a chosen scale: three algorithms, trained, tested, compared.',
  options: {
    profile: { type: 'string', value: 'P', help: 'demo (default); small and paper are to come' },
    seeds: { type: 'string', value: 'N', help: 'train with seeds 1..N (default 1)' },
    out: {
      type: 'string',
      value: 'DIR',
      help: 'folder for runs and results (default runs/reproduce-demo)',
    },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm reproduce',
    'g2lstm reproduce --profile demo --seeds 3 --out runs/three-seeds --json',
  ],
  details: () =>
    'demo: the corpus this project makes, preset demo-lm, about half a minute a seed on two cores.\nFinished runs in --out are used again, interrupted ones go on.',
  async run(values, positionals) {
    noPositionals('reproduce', positionals);
    const profile = choiceOption(values, 'profile', PROFILES) ?? 'demo';
    if (profile !== 'demo')
      throw new UsageError(
        `profile ${profile} is not here yet: ${NOT_YET[profile]}.\nToday: g2lstm train lm --preset ptb-unregularised --gates baseline|sharpened|g2 --data DIR, or --profile demo`,
      );
    const seeds = integerOption(values, 'seeds', 1, 100) ?? 1;
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const { reproduceDemo } = await import('../runs/reproduce.js');
    const out = textOption(values, 'out') ?? 'runs/reproduce-demo';
    const stop = new StopFlag();
    const restore = stopOnSignals(stop, {
      onStop: (signal) =>
        process.stderr.write(`\n${signal}: saving a checkpoint; once more to quit at once\n`),
    });
    const quiet = values.json === true;
    try {
      const results = await reproduceDemo({
        out,
        seeds,
        threads,
        stop,
        silent: quiet,
        onMessage: (text) => void (quiet || process.stderr.write(`${text}\n`)),
      });
      if (!results) {
        process.stderr.write('stopped; the same command goes on from here\n');
        return STOPPED;
      }
      if (quiet) printJson(results);
      else process.stdout.write(`${describe(results, out)}\n`);
      return 0;
    } finally {
      restore();
    }
  },
};
