import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '#src/chapters/figures.js';
import * as gumbel from '#src/gumbel/index.js';

type Values = (number | null)[];
const values = (figure: figures.Figure, trace: number, axis: 'x' | 'y') =>
  figure.data[trace]![axis] as Values;

/** What a slider step leaves visible, as names of traces. */
function seen(figure: figures.Figure, step: number): unknown[] {
  const [slider] = figure.layout['sliders'] as { steps: { args: [{ visible: boolean[] }] }[] }[];
  const { visible } = slider!.steps[step]!.args[0];
  assert.equal(visible.length, figure.data.length);
  return figure.data.filter((_, i) => visible[i]).map((trace) => trace['name']);
}

test('numbers are stored short', () => {
  assert.deepEqual(figures.significant([1 / 3, 12345.6, 0, Number.NaN, Infinity]), [
    0.3333,
    12350,
    0,
    null,
    null,
  ]);
  assert.deepEqual(figures.linspace(-1, 1, 3), [-1, 0, 1]);
  assert.deepEqual(figures.logspace(0.01, 100, 3), [0.01, 1, 100]);
  assert.deepEqual(figures.logTicks([0.1, 200]), [0.1, 1, 10, 100]);
  assert.deepEqual(figures.logTicks([3, 80]), [1, 2, 5, 10, 20, 50]);
  for (const [low, high] of [
    [85, 160],
    [2, 9],
    [1.01, 4000],
    [3.3, 90],
  ] as const) {
    const inside = figures.logTicks([high, low]).filter((t) => t >= low && t <= high);
    assert.ok(inside.length >= 2 && inside.length <= 8, `${low} to ${high}: ${inside}`);
  }
  assert.deepEqual(figures.logTicks([]), [1, 10, 100]);
  assert.equal(figures.signed(-2.50004), '−2.5');
});

test('a slider shows the shared traces and those of one step', () => {
  const trace = (name: string) => ({ type: 'scatter', name });
  const steps = ['a', 'b', 'c'].map((label) => ({
    label,
    traces: [trace(`${label}1`), trace(`${label}2`)],
  }));
  const { data, layout } = figures.traceSlider([trace('all')], steps, { prefix: 'p ', active: 1 });
  assert.deepEqual(
    data.map((t) => t['visible'] ?? true),
    [true, false, false, true, true, false, false],
  );
  const figure = figures.figure({ data, layout, alt: '' });
  assert.deepEqual(seen(figure, 2), ['all', 'c1', 'c2']);
});

test('the race rings the winner', () => {
  const figure = figures.raceFigure({
    names: ['A', 'B'],
    logits: [0, -1],
    noise: [
      [0, 0.5],
      [0, 3],
    ],
  });
  assert.deepEqual(values(figure, 2, 'y'), [0, 2]);
  assert.match(figure.alt, /2 races.*A 1, B 1/);
});

test('shares of draws stand beside their probabilities', () => {
  const figure = figures.categoricalFigure({
    names: ['A', 'B'],
    probabilities: [0.5, 0.5],
    counts: [60, 40],
  });
  assert.deepEqual(values(figure, 1, 'y'), [0.6, 0.4]);
  const { array } = figure.data[1]!['error_y'] as { array: Values };
  assert.deepEqual(array, [0.1, 0.1]); // 2 sqrt(1/4 / 100)
  assert.match(figure.alt, /largest difference is 0\.1000/);
});

test('histogram bars are densities, draws outside the range count in the total', () => {
  const figure = figures.densityFigure({
    title: 'T',
    variable: 'x',
    draws: [0.1, 0.2, 0.9, 1, 7],
    density: () => 1,
    range: [0, 1],
    bins: 2,
  });
  assert.deepEqual(values(figure, 0, 'x'), [0.25, 0.75]);
  assert.deepEqual(values(figure, 0, 'y'), [0.8, 0.8]);
});

test('the triangle puts one-hot vectors on its corners', () => {
  const result: figures.SimplexResult = {
    names: ['A', 'B', 'C'],
    taus: [0.1, 1],
    samples: [
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [[1 / 3, 1 / 3, 1 / 3]],
    ],
  };
  const slider = figures.simplexSliderFigure(result, { active: 1 });
  assert.deepEqual(values(slider, 1, 'x'), [0, 1, 0.5]);
  assert.deepEqual(values(slider, 1, 'y'), [0, 0, 0.866]);
  assert.deepEqual(values(slider, 2, 'x'), [0.5]);
  assert.equal(seen(slider, 0).length, 2);
  const side = figures.simplexFigure(result);
  assert.deepEqual(
    side.data.map((t) => t['xaxis']),
    ['x', 'x', 'x2', 'x2'],
  );
  assert.match(side.alt, /100 % at τ 0\.1, 0 % at τ 1/);
});

test('gate figures: density by tau, distribution functions with draws, band', () => {
  const row = (tau: number) => ({ tau, draws: [0.05, 0.5], density: () => 1 });
  const density = figures.gateDensityFigure(0, [row(0.2), row(0.9)], { active: 1 });
  assert.equal(seen(density, 0).length, 2);
  assert.match(density.alt, /50 % at τ 0\.2/);
  const curve = { name: 'uniform', cdf: (x: number) => x, draws: [0.05, 0.2, 0.5, 1] };
  const cdf = figures.gateCdfFigure('T', [curve]);
  assert.equal(values(cdf, 0, 'y').length, 201);
  assert.equal(values(cdf, 1, 'y')[0], 0.25);
  assert.match(cdf.alt, /largest difference is 0\.3000/); // at 0.2: half the draws
  const band = figures.gateBandFigure(0.9, [
    { alpha: 0, low: 0.1, median: 0.5, high: 0.9, evaluation: 0.5 },
    { alpha: 6, low: 0.95, median: 0.99, high: 1, evaluation: 0.99 },
  ]);
  assert.match(band.alt, /up to 0\.80, and below 0\.1 from \|α\| 6\.0 on/);
});

test('bounds of the proposition end at 0 where they are vacuous', () => {
  const { rows } = gumbel.checkProposition(
    { alphas: [-1, 0, 1], taus: [0.2, 0.9], epsilons: [0.1] },
    { draws: 100 },
  );
  const figure = figures.propositionFigure(rows, { active: 0.9 });
  assert.deepEqual(figure.data.map((t) => t['visible']).indexOf(true), 4);
  assert.deepEqual(values(figure, 4, 'y').slice(0, 2), [0, 0]);
  assert.equal(values(figure, 5, 'y')[1], 0.5);
  assert.match(figure.alt, /vacuous for α ≤ 0 at τ 0\.9/);
  const limit = figures.propositionLimitFigure(rows.filter((r) => r.alpha === 1));
  assert.match(limit.alt, /P\(D = 1\) = 0\.731/);
});

test('the informative region ends where the gap is the probability', () => {
  const epsilons = [0.02, 0.1];
  const taus = epsilons.map((eps) => gumbel.informativeTau(0, eps));
  const marked = { tau: 0.9, eps: 0.1, label: 'M' };
  const figure = figures.informativeFigure([{ alpha: 0, epsilons, taus }], marked);
  assert.deepEqual(values(figure, 0, 'y'), [0.5112, 0.8686]); // 2 / log(1/eps)
  assert.deepEqual([values(figure, 1, 'x'), values(figure, 1, 'y')], [[0.1], [0.9]]);
});

test('the total error adds bias and averaged noise in squares', () => {
  const rows = [
    { tau: 0.1, bias: 0, deviation: 5 },
    { tau: 0.9, bias: 3, deviation: 4 },
  ];
  const figure = figures.gradientErrorFigure(rows, [1, 100]);
  assert.deepEqual(values(figure, 2, 'y'), [5, 5]);
  assert.deepEqual(values(figure, 5, 'y'), [0.5, 3.027]);
  assert.match(figure.alt, /τ 0\.10 for 1, τ 0\.10 for 100 draws/);
});

test('the least expected loss is marked, or said to be outside', () => {
  const figure = figures.expectedLossFigure('T', [
    { name: 'a', algorithm: 'g2', alphas: [-1, 0, 1], losses: [2, 1, 2] },
    { name: 'b', alphas: [-1, 0, 1], losses: [0, 1, 2] },
  ]);
  assert.deepEqual(values(figure, 1, 'x'), [0]);
  const line = figure.data[0]!['line'] as { color: string };
  assert.equal(line.color, figures.ALGORITHM_STYLE.g2.color);
  assert.match(figure.alt, /a: α 0; b: beyond the range/);
});
