import { tf } from '#tfjs';
import type { GatePlan } from './gates.js';
import { lstmReference } from './lstm-reference.js';

/**
 * Parameters of a decoder layer with additive attention. E = width of the word embedding, H = units,
 * D = width of the annotations, A = width of the attention.
 *
 * With `second` the layer is a conditional LSTM, as in the published code (paper.DEPARTURES,
 * row 14): the first transition reads the last word, its state asks the attention, the second
 * transition reads the context. Without it there is one transition that reads word and context
 * together, and the state before it asks.
 */
export interface AttentionDecoderParameters<T extends tf.Tensor = tf.Tensor> {
  /** Word to hidden, [E, 4H], gates f, i, o, g. */
  wx: T;
  /** Hidden to hidden, [H, 4H]. */
  wh: T;
  /** [4H] */
  b: T;
  /** Context to hidden, [D, 4H]; of the second transition where there is one. */
  wc: T;
  second?: {
    /** Hidden to hidden of the second transition, [H, 4H]. */
    wh: T;
    /** [4H] */
    b: T;
  };
  /** Hidden to attention, [H, A]. */
  query: T;
  /** What makes a score of a tanh, [A]. */
  score: T;
}

/** What the attention looks at. */
export interface AttentionMemory {
  /** Annotations of the source words, [S, M, D]. */
  annotations: tf.Tensor3D;
  /** The same projected to the attention's width, bias included, [S, M, A]. */
  keys: tf.Tensor3D;
  /** Length of every source sentence, int32 [M], from 1 to S; what lies behind is not looked at. */
  lengths: tf.Tensor1D;
  /** Which of the M sentences each of the B rows belongs to, int32 [B]. Default: row b to sentence b. */
  columns?: tf.Tensor1D;
}

/** Gate values of one transition, each [T, B, H]. */
export interface TransitionGates {
  f: tf.Tensor3D;
  i: tf.Tensor3D;
  o: tf.Tensor3D;
  g: tf.Tensor3D;
}

/** Everything the layer computes. */
export interface AttentionDecoderRecord {
  /** Hidden states, [T, B, H]. */
  h: tf.Tensor3D;
  /** Cell states, [T, B, H]. */
  c: tf.Tensor3D;
  /** Contexts, [T, B, D]. */
  context: tf.Tensor3D;
  /** Attention weights, [T, B, S]; 0 behind a sentence's end. */
  weights: tf.Tensor3D;
  /** Gates of the transitions in their order: one, or two of a conditional LSTM. */
  gates: TransitionGates[];
}

/** Noise of each transition, [T, B, 3H] (f, i, o), or null. */
export type TransitionNoise = readonly (tf.Tensor3D | null)[];

const GATES = ['f', 'i', 'o', 'g'] as const;

/** Memory of every row: annotations [B, S, D], keys [B, S, A], and -1e30 behind the end, [B, S]. */
function memoryOfRows({ annotations, keys, lengths, columns }: AttentionMemory) {
  const S = annotations.shape[0];
  const mine = <T extends tf.Tensor>(t: T): T => (columns ? tf.gather(t, columns) : t);
  const rows = (t: tf.Tensor3D) => mine(tf.transpose(t, [1, 0, 2])) as tf.Tensor3D;
  const positions = tf.reshape(tf.range(0, S, 1, 'int32'), [1, S]);
  const inside = tf.less(positions, tf.reshape(mine(lengths), [-1, 1]));
  const behind = tf.mul(tf.sub(tf.cast(inside, 'float32'), 1), 1e30);
  return { annotations: rows(annotations), keys: rows(keys), behind };
}

/**
 * A decoder layer with additive attention in plain tfjs ops: what the fused op must equal.
 *
 * @param x embedded words, each step's own input, [T, B, E]
 * @param h0 initial hidden state [B, H]
 * @param c0 initial cell state [B, H]
 * @param plan temperature and hard gates
 * @param noise of each transition
 */
export function attentionDecoderReference(
  x: tf.Tensor3D,
  memory: AttentionMemory,
  p: AttentionDecoderParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  plan: GatePlan,
  noise: TransitionNoise,
): AttentionDecoderRecord {
  const [T, B, E] = x.shape;
  const H = h0.shape[1];
  const A = p.query.shape[1]!;
  const { annotations, keys, behind } = memoryOfRows(memory);
  const [, S, D] = annotations.shape;
  const score = tf.reshape(p.score, [A, 1]);

  /** Bahdanau's attention: scores v . tanh(key + W h), softmax over the sentence, weighted mean. */
  const attend = (h: tf.Tensor) => {
    const query = tf.reshape(tf.matMul(h as tf.Tensor2D, p.query as tf.Tensor2D), [B, 1, A]);
    const seen = tf.reshape(tf.tanh(tf.add(keys, query)), [B * S, A]);
    const energies = tf.add(tf.reshape(tf.matMul(seen, score as tf.Tensor2D), [B, S]), behind);
    const weights = tf.softmax(energies as tf.Tensor2D);
    const context = tf.matMul(tf.reshape(weights, [B, 1, S]) as tf.Tensor3D, annotations);
    return { weights, context: tf.reshape(context, [B, D]) };
  };
  /** One LSTM step, Eq 2-7 or 11-16, as a window of length 1. */
  const step = (
    k: number,
    t: number,
    input: tf.Tensor,
    weights: [tf.Tensor, tf.Tensor, tf.Tensor],
    h: tf.Tensor,
    c: tf.Tensor,
  ) => {
    const [wx, wh, b] = weights;
    const own = noise[k] ? tf.slice(noise[k]!, [t, 0, 0], [1, B, 3 * H]) : null;
    const record = lstmReference(
      tf.reshape(input, [1, B, wx.shape[0]!]) as tf.Tensor3D,
      { wx, wh, b },
      h as tf.Tensor2D,
      c as tf.Tensor2D,
      plan,
      own as tf.Tensor3D | null,
    );
    const flat = (v: tf.Tensor3D): tf.Tensor => tf.reshape(v, [B, H]);
    return { h: flat(record.h), c: flat(record.c), gates: GATES.map((g) => flat(record[g])) };
  };

  let h: tf.Tensor = h0;
  let c: tf.Tensor = c0;
  const rows = { h: [], c: [], context: [], weights: [] } as Record<string, tf.Tensor[]>;
  const gates: tf.Tensor[][][] = (p.second ? [0, 1] : [0]).map(() => GATES.map(() => []));
  const keep = (k: number, values: tf.Tensor[]) => {
    for (const [g, v] of values.entries()) gates[k]![g]!.push(v);
  };
  for (let t = 0; t < T; t++) {
    const word = tf.reshape(tf.slice(x, [t, 0, 0], [1, B, E]), [B, E]);
    let read: ReturnType<typeof attend>;
    if (p.second) {
      const first = step(0, t, word, [p.wx, p.wh, p.b], h, c);
      read = attend(first.h);
      const out = step(1, t, read.context, [p.wc, p.second.wh, p.second.b], first.h, first.c);
      keep(0, first.gates);
      keep(1, out.gates);
      ({ h, c } = out);
    } else {
      read = attend(h);
      const both = tf.concat([word, read.context], 1);
      const out = step(0, t, both, [tf.concat([p.wx, p.wc], 0), p.wh, p.b], h, c);
      keep(0, out.gates);
      ({ h, c } = out);
    }
    for (const [name, value] of Object.entries({ h, c, ...read })) rows[name]!.push(value);
  }
  const stacked = Object.fromEntries(
    Object.entries(rows).map(([name, list]) => [name, tf.stack(list)]),
  );
  const gateRecord = (lists: tf.Tensor[][]) =>
    Object.fromEntries(GATES.map((g, k) => [g, tf.stack(lists[k]!)])) as unknown as TransitionGates;
  return { ...stacked, gates: gates.map(gateRecord) } as unknown as AttentionDecoderRecord;
}
