/** A compressed model as named tensors and strings, for a safetensors file, and back. */

import type { StoredTensors } from '../cell/named-parameters.js';
import { UserError } from '../errors.js';
import {
  type CompressibleModel,
  type Compression,
  putBlocks,
  type StoredBlock,
  storedValues,
} from './compress.js';
import type { Block } from './gate-blocks.js';
import { bitsFor, MOST_BITS, pack, unpack } from './pack.js';
import { INT8_MOST } from './scaled.js';

/** Metadata `format`; the number changes when old files could no longer be read. */
export const COMPRESSED_FORMAT = 'g2lstm-compressed-1';

/** A tensor of the file. */
export type CompressedTensor =
  | { dtype: 'F32'; shape: number[]; data: Float32Array }
  | { dtype: 'U8'; shape: number[]; data: Uint8Array };

/**
 * Tensors: a parameter without compressed blocks under its own name; of one with them the values outside
 * the blocks as `NAME.rest`, flat, in row-major order; block N as `block.N.k`, the packed whole numbers
 * (see `pack`; of 1 bit: 1 for +, 0 for -), with `block.N.scale` where scales belong to them, or as
 * `block.N.a` and `block.N.b`, the factors. Metadata: `format`, `compression` (the spec), `variant`,
 * `gates`, `parameters` (JSON, names and shapes in order) and `blocks` (JSON, what block N is of, with
 * `step` and `most`, or `bits` and the number of `scales`, or `rank`).
 */
export interface CompressedFile {
  tensors: Record<string, CompressedTensor>;
  metadata: Record<string, string>;
}

/** 1 where a compressed block holds a value of the parameter. */
function coverage(
  shape: readonly number[],
  name: string,
  stored: readonly Pick<StoredBlock, 'blocks'>[],
): Uint8Array | null {
  const blocks = stored.flatMap((s) => s.blocks).filter((b) => b.parameter === name);
  if (blocks.length === 0) return null;
  const width = shape[1]!;
  const covered = new Uint8Array(shape[0]! * width);
  for (const { firstRow, rows, firstColumn, columns } of blocks)
    for (let r = firstRow; r < firstRow + rows; r++)
      covered.fill(1, r * width + firstColumn, r * width + firstColumn + columns);
  return covered;
}

/** What to write of a model that `compressModel` has just changed. */
export function packCompressed(
  model: CompressibleModel,
  { report, stored }: Compression,
): CompressedFile {
  const tensors: CompressedFile['tensors'] = {};
  const f32 = (name: string, shape: number[], data: Float32Array) => {
    tensors[name] = { dtype: 'F32', shape, data };
  };
  for (const [name, variable] of model.parameters) {
    const values = new Float32Array(variable.dataSync());
    const covered = coverage(variable.shape, name, stored);
    if (!covered) f32(name, variable.shape, values);
    else {
      const rest = values.filter((_, i) => covered[i] === 0);
      f32(`${name}.rest`, [rest.length], rest);
    }
  }
  const blocks = stored.map((block, n) => {
    if (block.form === 'grid') {
      const data = pack(block.k, block.most);
      tensors[`block.${n}.k`] = { dtype: 'U8', shape: [data.length], data };
      return { form: block.form, blocks: block.blocks, step: block.step, most: block.most };
    }
    if (block.form === 'scaled') {
      const { bits, k, scales } = block;
      const data =
        bits === 8
          ? pack(k, INT8_MOST)
          : pack(
              k.map((x) => (x > 0 ? 1 : 0)),
              0,
            );
      tensors[`block.${n}.k`] = { dtype: 'U8', shape: [data.length], data };
      f32(`block.${n}.scale`, [scales.length], scales);
      return { form: block.form, blocks: block.blocks, bits, scales: scales.length };
    }
    const { rank, m, n: columns, a, b } = block.factors;
    f32(`block.${n}.a`, [m, rank], a);
    f32(`block.${n}.b`, [rank, columns], b);
    return { form: block.form, blocks: block.blocks, rank };
  });
  const parameters = [...model.parameters].map(([name, { shape }]) => [name, shape]);
  const metadata = {
    format: COMPRESSED_FORMAT,
    compression: report.spec,
    variant: report.variant,
    gates: report.gates,
    parameters: JSON.stringify(parameters),
    blocks: JSON.stringify(blocks),
  };
  return { tensors, metadata };
}

type Described = { blocks: Block[] } & (
  | { form: 'grid'; step: number; most: number }
  | { form: 'scaled'; bits: 8 | 1; scales: number }
  | { form: 'factors'; rank: number }
);

const isSize = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

const isNamedShape = (x: unknown): boolean =>
  Array.isArray(x) && typeof x[0] === 'string' && Array.isArray(x[1]) && x[1].every(isSize);

/** Whether a description from a file can be believed: its rectangles lie inside their parameters. */
function fits(d: Described, shapes: ReadonlyMap<string, number[]>): boolean {
  const good = (b: Block) => {
    const [height, width] = shapes.get(b.parameter) ?? [];
    const { firstRow, rows, firstColumn, columns } = b;
    if (![firstRow, rows, firstColumn, columns].every(isSize) || width === undefined) return false;
    return firstRow + rows <= height! && firstColumn + columns <= width && rows * columns > 0;
  };
  if (!Array.isArray(d.blocks) || d.blocks.length === 0 || !d.blocks.every(good)) return false;
  if (d.blocks.some((b) => b.columns !== d.blocks[0]!.columns)) return false;
  if (d.form === 'scaled')
    return (d.bits === 8 || d.bits === 1) && [1, d.blocks[0]!.columns].includes(d.scales);
  return d.form === 'grid'
    ? Number.isFinite(d.step) && d.step > 0 && isSize(d.most) && bitsFor(d.most) <= MOST_BITS
    : d.form === 'factors' && isSize(d.rank) && d.rank > 0;
}

/** What was compressed in a file and how. */
export interface CompressedModel {
  /** Every parameter of the model, bit for bit as compressModel left it; for `model.load`. */
  tensors: StoredTensors;
  /** As `parseCompression` reads it. */
  compression: string;
  variant: string;
  gates: string;
}

/**
 * The parameters of a compressed model from the tensors and metadata of its file.
 * @param file for messages
 * @throws UserError when something is missing or does not fit
 */
export function unpackCompressed(
  {
    tensors,
    metadata,
  }: {
    tensors: Record<string, { dtype: string; shape: number[]; data: unknown }>;
    metadata: Record<string, string>;
  },
  file: string,
): CompressedModel {
  const fail = (why: string): never => {
    throw new UserError(`${file} is no whole compressed model: ${why}.`);
  };
  if (metadata['format'] !== COMPRESSED_FORMAT)
    fail(`its format is ${JSON.stringify(metadata['format'] ?? null)}, not "${COMPRESSED_FORMAT}"`);
  let parameters: [string, number[]][] = [];
  let described: Described[] = [];
  try {
    parameters = JSON.parse(metadata['parameters']!);
    described = JSON.parse(metadata['blocks']!);
  } catch {
    fail('its lists of parameters and blocks cannot be read');
  }
  if (!Array.isArray(parameters) || !parameters.every(isNamedShape) || !Array.isArray(described))
    fail('its lists of parameters and blocks cannot be read');
  const shapes = new Map(parameters);
  if (!described.every((d) => fits(d, shapes))) fail('a block does not fit its parameter');
  function data<T extends 'F32' | 'U8'>(name: string, dtype: T, size: number) {
    const tensor = tensors[name];
    if (tensor?.dtype !== dtype) return fail(`tensor "${name}" is missing`);
    const values = tensor.data as T extends 'F32' ? Float32Array : Uint8Array;
    if (values.length !== size) fail(`tensor "${name}" has ${values.length} elements, not ${size}`);
    return values;
  }
  const loaded: StoredTensors = {};
  for (const [name, shape] of parameters) {
    const size = shape.reduce((n, d) => n * d, 1);
    const covered = coverage(shape, name, described);
    if (!covered) {
      loaded[name] = { shape, data: data(name, 'F32', size) };
      continue;
    }
    let open = 0;
    for (let i = 0; i < size; i++) open += 1 - covered[i]!;
    const rest = data(`${name}.rest`, 'F32', open);
    const values = new Float32Array(size);
    for (let i = 0, at = 0; i < size; i++) if (covered[i] === 0) values[i] = rest[at++]!;
    loaded[name] = { shape, data: values };
  }
  described.forEach((d, n) => {
    const columns = d.blocks[0]!.columns;
    const rows = d.blocks.reduce((sum, b) => sum + b.rows, 0);
    let stored: StoredBlock;
    if (d.form === 'grid') {
      const packed = data(`block.${n}.k`, 'U8', Math.ceil((rows * columns * bitsFor(d.most)) / 8));
      stored = { ...d, k: unpack(packed, d.most, rows * columns) };
    } else if (d.form === 'scaled') {
      const { bits, blocks, form } = d;
      const packed = data(`block.${n}.k`, 'U8', Math.ceil((rows * columns * bits) / 8));
      const raw = unpack(packed, bits === 8 ? INT8_MOST : 0, rows * columns);
      const k = bits === 8 ? raw : raw.map((x) => 2 * x - 1);
      stored = { form, blocks, bits, k, scales: data(`block.${n}.scale`, 'F32', d.scales) };
    } else {
      const a = data(`block.${n}.a`, 'F32', rows * d.rank);
      const b = data(`block.${n}.b`, 'F32', d.rank * columns);
      stored = { ...d, factors: { rank: d.rank, m: rows, n: columns, a, b } };
    }
    putBlocks(
      stored,
      storedValues(stored),
      (name) => loaded[name]!.data,
      (block) => shapes.get(block.parameter)![1]!,
    );
  });
  const { compression = '', variant = '', gates = '' } = metadata;
  return { tensors: loaded, compression, variant, gates };
}
