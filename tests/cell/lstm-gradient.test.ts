import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gateNoise, gateOptions, gatePlan } from '#src/cell/gates.js';
import { tf } from '#tfjs';
import { blas, relativeError } from '../backend/support.js';
import { type Float64Lstm, lstmFloat64 } from './lstm-float64.js';
import {
  describeSetting,
  inputs,
  lossWeights,
  NAMES,
  run,
  type Size,
  SOURCE,
} from './lstm-support.js';

describe('the fused LSTM', () => {
  before(async () => {
    await blas();
  });

  for (const size of [
    [7, 3, 4, 5],
    [3, 2, 6, 13],
  ] as Size[])
    test(`gradients equal central differences of a float64 model, [${size}]`, () => {
      const [T, B, I, H] = size;
      const arrays = inputs(size, 5);
      const weights = lossWeights(size);
      for (const s of [
        { gates: gateOptions('baseline'), training: true },
        { gates: gateOptions('sharpened', { tau: 0.5 }), training: true },
        { gates: gateOptions('g2', { noiseProbability: 0.5 }), training: true },
        {
          gates: gateOptions('g2', { noiseProbability: 1, gates: 'fio', noiseEpsilon: 0 }),
          training: true,
        },
        { gates: gateOptions('g2', { evalHard: true }), training: false },
      ]) {
        const plan = gatePlan(s.gates, s.training);
        const noise = plan.noisy
          ? Float64Array.from(
              tf.tidy(() => gateNoise(plan, { T, B, H }, SOURCE).dataSync() as never),
            )
          : null;
        const model: Float64Lstm = { T, B, I, H, noise } as Float64Lstm;
        for (const name of NAMES) model[name] = Float64Array.from(arrays[name]);
        const loss = (): number => {
          const { y, c } = lstmFloat64(model, plan);
          const h = y.subarray((T - 1) * B * H);
          const dot = (w: Float32Array, v: Float64Array) =>
            v.reduce((sum, x, i) => sum + x * w[i]!, 0);
          return dot(weights[0]!, y) + dot(weights[1]!, h) + dot(weights[2]!, c);
        };
        const { gradients, outputs } = run(size, arrays, { ...s, random: SOURCE });
        assert.ok(relativeError(outputs[0]!, lstmFloat64(model, plan).y) < 4e-6, 'forward');
        NAMES.forEach((name, k) => {
          const values = model[name];
          const want = Float64Array.from(values, (value, i) => {
            values[i] = value + 1e-5;
            const up = loss();
            values[i] = value - 1e-5;
            const down = loss();
            values[i] = value;
            return (up - down) / 2e-5;
          });
          const error = relativeError(gradients[k]!, want);
          assert.ok(error < 1e-5, `d${name}: ${error}, ${describeSetting(s)}`);
        });
      }
    });
});
