import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.js';
import {
  ablationTrainings,
  gridTrainings,
  type NamedTraining,
  smallTrainings,
  sweepTasks,
} from '../sweep/expand.js';
import { readGrid } from '../sweep/grid.js';
import { openSweep } from '../sweep/open-sweep.js';
import type { SweepDescription } from '../sweep/tasks.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  SHARED,
  textOption,
  type Values,
} from '../terminal/command.js';
import { type PreparedSweep, refuseForeignOptions, type SweepExecutor } from './sweep-executor.js';
import { listExecutor } from './sweep-list.js';
import { localExecutor } from './sweep-local.js';
import { slurmExecutor } from './sweep-slurm.js';

/** Ways to run a sweep; the first one is usual. */
const EXECUTORS: readonly SweepExecutor[] = [localExecutor, slurmExecutor, listExecutor];

const PRESETS = ['ablations', 'small-seeds'] as const;

/** Options that say what a ready-made sweep consists of. */
const OF_PRESETS = ['seeds', 'only', 'base', 'set'] as const;

/** `3` is 1, 2 and 3; `4,5` these two. */
function seedsOf(values: Values): number[] {
  const given = textOption(values, 'seeds') ?? '3';
  const seeds = given.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const right = seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 1 && seed <= 1000);
  if (!right || new Set(seeds).size < seeds.length)
    throw new UsageError(
      `--seeds ${given}: give how many (3 for 1, 2 and 3), or a list as in --seeds 4,5`,
    );
  return given.includes(',') ? seeds : Array.from({ length: seeds[0]! }, (_, i) => i + 1);
}

interface Asked {
  description: SweepDescription;
  trainings: NamedTraining[];
}

function askedPreset(values: Values, preset: (typeof PRESETS)[number]): Asked {
  const seeds = seedsOf(values);
  const sets = (values.set as string[] | undefined) ?? [];
  const only = textOption(values, 'only')
    ?.split(',')
    .map((word) => word.trim());
  const base = textOption(values, 'base');
  const common = { name: preset, preset, data: null };
  if (preset === 'small-seeds') {
    for (const name of ['only', 'base'] as const)
      if (values[name] !== undefined)
        throw new UsageError(`--${name} belongs to --preset ablations`);
    const grid = { seeds, set: sets };
    return { description: { ...common, grid }, trainings: smallTrainings(seeds, sets) };
  }
  const choice = { preset: base ?? 'demo-lm', seeds, sets, only };
  const grid = { base: choice.preset, only: only ?? null, seeds, set: sets };
  return { description: { ...common, grid }, trainings: ablationTrainings(choice) };
}

/** What the words ask for. */
function asked(values: Values, positionals: readonly string[]): Asked {
  const preset = choiceOption(values, 'preset', PRESETS);
  const [file, more] = positionals;
  if ((file === undefined) === (preset === undefined) || more !== undefined)
    throw new UsageError(
      `sweep: give a grid or a preset, as in g2lstm sweep GRID.yaml, g2lstm sweep --preset ${PRESETS[0]}`,
    );
  if (preset !== undefined) return askedPreset(values, preset);
  for (const name of OF_PRESETS)
    if (values[name] !== undefined)
      throw new UsageError(`--${name} belongs to --preset; write it into ${file}`);
  const grid = readGrid(file!);
  const name = path.basename(file!).replace(/\.ya?ml$/i, '');
  const description = { name, preset: null, grid: { ...grid }, data: null };
  return { description, trainings: gridTrainings(grid) };
}

const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));

/** Options of all executors, each once. */
const ownOptions = Object.assign({}, ...EXECUTORS.map(({ options }) => options));

export const sweepCommand: Command = {
  name: 'sweep',
  summary: 'Many runs: a grid of settings x algorithms x seeds, here or on a cluster.',
  positionals: '[GRID.yaml]',
  listsOptions: true,
  longWork: true,
  options: {
    preset: { type: 'string', value: 'P', help: `a ready-made sweep: ${PRESETS.join(' or ')}` },
    executor: {
      type: 'string',
      value: 'E',
      help: `${EXECUTORS.map(({ name }) => name).join(' or ')} (default ${EXECUTORS[0]!.name})`,
    },
    out: { type: 'string', value: 'DIR', help: 'folder of the sweep (default runs/sweep-NAME)' },
    data: SHARED.data,
    seeds: {
      type: 'string',
      value: 'N',
      help: 'of a preset: seeds 1..N (default 3), or a list 4,5',
    },
    only: { type: 'string', value: 'NAME,...', help: 'of ablations: these only' },
    base: {
      type: 'string',
      value: 'P',
      help: 'of ablations: preset of train lm (default demo-lm)',
    },
    set: {
      type: 'string',
      value: 'K=V',
      multiple: true,
      help: 'of a preset: override one key in all runs; may be repeated',
    },
    threads: { ...SHARED.threads, help: 'compute threads of each task (else G2_THREADS)' },
    'dry-run': { type: 'boolean', help: 'show the tasks and what would be done, and end' },
    ...ownOptions,
  },
  examples: [
    'g2lstm sweep grid.yaml',
    'g2lstm sweep grid.yaml --executor local -j 4 --threads 1',
    'g2lstm sweep --preset ablations --seeds 3 --dry-run',
    'g2lstm sweep grid.yaml --executor slurm --partition cpu --time 4:00:00 --cpus-per-task 4 --dry-run',
    'g2lstm sweep grid.yaml --executor list',
    'g2lstm sweep status runs/sweep-grid',
  ],
  details: () =>
    [
      'GRID.yaml, every key optional:',
      '  task: lm                      # or nmt',
      '  preset: demo-lm               # of train lm or train nmt; one name or several',
      '  algorithms: [baseline, g2]    # default baseline, sharpened, g2',
      '  seeds: 3                      # 1 to 3; or a list. Default 1',
      '  departures: code              # or paper: whose noise g2 gates have',
      '  set:                          # the same in all runs, as --set KEY=VALUE of train',
      '    epochs: 4',
      '  grid:                         # every combination of these values',
      '    hidden: [64, 128]',
      '    batch: [10, 20]',
      '  include:                      # further settings, for all algorithms and seeds',
      '    - { hidden: 256, batch: 20 }',
      '  exclude:                      # combinations to leave out; gates and preset may be named',
      '    - { gates: baseline, hidden: 128 }',
      '',
      'Presets: ablations (trained here, g2lstm ablations --out DIR/runs measures them) and small-seeds (the',
      'trainings of g2lstm reproduce --profile small, which finds them with --out DIR/runs).',
      '',
      'The same command goes on with what is unfinished. With seeds added at the end of the list it adds',
      'tasks; any other change is refused: task numbers keep their meaning. DIR holds tasks.jsonl (a line',
      'a task), runs/ (run folders, attempts.jsonl in each) and logs/.',
      'Then: g2lstm sweep status DIR, g2lstm sweep cancel DIR, g2lstm sweep collect DIR.',
    ].join('\n'),
  async run(values, positionals) {
    const names = EXECUTORS.map(({ name }) => name);
    const executor =
      EXECUTORS[names.indexOf(choiceOption(values, 'executor', names) ?? names[0]!)]!;
    refuseForeignOptions(values, executor, EXECUTORS);
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const { description, trainings } = asked(values, positionals);
    const dataFolder = textOption(values, 'data');
    if (dataFolder !== undefined) description.data = path.resolve(dataFolder);
    const sweep = textOption(values, 'out') ?? path.join('runs', `sweep-${description.name}`);
    const quiet = values.json === true;
    const dryRun = values['dry-run'] === true;
    const say = (text: string) => void (quiet || process.stderr.write(`${text}\n`));
    const { tasks, added } = openSweep(sweep, description, sweepTasks(trainings), dryRun);
    const repeated = trainings.length - tasks.length;
    say(
      `${sweep}: ${tasks.length} tasks${added > 0 && added < tasks.length ? `, ${added} of them new` : ''}${repeated > 0 ? ` (${repeated} combinations are the same training as others)` : ''}`,
    );
    const command: PreparedSweep['command'] = (index, own = { threads }) => [
      ...[process.execPath, PROGRAM, 'sweep-task', path.resolve(sweep), `${index}`],
      ...(own.threads === undefined ? [] : ['--threads', `${own.threads}`]),
    ];
    return executor.run({ sweep, tasks, command, values, threads, dryRun, quiet, say });
  },
};
