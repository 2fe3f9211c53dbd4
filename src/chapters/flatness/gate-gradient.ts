/** Gradients of the loss by gate: in the parameters of a model, and in a language model's pre-activations. */
import { tf } from '#tfjs';
import { softmaxCrossEntropy } from '../../cell/cross-entropy.js';
import { gatePlan } from '../../cell/gates.js';
import { lstm } from '../../cell/lstm.js';
import { GATE_ORDER } from '../../compression/gate-blocks.js';
import { blocksOf, type GateName, gateBlocks } from '../../compression/gate-parameters.js';
import { breathe, indivisible } from '../../host.js';
import type { LanguageModel } from '../../lm/model.js';
import { norm } from './lanczos.js';
import { type LossModel, type SegmentOptions, segmentsOf, timeMajor } from './loss-model.js';
import { rootMeanSquare } from './perturbation.js';
import { saturationEdge, sharpenedSigmoid } from './saturation.js';

/** Gradient in one gate's block of one tensor. */
export interface BlockGradient {
  tensor: string;
  gate: GateName;
  parameters: number;
  /** Euclidean norm of the gradient, nats a token and unit of the parameter. */
  norm: number;
  /** Root mean square of the parameters. */
  rms: number;
  /** norm x rms: the gradient in units of the block, which rescaling the block does not change. */
  scaled: number;
}

/** Norms of the gradient by block, of all four gates. */
export async function blockGradients(loss: LossModel): Promise<BlockGradient[]> {
  const { gradients } = await loss.gradient();
  const values = gateBlocks(loss.model, 'fiog');
  const blocks = blocksOf(loss.model, (name) => gradients.get(name)!, 'fiog');
  return blocks.map(({ tensor, gate, values: g }, b) => {
    const rms = rootMeanSquare(values[b]!.values);
    const length = norm(g);
    return { tensor, gate, parameters: g.length, norm: length, rms, scaled: length * rms };
  });
}

/** One gate of one layer of a language model over a text, in evaluation mode. */
export interface PreactivationRow {
  /** From 0. */
  layer: number;
  gate: GateName;
  /**
   * Root mean square over tokens and units of the derivative of the summed loss in the argument of the
   * gate's sigmoid (tanh for g), nats. The argument is the pre-activation over the temperature, so that
   * sharpened models compare.
   */
  gradient: number;
  /** The median of its magnitude: far below where few gates carry the gradient. */
  median: number;
  /** Mean slope of the gate in its argument: s (1 - s), at most 1/4; 1 - g^2 for g. */
  slope: number;
  /** Share of values whose slope is below a tenth of the largest possible. */
  nearZero: number;
}

/** Values of one row as they come. */
interface Gathered {
  gradients: number[];
  slopes: number;
  small: number;
}

/** Tensors that a window needs. */
interface Probed {
  x: tf.Tensor1D;
  y: tf.Tensor1D;
  B: number;
  T: number;
}

/** Evaluation loss with something added to every layer's pre-activations, [T * B, 4H] each. */
function probedLoss(model: LanguageModel, { x, y, B, T }: Probed, probes: tf.Tensor[]): tf.Scalar {
  const table = model.parameters.get('embedding.weight') as unknown as tf.Tensor2D;
  const state = model.zeroState(B);
  // Multiplying the identity, a probe is a weight whose gradient is that of the pre-activations.
  const each = tf.reshape(tf.eye(T * B), [T, B, T * B]) as tf.Tensor3D;
  let rows = tf.reshape(tf.gather(table, x), [T, B, -1]) as tf.Tensor3D;
  for (let l = 0; l < model.config.layers; l++) {
    const own = model.layer(l);
    const wx = tf.concat([own.wx as tf.Tensor2D, probes[l] as tf.Tensor2D], 0);
    const random = { seed: 0, stream: 0, step: 0 };
    const options = { gates: model.gates, training: false, random };
    const { y: made } = lstm(
      tf.concat([rows, each], 2) as tf.Tensor3D,
      { ...own, wx },
      state.h[l]!,
      state.c[l]!,
      options,
    );
    rows = model.combined(l, rows, made);
  }
  const flat = tf.reshape(rows, [T * B, -1]) as tf.Tensor2D;
  const logits = model.config.tied
    ? tf.matMul(flat, table, false, true)
    : tf.matMul(flat, model.parameters.get('decoder.weight') as unknown as tf.Tensor2D);
  const bias = model.parameters.get('decoder.bias') as unknown as tf.Tensor1D;
  return softmaxCrossEntropy(logits as tf.Tensor2D, bias, y, {});
}

/** Gradients in every layer's packed pre-activations [T * B, 4H], of the loss summed over tokens. */
export function preactivationGradients(
  model: LanguageModel,
  inputs: Int32Array,
  targets: Int32Array,
  B: number,
): Float32Array[] {
  const T = inputs.length / B;
  return indivisible(() => {
    const all: Float32Array[] = [];
    tf.tidy(() => {
      const x = tf.tensor1d(inputs, 'int32');
      const y = tf.tensor1d(targets, 'int32');
      const zeros = Array.from({ length: model.config.layers }, (_, l) =>
        tf.zeros([T * B, 4 * model.layerSize(l)]),
      );
      const gradients = tf.grads((...probes: tf.Tensor[]) =>
        probedLoss(model, { x, y, B, T }, probes),
      )(zeros);
      for (const g of gradients) all.push(Float32Array.from(g.dataSync(), (v) => v * T * B));
    });
    return all;
  });
}

/**
 * Gradients and slopes of every gate of a language model over segments of a text; each segment begins
 * with a zero state, as in `languageModelLoss`.
 */
export async function preactivationRows(
  model: LanguageModel,
  ids: Int32Array,
  options: SegmentOptions = {},
): Promise<PreactivationRow[]> {
  const { streams = 20 } = options;
  const { x, y } = segmentsOf(ids, options);
  const plan = gatePlan(model.gates, false);
  const edge = sharpenedSigmoid(saturationEdge());
  const smallest = edge * (1 - edge);
  const gathered = new Map<string, Gathered>();
  for (let at = 0; at < x.length; at += streams) {
    const inputs = timeMajor(x.slice(at, at + streams));
    const B = Math.min(streams, x.length - at);
    const gradients = preactivationGradients(
      model,
      inputs,
      timeMajor(y.slice(at, at + streams)),
      B,
    );
    tf.tidy(() => {
      const records = model.recordGates(tf.tensor1d(inputs, 'int32'), model.zeroState(B));
      records.forEach((record, layer) => {
        GATE_ORDER.forEach((gate, place) => {
          const row = gathered.get(`${layer} ${gate}`) ?? { gradients: [], slopes: 0, small: 0 };
          gathered.set(`${layer} ${gate}`, row);
          const tau = gate === 'g' ? 1 : 1 / plan.inverseTau[place as 0 | 1 | 2];
          const H = model.layerSize(layer);
          record[gate].dataSync().forEach((value, k) => {
            const slope = gate === 'g' ? 1 - value ** 2 : value * (1 - value);
            row.slopes += slope;
            if (slope < (gate === 'g' ? 0.1 : smallest)) row.small++;
            const [n, unit] = [Math.floor(k / H), k % H];
            row.gradients.push(tau * gradients[layer]![n * 4 * H + place * H + unit]!);
          });
        });
      });
    });
    await breathe();
  }
  return [...gathered].map(([key, { gradients, slopes, small }]) => {
    const [layer, gate] = key.split(' ') as [string, GateName];
    const magnitudes = Float64Array.from(gradients, Math.abs).sort();
    return {
      layer: Number(layer),
      gate,
      gradient: rootMeanSquare(gradients),
      median: magnitudes[Math.floor(magnitudes.length / 2)]!,
      slope: slopes / gradients.length,
      nearZero: small / gradients.length,
    };
  });
}
