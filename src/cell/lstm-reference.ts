import { tf } from '#tfjs';
import { GATE_BIT, type GatePlan } from './gates.js';

/** Parameters of one layer; gates packed in the order f, i, o, g (paper.DEPARTURES, row 6). */
export interface LstmParameters<T extends tf.Tensor = tf.Tensor> {
  /** Input to hidden, [I, 4H]. */
  wx: T;
  /** Hidden to hidden, [H, 4H]. */
  wh: T;
  /** One bias, [4H]. */
  b: T;
}

/** Everything an LSTM computes on the way, for teaching and for the gate figures; each [T, B, H]. */
export interface LstmRecord {
  h: tf.Tensor3D;
  c: tf.Tensor3D;
  f: tf.Tensor3D;
  i: tf.Tensor3D;
  o: tf.Tensor3D;
  g: tf.Tensor3D;
}

/** A gate from its pre-activation: s((a + noise) / tau), or a step at 0 (paper.DEPARTURES, row 5). */
function gate(a: tf.Tensor, noise: tf.Tensor | null, inverseTau: number, hard: boolean): tf.Tensor {
  const perturbed = noise ? tf.add(a, noise) : a;
  if (hard) return tf.cast(tf.greater(perturbed, 0), 'float32');
  return tf.sigmoid(inverseTau === 1 ? perturbed : tf.mul(perturbed, inverseTau));
}

/**
 * The LSTM equation by equation in plain tfjs ops: what the fused op must equal.
 *
 * @param x input [T, B, I]
 * @param h0 initial hidden state [B, H]
 * @param c0 initial cell state [B, H]
 * @param plan temperature and hard gates
 * @param noise what is added to the pre-activations of f, i, o, [T, B, 3H], or null
 */
export function lstmReference(
  x: tf.Tensor3D,
  { wx, wh, b }: LstmParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  plan: GatePlan,
  noise: tf.Tensor3D | null,
): LstmRecord {
  const T = x.shape[0];
  const H = wh.shape[0]!;
  // tfjs cannot take the gradient of an unstack into one part
  const xs = T === 1 ? [tf.reshape(x, x.shape.slice(1))] : tf.unstack(x);
  const noises = noise ? tf.unstack(noise) : [];
  const rows: Record<keyof LstmRecord, tf.Tensor[]> = { h: [], c: [], f: [], i: [], o: [], g: [] };
  let h: tf.Tensor = h0;
  let c: tf.Tensor = c0;
  for (let t = 0; t < T; t++) {
    // W_x x + W_h h + b for all four gates at once
    const a = tf.add(tf.add(tf.matMul(xs[t]!, wx), tf.matMul(h, wh)), b);
    const [af, ai, ao, ag] = tf.split(a, 4, 1);
    const [nf, ni, no] = noises[t] ? tf.split(noises[t]!, [H, H, H], 1) : [null, null, null];
    const f = gate(af!, nf!, plan.inverseTau[0], (plan.hard & GATE_BIT.f) !== 0); // Eq 2; Eq 12
    const i = gate(ai!, ni!, plan.inverseTau[1], (plan.hard & GATE_BIT.i) !== 0); // Eq 3; Eq 11
    const o = gate(ao!, no!, plan.inverseTau[2], (plan.hard & GATE_BIT.o) !== 0); // Eq 4; Eq 13
    const g = tf.tanh(ag!); // Eq 5; Eq 14
    c = tf.add(tf.mul(f, c), tf.mul(i, g)); // Eq 6; Eq 15
    h = tf.mul(o, tf.tanh(c)); // Eq 7; Eq 16
    for (const [name, value] of Object.entries({ h, c, f, i, o, g }))
      rows[name as keyof LstmRecord].push(value);
  }
  const stacked = Object.entries(rows).map(([name, list]) => [name, tf.stack(list)]);
  return Object.fromEntries(stacked) as LstmRecord;
}
