import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableBundle } from '#src/figures/table.js';
import { groupPerplexities, results, storedPerplexities } from '#src/index.js';

const RUNS = [
  { experiment: 'a, hidden=2', algorithm: 'baseline', seed: 1, test: 5.5 },
  { experiment: 'a, hidden=2', algorithm: 'g2', seed: 1, test: 4 },
  { experiment: 'b', algorithm: 'g2', seed: 1, test: 44 },
  { experiment: 'a, hidden=2', algorithm: 'g2', seed: 2, test: 6 },
];

test('without groups a frame has one row a run', async () => {
  const frame = await results.frame(RUNS);
  assert.deepEqual(frame.columns, ['experiment', 'algorithm', 'seed', 'test']);
  assert.deepEqual(
    frame.values,
    RUNS.map((run) => Object.values(run)),
  );
});

test('groups have mean and sample deviation; that of a single run is no number', async () => {
  const frame = await results.frame(RUNS, { by: ['experiment', 'algorithm'], values: ['test'] });
  assert.deepEqual(frame.columns, [
    'experiment',
    'algorithm',
    'seeds',
    'test mean',
    'test deviation',
  ]);
  assert.deepEqual(frame.values, [
    ['a, hidden=2', 'baseline', 1, 5.5, Number.NaN],
    ['a, hidden=2', 'g2', 2, 5, Math.SQRT2],
    ['b', 'g2', 1, 44, Number.NaN],
  ]);
});

test('it is shown as any table, its numbers with the digits asked for', async () => {
  const frame = await results.frame(RUNS, { by: ['algorithm'], values: ['test'] });
  assert.deepEqual(tableBundle(frame, { digits: 2 })['text/plain']!.split('\n'), [
    'algorithm  seeds  test mean  test deviation',
    '---------  -----  ---------  --------------',
    'baseline       1       5.50               –',
    'g2             3         18           22.54',
  ]);
});

test('its means and deviations are those of the stored perplexities by group', async () => {
  const stored = storedPerplexities().map(({ experiment, algorithm, test }) => ({
    experiment,
    algorithm,
    test,
  }));
  const frame = await results.frame(stored, { by: ['experiment', 'algorithm'], values: ['test'] });
  const groups = groupPerplexities(storedPerplexities());
  assert.equal(frame.shape[0], groups.length);
  for (const row of frame.values as [string, string, number, number, number][]) {
    const group = groups.find((g) => g.experiment === row[0] && g.algorithm === row[1])!;
    assert.equal(row[2], group.seeds.length);
    assert.ok(Math.abs(row[3] - group.test.mean) < 1e-9);
    if (group.test.deviation === null) assert.ok(Number.isNaN(row[4]));
    else assert.ok(Math.abs(row[4] - group.test.deviation) < 1e-9);
  }
});

test('no run, or a value that is no number, is an error', async () => {
  await assert.rejects(results.frame([]), /at least one run/);
  const bad = [{ algorithm: 'g2', test: Number.NaN }];
  await assert.rejects(
    results.frame(bad, { by: ['algorithm'], values: ['test'] }),
    /test is no number/,
  );
});
