/** A language model of low rank that computes with the factors: two thin products for every wide one. */
import * as tf from '@tensorflow/tfjs';
import type { LanguageModel, RecurrentState } from '../lm/model.js';
import { negativeLogLikelihood } from '../nn/cross-entropy.js';
import { GATE_BIT, type GatePlan, gatePlan } from '../nn/gates.js';
import type { Compression } from './compress.js';
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

/** The factors of a parameter's gate block, those rows of A that are its own. */
function factorsOf(compression: Compression, parameter: string, gate: string) {
  for (const stored of compression.stored) {
    if (stored.form !== 'factors') continue;
    let row = 0;
    for (const block of stored.blocks) {
      if (block.parameter === parameter && block.gate === gate) {
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

function projection(model: LanguageModel, compression: Compression, parameter: string): Projection {
  const variable = model.parameters.get(parameter)!;
  const [rows, width] = variable.shape as [number, number];
  const values = new Float32Array(variable.dataSync());
  const columns = width / 4;
  const first: tf.Tensor2D[] = [];
  const second = GATE_ORDER.map((gate, at) => {
    const factors = factorsOf(compression, parameter, gate);
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

interface FactoredLayer {
  input: Projection;
  hidden: Projection;
  bias: tf.Tensor1D;
}

/**
 * A language model that `compressModel` has just changed, in evaluation, computed from the factors of its
 * gates: the same up to the rounding of float32 sums. What has no factors is multiplied as it is. `evaluate`
 * takes it in a model's place. The model must live as long; dispose() this one before.
 *
 * It computes step by step in plain tfjs ops, each of which costs some tens of microseconds, where the whole
 * matrices run in one fused op. So it saves multiplications and memory, but time hardly ever: measured on one
 * thread, three layers of 1150 units with stacked factors of rank 16 and ten streams took 0.9 times as long,
 * with rank 64 or one stream 1.1 to 1.25 times; 256 units take several times as long.
 */
export class FactoredLanguageModel implements Pick<LanguageModel, 'zeroState' | 'score'> {
  private readonly layers: FactoredLayer[];
  private readonly plan: GatePlan;

  constructor(
    private readonly model: LanguageModel,
    compression: Compression,
  ) {
    this.plan = gatePlan(model.gates, false);
    this.layers = Array.from({ length: model.config.layers }, (_, l) => ({
      input: projection(model, compression, `lstm.${l}.weight_ih`),
      hidden: projection(model, compression, `lstm.${l}.weight_hh`),
      bias: model.layer(l).b as tf.Tensor1D,
    }));
  }

  /** All-zero state for B streams. */
  zeroState(B: number): RecurrentState {
    return this.model.zeroState(B);
  }

  private layer(l: number, x: tf.Tensor2D, T: number, state: RecurrentState) {
    const { input, hidden, bias } = this.layers[l]!;
    const biases = tf.split(bias, 4);
    // The input's share of every step at once, [T, B, H] of each gate.
    const shares = project(x, input).map((share, at) => {
      const [N, H] = share.shape;
      return tf.unstack(tf.reshape(tf.add(share, biases[at]!), [T, N / T, H]));
    });
    let [h, c] = [state.h[l]!, state.c[l]!];
    const rows: tf.Tensor[] = [];
    for (let t = 0; t < T; t++) {
      [h, c] = tf.tidy(() => {
        const a = project(h, hidden).map((share, at) => tf.add(share, shares[at]![t]!));
        const [f, i, o] = ([0, 1, 2] as const).map((at) => gate(a[at]!, this.plan, at));
        const next = tf.add(tf.mul(f!, c), tf.mul(i!, tf.tanh(a[3]!))) as tf.Tensor2D; // Eq 6
        return [tf.mul(o!, tf.tanh(next)) as tf.Tensor2D, next]; // Eq 7
      });
      rows.push(h);
    }
    return { y: tf.concat(rows, 0) as tf.Tensor2D, h, c };
  }

  /** As `LanguageModel.score`: -log p of every target [T * B], the last layer's outputs, the new state. */
  score(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
  ): ReturnType<LanguageModel['score']> {
    const { parameters, config } = this.model;
    const table = parameters.get('embedding.weight') as unknown as tf.Tensor2D;
    const T = x.size / state.h[0]!.shape[0];
    const next: RecurrentState = { h: [], c: [] };
    let y = tf.gather(table, x) as tf.Tensor2D;
    for (let l = 0; l < config.layers; l++) {
      const out = this.layer(l, y, T, state);
      y = out.y;
      next.h.push(out.h);
      next.c.push(out.c);
    }
    const logits = config.tied
      ? tf.matMul(y, table, false, true)
      : tf.matMul(y, parameters.get('decoder.weight') as unknown as tf.Tensor2D);
    const bias = parameters.get('decoder.bias') as unknown as tf.Tensor1D;
    return { nll: negativeLogLikelihood(logits as tf.Tensor2D, bias, targets), y, state: next };
  }

  dispose(): void {
    for (const { input, hidden } of this.layers)
      for (const { first, second } of [input, hidden]) {
        first.dispose();
        for (const b of second) b?.dispose();
      }
  }
}
