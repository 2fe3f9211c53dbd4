/** How much each gate's pre-activation matters: by tfjs autodiff and by central differences. */
import { tf } from '#tfjs';
import { type GatePlan, gatePlan } from '../../cell/gates.js';
import { lstm } from '../../cell/lstm.js';
import { sigmoid } from '../../gumbel/gate.js';
import { cellNoise, cellTensors, lstmOptions, rowsOf, type TraceOptions } from './cell-trace.js';
import { type GateParts, preactivations, type TinyCell } from './tiny-cell.js';

/** One number for each gate, word and unit: [T][H]. */
export type PreactivationGradient = Pick<GateParts<number[][]>, 'f' | 'i' | 'o'>;

/** The noise of a sentence as the tensor that `lstm` takes, [T, 1, 3H]. */
const noiseTensor = ({ f, i, o }: PreactivationGradient): tf.Tensor3D =>
  tf.tensor3d(f.map((row, t) => [[...row, ...i[t]!, ...o[t]!]]));

/**
 * d loss / d pre-activation of every gate, the noise held fixed, by backpropagation through the whole
 * sentence. The loss is the sum of the last hidden state.
 */
export function preactivationGradient(
  cell: TinyCell,
  options: TraceOptions,
): PreactivationGradient {
  const noise = cellNoise(cell, options);
  return tf.tidy(() => {
    const { x, parameters, h0, c0 } = cellTensors(cell);
    // Noise is added to the pre-activation, so the gradient of the one is the gradient of the other.
    const loss = (added: tf.Tensor): tf.Scalar => {
      const given = { noise: added as tf.Tensor3D, path: 'reference' as const };
      return tf.sum(lstm(x, parameters, h0, c0, { ...lstmOptions(options), ...given }).h);
    };
    const [f, i, o] = tf.split(tf.grad(loss)(noiseTensor(noise)), 3, 2).map(rowsOf);
    return { f, i, o } as never;
  }) as unknown as PreactivationGradient;
}

/**
 * The same loss differentiated in the biases of f, i and o, [H] each, by the kernel that trains. A bias
 * is part of every time step's pre-activation, so this is the sum over time of `preactivationGradient`.
 */
export function biasGradient(
  cell: TinyCell,
  options: TraceOptions,
): Pick<GateParts<number[]>, 'f' | 'i' | 'o'> {
  const H = cell.hidden;
  return tf.tidy(() => {
    const { x, parameters, h0, c0 } = cellTensors(cell);
    const loss = (b: tf.Tensor): tf.Scalar =>
      tf.sum(lstm(x, { ...parameters, b }, h0, c0, lstmOptions(options)).h);
    const all = Array.from(tf.grad(loss)(parameters.b).dataSync());
    const [f, i, o] = [0, 1, 2].map((n) => all.slice(n * H, (n + 1) * H));
    return { f, i, o } as never;
  }) as never;
}

/** The loss in double precision and plain loops: an independent forward pass, Eq 2-7 or 11-16. */
function plainLoss(cell: TinyCell, plan: GatePlan, added: PreactivationGradient): number {
  const [tauF, tauI, tauO] = plan.inverseTau;
  let h: number[] = Array(cell.hidden).fill(0);
  let c = h;
  for (let t = 0; t < cell.words.length; t++) {
    const a = preactivations(cell, t, h);
    const gate = (name: 'f' | 'i' | 'o', inverseTau: number, j: number): number =>
      sigmoid((a[name][j]! + added[name][t]![j]!) * inverseTau);
    c = c.map((cj, j) => gate('f', tauF, j) * cj + gate('i', tauI, j) * Math.tanh(a.g[j]!));
    h = c.map((cj, j) => gate('o', tauO, j) * Math.tanh(cj));
  }
  return h.reduce((sum, hj) => sum + hj, 0);
}

/**
 * `preactivationGradient` by central differences, (L(a + d) - L(a - d)) / 2d, in double precision: two more
 * passes over the sentence for every single number, and no calculus. The error is about d squared.
 *
 * @param delta d. Default 1e-4.
 */
export function numericPreactivationGradient(
  cell: TinyCell,
  options: TraceOptions,
  delta = 1e-4,
): PreactivationGradient {
  const noise = cellNoise(cell, options);
  const plan = gatePlan(options.gates, options.training ?? false);
  const partial = (name: 'f' | 'i' | 'o', t: number, j: number): number => {
    const row = noise[name][t]!;
    const drawn = row[j]!;
    row[j] = drawn + delta;
    const above = plainLoss(cell, plan, noise);
    row[j] = drawn - delta;
    const below = plainLoss(cell, plan, noise);
    row[j] = drawn;
    return (above - below) / (2 * delta);
  };
  const all = (name: 'f' | 'i' | 'o'): number[][] =>
    noise[name].map((row, t) => row.map((_, j) => partial(name, t, j)));
  return { f: all('f'), i: all('i'), o: all('o') };
}
