import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gateOptions } from '#src/cell/gates.js';
import {
  numericPreactivationGradient,
  preactivationGradient,
} from '#src/chapters/cell/cell-gradient.js';
import { cellNoise, cellTrace, cellTraces } from '#src/chapters/cell/cell-trace.js';
import { tinyCell } from '#src/chapters/cell/tiny-cell.js';
import {
  ALGORITHM_STYLE,
  cellGates,
  cellGatesOverSteps,
  cellLines,
  cellRuns,
  type Figure,
  gateHistograms,
  gradientAgreement,
  noiseSchedules,
  paperHistograms,
  threeGates,
} from '#src/chapters/figures.js';
import { FIGURE_3 } from '#src/paper/figures.js';
import { blas } from '../../backend/support.js';

const cell = tinyCell('the cat sat on the mat', { hidden: 2, seed: 5 });
const baseline = gateOptions('baseline');
const g2 = gateOptions('g2', { noiseProbability: 1 });

type Axis = { title?: { text?: string } };

/** What every figure owes its readers: words for the picture, titles on the outer axes, JSON values. */
function assertReadable({ data, layout, alt }: Figure): void {
  assert.ok(alt.length > 40 && !/NaN|undefined|Infinity/.test(alt), alt);
  assert.ok((layout.title as { text: string }).text.length > 0);
  const titles = (letter: string) =>
    Object.entries(layout)
      .filter(([key]) => key.startsWith(`${letter}axis`))
      .filter(([, axis]) => (axis as Axis).title?.text);
  assert.ok(titles('x').length > 0 && titles('y').length > 0);
  assert.doesNotMatch(JSON.stringify(data), /null/);
}

describe('figures of the cell', () => {
  before(async () => {
    await blas();
  });

  test('heatmaps: one panel a reading, one row a gate and unit, one column a word', () => {
    const trace = cellTrace(cell, { gates: baseline });
    const figure = cellGates(
      [
        { title: 'one', trace },
        { title: 'two', trace },
      ],
      'Gates',
    );
    assertReadable(figure);
    assert.equal(figure.data.length, 2);
    const { z, y } = figure.data[0] as unknown as { z: number[][]; y: string[] };
    assert.deepEqual(y, ['f1', 'f2', 'i1', 'i2']);
    assert.ok(Math.abs(z[3]![4]! - trace.i[4]![1]!) < 1e-4);
    assert.deepEqual((figure.layout.xaxis2 as { ticktext: string[] }).ticktext, cell.words);
  });

  test('the slider holds every step and changes only the upper panel', () => {
    const runs = cellTraces(cell, { gates: g2, training: true }, 3);
    const figure = cellGatesOverSteps(runs, cellTrace(cell, { gates: g2 }), 'Steps');
    assertReadable(figure);
    const [slider] = figure.layout.sliders as {
      steps: { args: [{ z: number[][][] }, unknown, number[]] }[];
    }[];
    assert.equal(slider!.steps.length, 3);
    slider!.steps.forEach(({ args: [{ z }, , traces] }, n) => {
      assert.deepEqual(traces, [0]);
      assert.ok(Math.abs(z[0]![0]![5]! - runs[n]!.f[5]![0]!) < 1e-4);
    });
  });

  test('lines: the three algorithms in their style, forget left, input right', () => {
    const trace = cellTrace(cell, { gates: baseline });
    const figure = cellLines({ baseline: trace, sharpened: trace, g2: trace }, 1, 'Lines');
    assertReadable(figure);
    assert.deepEqual(
      figure.data.map(({ name }) => name),
      [0, 1].flatMap(() => Object.values(ALGORITHM_STYLE).map(({ label }) => label)),
    );
  });

  test('runs: the alt text tells quiet panels from noisy ones', () => {
    const evaluation = cellTrace(cell, { gates: g2 });
    const runs = cellTraces(cell, { gates: g2, training: true }, 5);
    const panels = [
      { title: 'quiet', runs: [evaluation], evaluation },
      { title: 'noisy', runs, evaluation },
    ];
    const figure = cellRuns(panels, 'f', 0, 'Runs');
    assertReadable(figure);
    assert.match(figure.alt, /quiet: mean distance between training and evaluation 0\.00;/);
    assert.doesNotMatch(figure.alt, /noisy: mean distance between training and evaluation 0\.00/);
    assert.equal((figure.data[2]!.x as number[]).length, 5 * cell.words.length);
  });

  test('noise schedules: zeros are blank and counted', () => {
    const gates = gateOptions('g2', { noiseProbability: 0.5 });
    const windows = [0, 1].map((step) => cellNoise(cell, { gates, training: true, step }).f);
    const figure = noiseSchedules([{ title: 'step', windows }]);
    assertReadable(figure);
    const text = (figure.data[0]!.text as string[][]).flat();
    const noisy = windows.flat(2).filter((value) => value !== 0).length;
    assert.equal(text.filter((t) => t !== '').length, noisy);
    assert.ok(noisy > 0 && noisy < 24);
    assert.match(figure.alt, new RegExp(`step ${noisy} of 24`));
  });

  test('gradients: forget and input gates of every word and unit', () => {
    const options = { gates: g2, training: true };
    const automatic = preactivationGradient(cell, options);
    const numeric = numericPreactivationGradient(cell, options);
    const figure = gradientAgreement({ g2: { automatic, numeric } });
    assertReadable(figure);
    assert.equal((figure.data[1]!.x as number[]).length, 2 * 2 * cell.words.length);
  });
});

test("the paper's Figures 1 and 3 are its numbers", () => {
  const figure = paperHistograms();
  assertReadable(figure);
  const g2Input = figure.data.find(
    ({ name, xaxis }) => name === ALGORITHM_STYLE.g2.label && xaxis === 'x',
  );
  assert.deepEqual(g2Input!.y, FIGURE_3.input);
  assert.match(figure.alt, /Paper, G2-LSTM: input gates 5 % below 0\.1 and 70 % above 0\.9/);
});

test('histograms name an algorithm once in the legend, whatever the panels', () => {
  const figure = gateHistograms(
    [
      { title: 'a', gates: { baseline: FIGURE_3 } },
      { title: 'b', gates: { baseline: FIGURE_3, g2: FIGURE_3 } },
    ],
    'Two rows',
  );
  assertReadable(figure);
  const shown = figure.data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
  assert.deepEqual(shown, ['baseline', 'G2-LSTM']);
});

test('three gates: the curves pass through one half at 0, nine of ten draws lie in the band', () => {
  const figure = threeGates({ draws: 2000 });
  assertReadable(figure);
  const trace = (name: string) => {
    const { x, y } = figure.data.find((t) => t.name === name) as unknown as Record<
      'x' | 'y',
      number[]
    >;
    return new Map(x.map((value, k) => [value, y[k]!]));
  };
  assert.equal(trace('baseline').get(0), 0.5);
  assert.equal(trace('sharpened sigmoid').get(0), 0.5);
  const [low, high] = [0, 1].map((n) => figure.data[n] as unknown as Record<'x' | 'y', number[]>);
  let inside = 0;
  for (const [a, gate] of trace('G2-LSTM, draws')) {
    const k = Math.round(((a + 8) / 16) * 120);
    if (gate >= low!.y[k]! && gate <= high!.y[k]!) inside++;
  }
  // 0.9 up to the grid of the band; four standard errors are 0.027
  assert.ok(Math.abs(inside / 2000 - 0.9) < 0.03, `${inside}`);
});
