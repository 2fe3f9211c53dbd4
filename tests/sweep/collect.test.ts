import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readJsonFile } from '#src/files/json-file.js';
import { readSummary } from '#src/runs/summary.js';
import { collectSweep, type SweepTable, TABLE_FORMAT } from '#src/sweep/collect.js';
import { taskFolder } from '#src/sweep/tasks.js';
import { scratch } from '../runs/helpers.js';
import { finishTask, makeSweep } from './made-sweep.js';

test('mean and sample deviation over the seeds of each configuration; one seed is called one seed', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  const out = path.join(sweep, 'results');
  const tasks = makeSweep(sweep, 'algorithms: g2\nseeds: 3\ngrid: { hidden: [8, 96] }');
  // hidden 8: 100, 110, 120 for seeds 1 to 3; hidden 96: seed 2 alone
  for (const task of tasks.filter(({ index }) => index % 2 === 0))
    finishTask(sweep, task, { testPerplexity: 90 + 10 * task.seed, averagingSince: null });
  finishTask(sweep, tasks[3]!, { testPerplexity: 50, averagingSince: 3 });
  const table = collectSweep(sweep, out, 'g2lstm sweep collect SWEEP');
  assert.deepEqual(
    table.rows.map(({ id, seeds, missing, label, seconds }) => [
      id,
      seeds,
      missing,
      label,
      seconds,
    ]),
    [
      ['g2 hidden=8', [1, 2, 3], [], '3 seeds', 60],
      ['g2 hidden=96', [2], [1, 3], 'one seed', 20],
    ],
  );
  assert.deepEqual(table.rows[0]!.scores, {
    testPerplexity: { mean: 110, deviation: 10, values: [100, 110, 120] },
  });
  assert.deepEqual(table.rows[1]!.scores['testPerplexity'], {
    ...{ mean: 50, deviation: null, values: [50] },
  });
  assert.equal(table.label, 'one seed');
  assert.deepEqual(
    table.unfinished.map(({ index, state }) => [index, state]),
    [
      [1, 'to do'],
      [5, 'to do'],
    ],
  );
  const stored = readJsonFile(path.join(out, 'grid', 'table.json')) as SweepTable & {
    format: string;
  };
  assert.equal(stored.format, TABLE_FORMAT);
  assert.deepEqual(stored.rows, JSON.parse(JSON.stringify(table.rows)));
  assert.equal(typeof stored.versions.node, 'string');
  assert.equal(stored.sweep.name, 'grid');
  assert.ok(!JSON.stringify(stored).includes(sweep));
  for (const row of table.rows)
    for (const [i, file] of row.files.entries())
      assert.equal(readSummary(path.join(out, file)).seed, row.seeds[i]);
  assert.equal(table.rows[0]!.files[0], `grid/${tasks[0]!.name}.json`);
});

test('the run of one seed, copied over that of another, is no second seed', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  const [one, two] = makeSweep(sweep, 'algorithms: g2\nseeds: 2');
  finishTask(sweep, one!, { testPerplexity: 100 });
  nodeFs.cpSync(taskFolder(sweep, one!), taskFolder(sweep, two!), { recursive: true });
  assert.throws(
    () => collectSweep(sweep, path.join(sweep, 'results'), 'collect'),
    /holds another run than task 1/,
  );
});

test('counts of a translation run go along; collecting again changes nothing', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  const [task] = makeSweep(sweep, 'task: nmt\nalgorithms: baseline');
  finishTask(sweep, task!, { testBleu: 30 });
  nodeFs.writeFileSync(path.join(taskFolder(sweep, task!), 'test.scores.json'), '{}');
  const out = path.join(sweep, 'results');
  collectSweep(sweep, out, 'collect');
  const files = nodeFs.readdirSync(path.join(out, 'grid')).sort();
  assert.deepEqual(files, [`${task!.name}.json`, `${task!.name}.scores.json`, 'table.json']);
  const before = nodeFs.readFileSync(path.join(out, 'grid', 'table.json'), 'utf8');
  collectSweep(sweep, out, 'collect');
  assert.equal(nodeFs.readFileSync(path.join(out, 'grid', 'table.json'), 'utf8'), before);
});

test('the ready-made small sweep collects into the folders of data/results', (t) => {
  const sweep = path.join(scratch(t), 'sweep');
  const [task] = makeSweep(sweep, 'preset: ptb-unregularised\nalgorithms: g2');
  finishTask(sweep, task!, { testPerplexity: 100 });
  const file = path.join(sweep, 'sweep.json');
  const description = readJsonFile(file) as object;
  nodeFs.writeFileSync(
    file,
    JSON.stringify({ ...description, preset: 'small-seeds', grid: { seeds: [1], set: [] } }),
  );
  const { rows } = collectSweep(sweep, path.join(sweep, 'results'), 'collect');
  assert.deepEqual(rows[0]!.files, ['ptb-unregularised/g2-seed1.json']);
});
