import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { table1Detail, table1Overview } from '#src/chapters/language-model/figure-tables.js';
import type { Table1Run } from '#src/chapters/language-model/stored-table1.js';
import { table1Comparison } from '#src/chapters/language-model/table1.js';
import { TABLE_1 } from '#src/paper/tables.js';

type Form = Pick<Table1Run, 'finetuned' | 'cache'>;
const plain: Form = { finetuned: false, cache: false };
const finetuned: Form = { finetuned: true, cache: false };
const cached: Form = { finetuned: true, cache: true };

/** Made runs of one algorithm, seeds 1, 2, ... */
const made = (
  algorithm: Table1Run['algorithm'],
  form: Form,
  tests: readonly number[],
  experiment = 'ptb-awd-small',
): Table1Run[] =>
  tests.map((value, i) => ({
    experiment,
    file: `${experiment}/${algorithm}-seed${i + 1}.json`,
    dataset: 'ptb',
    algorithm,
    seed: i + 1,
    ...form,
    valid: value + 3,
    test: value,
  }));

const small = (runs: Table1Run[]) => {
  const comparison = table1Comparison(runs);
  const at = comparison.scales.findIndex(({ experiment }) => experiment === 'ptb-awd-small');
  const cell = (algorithm: Table1Run['algorithm'], form: Form) =>
    comparison.cells[at]!.find(
      ({ run }) =>
        run.algorithm === algorithm && run.finetuned === form.finetuned && run.cache === form.cache,
    )!;
  return { comparison, at, cell };
};

describe('Table 1 against made results', () => {
  test('nothing stored: every row of the paper, nothing run', () => {
    const { lines, cells } = table1Comparison([]);
    assert.deepEqual(
      lines.map(({ paper }) => paper),
      [...TABLE_1],
    );
    assert.deepEqual(
      cells.map((scale) => scale.length),
      [3, 9, 9],
    );
    for (const cell of cells.flat())
      assert.deepEqual([cell.outcome, cell.verdict, cell.test], ['not run', 'not run yet', null]);
  });

  test('three seeds: better, worse, undecided, over pairs of seeds with our own baseline', () => {
    const { cell, comparison, at } = small([
      ...made('baseline', plain, [90, 90.4, 90.2]),
      ...made('sharpened', plain, [91.8, 92.2, 92]),
      ...made('g2', plain, [88.9, 89.1, 89.3]),
      ...made('baseline', finetuned, [85, 85.4, 85.2]),
      ...made('g2', finetuned, [84.6, 85.6, 85.1]),
    ]);
    const g2 = cell('g2', plain);
    assert.equal(g2.outcome, 'better');
    // log ratios -0.01230, -0.01449, -0.01003: t = -9.53 with two degrees, p = 1 - t / sqrt(2 + t^2)
    assert.ok(Math.abs(g2.difference!.mean + 1.1) < 1e-9);
    assert.ok(Math.abs(g2.difference!.standardError! - 0.2 / Math.sqrt(3)) < 1e-9);
    assert.equal(g2.verdict, 'better (p = 0.011, 3 pairs)');
    assert.ok(Math.abs(g2.test!.mean - 89.1) < 1e-9 && Math.abs(g2.test!.deviation! - 0.2) < 1e-9);
    assert.ok(Math.abs(g2.valid!.mean - 92.1) < 1e-9);
    assert.equal(cell('sharpened', plain).outcome, 'worse');
    assert.equal(cell('g2', finetuned).outcome, 'undecided');
    assert.match(cell('g2', finetuned).verdict, /^undecided \(p = 0\.\d+, 3 pairs\)$/);
    assert.equal(cell('sharpened', finetuned).outcome, 'not run');
    assert.equal(cell('baseline', plain).outcome, 'reference');
    const line = comparison.lines.find(({ paper }) => paper.model === 'G2-LSTM w/o finetune')!;
    assert.equal(line.ours[at], g2);
  });

  test('the baseline is that of the same form and scale', () => {
    const { cell } = small([
      ...made('baseline', cached, [80, 81, 82]),
      ...made('g2', finetuned, [84, 85, 86]),
      ...made('baseline', finetuned, [60, 61, 62], 'ptb-awd-paper'),
    ]);
    assert.deepEqual(
      [cell('g2', finetuned).outcome, cell('g2', finetuned).difference],
      ['no baseline', null],
    );
  });

  test('fewer than three seeds in common: no verdict, however far apart', () => {
    const baseline = made('baseline', plain, [90, 90.1, 90.2]);
    const one = small([...baseline, ...made('g2', plain, [10])]).cell('g2', plain);
    assert.deepEqual([one.outcome, one.verdict], ['few seeds', 'one seed: no verdict']);
    assert.equal(one.difference!.standardError, null);
    assert.equal(one.test!.deviation, null);
    const two = small([...baseline.slice(1), ...made('g2', plain, [10, 10.1, 10.3])]);
    assert.equal(two.cell('g2', plain).verdict, 'two seeds: no verdict');
    assert.ok(two.cell('g2', plain).difference!.standardError! > 0);
  });

  test('other corpora do not count; other experiments on Penn Treebank get a column', () => {
    const demo = made('g2', plain, [5], 'demo').map((run) => ({ ...run, dataset: 'demo' }));
    const { scales } = table1Comparison([...demo, ...made('g2', plain, [70], 'ptb-mine')]);
    assert.deepEqual(
      scales.map(({ experiment }) => experiment),
      ['ptb-unregularised', 'ptb-awd-small', 'ptb-awd-paper', 'ptb-mine'],
    );
  });

  test('a run without a valid perplexity leaves the mean of valid open', () => {
    const runs = made('g2', cached, [50, 51]).map((run, i) => (i ? run : { ...run, valid: null }));
    assert.equal(small(runs).cell('g2', cached).valid, null);
  });

  test('the tables say it', () => {
    const { comparison } = small([
      ...made('baseline', finetuned, [85, 85.4, 85.2]),
      ...made('g2', finetuned, [83.9, 84.1, 84]),
      ...made('g2', plain, [90]),
    ]);
    const overview = table1Overview(comparison);
    assert.equal(overview.rows.length, 20);
    const row = overview.rows.find(([model]) => model === 'G2-LSTM')!;
    assert.deepEqual(row.slice(1), [
      24,
      '58.5 / 56.1',
      '',
      '87.0 ± 0.1 / 84.0 ± 0.1 (3 seeds)',
      'not run yet',
    ]);
    const detail = table1Detail(comparison, 'ptb-awd-small').rows;
    const g2 = detail.find(([name, form]) => name === 'G2-LSTM' && form === 'finetuned')!;
    assert.deepEqual(g2.slice(2, 7), [
      '1, 2, 3',
      '87.0 ± 0.1',
      '84.0 ± 0.1',
      '−1.20 ± 0.06',
      '−1.2',
    ]);
    assert.match(String(g2[7]), /^better \(p = 0\.00\d+, 3 pairs\)$/);
    assert.deepEqual(
      detail.find(([name, form]) => name === 'G2-LSTM' && form === 'not finetuned')!.slice(2),
      ['1', '93.0', '90.0', '–', '−0.6', 'no baseline yet'],
    );
    assert.throws(() => table1Detail(comparison, 'nothing'), RangeError);
  });
});

test('what is committed: the unregularised baseline beside the row of the paper', () => {
  const { lines, scales } = table1Comparison();
  const at = scales.findIndex(({ experiment }) => experiment === 'ptb-unregularised');
  const cell = lines[0]!.ours[at]!;
  assert.equal(lines[0]!.paper.model, 'Unregularised LSTM');
  assert.ok(Math.abs(cell.test!.mean - 114.5) < 2);
  assert.ok(lines.slice(1).every(({ ours }) => ours[at] === null));
});
