import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { gridTrainings, sweepTasks } from '#src/sweep/expand.js';
import { parseGrid } from '#src/sweep/grid.js';
import { openSweep } from '#src/sweep/open-sweep.js';
import { readSweep, readTasks, type SweepTask, taskAt, tasksFile } from '#src/sweep/tasks.js';
import { scratch } from '../runs/helpers.js';

const GRID = 'algorithms: g2\nseeds: 2\ngrid: { hidden: [8, 16] }';

function open(sweep: string, text: string, dry = false, data: string | null = null) {
  const grid = parseGrid(text, 'grid.yaml');
  const description = { name: 'grid', preset: null, grid: { ...grid }, data };
  return openSweep(sweep, description, sweepTasks(gridTrainings(grid)), dry);
}

const made = (t: TestContext): string => {
  const sweep = path.join(scratch(t), 'sweep');
  open(sweep, GRID);
  return sweep;
};

test('a sweep is written once and read again; the same grid changes no byte', (t) => {
  const sweep = made(t);
  const before = nodeFs.readFileSync(tasksFile(sweep), 'utf8');
  assert.equal(before.split('\n').length, 5);
  assert.deepEqual(nodeFs.readdirSync(sweep).sort(), ['logs', 'sweep.json', 'tasks.jsonl']);
  assert.equal(open(sweep, GRID).added, 0);
  assert.equal(nodeFs.readFileSync(tasksFile(sweep), 'utf8'), before);
  assert.equal(readTasks(sweep)[2]!.seed, 2);
  assert.throws(() => taskAt(sweep, 4), /has no task 4: its 4 tasks are 0 to 3/);
});

test('seeds at the end add tasks and renumber none', (t) => {
  const sweep = made(t);
  const before = readTasks(sweep);
  assert.equal(open(sweep, GRID.replace('seeds: 2', 'seeds: [1, 2, 5]')).added, 2);
  const after = readTasks(sweep);
  assert.deepEqual(after.slice(0, 4), before);
  assert.deepEqual(
    after.map(({ seed }) => seed),
    [1, 1, 2, 2, 5, 5],
  );
});

test('killed before its description was written, a sweep is still no other one', (t) => {
  const sweep = made(t);
  nodeFs.rmSync(path.join(sweep, 'sweep.json'));
  assert.throws(() => open(sweep, 'algorithms: baseline'), /holds another sweep/);
  open(sweep, GRID);
  assert.equal(readSweep(sweep).name, 'grid');
});

test('with one seed, values at the end of the grid add tasks too', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  open(sweep, 'grid: { hidden: [8] }');
  assert.equal(open(sweep, 'grid: { hidden: [8, 16] }').added, 3);
});

for (const [what, grid, complaint] of [
  [
    'another value',
    GRID.replace('16', '32'),
    /grid \(\{"hidden":\[8,16\]\} there, \{"hidden":\[8,32\]\} asked\); task 1 would be another run/,
  ],
  [
    'fewer seeds',
    GRID.replace('seeds: 2', 'seeds: 1'),
    /seeds \(\[1,2\] there, \[1\] asked\); 2 of its tasks are not asked for/,
  ],
  [
    'a seed in front',
    GRID.replace('seeds: 2', 'seeds: [5, 1, 2]'),
    /seeds .*; task 0 would be another run/,
  ],
  ['a setting for all', `${GRID}\nset: { epochs: 1 }`, /set \(\{\} there, \{"epochs":1\} asked\)/],
] as const)
  test(`${what}: refused, with what differs, and nothing is written`, (t) => {
    const sweep = made(t);
    const before = readTasks(sweep);
    assert.throws(
      () => open(sweep, grid),
      (error) =>
        error instanceof UserError &&
        complaint.test(error.message) &&
        /holds another sweep.*\n.*seeds added at the end, or choose another --out/.test(
          error.message,
        ),
    );
    assert.deepEqual(readTasks(sweep), before);
  });

test('defaults that changed since are named as such', (t) => {
  const sweep = made(t);
  const [first, ...rest] = readTasks(sweep);
  const older = { ...first!, hash: '0000000000000000' };
  const write = (tasks: SweepTask[]) =>
    nodeFs.writeFileSync(tasksFile(sweep), tasks.map((one) => `${JSON.stringify(one)}\n`).join(''));
  write([older, ...rest]);
  assert.throws(() => open(sweep, GRID), /made by a version of g2lstm with other defaults: task 0/);
});

test('the folder of the data is kept where none is named, and replaced where one is', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  open(sweep, GRID, false, '/data/a');
  open(sweep, GRID);
  assert.equal(readSweep(sweep).data, '/data/a');
  open(sweep, GRID, false, '/data/b');
  assert.equal(readSweep(sweep).data, '/data/b');
});

test('a dry run writes nothing and refuses what the real one would', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  assert.equal(open(sweep, GRID, true).tasks.length, 4);
  assert.equal(nodeFs.existsSync(sweep), false);
  open(sweep, GRID);
  assert.throws(() => open(sweep, 'seeds: 1', true), /holds another sweep/);
});

test('folders that are no sweep, and edited lines, are errors in words', (t) => {
  const folder = scratch(t);
  assert.throws(() => readTasks(folder), /is no sweep: it has no tasks\.jsonl/);
  assert.throws(() => readSweep(folder), /is no sweep: it has no sweep\.json/);
  const sweep = made(t);
  const lines = nodeFs.readFileSync(tasksFile(sweep), 'utf8').split('\n');
  nodeFs.writeFileSync(tasksFile(sweep), [lines[1], lines[0], ''].join('\n'));
  assert.throws(
    () => readTasks(sweep),
    /tasks\.jsonl line 1 is not task 0 of a sweep: was it edited/,
  );
});
