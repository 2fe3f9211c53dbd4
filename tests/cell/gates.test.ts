import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GateMode, GateOptions, NoiseSchedule } from '#src/cell/gate-options.js';
import { gateNoise, gateOptions, gatePlan } from '#src/cell/gates.js';
import { tf } from '#tfjs';
import { assertClose, blas, on } from '../backend/support.js';

const SIZE = { T: 7, B: 3, H: 13 };
const SOURCE = { seed: 2 ** 40 + 3, stream: 0x2001, step: 2 ** 32 + 9 };

/** Noise as [t][gate][b * H + j]. */
function noise(options: Partial<GateOptions>, size = SIZE, source = SOURCE): Float32Array[][] {
  const flat = tf.tidy(
    () => gateNoise(gatePlan(gateOptions('g2', options), true), size, source).dataSync() as never,
  ) as unknown as Float32Array;
  const { T, B, H } = size;
  return Array.from({ length: T }, (_, t) =>
    [0, 1, 2].map((g) =>
      Float32Array.from(
        { length: B * H },
        (_, e) => flat[(t * B + Math.floor(e / H)) * 3 * H + g * H + (e % H)]!,
      ),
    ),
  );
}

const kept = (values: Float32Array): string =>
  [...values].map((v) => (v === 0 ? '.' : 'x')).join('');

describe('gatePlan', () => {
  const F = 1;
  const I = 2;
  const O = 4;
  // mode, training, switches -> 1/tau of f, i, o; noisy gates; hard gates: paper.DEPARTURES, rows 1-5
  const table: [
    GateMode,
    boolean,
    Partial<GateOptions>,
    [number, number, number],
    number,
    number,
  ][] = [
    ['baseline', true, {}, [1, 1, 1], 0, 0],
    ['baseline', false, {}, [1, 1, 1], 0, 0],
    ['baseline', true, { tau: 0.5 }, [1, 1, 1], 0, 0],
    ['baseline', false, { tau: 0.5, evalTemperature: true }, [1, 1, 1], 0, 0],
    ['baseline', false, { evalHard: true }, [1, 1, 1], 0, F | I],
    ['sharpened', true, {}, [5, 5, 1], 0, 0],
    ['sharpened', false, {}, [5, 5, 1], 0, 0],
    ['sharpened', false, { evalTemperature: false }, [1, 1, 1], 0, 0],
    ['sharpened', true, { gates: 'fio' }, [5, 5, 5], 0, 0],
    ['sharpened', true, { gates: 'f' }, [5, 1, 1], 0, 0],
    ['sharpened', false, { evalHard: true }, [5, 5, 1], 0, F | I],
    ['g2', true, {}, [1 / 0.9, 1 / 0.9, 1], F | I, 0],
    ['g2', true, { noiseProbability: 1, tau: 0.5 }, [2, 2, 1], F | I, 0],
    ['g2', true, { noiseProbability: 0 }, [1, 1, 1], 0, 0],
    ['g2', true, { gates: 'i' }, [1, 1 / 0.9, 1], I, 0],
    ['g2', true, { gates: 'fio' }, [1 / 0.9, 1 / 0.9, 1 / 0.9], F | I | O, 0],
    ['g2', true, { evalHard: true }, [1 / 0.9, 1 / 0.9, 1], F | I, 0],
    ['g2', false, {}, [1, 1, 1], 0, 0],
    ['g2', false, { evalTemperature: true }, [1 / 0.9, 1 / 0.9, 1], 0, 0],
    ['g2', false, { evalHard: true, gates: 'fio' }, [1, 1, 1], 0, F | I | O],
  ];
  for (const [mode, training, overrides, inverseTau, noisy, hard] of table)
    test(`${mode}, ${training ? 'training' : 'evaluation'}, ${JSON.stringify(overrides)}`, () => {
      const plan = gatePlan(gateOptions(mode, overrides), training);
      assert.deepEqual([plan.inverseTau, plan.noisy, plan.hard], [inverseTau, noisy, hard]);
    });

  test('settings without a meaning are refused by name', () => {
    for (const [key, value] of [
      ['tau', 0],
      ['tau', -1],
      ['tau', Number.NaN],
      ['noiseProbability', 1.1],
      ['noiseProbability', -0.1],
      ['noiseEpsilon', -1],
      ['noiseEpsilon', Number.NaN],
    ] as const)
      assert.throws(() => gatePlan(gateOptions('g2', { [key]: value }), true), new RegExp(key));
  });
});

describe('gateNoise', () => {
  const schedules: NoiseSchedule[] = ['step', 'window-mask', 'window'];

  test('blas equals the JavaScript path for every schedule, set of gates and epsilon', async () => {
    for (const noiseSchedule of schedules)
      for (const gates of ['f', 'i', 'fi', 'fio'] as const)
        for (const noiseEpsilon of [0, 1e-3])
          for (const noiseProbability of [0.2, 1]) {
            const options = { noiseSchedule, gates, noiseEpsilon, noiseProbability };
            await on('cpu');
            const want = noise(options);
            await blas();
            noise(options).forEach((step, t) => {
              step.forEach((values, g) => {
                const what = `${JSON.stringify(options)}, t ${t}, gate ${g}`;
                assertClose(values, want[t]![g]!, { relative: 1e-5, absolute: 1e-5 }, what);
                assert.equal(kept(values), kept(want[t]![g]!), what);
              });
            });
          }
  });

  test('step: mask and noise are new at every step', async () => {
    await blas();
    const n = noise({ noiseProbability: 0.5 });
    for (const g of [0, 1]) assert.equal(new Set(n.map((s) => kept(s[g]!))).size, SIZE.T);
    assert.notEqual(kept(n[0]![0]!), kept(n[0]![1]!), 'f and i have masks of their own');
  });

  test('window-mask: the mask is kept, the noise is new', async () => {
    await blas();
    const n = noise({ noiseProbability: 0.5, noiseSchedule: 'window-mask' });
    for (const g of [0, 1]) {
      assert.equal(new Set(n.map((s) => kept(s[g]!))).size, 1);
      assert.equal(new Set(n.map((s) => s[g]!.join())).size, SIZE.T);
    }
  });

  test('window: mask and noise are kept, and change with the training step', async () => {
    await blas();
    const n = noise({ noiseProbability: 0.5, noiseSchedule: 'window' });
    for (const g of [0, 1]) assert.equal(new Set(n.map((s) => s[g]!.join())).size, 1);
    const next = noise({ noiseProbability: 0.5, noiseSchedule: 'window' }, SIZE, {
      ...SOURCE,
      step: SOURCE.step + 1,
    });
    assert.notEqual(next[0]![0]!.join(), n[0]![0]!.join());
  });

  test('fio adds the output gate and leaves the draws of f and i as they are', async () => {
    await blas();
    for (const noiseSchedule of schedules) {
      const [fi, fio, f] = (['fi', 'fio', 'f'] as const).map((gates) =>
        noise({ gates, noiseSchedule, noiseProbability: 0.5 }),
      );
      for (let t = 0; t < SIZE.T; t++) {
        assert.deepEqual(fio![t]!.slice(0, 2), fi![t]!.slice(0, 2));
        assert.deepEqual(f![t]![0], fi![t]![0]);
        assert.ok(f![t]![1]!.every((v) => v === 0) && fi![t]![2]!.every((v) => v === 0));
        assert.ok(fio![t]![2]!.some((v) => v !== 0));
        assert.notEqual(kept(fio![t]![2]!), kept(fio![t]![0]!));
      }
    }
  });

  test('no probability, no noise', async () => {
    await blas();
    assert.ok(
      noise({ noiseProbability: 0 })
        .flat()
        .every((values) => values.every((v) => v === 0)),
    );
  });

  for (const [p, e] of [
    [1, 0],
    [1, 1e-3],
    [0.2, 1e-3],
    [0.5, 0.1],
  ] as const)
    test(`share p = ${p} is kept and follows the law with epsilon = ${e}`, async () => {
      await blas();
      const size = { T: 40, B: 20, H: 50 };
      for (const g of [0, 1, 2]) {
        const all = noise({ gates: 'fio', noiseProbability: p, noiseEpsilon: e }, size).flatMap(
          (s) => [...s[g]!],
        );
        const values = all.filter((v) => v !== 0).sort((a, b) => a - b);
        // 5 standard deviations of a share, and the 1e-6 point of Kolmogorov-Smirnov; the seed is fixed
        const deviation = Math.sqrt((p * (1 - p)) / all.length);
        assert.ok(
          Math.abs(values.length / all.length - p) <= 5 * deviation + 1e-4,
          `share ${values.length / all.length}`,
        );
        // (U + e) / (1 + 2e) = s(z), so F(z) = (1 + 2e) s(z) - e
        const cdf = (z: number) => Math.min(1, Math.max(0, (1 + 2 * e) / (1 + Math.exp(-z)) - e));
        const n = values.length;
        let distance = 0;
        values.forEach((z, i) => {
          distance = Math.max(distance, Math.abs(cdf(z) - i / n), Math.abs(cdf(z) - (i + 1) / n));
        });
        assert.ok(distance * Math.sqrt(n) < 2.7, `gate ${g}: KS ${distance * Math.sqrt(n)}`);
        if (e > 0) assert.ok(values[n - 1]! <= Math.log((1 + e) / e) + 1e-4, 'bounded');
      }
    });
});
