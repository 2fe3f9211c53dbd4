/** An LSTM layer of low rank that computes with the factors: two thin products for every wide one. */
import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import { GATE_BIT, type GatePlan, gateParameters } from '../cell/gates.js';
import type { CompressibleModel, Compression } from './compress.js';
import { GATE_ORDER, readBlock } from './gate-blocks.js';

type Four<T> = [T, T, T, T];

/** One matrix [I, 4H] of a layer as what is multiplied first and what then. */
interface Projection {
  /** Side by side, for each gate its A [I, k], or its own columns [I, H] where it has no factors. */
  first: tf.Tensor2D;
  widths: number[];
  /** B [k, H] of each gate that has factors. */
  second: Four<tf.Tensor2D | null>;
}

/**
 * The factors of a parameter's gate block, those rows of A that are its own. Null where it has none, or where
 * its rows are several blocks (an upper decoder layer that reads the context).
 */
function factorsOf(compression: Compression, parameter: string, gate: string, rows: number) {
  for (const stored of compression.stored) {
    if (stored.form !== 'factors') continue;
    let row = 0;
    for (const block of stored.blocks) {
      if (block.parameter === parameter && block.gate === gate && block.rows === rows) {
        const { a, b, rank, n } = stored.factors;
        const own = a.subarray(row * rank, (row + block.rows) * rank);
        return {
          a: tf.tensor2d(own, [block.rows, rank]),
          b: tf.tensor2d(b, [rank, n]),
        };
      }
      row += block.rows;
    }
  }
  return null;
}

function projection(
  model: CompressibleModel,
  compression: Compression,
  parameter: string,
): Projection {
  const variable = model.parameters.get(parameter)!;
  const [rows, width] = variable.shape as [number, number];
  const values = new Float32Array(variable.dataSync());
  const columns = width / 4;
  const first: tf.Tensor2D[] = [];
  const second = GATE_ORDER.map((gate, at) => {
    const factors = factorsOf(compression, parameter, gate, rows);
    const place = { firstRow: 0, rows, firstColumn: at * columns, columns };
    first.push(
      factors?.a ??
        tf.tensor2d(
          readBlock(values, width, {
            ...place,
            parameter,
            gate,
            role: 'hidden',
            transition: parameter,
          }),
          [rows, columns],
        ),
    );
    return factors?.b ?? null;
  }) as Projection['second'];
  const widths = first.map((t) => t.shape[1]);
  const all = tf.concat(first, 1);
  tf.dispose(first);
  return { first: all as tf.Tensor2D, widths, second };
}

/** x W [N, H] of the four gates. */
function project(x: tf.Tensor2D, { first, widths, second }: Projection): Four<tf.Tensor2D> {
  const parts = tf.split(tf.matMul(x, first), widths, 1);
  return parts.map((part, at) => {
    const b = second[at];
    return b ? tf.matMul(part as tf.Tensor2D, b) : part;
  }) as Four<tf.Tensor2D>;
}

function gate(a: tf.Tensor, plan: GatePlan, at: 0 | 1 | 2): tf.Tensor {
  if ((plan.hard & [GATE_BIT.f, GATE_BIT.i, GATE_BIT.o][at]!) !== 0)
    return tf.cast(tf.greater(a, 0), 'float32');
  const inverse = plan.inverseTau[at];
  return tf.sigmoid(inverse === 1 ? a : tf.mul(a, inverse));
}

/** Factors of a layer's recurrent matrices, as the backend's kernel reads them. */
interface RecurrentFactors {
  /** A of all gates side by side, [H, K]. */
  a: tf.Tensor2D;
  /** Their B one below the other, [K, H]. */
  b: tf.Tensor2D;
  /** Of f, i, o, g; 0 = no factors. */
  ranks: number[];
}

function recurrentFactors({ first, widths, second }: Projection): RecurrentFactors | null {
  const ranks = second.map((b) => b?.shape[0] ?? 0);
  if (ranks.every((k) => k === 0)) return null;
  return tf.tidy(() => {
    const parts = tf.split(first, widths, 1).filter((_, gate) => second[gate]);
    const a = tf.concat(parts, 1) as tf.Tensor2D;
    const b = tf.concat(
      second.filter((t) => t !== null),
      0,
    ) as tf.Tensor2D;
    return { a: tf.keep(a), b: tf.keep(b), ranks };
  });
}

/** Computing a layer: how, and where its state begins. */
export interface FactoredPass {
  plan: GatePlan;
  /** `composed`: without the fused kernel, also where the backend has it. */
  path: 'fused' | 'composed';
}

/** Outputs [T * B, H] of a layer, last hidden and cell state [B, H]. */
export interface FactoredOutput {
  y: tf.Tensor2D;
  h: tf.Tensor2D;
  c: tf.Tensor2D;
}

/**
 * One LSTM layer in evaluation, computed from the factors of its gates; what has no factors is multiplied as it
 * is. It reads the model's own bias and whole matrices, so the model must live as long.
 */
export class FactoredLstm {
  private readonly input: Projection;
  private readonly hidden: Projection;
  private readonly bias: tf.Tensor1D;
  private readonly wh: tf.Tensor2D;
  private readonly factors: RecurrentFactors | null;

  /** @param name of the layer: `lstm.0`, `encoder.0.forward`, ... */
  constructor(model: CompressibleModel, compression: Compression, name: string) {
    const parameter = (kind: string) => model.parameters.get(`${name}.${kind}`) as unknown;
    this.input = projection(model, compression, `${name}.weight_ih`);
    this.hidden = projection(model, compression, `${name}.weight_hh`);
    this.bias = parameter('bias') as tf.Tensor1D;
    this.wh = parameter('weight_hh') as tf.Tensor2D;
    this.factors = recurrentFactors(this.hidden);
  }

  /** x [T * B, I], time-major, from the state h0, c0 [B, H]. */
  run(
    x: tf.Tensor2D,
    T: number,
    h0: tf.Tensor2D,
    c0: tf.Tensor2D,
    { plan, path }: FactoredPass,
  ): FactoredOutput {
    return path === 'fused' && this.factors !== null && blasBackend() !== null
      ? this.fused(x, T, h0, c0, plan, this.factors)
      : this.composed(x, T, h0, c0, plan);
  }

  /** All steps in one kernel. */
  private fused(
    x: tf.Tensor2D,
    T: number,
    h0: tf.Tensor2D,
    c0: tf.Tensor2D,
    plan: GatePlan,
    { a, b, ranks }: RecurrentFactors,
  ): FactoredOutput {
    const shares = tf.concat(project(x, this.input), 1);
    const random = { seed: 0, stream: 0, step: 0 }; // nothing is drawn in evaluation
    const attrs = { T, B: h0.shape[0], ranks, gates: gateParameters(plan, random) };
    const inputs = { shares, a, b, wh: this.wh, bias: this.bias, h0, c0 };
    const [y, h, c] = tf
      .engine()
      .runKernel('G2LstmFactored', inputs, attrs as never) as unknown as tf.Tensor2D[];
    return { y: y!, h: h!, c: c! };
  }

  /** Step by step in plain tfjs ops: any backend. */
  private composed(
    x: tf.Tensor2D,
    T: number,
    h0: tf.Tensor2D,
    c0: tf.Tensor2D,
    plan: GatePlan,
  ): FactoredOutput {
    const biases = tf.split(this.bias, 4);
    // The input's share of every step at once, [T, B, H] of each gate.
    const shares = project(x, this.input).map((share, at) => {
      const [N, H] = share.shape;
      return tf.unstack(tf.reshape(tf.add(share, biases[at]!), [T, N / T, H]));
    });
    let [h, c] = [h0, c0];
    const rows: tf.Tensor[] = [];
    for (let t = 0; t < T; t++) {
      [h, c] = tf.tidy(() => {
        const a = project(h, this.hidden).map((share, at) => tf.add(share, shares[at]![t]!));
        const [f, i, o] = ([0, 1, 2] as const).map((at) => gate(a[at]!, plan, at));
        const next = tf.add(tf.mul(f!, c), tf.mul(i!, tf.tanh(a[3]!))) as tf.Tensor2D; // Eq 6
        return [tf.mul(o!, tf.tanh(next)) as tf.Tensor2D, next]; // Eq 7
      });
      rows.push(h);
    }
    return { y: tf.concat(rows, 0) as tf.Tensor2D, h, c };
  }

  dispose(): void {
    for (const { first, second } of [this.input, this.hidden]) {
      first.dispose();
      for (const b of second) b?.dispose();
    }
    if (this.factors) tf.dispose([this.factors.a, this.factors.b]);
  }
}
