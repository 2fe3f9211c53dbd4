import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gateNoise, gateOptions, gatePlan } from '#src/cell/gates.js';
import { type LstmOptions, lstm, lstmRecorded } from '#src/cell/lstm.js';
import { tf } from '#tfjs';
import { assertNoLeak, blas, relativeError } from '../backend/support.js';
import {
  type Arrays,
  describeSetting,
  inputs,
  NAMES,
  type Result,
  run,
  type Size,
  SOURCE,
  settings,
  shapesOf,
} from './lstm-support.js';

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

  test('NaN shows, whatever its payload', () => {
    const size: Size = [2, 1, 3, 9];
    for (const bits of [0x7fc00000, 0xffc00000, 0xffffffff, 0x7fc00001, 0x7fffffff])
      for (const [name, at] of [
        ['x', 0],
        ['b', 2],
        ['b', 11],
        ['b', 20],
        ['b', 29],
      ] as const) {
        const arrays = inputs(size, 2);
        new Uint32Array(arrays[name].buffer)[at] = bits;
        const options = { gates: gateOptions('sharpened'), training: true, random: SOURCE };
        const { outputs } = run(size, arrays, options, false);
        assert.ok(outputs[0]!.some(Number.isNaN), `${bits.toString(16)} in ${name}[${at}]`);
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
