import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLAIMS } from '#src/paper/claims.js';
import { DEPARTURES, departure, settingsText } from '#src/paper/departures.js';
import { FIGURE_1, FIGURE_3, HISTOGRAM_BINS } from '#src/paper/figures.js';
import {
  COMPRESSION,
  IWSLT14_DE_EN,
  LANGUAGE_MODEL,
  TRANSLATION,
  WMT14_EN_DE,
} from '#src/paper/settings.js';
import {
  type Algorithm,
  AWD_LSTM_README,
  type BleuRow,
  TABLE_1,
  TABLE_1_EXISTING,
  TABLE_1_OURS,
  TABLE_2,
  TABLE_3,
  TABLE_4,
  TABLE_5,
} from '#src/paper/tables.js';

const ALGORITHMS: readonly Algorithm[] = ['baseline', 'sharpened', 'g2'];

test('tables have the rows of the paper', () => {
  assert.equal(TABLE_1_EXISTING.length, 13);
  assert.equal(TABLE_1_OURS.length, 7);
  assert.equal(new Set(TABLE_1.map((row) => row.model)).size, 20);
  // Three algorithms with and without finetuning, and three with cache.
  const runs = TABLE_1.filter((row) => row.run).map((row) => JSON.stringify(row.run));
  assert.equal(new Set(runs).size, 9);
  assert.deepEqual(
    Object.values(TABLE_2).map((rows) => rows.length),
    [7, 7],
  );
});

test("Table 3's originals are Table 1 with cache", () => {
  for (const algorithm of ALGORITHMS) {
    const row = TABLE_1.find((r) => r.run?.algorithm === algorithm && r.run.cache);
    assert.equal(TABLE_3.rows[algorithm].original, row?.test);
  }
});

test("Table 4's and Table 5's originals are Table 2", () => {
  for (const table of [TABLE_4, TABLE_5]) {
    assert.ok(table.task !== 'ptb');
    for (const algorithm of ALGORITHMS) {
      const rows: readonly BleuRow[] = TABLE_2[table.task];
      const row = rows.find((r) => r.algorithm === algorithm);
      assert.equal(table.rows[algorithm].original, row?.bleu);
    }
  }
});

test('G2-LSTM is best in every column of every table, as the paper claims', () => {
  for (const table of [TABLE_3, TABLE_4, TABLE_5]) {
    const sign = table.measure === 'bleu' ? 1 : -1;
    for (const column of ['original', 'round', 'roundClip', 'svdHigh', 'svdLow'] as const) {
      for (const other of ['baseline', 'sharpened'] as const) {
        assert.ok(sign * (table.rows.g2[column] - table.rows[other][column]) > 0);
      }
    }
  }
});

test('compression settings of tables and of section 3 agree', () => {
  for (const [table, setting] of [
    [TABLE_3, COMPRESSION.languageModel],
    [TABLE_4, COMPRESSION.translation],
    [TABLE_5, COMPRESSION.translation],
  ] as const) {
    assert.equal(table.round, setting.round);
    assert.equal(table.clip, setting.clip);
    assert.deepEqual([table.ranks.high, table.ranks.low], setting.ranks);
    // Rounding and clipping leave the multiples of r up to c.
    assert.deepEqual(
      setting.values,
      [-2, -1, 0, 1, 2].map((k) => k * setting.round),
    );
    assert.equal(table.clip, 2 * table.round);
  }
  assert.deepEqual([IWSLT14_DE_EN.batch, WMT14_EN_DE.batch, TRANSLATION.beam], [32, 64, 5]);
  assert.equal(LANGUAGE_MODEL.layers, 3);
});

test('histograms of Figures 1 and 3 have ten bins and sum to about 1', () => {
  assert.equal(HISTOGRAM_BINS.length, 10);
  for (const shares of [FIGURE_1.input, FIGURE_1.forget, FIGURE_3.input, FIGURE_3.forget]) {
    assert.equal(shares.length, 10);
    const sum = shares.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 0.01, `sum ${sum}`);
  }
});

test('departures are rows 1 to 25, each with its own name', () => {
  assert.deepEqual(
    DEPARTURES.map((d) => d.row),
    Array.from({ length: 25 }, (_, i) => i + 1),
  );
  assert.equal(new Set(DEPARTURES.map((d) => d.id)).size, 25);
  assert.equal(departure('noise-mask').settings?.[0]?.code, 0.2);
  assert.throws(() => departure('nothing'), /RangeError: no departure is named nothing/);
  assert.equal(new Set(CLAIMS.map((c) => c.id)).size, CLAIMS.length);
});

test('the switches of a departure as one line', () => {
  assert.equal(
    settingsText(departure('noise-mask')),
    'g2: noiseProbability = 1 (paper), 0.2 (code)',
  );
  assert.equal(
    settingsText(departure('noise-schedule')),
    'g2: noiseSchedule = step; also window-mask, window',
  );
  assert.equal(
    settingsText(departure('temperature')),
    'g2: evalTemperature = false; lm sharpened: evalTemperature = true; nmt sharpened: evalTemperature = true; also false',
  );
  assert.equal(settingsText(departure('cell')), '');
});

test('AWD-LSTM’s README: better than the rows the paper quotes, and worse than G2-LSTM', () => {
  const test1 = (algorithm: Algorithm, finetuned: boolean, cache: boolean) =>
    TABLE_1.find(
      ({ run }) =>
        run?.algorithm === algorithm && run.finetuned === finetuned && run.cache === cache,
    )!.test!;
  const gain = (own: number, finetuned: boolean, cache: boolean) =>
    Number((own - test1('g2', finetuned, cache)).toFixed(1));
  const { trained, finetuned, cache } = AWD_LSTM_README;
  assert.deepEqual(
    [
      gain(trained.test, false, false),
      gain(finetuned.test, true, false),
      gain(cache.test, true, true),
    ],
    [0.6, 0.4, 0.4],
  );
  assert.deepEqual(
    [test1('baseline', true, false), test1('baseline', true, true)].map((quoted, k) =>
      Number((quoted - [finetuned, cache][k]!.test).toFixed(1)),
    ),
    [0.8, 0.3],
  );
});
