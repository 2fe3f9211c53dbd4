import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  type AttentionDecoderOptions,
  attentionDecoder,
  attentionDecoderRecorded,
  attentionDecoderStep,
} from '#src/cell/attention-decoder.js';
import type { GateOptions } from '#src/cell/gate-options.js';
import { gateNoise, gateOptions, gatePlan } from '#src/cell/gates.js';
import { tf } from '#tfjs';
import { assertNoLeak, blas, relativeError } from '../backend/support.js';
import { attentionFloat64, type Float64Arrays } from './attention-float64.js';
import {
  type Arrays,
  inputs,
  layer,
  lengthsOf,
  lossWeights,
  type Name,
  namesOf,
  run,
  type Size,
  SOURCES,
  shapesOf,
} from './attention-support.js';

const SIZES: Size[] = [
  { T: 1, B: 1, S: 1, E: 1, H: 1, D: 1, A: 1, conditional: true },
  { T: 5, B: 3, S: 7, E: 4, H: 9, D: 6, A: 11, conditional: true },
  { T: 1, B: 4, S: 3, E: 5, H: 12, D: 18, A: 5, conditional: true },
  { T: 4, B: 37, S: 1, E: 3, H: 8, D: 16, A: 17, conditional: true },
  { T: 6, B: 1, S: 9, E: 2, H: 5, D: 33, A: 8, conditional: true },
  { T: 6, B: 21, S: 10, E: 24, H: 70, D: 130, A: 66, conditional: true },
].flatMap((size) => [size, { ...size, conditional: false }]);

const SETTINGS: { gates: GateOptions; training: boolean }[] = [
  { gates: gateOptions('baseline'), training: true },
  { gates: gateOptions('sharpened'), training: true },
  { gates: gateOptions('g2'), training: true },
  { gates: gateOptions('g2', { gates: 'fio', noiseProbability: 1 }), training: true },
  { gates: gateOptions('g2', { noiseSchedule: 'window-mask' }), training: true },
  { gates: gateOptions('g2', { evalHard: true }), training: false },
];

const shown = (s: object): string => JSON.stringify(s);

/** All tensors of a size by name, and its lengths. */
function tensorsOf(size: Size, arrays: Arrays): [Record<Name, tf.Tensor>, tf.Tensor1D] {
  const shapes = shapesOf(size);
  const byName = namesOf(size).map((n) => [n, tf.tensor(arrays[n], shapes[n])]);
  return [Object.fromEntries(byName), tf.tensor1d(lengthsOf(size), 'int32')];
}

describe('the fused decoder with attention', () => {
  before(async () => {
    await blas();
  });

  for (const size of SIZES)
    test(`equals the reference, ${shown(size)}`, () => {
      const arrays = inputs(size, 31);
      for (const s of SETTINGS) {
        const options = { ...s, random: SOURCES };
        // step functions have no gradient in plain tfjs
        const gradients = s.training;
        const fused = run(size, arrays, options, gradients);
        const reference = run(size, arrays, { ...options, path: 'reference' }, gradients);
        reference.outputs.forEach((want, i) => {
          const error = relativeError(fused.outputs[i]!, want);
          assert.ok(error < 6e-6, `${['h', 'context'][i]}: ${error}, ${shown(s)}`);
        });
        // one gradient may be nothing but rounding (of one key, S = 1): measured against all
        const scale = Math.max(...reference.gradients.map((g) => Math.max(...g.map(Math.abs))));
        reference.gradients.forEach((want, i) => {
          const name = namesOf(size)[i];
          const own = Math.max(1e-3 * scale, ...want.map(Math.abs));
          const error =
            Math.max(...want.map((w, k) => Math.abs(w - fused.gradients[i]![k]!))) / own;
          assert.ok(error < 3e-5, `d${name}: ${error}, ${shown(s)}`);
        });
      }
    });

  test('noise given by hand equals noise drawn; null is none', () => {
    for (const conditional of [true, false]) {
      const size = { ...SIZES[2]!, T: 3, conditional };
      const { T, B, H } = size;
      const arrays = inputs(size, 9);
      const gates = gateOptions('g2', { gates: 'fio' });
      const plan = gatePlan(gates, true);
      const noise = SOURCES.map((source) => gateNoise(plan, { T, B, H }, source));
      const drawn = run(size, arrays, { gates, training: true, random: SOURCES });
      const others = SOURCES.map((s) => ({ ...s, seed: 999 })) as never;
      const given = run(size, arrays, { gates, training: true, random: others, noise });
      assert.deepEqual(given, drawn);
      const none: AttentionDecoderOptions = {
        gates,
        training: true,
        random: SOURCES,
        noise: [null, null],
      };
      const [fused, reference] = [
        run(size, arrays, none),
        run(size, arrays, { ...none, path: 'reference' }),
      ];
      assert.notDeepEqual(fused.outputs, drawn.outputs);
      assert.ok(relativeError(fused.outputs[0]!, reference.outputs[0]!) < 6e-6);
      tf.dispose(noise);
    }
  });

  for (const conditional of [true, false])
    test(`gradients equal central differences of a float64 model, conditional ${conditional}`, () => {
      const size: Size = { T: 3, B: 2, S: 3, E: 2, H: 5, D: 4, A: 3, conditional };
      const { T, B, H } = size;
      const arrays = inputs(size, 5);
      const lengths = lengthsOf(size);
      const [onH, onContext] = lossWeights(size);
      for (const s of SETTINGS) {
        const plan = gatePlan(s.gates, s.training);
        const noise = SOURCES.map((source) =>
          plan.noisy
            ? Float64Array.from(
                tf.tidy(() => gateNoise(plan, { T, B, H }, source).dataSync() as never),
              )
            : null,
        );
        const model = Object.fromEntries(
          Object.entries(arrays).map(([name, v]) => [name, Float64Array.from(v)]),
        ) as Float64Arrays;
        const loss = (): number => {
          const { h, context } = attentionFloat64(size, model, lengths, plan, noise);
          const dot = (w: Float32Array, v: Float64Array) =>
            v.reduce((sum, x, i) => sum + x * w[i]!, 0);
          return dot(onH, h) + dot(onContext, context);
        };
        const { gradients, outputs } = run(size, arrays, { ...s, random: SOURCES });
        const exact = attentionFloat64(size, model, lengths, plan, noise);
        assert.ok(relativeError(outputs[0]!, exact.h) < 4e-6, 'h');
        assert.ok(relativeError(outputs[1]!, exact.context) < 4e-6, 'context');
        namesOf(size).forEach((name, k) => {
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
          assert.ok(error < 1e-5, `d${name}: ${error}, ${shown(s)}`);
        });
      }
    });

  test('everything recorded equals the reference', () => {
    for (const size of SIZES.slice(2, 6))
      for (const s of SETTINGS)
        tf.tidy(() => {
          const [t, lengths] = tensorsOf(size, inputs(size, 3));
          const arguments_ = layer(t, lengths, size.conditional);
          const record = (path: 'fused' | 'reference') =>
            attentionDecoderRecorded(...arguments_, { ...s, random: SOURCES, path });
          const [fused, reference] = [record('fused'), record('reference')];
          assert.equal(fused.gates.length, size.conditional ? 2 : 1);
          const flat = ({ gates, ...rest }: typeof fused): [string, tf.Tensor][] => [
            ...Object.entries(rest),
            ...gates.flatMap((g, k) =>
              Object.entries(g).map(([name, v]): [string, tf.Tensor] => [`${name}${k}`, v]),
            ),
          ];
          const have = Object.fromEntries(flat(fused));
          for (const [name, want] of flat(reference)) {
            assert.deepEqual(have[name]!.shape, want.shape, name);
            const error = relativeError(have[name]!.dataSync(), want.dataSync());
            assert.ok(error < 6e-6, `${name}: ${error}, ${shown(s)}`);
          }
        });
  });

  test('several rows a sentence: columns, one step at a time', () => {
    for (const conditional of [true, false])
      tf.tidy(() => {
        const size: Size = { ...SIZES[4]!, T: 1, B: 70, M: 3, conditional };
        const [t, lengths] = tensorsOf(size, inputs(size, 4));
        const ids = Array.from({ length: 70 }, (_, i) => (i * 2) % 3);
        const columns = tf.tensor1d(ids, 'int32');
        const options = { gates: gateOptions('baseline'), training: false, random: SOURCES };
        const step = (path: 'fused' | 'reference') =>
          attentionDecoderStep(...layer(t, lengths, conditional, columns), { ...options, path });
        const [fused, reference] = [step('fused'), step('reference')];
        for (const [name, want] of Object.entries(reference) as [keyof typeof fused, tf.Tensor][]) {
          assert.deepEqual(fused[name].shape, want.shape);
          assert.ok(relativeError(fused[name].dataSync(), want.dataSync()) < 6e-6, name);
        }
        const [x, ...rest] = layer(t, lengths, conditional, columns);
        const gradient = tf.grad((y: tf.Tensor) =>
          tf.sum(attentionDecoder(y as tf.Tensor3D, ...rest, options).h),
        );
        assert.throws(() => gradient(x), /columns is for decoding/);
      });
  });

  test('steps one by one equal the window', () => {
    const size: Size = { ...SIZES[10]!, conditional: true };
    tf.tidy(() => {
      const [t, lengths] = tensorsOf(size, inputs(size, 6));
      const [x, memory, p, h0, c0] = layer(t, lengths, true);
      const options = { gates: gateOptions('sharpened'), training: false, random: SOURCES };
      const whole = attentionDecoderStep(x, memory, p, h0, c0, options);
      let [h, c] = [h0, c0];
      for (let k = 0; k < size.T; k++) {
        const word = tf.slice(x, [k, 0, 0], [1, size.B, size.E]);
        const one = attentionDecoderStep(word, memory, p, h, c, options);
        const want = tf.slice(whole.weights, [k, 0, 0], [1, size.B, size.S]);
        assert.ok(relativeError(one.weights.dataSync(), want.dataSync()) < 6e-6);
        [h, c] = [one.lastH, one.lastC];
      }
      assert.ok(relativeError(h.dataSync(), whole.lastH.dataSync()) < 6e-6);
      assert.ok(relativeError(c.dataSync(), whole.lastC.dataSync()) < 6e-6);
    });
  });

  test('what lies behind a sentence is not read', () => {
    const size: Size = { ...SIZES[10]!, conditional: true };
    const arrays = inputs(size, 8);
    const options = { gates: gateOptions('g2'), training: true, random: SOURCES };
    const want = run(size, arrays, options);
    const lengths = lengthsOf(size);
    for (const [name, width] of [
      ['keys', size.A],
      ['annotations', size.D],
    ] as const)
      for (let s = 0; s < size.S; s++)
        for (let b = 0; b < size.B; b++)
          if (s >= lengths[b]!) {
            const at = (s * size.B + b) * width;
            arrays[name].fill(Number.NaN, at, at + width);
          }
    assert.deepEqual(run(size, arrays, options), want);
  });

  test('NaN shows', () => {
    const size: Size = { ...SIZES[2]!, T: 2, conditional: true };
    for (const name of ['x', 'keys', 'annotations', 'wh', 'b2', 'score', 'query'] as const) {
      const arrays = inputs(size, 2);
      arrays[name][0] = Number.NaN;
      const options = { gates: gateOptions('sharpened'), training: true, random: SOURCES };
      const { outputs } = run(size, arrays, options, false);
      assert.ok(
        outputs.some((o) => o.some(Number.isNaN)),
        name,
      );
    }
  });

  test('lengths and columns outside are errors', () => {
    tf.tidy(() => {
      const size: Size = { ...SIZES[4]!, conditional: true };
      const [t] = tensorsOf(size, inputs(size, 2));
      const options = { gates: gateOptions('baseline'), training: false, random: SOURCES };
      const go = (lengths: tf.Tensor1D, columns?: tf.Tensor1D) =>
        attentionDecoderStep(...layer(t, lengths, true, columns), options);
      const good = tf.tensor1d([1, 2, 3, 1], 'int32');
      assert.throws(() => go(tf.tensor1d([1, 2, 4, 1], 'int32')), /lengths must be from 1 to 3/);
      assert.throws(() => go(tf.tensor1d([1, 0, 3, 1], 'int32')), /lengths must be from 1 to 3/);
      assert.throws(() => go(tf.tensor1d([1, 2, 3, 1])), /lengths must be int32/);
      assert.throws(() => go(good, tf.tensor1d([0, 4, 1, 2], 'int32')), /columns must be from 0/);
      assert.throws(() => go(tf.tensor1d([1, 2, 3], 'int32')), /lengths must be \[4\]/);
    });
  });

  test('leaves nothing behind', async () => {
    const be = await blas();
    for (const conditional of [true, false]) {
      const size: Size = { ...SIZES[2]!, T: 3, conditional };
      const arrays = inputs(size, 1);
      const options = { gates: gateOptions('g2'), training: true, random: SOURCES };
      assertNoLeak(be, () => run(size, arrays, options));
      assertNoLeak(be, () =>
        tf.tidy(() => {
          const [t, lengths] = tensorsOf(size, arrays);
          attentionDecoderRecorded(...layer(t, lengths, conditional), options);
        }),
      );
      assertNoLeak(be, () => {
        const [t, lengths] = tensorsOf(size, arrays);
        const step = attentionDecoderStep(...layer(t, lengths, conditional), options);
        tf.dispose([Object.values(step), Object.values(t), lengths]);
      });
    }
  });
});
