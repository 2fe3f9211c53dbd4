/**
 * Perturbations of the input and forget gate parameters, and what they do to the loss: how flat the
 * loss is where training ended, seen from the parameters that the paper wants robust.
 */

import {
  type GateBlock,
  type GateChange,
  withGateChange,
} from '../../compression/gate-parameters.js';
import { Random } from '../../datasets/made/random.js';
import { throwIfInterrupted } from '../../host.js';
import { evaluate } from '../../lm/evaluate.js';
import type { LanguageModel } from '../../lm/model.js';

/** Standard normal numbers of a block; they depend on (seed, tensor, gate) alone. */
export function gaussian(block: Omit<GateBlock, 'values'>, seed: number): Float64Array {
  const random = new Random(seed, `${block.tensor}/${block.gate}`);
  const out = new Float64Array(block.rows * block.columns);
  for (let i = 0; i < out.length; i += 2) {
    // Box and Muller 1958; 1 - U keeps zero away from the logarithm
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** Root mean square of a block's values. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}

/** Noise of size sigma; the same seed gives the same direction at every size. */
export type GateNoise = (sigma: number, seed: number) => GateChange;

function noise(sigma: number, seed: number, scale: (w: number, rms: number) => number): GateChange {
  if (!Number.isFinite(sigma)) throw new RangeError(`sigma must be a finite number, got ${sigma}`);
  return (block) => {
    const rms = rootMeanSquare(block.values);
    const eps = gaussian(block, seed);
    return block.values.map((w, i) => w + sigma * scale(w, rms) * eps[i]!);
  };
}

/** w (1 + sigma eps): every parameter by a share of itself. A negative sigma turns the direction round. */
export const relativeNoise: GateNoise = (sigma, seed) => noise(sigma, seed, (w) => w);

/** w + sigma RMS(block) eps: all parameters of a block alike, in the block's own unit. */
export const blockNoise: GateNoise = (sigma, seed) => noise(sigma, seed, (_, rms) => rms);

/** w + sigma eps: all parameters alike, in absolute size. Depends on how the model is scaled. */
export const absoluteNoise: GateNoise = (sigma, seed) => noise(sigma, seed, () => 1);

/** Nearest whole number, halves to the even one as in the published code. */
function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** Eq 17: round_r(w) = round(w / r) r. Biases are rounded too, unlike in the paper's Tables 3-5. */
export function roundTo(r: number): GateChange {
  if (!(r > 0 && Number.isFinite(r))) throw new RangeError(`r must be above 0, got ${r}`);
  return ({ values }) => values.map((w) => roundHalfEven(w / r) * r);
}

/** Parallel streams of a measurement; many, because they cost little. */
const STREAMS = 20;

/** Evaluation loss of a text, nats a token, with states carried from start to end of 20 streams. */
export async function meanLoss(model: LanguageModel, ids: Int32Array): Promise<number> {
  const { nll, tokens } = await evaluate(model, ids, { batch: STREAMS });
  return nll / tokens;
}

/** Evaluation loss while the gate parameters are changed; the model is as before afterwards. */
export function lossUnder(
  model: LanguageModel,
  ids: Int32Array,
  change: GateChange,
): Promise<number> {
  return withGateChange(model, change, () => meanLoss(model, ids));
}

/**
 * Evaluation loss under each of several draws of a perturbation: `change(draw)` for draw 1 .. draws.
 * Interrupting the running cell ends it between two draws.
 */
export async function lossesUnder(
  model: LanguageModel,
  ids: Int32Array,
  change: (draw: number) => GateChange,
  draws: number,
): Promise<number[]> {
  const losses: number[] = [];
  for (let draw = 1; draw <= draws; draw++) {
    throwIfInterrupted();
    losses.push(await lossUnder(model, ids, change(draw)));
  }
  return losses;
}

/** The loss along one random direction: at each of the (signed) sizes, in order. A slice of the landscape. */
export async function lossAlong(
  model: LanguageModel,
  ids: Int32Array,
  sizes: readonly number[],
  seed: number,
  noise: GateNoise = relativeNoise,
): Promise<number[]> {
  const losses: number[] = [];
  for (const size of sizes) {
    throwIfInterrupted();
    losses.push(await lossUnder(model, ids, noise(size, seed)));
  }
  return losses;
}
