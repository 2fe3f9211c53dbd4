/**
 * The gate parameters of a model as one long vector: directions are added to it, gradients are read
 * in it. The vector's parts are the blocks of `gateBlocks`, in their order.
 */
import {
  blocksOf,
  type GateBlock,
  gateBlocks,
  layerOf,
  type ModelWithGates,
  setGateBlocks,
} from '../../compression/gate-parameters.js';
import type { LossGradient, LossModel } from './loss-model.js';
import { gaussian, rootMeanSquare } from './perturbation.js';

/** Parameters of some gates as a vector. */
export interface GateSpace {
  readonly model: ModelWithGates;
  /** Letters of `fiog`. */
  readonly gates: string;
  /** As trained; the values are copies. */
  readonly blocks: readonly GateBlock[];
  /** Number of parameters. */
  readonly size: number;
  /** As trained, all blocks one behind the other. */
  readonly origin: Float32Array;
}

/** Reads the vector out of a model. */
export function gateSpace(model: ModelWithGates, gates = 'fi'): GateSpace {
  const blocks = gateBlocks(model, gates);
  const size = blocks.reduce((sum, { values }) => sum + values.length, 0);
  const origin = new Float32Array(size);
  eachBlock(blocks, ({ values }, at) => origin.set(values, at));
  return { model, gates, blocks, size, origin };
}

/** Calls `visit` with every block and the place of its first value in the vector. */
export function eachBlock(
  blocks: readonly GateBlock[],
  visit: (block: GateBlock, at: number) => void,
): void {
  let at = 0;
  for (const block of blocks) {
    visit(block, at);
    at += block.values.length;
  }
}

/** Does `work` while the parameters are others, and puts back those as trained, bit for bit. */
export async function at<T>(
  space: GateSpace,
  values: ArrayLike<number>,
  work: () => Promise<T>,
): Promise<T> {
  const { model, blocks } = space;
  const moved: GateBlock[] = [];
  eachBlock(blocks, (block, from) => {
    const own = Float32Array.from(block.values, (_, i) => values[from + i]!);
    moved.push({ ...block, values: own });
  });
  setGateBlocks(model, moved);
  try {
    return await work();
  } finally {
    setGateBlocks(model, blocks);
  }
}

/** origin + size * direction, a direction added for each pair. */
export function displaced(
  { origin }: GateSpace,
  ...steps: readonly (readonly [number, ArrayLike<number>])[]
): Float64Array {
  const values = Float64Array.from(origin);
  for (const [size, direction] of steps)
    for (let i = 0; i < values.length; i++) values[i]! += size * direction[i]!;
  return values;
}

/** Loss at a displaced place, nats a token. */
export const lossAt = (
  loss: LossModel,
  space: GateSpace,
  ...steps: readonly (readonly [number, ArrayLike<number>])[]
): Promise<number> => at(space, displaced(space, ...steps), () => loss.loss());

/** A gradient in the order of the vector. */
export function gradientIn(space: GateSpace, { gradients }: LossGradient): Float64Array {
  const vector = new Float64Array(space.size);
  const blocks = blocksOf(space.model, (name) => gradients.get(name)!, space.gates);
  eachBlock(blocks, ({ values }, from) => vector.set(values, from));
  return vector;
}

/**
 * In which unit parameters are moved. `absolute`: as they are, so that it matters how the model is scaled.
 * `block`: each in units of its block's root mean square. `relative`: each in units of itself.
 */
export type GateUnit = 'absolute' | 'block' | 'relative';

/** The unit of every parameter. A block of zeros has the unit 0: it is not moved. */
export function unitsOf({ blocks, origin, size }: GateSpace, unit: GateUnit): Float64Array {
  if (unit === 'relative') return Float64Array.from(origin);
  const units = new Float64Array(size).fill(1);
  if (unit === 'block')
    eachBlock(blocks, ({ values }, from) => {
      units.fill(rootMeanSquare(values), from, from + values.length);
    });
  return units;
}

/** Standard normal numbers, the same for every model of this shape. */
export function gaussianDirection(space: GateSpace, seed: number): Float64Array {
  const vector = new Float64Array(space.size);
  eachBlock(space.blocks, (block, from) => vector.set(gaussian(block, seed), from));
  return vector;
}

/** a[i] * b[i]. */
export const timesEach = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
  Float64Array.from(a, (value, i) => value * b[i]!);

/**
 * A filter as here understood: the weights that come into one unit of one gate, its column of all
 * matrices [W_x; W_h] of a layer on top of each other. Places in the vector, one list a filter.
 */
export function gateFilters({ blocks }: GateSpace): number[][] {
  const filters = new Map<string, number[]>();
  const conditional = blocks.some(({ tensor }) => tensor.startsWith('decoder.0.second.'));
  eachBlock(blocks, ({ tensor, gate, rows, columns }, from) => {
    if (tensor.endsWith('.bias')) return;
    // a conditional LSTM's second transition reads the context (paper.DEPARTURES, row 14)
    const second = conditional && tensor === 'decoder.0.weight_ctx';
    const layer = second ? 'decoder.0.second' : layerOf(tensor);
    for (let column = 0; column < columns; column++) {
      const key = `${layer} ${gate} ${column}`;
      const places = filters.get(key) ?? [];
      for (let row = 0; row < rows; row++) places.push(from + row * columns + column);
      filters.set(key, places);
    }
  });
  return [...filters.values()];
}

/**
 * A random direction, filter-normalised as Li et al. (2018): each filter is as long as the trained
 * one. Biases do not move, as there. A step of 1 along it changes the weights by as much as they are.
 */
export function filterDirection(space: GateSpace, seed: number): Float64Array {
  const random = gaussianDirection(space, seed);
  const direction = new Float64Array(space.size);
  for (const places of gateFilters(space)) {
    const norm = (values: ArrayLike<number>) =>
      Math.sqrt(places.reduce((sum, i) => sum + values[i]! ** 2, 0));
    const scale = norm(space.origin) / norm(random);
    for (const i of places) direction[i] = scale * random[i]!;
  }
  return direction;
}
