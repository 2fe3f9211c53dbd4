import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GateStatistics, LayerGateStatistics } from '#src/cell/gate-statistics.js';
import type { BoundaryEffect } from '#src/chapters/gates/boundaries.js';
import { boundaryForest, boundaryVerdicts } from '#src/chapters/gates/figure-boundaries.js';
import { wordGateHeatmap } from '#src/chapters/gates/figure-word-gates.js';
import { gateTable, measuredHistograms, notRunYet } from '#src/chapters/gates/gate-measured.js';
import { staticSvg } from '#src/figures/output.js';

const statistics = (above: number): GateStatistics => {
  const shares = [...Array<number>(9).fill((1 - above) / 9), above];
  return { shares, mean: 0.6, deviation: 0.2, below: shares[0]!, above, values: 100 };
};
const layer = (above: number): LayerGateStatistics[] => {
  const gate = statistics(above);
  return [{ layer: 'lstm.0', title: 'layer 1', input: gate, forget: gate, output: gate }];
};
const gates = [
  { algorithm: 'baseline' as const, histograms: { training: layer(0.2), evaluation: layer(0.2) } },
  { algorithm: 'g2' as const, histograms: { training: layer(0.7), evaluation: layer(0.4) } },
];

describe('histograms of measured models', () => {
  test('the paper above, ours in both modes; what is missing is said', async () => {
    const figure = measuredHistograms(gates, 'lstm.0', 'PTB');
    // paper: two models; ours: two models in two modes; two gates each
    assert.equal(figure.data.length, 12);
    assert.match(String((figure.layout.title as { text: string }).text), /sharpened.*not run yet/);
    assert.match(figure.alt, /Ours, evaluation mode, G2-LSTM: input gates 7 % below 0.1 and 40 %/);
    assert.match(await staticSvg(figure), /Ours, training mode/);
    assert.equal(notRunYet([...gates, { algorithm: 'sharpened' }]), '');
  });

  test('the table has the numbers of both modes', () => {
    const { rows, caption } = gateTable(gates, 'lstm.0', 'PTB');
    assert.equal(rows.length, 6);
    assert.deepEqual(rows[0]!.slice(0, 5), [
      'paper, Figure 1',
      'baseline',
      'not said',
      '~0.37',
      '',
    ]);
    assert.deepEqual(rows[5]!.slice(1, 7), [
      'G2-LSTM',
      'evaluation',
      '0.60',
      '0.20',
      '6.7',
      '40.0',
    ]);
    assert.match(caption!, /not run yet/);
  });
});

describe('heatmap of a sentence', () => {
  const layers = (value: number, words = ['a', 'dog']) => [
    { layer: 'lstm.0', title: 'layer 1', words, input: [value, 0.9], forget: [0.2, value] },
  ];
  const map = (value: number, words?: string[]) =>
    ({ mode: 'evaluation', layers: layers(value, words) }) as const;

  test('rows as in Figure 4: G2 above the baseline, input above forget', async () => {
    const drawn = [
      { algorithm: 'baseline' as const, map: map(0.3) },
      { algorithm: 'g2' as const, map: map(0.7) },
    ];
    const figure = wordGateHeatmap(drawn, 'lstm.0', 'A sentence');
    const [trace] = figure.data;
    assert.deepEqual(trace!.z, [
      [0.7, 0.9],
      [0.2, 0.7],
      [0.3, 0.9],
      [0.2, 0.3],
    ]);
    assert.deepEqual([trace!.zmin, trace!.zmax], [0, 1]);
    assert.match(figure.alt, /baseline: input gate 0.30 to 0.90, .* lowest at "a"/);
    assert.match(await staticSvg(figure), /G2-LSTM, forget/);
  });

  test('a model that read other words is not among them', () => {
    const drawn = [
      { algorithm: 'baseline' as const, map: map(0.3, ['the', 'dog']) },
      { algorithm: 'g2' as const, map: map(0.7) },
    ];
    assert.equal((wordGateHeatmap(drawn, 'lstm.0', '').data[0]!.z as unknown[]).length, 2);
    assert.throws(() => wordGateHeatmap(drawn, 'lstm.7', ''), RangeError);
  });
});

describe('effects of boundaries', () => {
  const effect = (comparison: string, gate: 'input' | 'forget', value: number): BoundaryEffect => ({
    ...{ comparison, layer: 'lstm.0', gate, words: [1200, 3000], means: [0.3, 0.4] },
    ...{ effect: value, interval: [value - 0.1, value + 0.2] },
  });
  const effects = [
    effect('articles', 'forget', 0.05),
    effect('conjunctions', 'forget', -0.8),
    effect('articles', 'input', -0.4),
    effect('conjunctions', 'input', -0.5),
  ];
  const drawn = [
    { algorithm: 'baseline' as const, effects },
    { algorithm: 'g2' as const, effects: effects.slice(0, 1) },
  ];

  test('a mark with its interval for each; both panels have one scale', async () => {
    const figure = boundaryForest(drawn, 'lstm.0', 'PTB');
    assert.equal(figure.data.length, 4);
    const [forget] = figure.data;
    assert.deepEqual(forget!.x, [0.05, -0.8]);
    const { array, arrayminus } = forget!.error_x as Record<string, number[]>;
    assert.deepEqual(
      [array, arrayminus],
      [
        [0.2, 0.2],
        [0.1, 0.1],
      ],
    );
    const range = (axis: string) => (figure.layout[axis] as { range: number[] }).range;
    assert.deepEqual(range('xaxis'), range('xaxis2'));
    assert.ok(range('xaxis')[0]! < -0.9 && range('xaxis')[1]! > 0.25);
    assert.match(figure.alt, /baseline: articles 0.05, conjunctions −0.8/);
    assert.match(await staticSvg(figure), /forget gate/);
  });

  test('verdicts in words, empty where a model has none', () => {
    const { rows, columns } = boundaryVerdicts(drawn, 'lstm.0', 'PTB');
    assert.deepEqual(columns, ['forget gate at', 'words', 'baseline', 'G2-LSTM']);
    assert.match(String(rows[0]![2]), /^undecided: 0.05 \(mean 0.30 against 0.40\)/);
    assert.match(String(rows[1]![2]), /^falls: −0.8/);
    assert.equal(rows[1]![3], '');
  });
});
