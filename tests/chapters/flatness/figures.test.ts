import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flatRobustness } from '#src/chapters/flatness/figure-robustness.js';
import { flatSharpened, flatSigmoid } from '#src/chapters/flatness/figure-sigmoid.js';
import { flatSlices, flatSlopes } from '#src/chapters/flatness/figure-slices.js';
import {
  gateSlopeTable,
  robustnessTable,
  verdictTable,
} from '#src/chapters/flatness/figure-tables.js';
import { PERTURBATIONS, type Robustness, verdict } from '#src/chapters/flatness/robustness.js';
import { variant } from './support.js';

const result: Robustness = {
  kind: PERTURBATIONS.relative,
  variants: [variant('baseline'), variant('g2-p0.2'), variant('g2-p1')],
  sizes: [0.5, 1],
  draws: 3,
  rows: [
    ['baseline', [0.2, 0.3]],
    ['g2-p0.2', [0.1, 0.25]],
    ['g2-p1', [-0.0001, 0.0001]],
  ].flatMap(([id, rises]) =>
    [0.5, 1].flatMap((size) =>
      (rises as number[]).map((rise, s) => ({
        variant: id as string,
        seed: s + 1,
        size,
        rise: rise * size,
        spread: 0.05,
      })),
    ),
  ),
};

describe('figures on flat minima', () => {
  test('the sigmoid: its curves, and the area where the slope is small', () => {
    const { data, layout } = flatSigmoid();
    const [gate, slope] = data as unknown as { x: number[]; y: number[] }[];
    const middle = gate!.x.indexOf(0);
    assert.deepEqual([gate!.y[middle], slope!.y[middle]], [0.5, 0.25]);
    const bands = layout.shapes as { x0: number; x1: number }[];
    slope!.x.forEach((a, k) => {
      const shaded = bands.some(({ x0, x1 }) => a >= x0 && a <= x1);
      assert.equal(shaded, slope!.y[k]! < 0.025, `a = ${a}`);
    });
  });

  test('sharpened: the slider shows what the figure of that temperature shows', () => {
    const { layout, data } = flatSharpened(0.5);
    const [slider] = layout.sliders as {
      active: number;
      steps: { label: string; args: unknown[] }[];
    }[];
    const { label, args } = slider!.steps[slider!.active]!;
    assert.equal(label, '0.5');
    assert.deepEqual(
      (args[0] as { y: number[][] }).y,
      data.slice(2).map((t) => t.y),
    );
    assert.deepEqual((args[1] as { shapes: unknown }).shapes, layout.shapes);
  });

  test('robustness: means over seeds, G2 twice but not alike, numbers in the words', () => {
    const { data, alt } = flatRobustness(result);
    assert.deepEqual(
      data.map((t) => t.y),
      [
        [0.125, 0.25],
        [0.0875, 0.175],
        [0, 0],
      ],
    );
    const markers = data.map((t) => (t.marker as { symbol: string }).symbol);
    assert.equal(new Set(markers).size, 3);
    assert.match(alt, /At σ = 1: baseline 0\.250, G2-LSTM, p 0\.2 0\.175/);
  });

  test('slices: zero at the middle, the mean first', () => {
    const slices = [
      {
        variant: variant('baseline'),
        sizes: [-1, 0, 1],
        losses: [
          [3, 1, 2],
          [2, 1, 6],
        ],
      },
    ];
    const { data, layout } = flatSlices(slices);
    assert.deepEqual(data[0]!.y, [1.5, 0, 3]);
    const [slider] = layout.sliders as { steps: { args: [{ y: number[][] }, unknown] }[] }[];
    assert.deepEqual(
      slider!.steps.map((s) => s.args[0].y[0]),
      [
        [1.5, 0, 3],
        [2, 0, 1],
        [1, 0, 5],
      ],
    );
  });

  test('slopes and tables', () => {
    const point = { variant: variant('g2-p1'), saturated: 0.5, mean: 0.1, rise: 0.02 };
    const points = [1, 2].map((seed) => ({ ...point, seed }));
    assert.equal(flatSlopes(points, 'σ = 1').data.length, 2);
    assert.deepEqual(gateSlopeTable(points, 'σ = 1').rows[0]!.slice(1), [
      '0.50 ± 0.00',
      '0.100 ± 0.000',
      '0.020 ± 0.000',
    ]);
    const { rows } = robustnessTable(result);
    assert.deepEqual(rows[0], ['baseline', '0.125 ± 0.035 (0.050)', '0.250 ± 0.071 (0.050)']);
    assert.equal(rows[2]![1], '0.000 ± 0.000 (0.050)'); // no -0.000
  });

  test('verdicts are counted and put into words', () => {
    const pairs = [
      ['g2-p1', 'baseline'],
      ['g2-p0.2', 'baseline'],
    ] as const;
    const all = [0.5, 1].flatMap((size) => pairs.map(([a, b]) => verdict(result, size, a, b)));
    assert.deepEqual(verdictTable(all).rows, [
      ['G2-LSTM, p 1 against baseline', 2, 0, 0, 'less sensitive'],
      ['G2-LSTM, p 0.2 against baseline', 0, 2, 0, 'not decided'],
    ]);
  });
});
