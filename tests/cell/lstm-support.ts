import type { GateOptions } from '#src/cell/gate-options.js';
import { gateOptions } from '#src/cell/gates.js';
import { type LstmOptions, lstm } from '#src/cell/lstm.js';
import { tf } from '#tfjs';
import { generator, uniform } from '../backend/support.js';

export type Size = [T: number, B: number, I: number, H: number];
export type Arrays = Record<'x' | 'wx' | 'wh' | 'b' | 'h0' | 'c0', Float32Array>;
export const NAMES = ['x', 'wx', 'wh', 'b', 'h0', 'c0'] as const;

export const shapesOf = ([T, B, I, H]: Size): Record<keyof Arrays, number[]> => ({
  x: [T, B, I],
  wx: [I, 4 * H],
  wh: [H, 4 * H],
  b: [4 * H],
  h0: [B, H],
  c0: [B, H],
});

export function inputs(size: Size, seed: number): Arrays {
  const random = generator(seed);
  const entries = Object.entries(shapesOf(size)).map(([name, shape]) => {
    // pre-activations of about one, whatever the sizes
    const r = name === 'wx' ? 2 / Math.sqrt(size[2]) : name === 'wh' ? 2 / Math.sqrt(size[3]) : 1;
    return [name, uniform(random, tf.util.sizeFromShape(shape), -r, r)];
  });
  return Object.fromEntries(entries) as Arrays;
}

/** Random weights of y, of the last h and of the last c in the loss. */
export const lossWeights = ([T, B, , H]: Size): Float32Array[] => {
  const random = generator(77);
  return [T * B * H, B * H, B * H].map((n) => uniform(random, n, -1, 1));
};

export interface Result {
  outputs: Float32Array[];
  gradients: Float32Array[];
}

export const SOURCE = { seed: 11, stream: 0x2000, step: 5 };

/** Outputs y, h, c and the gradients of all inputs. */
export function run(size: Size, arrays: Arrays, options: LstmOptions, gradients = true): Result {
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
export function settings(): { gates: GateOptions; training: boolean }[] {
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

export const describeSetting = ({
  gates,
  training,
}: {
  gates: GateOptions;
  training: boolean;
}): string => `${training ? 'training' : 'evaluation'} ${JSON.stringify(gates)}`;
