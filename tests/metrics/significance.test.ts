import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bleuMetric } from '#src/metrics/bleu.js';
import { chrfMetric } from '#src/metrics/chrf.js';
import { corpusScore, type TranslationMetric } from '#src/metrics/metric.js';
import { Pcg64 } from '#src/metrics/pcg64.js';
import { signatureFields, signatureText } from '#src/metrics/signature.js';
import {
  bootstrapConfidence,
  type PairedResult,
  pairedApproximateRandomisation,
  pairedBootstrap,
  statisticsOf,
} from '#src/metrics/significance.js';
import { terMetric } from '#src/metrics/ter.js';
import { allCases, noShared, readShared, unversioned } from './cases.js';

const METRICS: Record<string, TranslationMetric> = {
  BLEU: bleuMetric(),
  chrF2: chrfMetric(),
  'chrF2++': chrfMetric({ wordOrder: 2 }),
  TER: terMetric(),
};

describe("NumPy's random numbers", () => {
  const below = (seed: number, n: number, count: number): number[] => {
    const out = new Int32Array(count);
    new Pcg64(seed).fillBelow(n, out);
    return [...out];
  };

  test('default_rng(seed).choice(n, size)', () => {
    assert.deepEqual(below(12345, 100, 12), CHOICE_100);
    assert.deepEqual(below(0, 2_000_000, 6), CHOICE_LARGE);
    assert.throws(() => below(0, 3_000_000, 6), /2\^21/);
    assert.deepEqual(below(2 ** 40 + 7, 1000, 8), CHOICE_LONG_SEED);
    assert.deepEqual(below(5, 1, 3), [0, 0, 0]);
  });

  test('default_rng(seed).integers(2, dtype=bool), and choice behind it', () => {
    const rng = new Pcg64(12345);
    const coin = rng.bits();
    assert.equal(Array.from({ length: 40 }, coin).join(''), COINS);
    const out = new Int32Array(6);
    rng.fillBelow(100, out);
    assert.deepEqual([...out], AFTER_COINS);
  });
});

// numpy 2.4.6
const CHOICE_100 = [69, 22, 78, 31, 20, 79, 64, 67, 98, 39, 83, 33];
const CHOICE_LARGE = [1701248, 1273923, 1022272, 539573, 615658, 81947];
const CHOICE_LONG_SEED = [206, 829, 609, 255, 17, 153, 504, 674];
const COINS = '1011100110000011111111110100110110110001';
const AFTER_COINS = [78, 31, 20, 79, 64, 67];

for (const { name, load } of allCases()) {
  const c = load();
  if (!c.bootstrap_ci?.length) continue;
  test(`bootstrap confidence as sacrebleu's: ${name}`, () => {
    for (const row of c.bootstrap_ci) {
      const metric = METRICS[row.metric]!;
      const statistics = metric.statistics(c.hypotheses, c.references);
      const options = { samples: row.n_bootstrap, seed: row.seed };
      const { mean, halfWidth } = bootstrapConfidence(metric, statistics, options);
      assert.ok(Math.abs(mean - row.mean) < 1e-3, `${row.metric} mean ${mean}, not ${row.mean}`);
      assert.ok(Math.abs(halfWidth - row.ci) < 1e-3, `${row.metric} ± ${halfWidth}, not ${row.ci}`);
      const resampling = { bootstrap: row.n_bootstrap, seed: row.seed };
      const signature = signatureText(signatureFields(metric, statistics, resampling));
      assert.equal(unversioned(signature), unversioned(row.signature));
    }
  });
}

interface Significance {
  references: string[];
  systems: Record<string, string[]>;
  tests: {
    test_type: 'bs' | 'ar';
    n_samples: number;
    n_ar_confidence: number;
    signatures: Record<string, string>;
    systems: string[];
    results: Record<
      string,
      { score: number; p_value: number | null; mean: number | null; ci: number | null }[]
    >;
  }[];
}

test("paired tests as sacrebleu's, p-values exactly", { skip: noShared }, () => {
  const c = readShared<Significance>('significance.json');
  for (const t of c.tests)
    for (const [name, expected] of Object.entries(t.results)) {
      const metric = METRICS[name]!;
      const systems = t.systems.map((s) => c.systems[s]!);
      const statistics = statisticsOf(metric, systems, [c.references]);
      let results: PairedResult[];
      if (t.test_type === 'bs')
        results = pairedBootstrap(metric, statistics, { samples: t.n_samples });
      else
        results = pairedApproximateRandomisation(metric, statistics, {
          samples: t.n_samples,
          ...(t.n_ar_confidence > 0 ? { confidenceSamples: t.n_ar_confidence } : {}),
        });
      expected.forEach((e, i) => {
        const r = results[i]!;
        const what = `${t.test_type} ${t.n_samples} ${name} ${t.systems[i]}`;
        assert.ok(Math.abs(r.score - e.score) < 1e-9, what);
        // Of equal scores sacrebleu says 1 / (n + 1), the smallest value there is.
        const equal = i > 0 && r.score === results[0]!.score;
        assert.equal(r.pValue, equal ? 1 : e.p_value, what);
        assert.equal(r.confidence === null, e.mean === null, what);
        if (r.confidence) {
          assert.ok(Math.abs(r.confidence.mean - e.mean!) < 1e-3, what);
          assert.ok(Math.abs(r.confidence.halfWidth - e.ci!) < 1e-3, what);
        }
      });
    }
});

describe('properties', () => {
  const words = 'the a cat dog sat ran on under mat tree and saw old new'.split(' ');
  const rng = new Pcg64(3);
  const draw = new Int32Array(600);
  rng.fillBelow(words.length, draw);
  const lines = (shift: number): string[] =>
    Array.from({ length: 60 }, (_, i) =>
      Array.from(
        draw.subarray(10 * i, 10 * i + 10),
        (d, j) => words[(i + j) % 7 < shift ? (d + 1) % words.length : d],
      ).join(' '),
    );
  const references = [lines(0)];

  test('equal scores, and texts of one line, are never called unlikely to be chance: p = 1', () => {
    const options = { samples: 99 };
    // Two lines with a word wrong each, the other way round: other texts, equal scores.
    const turned = [lines(0), [...lines(0)]];
    turned[0]![0] = turned[1]![1] = 'x';
    const same = [...new Array<string>(60)].map(() => 'a b c d e f');
    for (const metric of Object.values(METRICS)) {
      const cases: [string[][], string[]][] = [
        [[lines(2), lines(2)], references[0]!],
        [turned.map((text) => text.map((line) => (line === 'x' ? 'a b' : 'a b c d e f'))), same],
        [[['a b c d e x'], ['a b x d e y']], ['a b c d e f']],
      ];
      for (const [systems, reference] of cases) {
        const statistics = statisticsOf(metric, systems, [reference]);
        assert.equal(pairedBootstrap(metric, statistics, options)[1]!.pValue, 1);
        assert.equal(pairedApproximateRandomisation(metric, statistics, options)[1]!.pValue, 1);
      }
    }
  });

  test("p-values on made sentences are sacrebleu's, with the same draws", () => {
    const mixed = lines(2).map((line, i) =>
      i % 9 === 0 ? lines(1)[i]! : i % 10 === 0 ? lines(3)[i]! : line,
    );
    // numerators over 201, from sacrebleu 2.6.0 with 200 samples and its seed
    const expected: [string, number, number][] = [
      ['BLEU', 43, 116],
      ['chrF2', 34, 85],
      ['TER', 40, 93],
    ];
    for (const [name, bootstrap, randomisation] of expected) {
      const metric = METRICS[name]!;
      const systems = statisticsOf(metric, [lines(2), mixed], references);
      const options = { samples: 200 };
      assert.equal(pairedBootstrap(metric, systems, options)[1]!.pValue, bootstrap / 201, name);
      const result = pairedApproximateRandomisation(metric, systems, options)[1]!;
      assert.equal(result.pValue, randomisation / 201, name);
    }
  });

  test('a clearly better system is found out, and confidence covers the score', () => {
    const metric = METRICS['BLEU']!;
    const systems = statisticsOf(metric, [lines(3), lines(1)], references);
    for (const paired of [pairedBootstrap, pairedApproximateRandomisation])
      assert.ok(paired(metric, systems, { samples: 200 })[1]!.pValue! < 0.05);
    const { mean, halfWidth } = bootstrapConfidence(metric, systems[1]!);
    const { score } = corpusScore(metric, systems[1]!);
    assert.ok(halfWidth > 0 && Math.abs(mean - score) < halfWidth);
  });

  test('another seed, other draws; the same seed, the same', () => {
    const metric = METRICS['BLEU']!;
    const [system] = statisticsOf(metric, [lines(2)], references);
    const of = (seed: number) => bootstrapConfidence(metric, system!, { samples: 50, seed }).mean;
    assert.equal(of(1), of(1));
    assert.notEqual(of(1), of(2));
  });

  test('wrong use is told', () => {
    const metric = METRICS['BLEU']!;
    const [a] = statisticsOf(metric, [lines(1)], references);
    const b = metric.statistics(['x'], [['x']]);
    assert.throws(() => pairedBootstrap(metric, [a!]), /needs a baseline/);
    assert.throws(() => pairedBootstrap(metric, [a!, b]), /same lines/);
    assert.throws(() => bootstrapConfidence(metric, a!, { samples: 0 }), /whole number from 1/);
    assert.throws(() => bootstrapConfidence(metric, a!, { seed: -1 }), /seed/);
  });
});
