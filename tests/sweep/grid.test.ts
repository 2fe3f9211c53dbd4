import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planAblations } from '#src/chapters/ablations/plan.js';
import { UsageError } from '#src/errors.js';
import { plannedTrainings, REPRODUCTIONS } from '#src/reproduce/plan.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { ablationTrainings, gridTrainings, smallTrainings, sweepTasks } from '#src/sweep/expand.js';
import { parseGrid } from '#src/sweep/grid.js';
import { trainingArgs, trainingOfArgs } from '#src/sweep/task-config.js';

const tasksOf = (text: string) => sweepTasks(gridTrainings(parseGrid(text, 'grid.yaml')));

/** `seed1 g2 hidden=8 batch=4` of every task. */
const short = (text: string) =>
  tasksOf(text).map(({ args }) => {
    const after = (flag: string) => args[args.indexOf(flag) + 1];
    const sets = args.filter((_, i) => args[i - 1] === '--set');
    return [`seed${after('--seed')}`, after('--gates'), ...sets].join(' ');
  });

test('seeds outermost, algorithms fastest; the first key of the grid slowest', () => {
  const grid = `
algorithms: [baseline, g2]
seeds: [3, 1]
grid:
  hidden: [8, 16]
  bptt: [5, 10]
`;
  const rows = ['hidden=8 bptt=5', 'hidden=8 bptt=10', 'hidden=16 bptt=5', 'hidden=16 bptt=10'];
  const expected = ['seed3', 'seed1'].flatMap((seed) =>
    rows.flatMap((row) => ['baseline', 'g2'].map((gates) => `${seed} ${gates} ${row}`)),
  );
  assert.deepEqual(short(grid), expected);
  const tasks = tasksOf(grid);
  assert.deepEqual(
    tasks.map(({ index }) => index),
    [...tasks.keys()],
  );
  assert.equal(new Set(tasks.map(({ name }) => name)).size, 16);
  assert.match(tasks[1]!.name, /^g2-[0-9a-f]{8}-seed3$/);
  assert.equal(tasks[1]!.run, `runs/${tasks[1]!.name}`);
});

test('an empty grid is the three algorithms of the demo with seed 1', () => {
  assert.deepEqual(short('{}'), ['seed1 baseline', 'seed1 sharpened', 'seed1 g2']);
  assert.deepEqual(short('task: nmt\nseeds: 1\nalgorithms: g2'), ['seed1 g2']);
});

test('include adds settings, exclude takes combinations away, the same training is one task', () => {
  const grid = `
algorithms: [baseline, g2]
grid: { hidden: [8, 96] }
include:
  - { hidden: 16, layers: 2 }
  - { hidden: 8, layers: 1 }
exclude:
  - { gates: baseline, hidden: 8 }
`;
  // hidden 96 and one layer are the preset's own
  assert.deepEqual(short(grid), [
    'seed1 g2 hidden=8',
    'seed1 baseline',
    'seed1 g2',
    'seed1 baseline layers=2 hidden=16',
    'seed1 g2 layers=2 hidden=16',
  ]);
  assert.throws(
    () => tasksOf('algorithms: g2\nexclude: { gates: g2 }'),
    /every combination is excluded/,
  );
});

test('the noise of the paper, and several presets', () => {
  const [task] = tasksOf('algorithms: g2\ndepartures: paper');
  assert.deepEqual(
    trainingOfArgs(task!.args).config,
    resolveLanguageModelConfig({ gates: 'g2', departures: 'paper', seed: 1 }),
  );
  const two = tasksOf('preset: [demo-lm, demo-awd]\nalgorithms: baseline');
  assert.deepEqual(
    two.map(({ args }) => args[3]),
    ['demo-lm', 'demo-awd'],
  );
});

for (const [what, text, complaint] of [
  [
    'an unknown key',
    'task: lm\nsedes: 3',
    /^grid\.yaml line 2, column 1: unknown key sedes: did you mean seeds\?/,
  ],
  [
    'an unknown setting',
    'set:\n  hiden: 8',
    /line 2, column 3: unknown key hiden: did you mean hidden\?/,
  ],
  [
    'a key of the other task',
    'task: nmt\ngrid:\n  bptt: [10]',
    /line 3, column 3: unknown key bptt/,
  ],
  [
    'a value that does not fit',
    'grid:\n  hidden: [8, many]',
    /line 2, column 15: hidden=many: hidden must be a whole number/,
  ],
  [
    'an unknown algorithm',
    'algorithms: [base, g2]',
    /line 1, column 14: algorithms base: did you mean baseline\?/,
  ],
  [
    'an unknown preset',
    'preset: demo-lmm',
    /line 1, column 9: preset demo-lmm: did you mean demo-lm\?/,
  ],
  ['seeds that are none', 'seeds: [1, x]', /line 1, column 12: seeds: whole numbers/],
  ['no seeds', 'seeds: 0', /line 1, column 8: seeds: give how many/],
  ['a seed twice', 'seeds: [1, 2, 1]', /column 15: seed 1 is given twice/],
  ['a value twice', 'grid: { hidden: [8, 8] }', /hidden: 8 is given twice/],
  [
    'seeds among the settings',
    'grid:\n  seed: [1, 2]',
    /line 2, column 3: seed is chosen by seeds/,
  ],
  ['gates among the settings', 'set: { gates: g2 }', /gates is chosen by algorithms/],
  [
    'a key in set and grid',
    'set: { hidden: 8 }\ngrid: { hidden: [8] }',
    /line 2, column 1: hidden stands in set and in grid/,
  ],
  ['an empty list', 'grid: { hidden: [] }', /hidden is an empty list/],
  [
    'more trainings than anybody lists',
    `seeds: 1\ngrid:\n${['hidden', 'batch', 'bptt', 'epochs', 'validBatch'].map((key) => `  ${key}: [${Array.from({ length: 40 }, (_, i) => i + 1)}]\n`).join('')}`,
    /line 2, column 1: 40 x 40 x 40 x 40 x 40 combinations, 3 algorithms, 1 seed: 307,200,000 trainings, 10,000 are the most/,
  ],
  [
    'more trainings by their seeds',
    'seeds: 1000\ngrid: { hidden: [1, 2, 3, 4] }',
    /4 combinations, 3 algorithms, 1000 seeds: 12,000 trainings/,
  ],
  [
    'a list where none fits',
    'set: { hidden: [8] }',
    /hidden must be a number, a word, true or false/,
  ],
  ['a key without a value', 'grid:\n  hidden:\n', /line 2, column 10: hidden must be a number/],
  ['broken YAML', 'task: lm\ngrid: {hidden: [8}', /^grid\.yaml line 2, column \d+: /],
  ['a key twice', 'seeds: 1\nseeds: 2', /line 2, column 1: Map keys must be unique/],
  ['no map at all', '- 1', /line 1, column 1: a grid has lines/],
  ['nothing', '', /a grid has lines/],
] as const)
  test(`${what} is an error that says where`, () => {
    assert.throws(
      () => tasksOf(text),
      (error) => error instanceof UsageError && complaint.test(error.message),
      `${what}: ${complaint}`,
    );
  });

test('words of a training mean it again, every key', () => {
  const sets = ['hidden=8', 'tau=0.5', 'tied=true', 'optimizer=nt-asgd', 'learningRate=1e-3'];
  const config = resolveLanguageModelConfig({
    preset: 'demo-awd',
    gates: 'sharpened',
    seed: 7,
    sets,
  });
  const args = trainingArgs({ task: 'lm', preset: 'demo-awd', config });
  assert.deepEqual(trainingOfArgs(args).config, config);
  assert.throws(() => trainingOfArgs(['eval', 'lm']), /is no training: was tasks\.jsonl edited/);
});

test('ready-made sweeps: the ablations and the small reproduction', () => {
  const ablations = sweepTasks(ablationTrainings({ preset: 'demo-lm', seeds: [1, 2] }));
  const one = sweepTasks(ablationTrainings({ preset: 'demo-lm', seeds: [1] }));
  assert.ok(one.length >= 20);
  // a second seed goes behind the first one's tasks
  assert.deepEqual(ablations.slice(0, one.length), one);
  const names = planAblations({ preset: 'demo-lm', seeds: [1] }).runs.map(({ name }) => name);
  assert.deepEqual(
    one.map(({ run }) => run),
    names.map((name) => `runs/${name}`),
  );
  const small = sweepTasks(smallTrainings([1, 2]));
  const planned = plannedTrainings(REPRODUCTIONS.small, 2, 'out');
  assert.deepEqual(
    small.map(({ task, hash, seed }) => [task, hash, seed]),
    planned.map(({ task, hash, seed }) => [task, hash, seed]),
  );
  const second = small.filter(({ seed }) => seed === 2);
  const baseline = second.find(({ name }) => name === 'ptb-awd-small-baseline-seed2')!;
  assert.equal(baseline.run, 'runs/ptb-awd-small/baseline-seed2');
  assert.deepEqual(
    sweepTasks(smallTrainings([2])).map(({ hash }) => hash),
    second.map(({ hash }) => hash),
  );
});
