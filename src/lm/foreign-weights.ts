/**
 * Weights of the two published codes as ours and back: awd-lstm-lm (`torch-lstm`: a torch.nn.LSTM a
 * layer) and g2-lstm (its own cell). Only names, orders and sums; what is computed is the same.
 */

import type { StoredTensors } from '../cell/named-parameters.js';
import { UserError } from '../errors.js';

export const FOREIGN_FORMATS = ['torch-lstm', 'g2-lstm'] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

/** Tensors as a file holds them. */
export type ForeignTensors = Record<
  string,
  { dtype?: string; shape: number[]; data: ArrayLike<number | bigint> }
>;

/** A model read from such a file: sizes, and parameters by our names. */
export interface ForeignModel {
  layers: number;
  /** Units of all layers but, where tied, the last. */
  hidden: number;
  embedding: number;
  tied: boolean;
  vocabularySize: number;
  /** `embedding.weight`, `lstm.L.*`, `decoder.bias`, and `decoder.weight` unless tied. */
  tensors: StoredTensors;
}

/** Torch's blocks are i, f, g, o, ours f, i, o, g; the exchange is its own inverse. */
const BLOCKS = [1, 0, 3, 2] as const;

/** The names a parameter has in a file, most telling first: weight drop keeps the whole matrix as `_raw`. */
function namesOf(format: ForeignFormat, layer: number, part: Part): string[] {
  const cell = format === 'g2-lstm';
  const name = cell ? `cell_0.${part}` : `${part}_l0`;
  const plain = [`rnns.${layer}.module.${name}`, `rnns.${layer}.${name}`];
  const names = [...plain.map((n) => `${n}_raw`), ...plain];
  return [...names, ...names.map((n) => `module.${n}`)];
}
type Part = 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh' | 'bias';

type Found = { name: string; shape: number[]; data: ArrayLike<number> };

/** Looks tensors up and checks them; every complaint names the file and the tensor. */
class Reader {
  constructor(
    readonly tensors: ForeignTensors,
    readonly format: ForeignFormat,
    readonly file: string,
  ) {}

  find(names: readonly string[]): Found | null {
    const name = names.find((n) => Object.hasOwn(this.tensors, n));
    if (name === undefined) return null;
    const { dtype = 'no floats', shape, data } = this.tensors[name]!;
    if (!(data instanceof Float32Array || data instanceof Float64Array))
      throw new UserError(
        `${this.file}: tensor "${name}" holds ${dtype}, weights are floats; is it a quantised model? store it as float32`,
      );
    const at = (data as Float32Array).findIndex((x) => !Number.isFinite(x));
    if (at >= 0)
      throw new UserError(
        `${this.file}: tensor "${name}" holds ${data[at]} at element ${at}: training diverged`,
      );
    return { name, shape, data };
  }

  need(names: readonly string[], shown: string): Found {
    const found = this.find(names);
    if (found) return found;
    const isCell = Object.keys(this.tensors).some((n) => n.includes('.cell_0.'));
    const other = isCell ? 'g2-lstm' : 'torch-lstm';
    const isOther =
      other !== this.format && Object.keys(this.tensors).some((n) => n.includes('rnns.'));
    throw new UserError(
      `${this.file}: tensor "${shown}" is missing${isOther ? `; the names are those of --import ${other}` : `, which every ${this.format} model has`}`,
    );
  }

  parameter(layer: number, part: Part): Found {
    const names = namesOf(this.format, layer, part);
    return this.need(names, names[names.length / 2 - 1]!);
  }

  shape({ name, shape }: Found, wanted: readonly number[]): void {
    if (shape.length === wanted.length && shape.every((n, i) => n === wanted[i])) return;
    throw new UserError(
      `${this.file}: tensor "${name}" is [${shape}], with the others it has to be [${wanted}]`,
    );
  }

  matrix(found: Found): [number, number] {
    if (found.shape.length !== 2)
      throw new UserError(
        `${this.file}: tensor "${found.name}" is [${found.shape}], it has to be a matrix`,
      );
    return found.shape as [number, number];
  }
}

/** [4H, I] with blocks i, f, g, o -> [I, 4H] with f, i, o, g. */
function fromTorch(data: ArrayLike<number>, H: number, I: number): Float32Array {
  const out = new Float32Array(I * 4 * H);
  for (let k = 0; k < 4; k++)
    for (let h = 0; h < H; h++) {
      const row = (BLOCKS[k]! * H + h) * I;
      for (let i = 0; i < I; i++) out[i * 4 * H + k * H + h] = data[row + i]!;
    }
  return out;
}

/** The inverse of `fromTorch`. */
function toTorch(data: ArrayLike<number>, H: number, I: number): Float32Array {
  const out = new Float32Array(I * 4 * H);
  for (let k = 0; k < 4; k++)
    for (let h = 0; h < H; h++) {
      const row = (BLOCKS[k]! * H + h) * I;
      for (let i = 0; i < I; i++) out[row + i] = data[i * 4 * H + k * H + h]!;
    }
  return out;
}

const transposed = (data: ArrayLike<number>, rows: number, columns: number): Float32Array => {
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return out;
};

/** One layer by our names, and its width. */
function readLayer(
  reader: Reader,
  layer: number,
  input: number,
  into: StoredTensors,
): { units: number } {
  const torch = reader.format === 'torch-lstm';
  const ih = reader.parameter(layer, 'weight_ih');
  const hh = reader.parameter(layer, 'weight_hh');
  const gates = reader.matrix(ih)[torch ? 0 : 1];
  const H = gates / 4;
  if (!Number.isInteger(H) || H < 1)
    throw new UserError(
      `${reader.file}: tensor "${ih.name}" is [${ih.shape}], four gates need a multiple of 4`,
    );
  reader.shape(ih, torch ? [4 * H, input] : [input, 4 * H]);
  reader.shape(hh, torch ? [4 * H, H] : [H, 4 * H]);
  const prefix = `lstm.${layer}`;
  const bias = new Float32Array(4 * H);
  if (torch) {
    const parts = [reader.parameter(layer, 'bias_ih'), reader.parameter(layer, 'bias_hh')];
    for (const part of parts) reader.shape(part, [4 * H]);
    for (let k = 0; k < 4; k++)
      for (let h = 0; h < H; h++) {
        const at = BLOCKS[k]! * H + h;
        bias[k * H + h] = parts[0]!.data[at]! + parts[1]!.data[at]!;
      }
  } else {
    const own = reader.parameter(layer, 'bias');
    reader.shape(own, [4 * H]);
    bias.set(own.data);
  }
  const weights = (found: Found, I: number) =>
    torch ? fromTorch(found.data, H, I) : Float32Array.from(found.data);
  into[`${prefix}.weight_ih`] = { shape: [input, 4 * H], data: weights(ih, input) };
  into[`${prefix}.weight_hh`] = { shape: [H, 4 * H], data: weights(hh, H) };
  into[`${prefix}.bias`] = { shape: [4 * H], data: bias };
  return { units: H };
}

/**
 * Reads a model of one of the published codes. Sizes come from the shapes; the softmax is tied
 * unless the file has a `decoder.weight` that differs from `encoder.weight`.
 *
 * @param file what errors call it
 * @throws UserError for a missing tensor, a wrong shape, or widths that these models do not have
 */
export function readForeignWeights(
  tensors: ForeignTensors,
  format: ForeignFormat,
  file: string,
): ForeignModel {
  const reader = new Reader(tensors, format, file);
  const either = (name: string) => [name, `module.${name}`];
  const encoder = reader.need(either('encoder.weight'), 'encoder.weight');
  const [V, E] = reader.matrix(encoder);
  const out: StoredTensors = {
    'embedding.weight': { shape: [V, E], data: Float32Array.from(encoder.data) },
  };
  const numbers = Object.keys(tensors).flatMap((name) => {
    const layer = /^(?:module\.)?rnns\.(\d+)\./.exec(name)?.[1];
    return layer === undefined ? [] : [Number(layer)];
  });
  const layers = Math.max(0, ...numbers) + 1;
  const widths = [E];
  for (let l = 0; l < layers; l++) widths.push(readLayer(reader, l, widths[l]!, out).units);
  const last = widths[layers]!;
  const bias = reader.need(either('decoder.bias'), 'decoder.bias');
  reader.shape(bias, [V]);
  out['decoder.bias'] = { shape: [V], data: Float32Array.from(bias.data) };
  const decoder = reader.find(either('decoder.weight'));
  const tied = !decoder || sameNumbers(decoder, encoder);
  if (tied && last !== E)
    throw new UserError(
      `${file}: the softmax is tied (${decoder ? 'equal to encoder.weight' : 'no decoder.weight'}), but the last layer has ${last} units and the embedding ${E}`,
    );
  if (decoder && !tied) {
    reader.shape(decoder, [V, last]);
    out['decoder.weight'] = { shape: [last, V], data: transposed(decoder.data, V, last) };
  }
  const hidden = tied && layers === 1 ? E : widths[1]!;
  const inner = widths.slice(1, tied ? layers : layers + 1);
  if (inner.some((width) => width !== hidden))
    throw new UserError(
      `${file}: layers of ${widths.slice(1).join(', ')} units; all${tied ? ' but the last' : ''} have to be equally wide`,
    );
  return { layers, hidden, embedding: E, tied, vocabularySize: V, tensors: out };
}

function sameNumbers(a: Found, b: Found): boolean {
  if (a.shape.join() !== b.shape.join()) return false;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) return false;
  return true;
}

/** Rows of [V, columns] in another order: row r of the result is row `order[r]`. */
function rows(data: ArrayLike<number>, columns: number, order: ArrayLike<number>): Float32Array {
  const out = new Float32Array(order.length * columns);
  for (let r = 0; r < order.length; r++)
    for (let c = 0; c < columns; c++) out[r * columns + c] = data[order[r]! * columns + c]!;
  return out;
}

/**
 * The tensors of a published code from ours. The softmax's weights are always written, so that
 * `load_state_dict` finds all it wants.
 *
 * @param order our word id of each row of the file, [V]
 */
export function writeForeignWeights(
  tensors: StoredTensors,
  format: ForeignFormat,
  order: ArrayLike<number>,
): StoredTensors {
  const embedding = tensors['embedding.weight']!;
  const [V, E] = embedding.shape as [number, number];
  const encoder = { shape: [V, E], data: rows(embedding.data, E, order) };
  const out: StoredTensors = { 'encoder.weight': encoder };
  for (let l = 0; tensors[`lstm.${l}.weight_ih`]; l++) {
    const [ih, hh, bias] = (['weight_ih', 'weight_hh', 'bias'] as const).map(
      (part) => tensors[`lstm.${l}.${part}`]!,
    );
    const [I, H] = [ih!.shape[0]!, hh!.shape[0]!];
    if (format === 'g2-lstm') {
      out[`rnns.${l}.cell_0.weight_ih`] = ih!;
      out[`rnns.${l}.cell_0.weight_hh`] = hh!;
      out[`rnns.${l}.cell_0.bias`] = bias!;
      continue;
    }
    out[`rnns.${l}.weight_ih_l0`] = { shape: [4 * H, I], data: toTorch(ih!.data, H, I) };
    out[`rnns.${l}.weight_hh_l0`] = { shape: [4 * H, H], data: toTorch(hh!.data, H, H) };
    out[`rnns.${l}.bias_ih_l0`] = { shape: [4 * H], data: toTorch(bias!.data, H, 1) };
    out[`rnns.${l}.bias_hh_l0`] = { shape: [4 * H], data: new Float32Array(4 * H) };
  }
  const decoder = tensors['decoder.weight'];
  if (decoder) {
    const D = decoder.shape[0]!;
    const data = rows(transposed(decoder.data, D, V), D, order);
    out['decoder.weight'] = { shape: [V, D], data };
  } else out['decoder.weight'] = encoder;
  out['decoder.bias'] = { shape: [V], data: rows(tensors['decoder.bias']!.data, 1, order) };
  return out;
}
