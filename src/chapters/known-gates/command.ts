import { UsageError } from '../../errors.js';
import { saidStopped, stopFlagOfSignals } from '../../runs/interrupt.js';
import {
  type Command,
  integerOption,
  MOST_THREADS,
  noPositionals,
  SHARED,
  textOption,
  type Values,
} from '../../terminal/command.js';
import { formatDuration } from '../../terminal/progress.js';
import { KNOWN_FORGET_BIASES, KNOWN_SEEDS, KNOWN_TASKS } from './tasks/index.js';
import type { KnownTask } from './tasks/task.js';

/** Seeds of the stored results. */
const SEEDS = KNOWN_SEEDS.join(',');
const FORGET_BIASES = KNOWN_FORGET_BIASES.join(',');

const words = (values: Values, name: string, usual: string): string[] =>
  (textOption(values, name) ?? usual).split(',').map((word) => word.trim());

function numbers(values: Values, name: string, usual: string, whole: boolean): number[] {
  return words(values, name, usual).map((word) => {
    const value = Number(word);
    if (
      word === '' ||
      !Number.isFinite(value) ||
      (whole && !(Number.isSafeInteger(value) && value >= 0))
    )
      throw new UsageError(`--${name} ${values[name]}: give numbers, as in --${name} ${usual}`);
    return value;
  });
}

function tasksOf(values: Values): KnownTask[] {
  const names = KNOWN_TASKS.map(({ name }) => name);
  return words(values, 'only', names.join(',')).map((name) => {
    const task = KNOWN_TASKS.find((one) => one.name === name);
    if (!task)
      throw new UsageError(`--only ${name}: no such task; the tasks are ${names.join(', ')}`);
    return task;
  });
}

export const knownGatesCommand: Command = {
  name: 'known-gates',
  summary: 'Small tasks whose gates are known: trains all algorithms over seeds and measures.',
  longWork: true,
  options: {
    only: { type: 'string', value: 'NAME,...', help: 'these tasks only (see below)' },
    seeds: { type: 'string', value: 'N,...', help: `seeds of every model (default ${SEEDS})` },
    'forget-bias': {
      type: 'string',
      value: 'X,...',
      help: `added to the forget gates' bias before training (default ${FORGET_BIASES})`,
    },
    out: {
      type: 'string',
      value: 'DIR',
      help: 'folder for results, a file a task (default runs/known-gates)',
    },
    threads: SHARED.threads,
  },
  examples: ['g2lstm known-gates --only latch --seeds 1,2,3', 'g2lstm known-gates'],
  details: () =>
    [
      'Tasks:',
      ...KNOWN_TASKS.map(({ name, doc }) => `  ${name.padEnd(12)} ${doc}`),
      '',
      'Models that DIR holds already are not trained again: the same command continues after Ctrl-C.',
    ].join('\n'),
  async run(values, positionals) {
    noPositionals('known-gates', positionals);
    const tasks = tasksOf(values);
    const seeds = numbers(values, 'seeds', SEEDS, true);
    const forgetBiases = numbers(values, 'forget-bias', FORGET_BIASES, false);
    const out = textOption(values, 'out') ?? 'runs/known-gates';
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const { KNOWN_ALGORITHMS } = await import('./train.js');
    const { knownDone, knownItems, runKnownGates } = await import('./run.js');
    const algorithms = Object.keys(KNOWN_ALGORITHMS) as (keyof typeof KNOWN_ALGORITHMS)[];
    const command = [
      ...['g2lstm known-gates', values.only ? `--only ${values.only}` : ''],
      ...[`--seeds ${seeds.join(',')}`, `--forget-bias ${forgetBiases.join(',')}`],
    ]
      .filter((word) => word !== '')
      .join(' ');
    const { stop, restore } = stopFlagOfSignals();
    const request = { tasks, algorithms, forgetBiases, seeds, out, command, threads, stop };
    const finished = knownDone(request);
    const cost = (list: { task: KnownTask }[]) =>
      list.reduce((sum, { task }) => sum + task.updates * task.length, 0);
    const items = knownItems(request);
    const left = items.map((item) => (finished(item) ? null : item));
    const say = (text: string) => void (values.json || process.stderr.write(`${text}\n`));
    const trained = left.filter((item) => item === null).length;
    say(`${items.length} models in ${out}, ${trained} of them trained already`);
    const started = performance.now();
    const onProgress = (done: number, of: number, item: (typeof items)[number]): void => {
      if (left[done - 1] === null) return;
      const rest = (list: typeof left) => cost(list.filter((one) => one !== null));
      const pace = (performance.now() - started) / 1000 / rest(left.slice(0, done));
      const seconds = pace * rest(left.slice(done));
      const { task, algorithm, forgetBias, seed } = item;
      say(
        `${done}/${of} ${task.name}, ${algorithm}, forget bias ${forgetBias}, seed ${seed}; about ${formatDuration(seconds)} left`,
      );
    };
    try {
      const whole = await runKnownGates({ ...request, onMessage: say, onProgress });
      return whole ? 0 : saidStopped();
    } finally {
      restore();
    }
  },
};
