import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { GateOptions } from '#src/nn/gate-options.js';
import { gateNoise, gateOptions, gatePlan } from '#src/nn/gates.js';
import { type LstmOptions, lstm, lstmRecorded } from '#src/nn/lstm.js';
import { assertNoLeak, blas, generator, relativeError, uniform } from '../backend/support.js';
import { type Float64Lstm, lstmFloat64 } from './lstm-float64.js';

type Size = [T: number, B: number, I: number, H: number];
type Arrays = Record<'x' | 'wx' | 'wh' | 'b' | 'h0' | 'c0', Float32Array>;
const NAMES = ['x', 'wx', 'wh', 'b', 'h0', 'c0'] as const;

const shapesOf = ([T, B, I, H]: Size): Record<keyof Arrays, number[]> => ({
  x: [T, B, I],
  wx: [I, 4 * H],
  wh: [H, 4 * H],
  b: [4 * H],
  h0: [B, H],
  c0: [B, H],
});

function inputs(size: Size, seed: number): Arrays {
  const random = generator(seed);
  const entries = Object.entries(shapesOf(size)).map(([name, shape]) => {
    // pre-activations of about one, whatever the sizes
    const r = name === 'wx' ? 2 / Math.sqrt(size[2]) : name === 'wh' ? 2 / Math.sqrt(size[3]) : 1;
    return [name, uniform(random, tf.util.sizeFromShape(shape), -r, r)];
  });
  return Object.fromEntries(entries) as Arrays;
}

/** Random weights of y, of the last h and of the last c in the loss. */
const lossWeights = ([T, B, , H]: Size): Float32Array[] => {
  const random = generator(77);
  return [T * B * H, B * H, B * H].map((n) => uniform(random, n, -1, 1));
};

interface Result {
  outputs: Float32Array[];
  gradients: Float32Array[];
}

const SOURCE = { seed: 11, stream: 0x2000, step: 5 };

/** Outputs y, h, c and the gradients of all inputs. */
function run(size: Size, arrays: Arrays, options: LstmOptions, gradients = true): Result {
  return tf.tidy(() => {
    const shapes = shapesOf(size);
    const tensors = NAMES.map((name) => tf.tensor(arrays[name], shapes[name]));
    const forward = (...[x, wx, wh, b, h0, c0]: tf.Tensor[]) =>
      lstm(
        x as tf.Tensor3D,
        { wx: wx!, wh: wh!, b: b! },
        h0 as tf.Tensor2D,
        c0 as tf.Tensor2D,
        options,
      );
    const { y, h, c } = forward(...tensors);
    const outputs = [y, h, c].map((t) => t.dataSync() as Float32Array);
    if (!gradients) return { outputs, gradients: [] } as never;
    const weights = lossWeights(size);
    const loss = (...ts: tf.Tensor[]) => {
      const out = forward(...ts);
      const parts = [out.y, out.h, out.c].map((t, i) =>
        tf.sum(tf.mul(t, tf.tensor(weights[i]!, t.shape))),
      );
      return tf.addN(parts);
    };
    const grads = tf
      .grads(loss)(tensors)
      .map((t) => t.dataSync() as Float32Array);
    return { outputs, gradients: grads } as never;
  }) as unknown as Result;
}

/** Every mode with every switch that it has. */
function settings(): { gates: GateOptions; training: boolean }[] {
  const all: { gates: GateOptions; training: boolean }[] = [];
  for (const gates of ['f', 'i', 'fi', 'fio'] as const) {
    for (const noiseSchedule of ['step', 'window-mask', 'window'] as const)
      for (const noiseEpsilon of [0, 1e-3])
        for (const noiseProbability of [0.2, 1])
          all.push({
            gates: gateOptions('g2', { gates, noiseSchedule, noiseEpsilon, noiseProbability }),
            training: true,
          });
    all.push({ gates: gateOptions('sharpened', { gates }), training: true });
    for (const mode of ['baseline', 'sharpened', 'g2'] as const)
      for (const evalTemperature of [false, true])
        for (const evalHard of [false, true])
          all.push({
            gates: gateOptions(mode, { gates, evalTemperature, evalHard }),
            training: false,
          });
  }
  all.push({ gates: gateOptions('baseline'), training: true });
  return all;
}

const describeSetting = ({ gates, training }: { gates: GateOptions; training: boolean }): string =>
  `${training ? 'training' : 'evaluation'} ${JSON.stringify(gates)}`;

const SIZES: Size[] = [
  [1, 1, 1, 1],
  [7, 3, 5, 3],
  [7, 1, 2, 5],
  [1, 3, 9, 13],
  [7, 3, 21, 50],
];

describe('the fused LSTM', () => {
  before(async () => {
    await blas();
  });

  for (const size of SIZES)
    test(`equals the reference in all settings, [T, B, I, H] = [${size}]`, () => {
      const arrays = inputs(size, 31);
      for (const s of settings()) {
        const options = { ...s, random: SOURCE };
        // step functions have no gradient in plain tfjs
        const gradients = !s.gates.evalHard || s.training;
        const fused = run(size, arrays, options, gradients);
        const reference = run(size, arrays, { ...options, path: 'reference' }, gradients);
        const compare = (kind: keyof Result, names: readonly string[], tolerance: number) => {
          reference[kind].forEach((want, i) => {
            const error = relativeError(fused[kind][i]!, want);
            assert.ok(error < tolerance, `${names[i]}: ${error}, ${describeSetting(s)}`);
          });
        };
        compare('outputs', ['y', 'h', 'c'], 4e-6);
        compare('gradients', NAMES, 1e-5);
      }
    });

  test('h is the last y', () => {
    const size: Size = [7, 3, 5, 13];
    const { outputs } = run(
      size,
      inputs(size, 1),
      { gates: gateOptions('g2'), training: true, random: SOURCE },
      false,
    );
    assert.deepEqual(outputs[1], outputs[0]!.slice(6 * 39));
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

  test('noise given by hand equals noise drawn', () => {
    const size: Size = [7, 3, 5, 13];
    const arrays = inputs(size, 9);
    const gates = gateOptions('g2', { gates: 'fio' });
    const [T, B, , H] = size;
    const noise = gateNoise(gatePlan(gates, true), { T, B, H }, SOURCE);
    const drawn = run(size, arrays, { gates, training: true, random: SOURCE });
    const given = run(size, arrays, {
      gates,
      training: true,
      random: { ...SOURCE, seed: 999 },
      noise,
    });
    assert.deepEqual(given, drawn);
    noise.dispose();
  });

  test('recorded gates equal those of the reference, in every mode', async () => {
    const be = await blas();
    const size: Size = [7, 3, 5, 13];
    const arrays = inputs(size, 3);
    const shapes = shapesOf(size);
    const [x, wx, wh, b, h0, c0] = NAMES.map((n) => tf.tensor(arrays[n], shapes[n]));
    for (const s of settings()) {
      const record = (path: 'fused' | 'reference') =>
        lstmRecorded(
          x as tf.Tensor3D,
          { wx: wx!, wh: wh!, b: b! },
          h0 as tf.Tensor2D,
          c0 as tf.Tensor2D,
          {
            ...s,
            random: SOURCE,
            path,
          },
        );
      const [fused, reference] = [record('fused'), record('reference')];
      for (const [name, want] of Object.entries(reference) as [
        keyof typeof reference,
        tf.Tensor,
      ][]) {
        assert.deepEqual(fused[name].shape, [7, 3, 13]);
        const error = relativeError(fused[name].dataSync(), want.dataSync());
        assert.ok(error < 4e-6, `${name}: ${error}, ${describeSetting(s)}`);
      }
      tf.dispose([Object.values(fused), Object.values(reference)]);
    }
    assertNoLeak(be, () => {
      const options = { gates: gateOptions('g2'), training: true, random: SOURCE };
      tf.dispose(
        Object.values(
          lstmRecorded(
            x as tf.Tensor3D,
            { wx: wx!, wh: wh!, b: b! },
            h0 as tf.Tensor2D,
            c0 as tf.Tensor2D,
            options,
          ),
        ),
      );
    });
    tf.dispose([x, wx, wh, b, h0, c0] as tf.Tensor[]);
  });

  test('a wrong shape is an error that names the argument', () => {
    const size: Size = [2, 3, 4, 5];
    const arrays = inputs(size, 1);
    for (const [name, shape] of [
      ['wx', [5, 20]],
      ['wx', [4, 16]],
      ['wh', [5, 16]],
      ['b', [19]],
      ['h0', [2, 5]],
      ['c0', [3, 4]],
    ] as const)
      for (const path of ['fused', 'reference'] as const)
        tf.tidy(() => {
          const tensor = (n: keyof Arrays) =>
            n === name ? tf.zeros([...shape]) : tf.tensor(arrays[n], shapesOf(size)[n]);
          const [x, wx, wh, b, h0, c0] = NAMES.map(tensor);
          const options: LstmOptions = {
            gates: gateOptions('g2'),
            training: true,
            random: SOURCE,
            path,
          };
          assert.throws(
            () =>
              lstm(
                x as tf.Tensor3D,
                { wx: wx!, wh: wh!, b: b! },
                h0 as tf.Tensor2D,
                c0 as tf.Tensor2D,
                options,
              ),
            name === 'wh' ? /lstm: w[xh] must be/ : new RegExp(`lstm: ${name} must be \\[`),
          );
        });
  });
});
