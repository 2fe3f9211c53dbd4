import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { table2Detail, table2Overview } from '#src/chapters/translation/figure-tables.js';
import type { Table2Run } from '#src/chapters/translation/stored-table2.js';
import { table2Comparison } from '#src/chapters/translation/table2.js';
import { bleuMetric } from '#src/metrics/bleu.js';
import { corpusScore } from '#src/metrics/metric.js';
import { TABLE_2 } from '#src/paper/tables.js';

const SIGNATURE = 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:g2lstm-0.1.0';

/** Made runs of one algorithm, seeds 1, 2, ... */
const made = (
  algorithm: Table2Run['algorithm'],
  tests: readonly number[],
  more: Partial<Table2Run> = {},
): Table2Run[] =>
  tests.map((value, i) => ({
    experiment: 'multi30k-small',
    file: `multi30k-small/${algorithm}-seed${i + 1}.json`,
    dataset: 'multi30k',
    direction: 'de-en',
    temperatureLost: false,
    algorithm,
    seed: i + 1,
    valid: value + 1,
    test: value,
    multiBleu: value - 1,
    signature: SIGNATURE,
    statistics: null,
    ...more,
  }));

/** Translations of 60 sentences, of which every `wrong`-th misses its last words, as counts. */
function counted(wrong: number): NonNullable<Table2Run['statistics']> {
  const references = Array.from({ length: 60 }, (_, i) => `the cook ${i} washed the old plate .`);
  const hypotheses = references.map((line, i) => (i % wrong === 0 ? line.slice(0, -8) : line));
  const metric = bleuMetric();
  const statistics = metric.statistics(hypotheses, [references]);
  return { signature: SIGNATURE, score: corpusScore(metric, statistics).score, statistics };
}

const small = (runs: Table2Run[]) => {
  const comparison = table2Comparison(runs, { samples: 500 });
  const [baseline, sharpened, g2] = comparison.cells[0]!;
  return { comparison, baseline: baseline!, sharpened: sharpened!, g2: g2! };
};

describe('Table 2 against made results', () => {
  test('nothing stored: every row of the paper, nothing run', () => {
    const { lines, cells, scales } = table2Comparison([]);
    assert.deepEqual(
      lines.map(({ paper }) => paper),
      [...TABLE_2['wmt14-en-de'], ...TABLE_2['iwslt14-de-en']],
    );
    assert.equal(cells.length, scales.length);
    for (const cell of cells.flat())
      assert.deepEqual([cell.outcome, cell.verdict, cell.test], ['not run', 'not run yet', null]);
  });

  test('each scale stands beside the rows of its direction alone', () => {
    const { lines, scales, cells } = table2Comparison(made('g2', [35]));
    for (const { task, paper, ours } of lines)
      scales.forEach((scale, s) => {
        const at = ['baseline', 'sharpened', 'g2'].indexOf(paper.algorithm ?? '');
        const expected = scale.task === task && at >= 0 ? cells[s]![at] : null;
        assert.equal(ours[s], expected);
      });
    assert.equal(scales[0]!.sameTest, false);
  });

  test('three seeds: high BLEU is better, over pairs of seeds with our own baseline', () => {
    const { baseline, sharpened, g2 } = small([
      ...made('baseline', [31, 31.4, 31.2]),
      ...made('sharpened', [29.9, 30.1, 30.3]),
      ...made('g2', [32.1, 32.3, 32.5]),
    ]);
    assert.equal(baseline.outcome, 'reference');
    assert.equal(sharpened.outcome, 'worse');
    // differences 1.1, 0.9, 1.3: t = 1.1 / (0.2 / sqrt 3) with two degrees, p = 1 - t / sqrt(2 + t^2)
    assert.equal(g2.verdict, 'better (p = 0.011, 3 pairs)');
    assert.ok(Math.abs(g2.difference!.mean - 1.1) < 1e-9);
    assert.ok(Math.abs(g2.difference!.standardError! - 0.2 / Math.sqrt(3)) < 1e-9);
    assert.ok(Math.abs(g2.test!.mean - 32.3) < 1e-9 && Math.abs(g2.test!.deviation! - 0.2) < 1e-9);
    assert.ok(Math.abs(g2.valid!.mean - 33.3) < 1e-9);
    assert.ok(Math.abs(g2.multiBleu!.mean - 31.3) < 1e-9);
    assert.deepEqual([g2.paired, g2.pairedVerdict], [[], '']);
  });

  test('fewer than three seeds: no verdict, but the sentences are compared seed by seed', () => {
    const [worse, better] = [counted(3), counted(20)];
    const { g2, sharpened } = small([
      ...made('baseline', [worse.score], { statistics: worse }),
      ...made('sharpened', [worse.score], { statistics: worse }),
      ...made('g2', [better.score, 99], { statistics: better }),
    ]);
    assert.equal(g2.verdict, 'one seed: no verdict');
    assert.deepEqual(
      g2.paired.map(({ seed }) => seed),
      [1],
      'only the seed that the baseline has too',
    );
    assert.ok(g2.paired[0]!.p < 0.05);
    assert.ok(Math.abs(g2.paired[0]!.difference - (better.score - worse.score)) < 1e-9);
    assert.equal(g2.pairedVerdict, 'ahead in 1, behind in 0 of 1');
    assert.equal(sharpened.paired[0]!.p, 1, 'equal translations differ in nothing');
    assert.equal(sharpened.pairedVerdict, 'ahead in 0, behind in 0 of 1');
  });

  test('behind is told from ahead', () => {
    const { g2 } = small([
      ...made('baseline', [90], { statistics: counted(20) }),
      ...made('g2', [70], { statistics: counted(3) }),
    ]);
    assert.equal(g2.pairedVerdict, 'ahead in 0, behind in 1 of 1');
  });

  test('scores of different signatures are not compared, of different versions they are', () => {
    const other = { signature: SIGNATURE.replace('13a', 'none') };
    assert.throws(
      () => small([...made('baseline', [31]), ...made('g2', [32], other)]),
      /g2-seed1\.json.*tok:none.*cannot be compared/,
    );
    const later = { signature: SIGNATURE.replace('0.1.0', '0.2.0') };
    assert.doesNotThrow(() => small([...made('baseline', [31]), ...made('g2', [32], later)]));
  });

  test('made corpora and own files do not count; other experiments get a column', () => {
    const demo = made('g2', [5], { experiment: 'demo', dataset: 'demo-mt' });
    const mine = made('g2', [29], { experiment: 'mine', dataset: 'iwslt14' });
    const wmt = made('g2', [9], { experiment: 'wmt-mine', dataset: 'wmt14', direction: 'en-de' });
    const { scales } = table2Comparison([...demo, ...mine, ...wmt]);
    assert.deepEqual(
      scales.slice(4).map(({ experiment, task, sameTest }) => [experiment, task, sameTest]),
      [
        ['mine', 'iwslt14-de-en', true],
        ['wmt-mine', 'wmt14-en-de', true],
      ],
    );
  });

  test('the tables say it', () => {
    const { comparison } = small([
      ...made('baseline', [31, 31.4, 31.2]),
      ...made('g2', [32.1], { statistics: null }),
    ]);
    const overview = table2Overview(comparison);
    assert.equal(overview.rows.length, 14);
    const row = (name: string) =>
      overview.rows.find((r) => r[0] !== "WMT'14 En→De" && r[1] === name)!;
    assert.deepEqual(row('Baseline').slice(0, 5), [
      "IWSLT'14 De→En",
      'Baseline',
      '31.00',
      '31.2 ± 0.2 (3 seeds)',
      'not run yet',
    ]);
    assert.equal(row('G2-LSTM')[3], '32.1 (1 seed)');
    assert.equal(row('BSO')[3], '');
    const detail = table2Detail(comparison, 'multi30k-small');
    const cells = detail.rows.map((r) => r.slice(5, 8));
    assert.deepEqual(cells[0], ['–', '–', 'the reference']);
    assert.deepEqual(cells[2], ['+1.10', '+0.95', 'one seed: no verdict']);
    assert.match(detail.caption!, /on another test/);
    assert.doesNotMatch(table2Detail(comparison, 'iwslt14-paper').caption!, /another test/);
    assert.throws(() => table2Detail(comparison, 'none'), RangeError);
  });
});
