import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ablationOf, compareAblations } from '#src/chapters/ablations/comparison.js';
import { ablationFigure } from '#src/chapters/ablations/figure-points.js';
import { ablationSummary } from '#src/chapters/ablations/figure-summary.js';
import {
  ablationMeans,
  ablationOutcomes,
  ablationVerdicts,
  departuresTable,
  ourDeparturesTable,
} from '#src/chapters/ablations/figure-tables.js';
import { planAblations } from '#src/chapters/ablations/plan.js';
import { ABLATIONS } from '#src/chapters/ablations/switches.js';
import { DEPARTURES } from '#src/paper/departures.js';
import { OUR_DEPARTURES } from '#src/paper/our-departures.js';

const share = { closed: 0.1, open: 0.2 };
const gates = { forget: share, input: share, values: 1 };

/** Every point with three seeds; temperature 0.3 is worse, 2 far worse, the others equal to the base. */
const perplexity = (id: string) => (id.includes('tau=0.3') ? 24 : id.includes('tau=2') ? 90 : 20);
const plan = planAblations({ preset: 'demo-lm', seeds: [1, 2, 3] });
const results = {
  preset: 'demo-lm',
  sets: [],
  points: plan.points.map(({ id }) => ({
    id,
    runs: [1, 2, 3].map((seed) => {
      const plain = perplexity(id) + seed + (perplexity(id) > 20 ? 0.1 * seed * seed : 0);
      const streams = {
        plain,
        paper: plain,
        coarse: 2 * plain,
        lowRank: plain,
        noise: plain,
        hard: plain,
      };
      return { seed, testPerplexity: plain, streams, gates, gatesInTraining: gates };
    }),
  })),
} as never;
const tau = ablationOf('tau', results);

describe('figures of ablations', () => {
  test('a ring a seed, a bar a mean, wide ranges on a logarithmic axis', () => {
    const { data, layout, alt } = ablationFigure(tau);
    assert.equal(data.length, 4);
    assert.equal((data[0]!.x as number[]).length, 18);
    assert.deepEqual((data[1]!.x as number[]).slice(3, 4), [22]);
    assert.equal((layout.xaxis as { type?: string }).type, 'log');
    assert.equal((layout.shapes as unknown[]).length, 2);
    assert.match(alt, /0\.9: 22\.00, 0\.693;/);
    // Pairs of their own have no common base to draw.
    assert.deepEqual(ablationFigure(ablationOf('depth', results)).layout.shapes, []);
  });

  test('nothing stored: drawn empty, tables say so', () => {
    const empty = ablationOf('tau', null);
    assert.match(ablationFigure(empty).alt, /0\.9: not run yet/);
    assert.equal(ablationMeans(empty).rows[0]![1], 'not run yet');
    assert.ok(ablationVerdicts(empty).rows.every((row) => row[2] === 'not run'));
    assert.match(ablationSummary([empty]).alt, /^Every setting/);
  });

  test('the summary has every compared point once a panel, by outcome', () => {
    const all = compareAblations(results);
    const { data, alt, layout } = ablationSummary(all);
    const compared = all.flatMap(({ points }) => points.filter((p) => p.against !== p.point.label));
    const drawn = data.filter(({ xaxis }) => xaxis === undefined).flatMap(({ x }) => x as number[]);
    assert.equal(drawn.length, compared.length);
    assert.match(alt, /Test perplexity: 2 worse, \d+ same in every seed\./);
    // Temperature 2 is far outside of the frame and told in numbers.
    const texts = (layout.annotations as { text: string }[]).map(({ text }) => text);
    assert.ok(texts.includes('70.47 ▸'), texts.join());
    assert.deepEqual(ablationOutcomes(all).rows[0], [
      'test perplexity',
      0,
      2,
      0,
      compared.length - 2,
      0,
      '0.1',
    ]);
  });

  test('tables: verdicts with intervals, departures with their ablations', () => {
    const { columns, rows, caption } = ablationVerdicts(tau);
    assert.deepEqual(columns, ['', '0.3', '0.5', '0.7', '1.2', '2']);
    assert.match(caption!, /^Temperature: difference to 0\.9 with 95 %/);
    assert.match(String(rows[0]!.at(-1)), /^worse: \+70\.47 \[\+69\./);
    assert.equal(rows[2]!.at(-1), 'same');
    const hard = ablationVerdicts(ablationOf('hard-gates', results));
    assert.equal(hard.columns[1], 'baseline, hard, against baseline');
    assert.equal(hard.rows.at(-1)![1], '–');
    const departures = departuresTable();
    assert.equal(departures.rows.length, DEPARTURES.length);
    const title = (name: string) => ABLATIONS.find((a) => a.name === name)!.title;
    assert.equal(departures.rows[1]!.at(-1), title('noise-schedule'));
    assert.equal(
      departures.rows[2]!.at(-1),
      `${title('noise-epsilon')}; ${title('paper-or-code')}`,
    );
    assert.equal(departures.rows[9]!.at(-1), '');
    assert.equal(ourDeparturesTable().rows.length, OUR_DEPARTURES.length);
  });
});
