import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import type { GateOptions } from './gate-options.js';
import { type GatePlan, gateNoise, gateParameters, gatePlan } from './gates.js';
import { type LstmParameters, type LstmRecord, lstmReference } from './lstm-reference.js';
import type { RandomSource } from './random.js';

/** How to run an LSTM over a window. */
export interface LstmOptions {
  gates: GateOptions;
  /** Training draws noise (mode `g2`); evaluation does not. */
  training: boolean;
  /** Where the noise comes from. */
  random: RandomSource;
  /** Noise given by hand [T, B, 3H] (f, i, o) instead of drawn: for tests and teaching. */
  noise?: tf.Tensor3D;
  /** `reference` takes the plain-tfjs path on any backend; default: fused where the backend has it. */
  path?: 'fused' | 'reference';
}

export interface LstmOutput {
  /** Hidden states [T, B, H]. */
  y: tf.Tensor3D;
  /** Last hidden state [B, H]. */
  h: tf.Tensor2D;
  /** Last cell state [B, H]. */
  c: tf.Tensor2D;
}

function fused(
  x: tf.Tensor3D,
  p: LstmParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  plan: GatePlan,
  options: LstmOptions,
): [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D] {
  const [T, B, I] = x.shape;
  const H = p.wh.shape[0]!;
  const inputs: tf.NamedTensorMap = {
    x: tf.reshape(x, [T * B, I]),
    wx: p.wx,
    wh: p.wh,
    b: p.b,
    h0,
    c0,
  };
  if (options.noise) inputs.noise = tf.reshape(options.noise, [T * B, 3 * H]);
  const attrs = { T, B, gates: gateParameters(plan, options.random) };
  return tf.engine().runKernel('G2Lstm', inputs, attrs as never) as never;
}

function usesFused(options: LstmOptions): boolean {
  return options.path !== 'reference' && blasBackend() !== null;
}

function checkShapes(x: tf.Tensor3D, p: LstmParameters, h0: tf.Tensor2D, c0: tf.Tensor2D): void {
  const [, B, I] = x.shape;
  const H = p.wh.shape[0]!;
  const want: [string, tf.Tensor, number[]][] = [
    ['wx', p.wx, [I, 4 * H]],
    ['wh', p.wh, [H, 4 * H]],
    ['b', p.b, [4 * H]],
    ['h0', h0, [B, H]],
    ['c0', c0, [B, H]],
  ];
  for (const [name, t, shape] of want)
    if (!tf.util.arraysEqual(t.shape, shape))
      throw new Error(`lstm: ${name} must be [${shape}], not [${t.shape}]`);
}

/**
 * An LSTM layer over a window, Eq 2-7 or Eq 11-16 by `options.gates`.
 *
 * @param x input [T, B, I]
 * @param h0 initial hidden state [B, H]
 * @param c0 initial cell state [B, H]
 */
export function lstm(
  x: tf.Tensor3D,
  p: LstmParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  options: LstmOptions,
): LstmOutput {
  checkShapes(x, p, h0, c0);
  const [T, B] = x.shape;
  const H = p.wh.shape[0]!;
  const plan = gatePlan(options.gates, options.training);
  if (usesFused(options)) {
    const [y, h, c] = fused(x, p, h0, c0, plan, options);
    return { y: tf.reshape(y, [T, B, H]), h, c };
  }
  const r = lstmReference(x, p, h0, c0, plan, noiseFor(plan, T, B, H, options));
  const last = (t: tf.Tensor3D): tf.Tensor2D =>
    tf.reshape(tf.slice(t, [T - 1, 0, 0], [1, B, H]), [B, H]);
  return { y: r.h, h: last(r.h), c: last(r.c) };
}

function noiseFor(
  plan: GatePlan,
  T: number,
  B: number,
  H: number,
  options: LstmOptions,
): tf.Tensor3D | null {
  if (options.noise) return options.noise;
  return plan.noisy ? gateNoise(plan, { T, B, H }, options.random) : null;
}

/**
 * The same forward pass with every gate read out; no gradients. All tensors are copies [T, B, H].
 */
export function lstmRecorded(
  x: tf.Tensor3D,
  p: LstmParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  options: LstmOptions,
): LstmRecord {
  checkShapes(x, p, h0, c0);
  const [T, B] = x.shape;
  const H = p.wh.shape[0]!;
  const plan = gatePlan(options.gates, options.training);
  return tf.tidy(() => {
    if (!usesFused(options))
      return lstmReference(x, p, h0, c0, plan, noiseFor(plan, T, B, H, options)) as never;
    const [y] = fused(x, p, h0, c0, plan, options);
    const [gates, cells] = tf
      .engine()
      .runKernel('G2LstmRecord', { y }, { B } as never) as unknown as [tf.Tensor2D, tf.Tensor2D];
    const [f, i, o, g] = tf.split(gates, 4, 1).map((t) => tf.reshape(t, [T, B, H]));
    return { h: tf.reshape(y, [T, B, H]), c: tf.reshape(cells, [T, B, H]), f, i, o, g } as never;
  }) as unknown as LstmRecord;
}
