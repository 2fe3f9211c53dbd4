/** Starts the backend, checks that it computes rightly and how fast. */
import { tf } from '#tfjs';
import { type BackendInfo, blasBackend } from '../../backend/install.js';
import { gemmRate } from '../../bench/gemm.js';
import { gateOptions } from '../../cell/gates.js';
import { lstm } from '../../cell/lstm.js';
import type { LstmParameters } from '../../cell/lstm-reference.js';
import { randomUniform } from '../../cell/random.js';
import type { Finding } from './examine.js';

/** Rates in GF/s; null without our backend. */
export interface ProductSpeed {
  one: number;
  all: number;
}

/** Not a power of two: rows would share cache sets and the product would look slower than it is. */
const SIDE = 1000;
/** A second thread that adds less than this shows that its core is busy. */
const POOR_GAIN = 0.6;

export function productSpeed(): ProductSpeed | null {
  const be = blasBackend();
  if (!be) return null;
  const square = { name: 'square', m: SIDE, n: SIDE, k: SIDE };
  const rate = (ranks: 'one' | 'all') =>
    gemmRate(be, square, ranks, { seconds: 0.4, runs: 5 }).median;
  const one = rate('one');
  return { one, all: be.team.threads > 1 ? rate('all') : one };
}

export function speedFinding({ one, all }: ProductSpeed, threads: number): Finding {
  const name = 'speed';
  const rates =
    threads === 1
      ? `${one.toFixed(0)} GF/s on 1 thread`
      : `${one.toFixed(0)} GF/s on 1 thread, ${all.toFixed(0)} on ${threads}`;
  const text = `${rates} (float32 product of ${SIDE} x ${SIDE})`;
  if (threads > 1 && all / one < POOR_GAIN * threads)
    return {
      name,
      status: 'note',
      text: `${text}; ${threads} threads should give about ${threads} times as much`,
      advice:
        'other programs may be using the cores: look again when they rest, or lower G2_THREADS',
    };
  return { name, status: 'ok', text };
}

const TOLERANCE = 1e-5;

/** Outputs and gradients of a small noisy LSTM, by the given path. */
function smallLstm(path: 'fused' | 'reference'): tf.Tensor[] {
  const [T, B, I, H] = [5, 4, 12, 20];
  const uniform = (shape: number[], stream: number) =>
    tf.variable(
      tf.sub(tf.mul(randomUniform(shape, { seed: 1, stream, step: 0 }), 0.8), 0.4),
    ) as tf.Variable;
  const x = uniform([T, B, I], 1);
  const p: LstmParameters = {
    wx: uniform([I, 4 * H], 2),
    wh: uniform([H, 4 * H], 3),
    b: uniform([4 * H], 4),
  };
  const [h0, c0] = [uniform([B, H], 5), uniform([B, H], 6)] as unknown as tf.Tensor2D[];
  const random = { seed: 7, stream: 0, step: 3 };
  const options = {
    gates: gateOptions('g2', { noiseProbability: 1 }),
    training: true,
    random,
    path,
  };
  const variables = [x, p.wx, p.wh, p.b, h0, c0] as tf.Variable[];
  let y: tf.Tensor | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const out = lstm(x as unknown as tf.Tensor3D, p, h0!, c0!, options);
    y = tf.keep(out.y.clone());
    return tf.add(tf.sum(tf.square(out.y)), tf.sum(out.c)) as tf.Scalar;
  }, variables);
  const results = [value, y!, ...variables.map((v) => grads[v.name]!)].map((t) =>
    tf.keep(t.clone()),
  );
  y!.dispose();
  for (const v of variables) v.dispose();
  return results;
}

/**
 * Fused LSTM with noise against the same in plain tfjs ops, forward and backward. Nothing on a
 * backend without fused ops.
 */
export function selfTest(): Finding | [] {
  if (!blasBackend()) return [];
  const name = 'self-test';
  const before = tf.memory().numTensors;
  const worst = tf.tidy(() => {
    const [fused, plain] = [smallLstm('fused'), smallLstm('reference')];
    const errors = fused.map((t, i) => {
      const [have, want] = [t.dataSync(), plain[i]!.dataSync()];
      const scale = Math.max(1, ...want.map(Math.abs));
      return Math.max(...have.map((v, j) => Math.abs(v - want[j]!))) / scale;
    });
    tf.dispose([fused, plain]);
    return Math.max(...errors) as never;
  }) as unknown as number;
  const leaked = tf.memory().numTensors - before;
  const text = `fused LSTM against plain tfjs, values and gradients: ${worst.toExponential(1)} apart (allowed ${TOLERANCE})`;
  if (!(worst <= TOLERANCE))
    return {
      name,
      status: 'problem',
      text,
      advice: 'results would be wrong; try G2_BLAS=none, and report it with this output',
    };
  if (leaked !== 0) return { name, status: 'note', text: `${text}; ${leaked} tensors were left` };
  return { name, status: 'ok', text };
}

export function backendFinding(info: BackendInfo): Finding {
  const text = `${info.name}, ${info.gemm}${info.threads > 0 ? `, ${info.threads} thread(s)` : ''}`;
  return info.name === 'cpu'
    ? {
        name: 'backend',
        status: 'note',
        text: `${text}: correct and very slow`,
        advice: 'unset G2_BACKEND',
      }
    : { name: 'backend', status: 'ok', text };
}
