/** How the loss answers to small changes of gate parameters: gradient, gate slopes, slope and curvature. */
import { tf } from '#tfjs';
import { gatePlan } from '../../cell/gates.js';
import {
  blocksOf,
  type GateBlock,
  type GateChange,
  gateBlocks,
} from '../../compression/gate-parameters.js';
import type { LanguageModel } from '../../lm/model.js';
import { mean, standardDeviation } from '../../results/statistics.js';
import { streams, window } from '../../text/language-model-batches.js';
import { type GateNoise, lossAlong, lossesUnder, meanLoss, relativeNoise } from './perturbation.js';
import { saturationEdge, sharpenedSigmoid, slopeOfGate } from './saturation.js';

/** Parallel streams, as `meanLoss` has them. */
const STREAMS = 20;

/** A whole text as one window of 20 streams, ready for the model. */
function wholeText(ids: Int32Array): { x: tf.Tensor1D; y: tf.Tensor1D } {
  const text = streams(ids, STREAMS);
  const { x, y } = window(text, 0, text.length - 1);
  return { x: tf.tensor1d(x, 'int32'), y: tf.tensor1d(y, 'int32') };
}

/** Evaluation loss of a text and its gradient in every forget and input gate parameter. */
export interface GateGradient {
  /** Nats a token, equal to `meanLoss`. */
  loss: number;
  /** As `gateBlocks`, with the gradient as values. */
  blocks: GateBlock[];
}

/**
 * Gradient of the evaluation loss, back-propagated through the whole text without truncation: for
 * texts of some thousand tokens.
 */
export function gateGradient(model: LanguageModel, ids: Int32Array): GateGradient {
  let loss = 0;
  const gradients = new Map<string, Float32Array>();
  tf.tidy(() => {
    const { x, y } = wholeText(ids);
    const state = model.zeroState(STREAMS);
    const pass = { training: false, step: 0 };
    const { value, grads } = tf.variableGrads(
      () => model.loss(x, y, state, pass).loss,
      model.variables,
    );
    loss = value.dataSync()[0]!;
    for (const [name, variable] of model.parameters)
      gradients.set(name, Float32Array.from(grads[variable.name]!.dataSync()));
  });
  return { loss, blocks: blocksOf(model, (name) => gradients.get(name)!) };
}

/** First-order change of the loss under a perturbation: sum over parameters of gradient x change. */
export function firstOrderChange(
  model: LanguageModel,
  gradient: GateGradient,
  change: GateChange,
): number {
  const blocks = gateBlocks(model);
  let sum = 0;
  blocks.forEach((block, b) => {
    const changed = change(block);
    const g = gradient.blocks[b]!.values;
    for (let i = 0; i < g.length; i++) sum += g[i]! * (changed[i]! - block.values[i]!);
  });
  return sum;
}

/** The change of the loss along a direction and its opposite, split by symmetry. */
export interface LossParts {
  /** (L(+d) - L(-d)) / 2: the slope, gradient x d up to third order. */
  slope: number;
  /** (L(+d) + L(-d)) / 2 - L(0): the curvature, d H d / 2 up to fourth order. */
  curvature: number;
  /** gradient x d. */
  predictedSlope: number;
}

/** Splits the effect of noise of size sigma (draw `seed`) into slope and curvature. */
export async function lossParts(
  model: LanguageModel,
  ids: Int32Array,
  sigma: number,
  seed: number,
  noise: GateNoise = relativeNoise,
): Promise<LossParts> {
  const gradient = gateGradient(model, ids);
  const [minus, at, plus] = await lossAlong(model, ids, [-sigma, 0, sigma], seed, noise);
  return {
    slope: (plus! - minus!) / 2,
    curvature: (plus! + minus!) / 2 - at!,
    predictedSlope: firstOrderChange(model, gradient, noise(sigma, seed)),
  };
}

/** A mean over draws and its standard error. */
export interface Estimate {
  mean: number;
  standardError: number;
}

/**
 * Curvature of the loss under unit noise: the mean over draws of (L(+d) + L(-d) - 2 L(0)) / sigma^2.
 * For small sigma this estimates the trace of D H D, with H the Hessian of the loss in the gate
 * parameters and D the diagonal matrix of the noise's scales (relative noise: the parameters
 * themselves). Twice the mean rise of the loss, over sigma^2: the larger, the sharper the minimum.
 *
 * @param draws at least 2
 */
export async function noiseCurvature(
  model: LanguageModel,
  ids: Int32Array,
  sigma: number,
  draws: number,
  noise: GateNoise = relativeNoise,
): Promise<Estimate> {
  const at = await meanLoss(model, ids);
  const plus = await lossesUnder(model, ids, (d) => noise(sigma, d), draws);
  const minus = await lossesUnder(model, ids, (d) => noise(-sigma, d), draws);
  const each = plus.map((p, d) => (p + minus[d]! - 2 * at) / sigma ** 2);
  return { mean: mean(each), standardError: standardDeviation(each) / Math.sqrt(draws) };
}

/** How saturated the gates of a model are over a text, in evaluation mode. */
export interface GateSlopes {
  /** Mean of |d gate / d preactivation| over both gates, all units and tokens; 1/4 for gates of 1/2. */
  mean: number;
  /** Share of gate values whose slope is below a tenth of the largest possible. */
  saturated: number;
}

/** Mean slope and saturated share of the forget and input gates of all layers. */
export function gateSlopes(model: LanguageModel, ids: Int32Array): GateSlopes {
  const plan = gatePlan(model.gates, false);
  const edge = sharpenedSigmoid(saturationEdge());
  let sum = 0;
  let saturated = 0;
  let count = 0;
  tf.tidy(() => {
    const records = model.recordGates(wholeText(ids).x, model.zeroState(STREAMS));
    for (const record of records)
      for (const [tensor, inverseTau] of [
        [record.f, plan.inverseTau[0]],
        [record.i, plan.inverseTau[1]],
      ] as const)
        for (const gate of tensor.dataSync()) {
          sum += slopeOfGate(gate, 1 / inverseTau);
          if (gate > edge || gate < 1 - edge) saturated++;
          count++;
        }
  });
  return { mean: sum / count, saturated: saturated / count };
}
