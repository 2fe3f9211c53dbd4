import { UsageError } from '../../errors.js';
import { prepareOutput } from '../../files/atomic.js';
import { saidStopped, stopFlagOfSignals } from '../../runs/interrupt.js';
import { languageModelPreset } from '../../runs/lm/presets.js';
import {
  type Command,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
  type Values,
} from '../../terminal/command.js';
import { formatDuration } from '../../terminal/progress.js';
import { textTable } from '../../terminal/table.js';
import { type PlannedRun, planAblations } from './plan.js';
import type { AblationResults } from './results.js';
import { ABLATIONS } from './switches.js';

/** Runs of more seconds than this show how far they are. */
const LONG = 120;

const list = (values: Values, name: string): string[] | undefined =>
  textOption(values, name)
    ?.split(',')
    .map((word) => word.trim());

function seedsOf(values: Values): number[] {
  const words = list(values, 'seeds') ?? ['1', '2', '3'];
  return words.map((word) => {
    const seed = Number(word);
    if (word === '' || !Number.isSafeInteger(seed) || seed < 0)
      throw new UsageError(`--seeds ${values.seeds}: give whole numbers, as in --seeds 1,2,3`);
    return seed;
  });
}

type Expected = import('./run.js').ExpectedRun;

/** What will be trained, point by point, and for how long. */
function planText(expected: readonly Expected[], out: string): string {
  const points = new Map<string, Expected[]>();
  for (const one of expected) {
    const id = one.run.points.map((point) => point.id)[0]!;
    points.set(id, [...(points.get(id) ?? []), one]);
  }
  const rows = [...points].map(([id, runs]) => {
    const also = runs[0]!.run.points.length - 1;
    const finished = runs.filter(({ status }) => status === 'finished').length;
    const most = Math.max(...runs.map(({ seconds }) => seconds));
    return [
      id + (also > 0 ? ` (and ${also} more in evaluation)` : ''),
      `${runs.length}`,
      `${finished}`,
      most === 0 ? '-' : formatDuration(most),
    ];
  });
  const columns = ['configuration', 'runs', 'finished', 'each'];
  const left = expected.filter(({ status }) => status !== 'finished');
  const seconds = left.reduce((sum, one) => sum + one.seconds, 0);
  return [
    textTable(
      columns.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      rows,
    ),
    '',
    `${expected.length} runs in ${out}, ${left.length} of them to train: about ${formatDuration(seconds)} on this machine as it is now, measuring not counted`,
  ].join('\n');
}

/** Says after every run how far it is, and guesses the rest from the plan's proportions. */
function progressOf(expected: readonly Expected[], say: (text: string) => void) {
  const started = performance.now();
  return (done: number, of: number, run: { points: { id: string }[]; seed: number }): void => {
    const sum = (part: readonly Expected[]) => part.reduce((s, one) => s + one.seconds, 0);
    const [past, left] = [sum(expected.slice(0, done)), sum(expected.slice(done))];
    const pace = past > 0 ? (performance.now() - started) / 1000 / past : 1;
    const rest = left > 0 ? `; about ${formatDuration(pace * left)} left` : '';
    say(`${done}/${of} ${run.points[0]!.id}, seed ${run.seed}${rest}`);
  };
}

/** The tables of all ablations. */
async function describe(results: AblationResults, only?: readonly string[]): Promise<string> {
  const { ablationTable, compareAblations } = await import('./comparison.js');
  const parts = compareAblations(results, only).map((comparison) => {
    const { columns, rows } = ablationTable(comparison);
    const table = textTable(
      columns.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      rows,
    );
    const { ablation, verdict } = comparison;
    return `${ablation.title} (${ablation.name})\n${table}\n${verdict}`;
  });
  const failed = results.failed.map(
    ({ point, seed, why }) => `failed: ${point}, seed ${seed}: ${why}`,
  );
  return [...parts, ...(failed.length ? [failed.join('\n')] : [])].join('\n\n');
}

export const ablationsCommand: Command = {
  name: 'ablations',
  summary: 'One switch of G2-LSTM at a time: plans, trains, measures and compares.',
  longWork: true,
  options: {
    only: { type: 'string', value: 'NAME,...', help: 'these ablations only (see below)' },
    seeds: { type: 'string', value: 'N,...', help: 'seeds of every configuration (default 1,2,3)' },
    preset: { type: 'string', value: 'P', help: 'preset of train lm (default demo-lm)' },
    set: {
      type: 'string',
      value: 'K=V',
      multiple: true,
      help: 'override one key in all runs; may be repeated',
    },
    data: SHARED.data,
    out: {
      type: 'string',
      value: 'DIR',
      help: 'folder for runs (default runs/ablations-PRESET)',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'file for the results (default DIR/ablations.json)',
    },
    'dry-run': { type: 'boolean', help: 'show the plan and what it costs, and end' },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm ablations --dry-run',
    'g2lstm ablations --only tau,noise-probability --seeds 1,2 --set hidden=64',
  ],
  details: () =>
    [
      'Ablations:',
      ...ABLATIONS.map(({ name, question }) => `  ${name.padEnd(20)} ${question}`),
      '',
      'A configuration that several ablations share is trained once. Finished runs in DIR are used',
      'again, interrupted ones go on: the same command continues after Ctrl-C.',
    ].join('\n'),
  async run(values, positionals) {
    noPositionals('ablations', positionals);
    const preset = textOption(values, 'preset') ?? 'demo-lm';
    languageModelPreset(preset);
    const only = list(values, 'only');
    const sets = (values.set as string[] | undefined) ?? [];
    const plan = planAblations({ only, seeds: seedsOf(values), preset, sets });
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const out = textOption(values, 'out') ?? `runs/ablations-${preset}`;
    const file = textOption(values, 'output') ?? `${out}/ablations.json`;
    const dataFolder = textOption(values, 'data');
    const quiet = values.json === true;
    const say = (text: string) => void (quiet || process.stderr.write(`${text}\n`));
    if (values['dry-run'] !== true) prepareOutput(file);
    const { expectPlan, runAblations } = await import('./run.js');
    const expected = await expectPlan({ plan, out, dataFolder, threads });
    if (values['dry-run']) {
      if (quiet)
        printJson(
          expected.map(({ run: { name, seed, points }, status, seconds }) => {
            return { run: name, seed, points: points.map(({ id }) => id), status, seconds };
          }),
        );
      else process.stdout.write(`${planText(expected, out)}\n`);
      return 0;
    }
    say(planText(expected, out));
    const { stop, restore } = stopFlagOfSignals();
    try {
      const onProgress = progressOf(expected, say);
      const long = new Set(expected.filter(({ seconds }) => seconds > LONG).map(({ run }) => run));
      const shown = (run: PlannedRun) => !quiet && long.has(run);
      const request = { plan, out, dataFolder, threads, stop, only, shown, onProgress };
      const results = await runAblations({ ...request, onMessage: say });
      if (!results) return saidStopped();
      const { writeAblations } = await import('./results.js');
      writeAblations(file, results);
      if (quiet) printJson(results);
      else process.stdout.write(`${await describe(results, only)}\n\nStored: ${file}\n`);
      return results.failed.length > 0 ? 1 : 0;
    } finally {
      restore();
    }
  },
};
