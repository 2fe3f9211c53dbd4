import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GateMode } from '#src/cell/gate-options.js';
import { flatGateSlopes, flatGradients } from '#src/chapters/flatness/figure-gradients.js';
import { flatEigenvalues, flatScales } from '#src/chapters/flatness/figure-hessian.js';
import { flatFilterSlices, flatNoise } from '#src/chapters/flatness/figure-noise.js';
import { flatPlane } from '#src/chapters/flatness/figure-plane.js';
import {
  flatnessConclusion,
  flatnessVerdictTable,
  sharpnessTable,
} from '#src/chapters/flatness/figure-tables.js';
import {
  flatnessOverSeeds,
  flatnessVerdicts,
  type MeasuredFlatness,
  measuredFlatness,
  sharpnessRows,
} from '#src/chapters/flatness/flatness-comparison.js';
import type { RunFlatness } from '#src/chapters/flatness/flatness-of-run.js';
import type { SpectrumEnd } from '#src/chapters/flatness/gate-hessian.js';
import {
  compressionSeedsTable,
  flatnessSeedsTable,
  gateClaimsTable,
} from '#src/chapters/seed-tables.js';
import type { StoredMeasurement } from '#src/results/measurement.js';

/** A model that is `k` times as sharp as the first in every respect. */
function made(algorithm: GateMode, k: number, tau = 1): MeasuredFlatness {
  const noise = (gates: string, unit: 'relative' | 'block' | 'absolute') => ({
    gates,
    unit,
    sizes: [0.2, 0.5, 1],
    rises: [0.1, 0.5, 1].map((rise) => [k * rise, k * rise * 1.2]),
    slopes: [0, 0],
  });
  const end = (eigenvalue: number): SpectrumEnd => ({
    eigenvalue,
    residual: 0.001,
    byScale: [
      { times: 0.5, quotient: eigenvalue },
      { times: 8, quotient: eigenvalue / 2 },
    ],
    fromLosses: eigenvalue,
    shares: [],
  });
  const hessian = (['absolute', 'block'] as const).map((unit) => ({
    unit,
    step: 0.01,
    largest: end(k),
    smallest: end(-k / 2),
    steps: [],
  }));
  const block = { tensor: 'lstm.0.weight_hh', gate: 'f' as const, parameters: 4, norm: 3, rms: k };
  return {
    algorithm,
    tau,
    result: {
      loss: 4,
      tokens: 10,
      parameters: 8,
      perturb: [
        noise('fi', 'relative'),
        noise('fi', 'block'),
        noise('fi', 'absolute'),
        noise('og', 'relative'),
      ],
      landscape: {
        gates: 'fi',
        sizes: [-1, 0, 1],
        lines: [
          [k, 0, k],
          [k, 0, 3 * k],
        ],
        gridSizes: [-1, 0, 1],
        grid: [
          [k, k, k],
          [k, 0, k],
          [k, k, 2 * k],
        ],
      },
      hessian,
      gradient: {
        blocks: [
          { ...block, scaled: 3 * k },
          { ...block, tensor: 'lstm.0.bias', scaled: 4 * k },
        ],
        preactivations: [
          { layer: 0, gate: 'f', gradient: k, median: k / 2, slope: 0.2, nearZero: 0.25 },
          { layer: 0, gate: 'g', gradient: k, median: k / 2, slope: 0.2, nearZero: 0.25 },
        ],
      },
    },
  };
}

const ALL = [made('baseline', 1), made('sharpened', 2, 0.2), made('g2', 0.5)];
const DRAWINGS = {
  flatNoise: (all: MeasuredFlatness[]) => flatNoise(all, 'relative'),
  flatFilterSlices,
  flatPlane,
  flatEigenvalues,
  flatScales,
  flatGradients,
  flatGateSlopes,
};

describe('figures of measured flatness', () => {
  for (const [name, draw] of Object.entries(DRAWINGS))
    test(`${name}: all algorithms, some, none`, () => {
      const full = draw(ALL);
      for (const label of ['baseline', 'sharpened sigmoid', 'G2-LSTM'])
        assert.ok(full.alt.includes(label), full.alt);
      assert.ok(!JSON.stringify(full.layout).includes('not run yet'));
      const part = draw(ALL.slice(0, 1));
      assert.match(JSON.stringify(part.layout), /not run yet: sharpened sigmoid, G2-LSTM/);
      assert.ok(part.data.length < full.data.length);
      assert.doesNotThrow(() => JSON.stringify(draw([])));
      assert.ok(!/NaN|undefined/.test(full.alt), full.alt);
    });

  test('noise starts at zero, bands are one deviation wide, the control stands beside', () => {
    const { data, alt } = flatNoise(ALL, 'relative');
    const [band, line] = data as unknown as { x: number[]; y: number[]; xaxis: string }[];
    assert.deepEqual(line!.x, [0, 0.2, 0.5, 1]);
    assert.deepEqual(line!.y, [0, 0.11, 0.55, 1.1]);
    // deviation of 1 and 1.2 is 0.1414
    assert.deepEqual(band!.y.slice(3, 5), [1.241, 0.9586]);
    assert.equal(data.filter((t) => t['xaxis'] === 'x2').length, 6);
    assert.match(alt, /sharpened sigmoid 2\.200 \(fi, σ = 1\)/);
  });

  test('one colour scale for all maps, in powers of ten', () => {
    const maps = flatPlane(ALL).data.filter((t) => t.type === 'contour');
    assert.deepEqual(
      maps.map((t) => [t['zmin'], t['zmax'], t['showscale']]),
      [
        [-4, Math.log10(4), false],
        [-4, Math.log10(4), false],
        [-4, Math.log10(4), true],
      ],
    );
  });

  test('a sharpened model is also shown rewritten as a plain one', () => {
    const cross = flatEigenvalues(ALL).data.find((t) => String(t['name']).endsWith('rewritten'))!;
    assert.deepEqual(cross['y'], [0.08]); // 2 x 0.2^2
  });
});

describe('comparison', () => {
  test('ratios, draws and words', () => {
    const verdicts = flatnessVerdicts(ALL, 'g2', 'baseline');
    assert.equal(verdicts.length, 10, 'block noise of o and g was not measured');
    for (const { ratio, outcome, draws } of verdicts) {
      assert.equal(ratio, 0.5);
      assert.equal(outcome, 'flatter');
      if (draws) assert.deepEqual(draws, { below: 2, of: 2 });
    }
    assert.deepEqual(flatnessVerdicts(ALL.slice(0, 1), 'g2', 'baseline'), []);
    assert.match(flatnessConclusion(ALL, 'sharpened', 'baseline'), /alike in 0, sharper in 7\./);
    assert.match(flatnessConclusion(ALL, 'g2', 'baseline'), /flatter in 7.*One seed each/);
    assert.match(flatnessConclusion([], 'g2', 'baseline'), /not run yet/);
    assert.equal(flatnessVerdictTable(ALL, 'g2', 'baseline').rows[0]![1], '0.50');
    const gradient = sharpnessRows(ALL).find(({ name }) => name.includes('gradient'))!;
    assert.deepEqual(gradient.values, [5, 10, 2.5]);
    assert.equal(sharpnessTable(ALL).columns.length, 4);
  });

  test('of every algorithm the first seed, with the temperature of its evaluation', () => {
    const stored = (algorithm: string, seed: number, config: object) => ({
      run: { algorithm, seed, config },
      result: { loss: seed },
    });
    const found = measuredFlatness([
      stored('sharpened', 1, { tau: 0.2, evalTemperature: true }),
      stored('sharpened', 2, { tau: 0.2, evalTemperature: true }),
      stored('g2', 1, { tau: 0.9, evalTemperature: false }),
    ] as never);
    assert.deepEqual(
      found.map(({ algorithm, tau, result }) => [algorithm, tau, result.loss]),
      [
        ['sharpened', 0.2, 1],
        ['g2', 1, 1],
      ],
    );
  });
});

describe('tables over seeds', () => {
  const stored = (algorithm: GateMode, seed: number, k: number) =>
    ({
      run: { algorithm, seed, config: {} },
      result: made(algorithm, k).result,
    }) as unknown as StoredMeasurement<RunFlatness>;

  test('flatness: seed with seed, and a word only where they agree', () => {
    const runs = [
      ...[stored('baseline', 1, 1), stored('g2', 1, 0.5), stored('g2', 2, 0.25)],
      ...[stored('baseline', 2, 1), stored('g2', 3, 9)],
    ];
    const measures = flatnessOverSeeds(runs);
    assert.ok(measures.every(({ name }) => !name.includes('absolute')));
    assert.deepEqual(
      measures[0]!.seeds.map(({ seed, ratio }) => [seed, ratio]),
      [
        [1, 0.5],
        [2, 0.25],
      ],
    );
    const table = flatnessSeedsTable(measures, 'c');
    assert.deepEqual(table.columns, ['measure', 'seed 1', 'seed 2', 'so it is']);
    assert.deepEqual((table.rows as string[][])[0]!.slice(1), ['0.50', '0.25', 'flatter']);
    const apart = flatnessOverSeeds([...runs.slice(0, 2), runs[3]!, stored('g2', 2, 2)]);
    assert.equal(
      (flatnessSeedsTable(apart, 'c').rows as string[][])[0]!.at(-1),
      'not alike: flatter, sharper',
    );
  });

  test('losses and claims say how many seeds they come from', () => {
    const against = { difference: null, outcome: 'few seeds', verdict: 'two seeds: no verdict' };
    const losses = compressionSeedsTable(
      [
        {
          column: 'svdLow',
          paper: { baseline: 24.05, sharpened: 12.78, g2: 7.49 },
          ours: {
            baseline: [22.26, 21.9].map((loss, k) => ({ seed: k + 1, loss })),
            sharpened: [],
            g2: [{ seed: 1, loss: 8.6 }],
          },
          against: { sharpened: against, g2: against } as never,
        },
      ],
      'c',
    );
    assert.deepEqual((losses.rows as string[][])[0]!.slice(1), [
      '24.1; 22.3, 21.9',
      '12.8; not run yet',
      '7.5; 8.6',
      'two seeds: no verdict',
    ]);
    const claim = { claim: 'Figure 3', seen: 'this', verdict: 'holds' as const };
    const rows = gateClaimsTable(
      [
        {
          claim: 'Figure 3',
          seeds: [
            { ...claim, seed: 1 },
            { ...claim, seed: 2 },
          ],
        },
        {
          claim: 'Figure 1',
          seeds: [
            { ...claim, seed: 1 },
            { ...claim, seed: 2, verdict: 'not seen' },
          ],
        },
        { claim: 'Figure 4', seeds: [{ ...claim, seed: 1 }] },
      ],
      'c',
    ).rows as string[][];
    assert.deepEqual(
      rows.map((row) => row.slice(1)),
      [
        ['seed 1: this', 'holds (2 seeds)'],
        ['seed 1: this', 'seed 1: holds; seed 2: not seen'],
        ['this', 'holds'],
      ],
    );
  });
});
