/** Compression of a model's gate parameters, in place. */
import { tf } from '#tfjs';
import { UsageError, UserError } from '../errors.js';
import { breathe } from '../host.js';
import {
  type Block,
  type BlockOptions,
  type CompressionVariant,
  compressionBlocks,
  concatenated,
  readBlock,
  writeBlock,
} from './gate-blocks.js';
import { type Factors, factorSize, lowRank, product } from './low-rank.js';
import { bitsFor, MOST_BITS } from './pack.js';
import { type BlockReport, type CompressionReport, compressionReport } from './report.js';
import { gridNumbers, gridValues, roundHalfEven } from './round.js';
import { int8, type Scaled, scaledValues, signs } from './scaled.js';
import { type CompressionSpec, parseCompression } from './spec.js';
import type { SvdMethod } from './svd.js';

/** Any model with named float32 parameters: a LanguageModel or a TranslationModel. */
export interface CompressibleModel {
  readonly parameters: Map<string, tf.Variable>;
}

/** What takes the place of a block's values, or of several blocks on top of each other. */
export type StoredBlock = { blocks: Block[] } & (
  | {
      form: 'grid';
      /** r */
      step: number;
      /** Largest |k| that can be stored. */
      most: number;
      /** Whole numbers; the values are k * step as float32. */
      k: Int32Array;
    }
  | ({ form: 'scaled' } & Scaled)
  | { form: 'factors'; factors: Factors }
);

/** A compression that was done: what to tell, and what to store. */
export interface Compression {
  spec: CompressionSpec;
  report: CompressionReport;
  /** Blocks that changed their form; of others the values are stored as they are. */
  stored: StoredBlock[];
}

export interface CompressOptions extends BlockOptions {
  /** Default: LAPACK where there is one. */
  svd?: SvdMethod;
  /** Called after every block with the share done. */
  onProgress?: (done: number) => void;
}

/** The float32 values that stand for a stored block, rows of all its blocks. */
export function storedValues(stored: StoredBlock): Float32Array {
  if (stored.form === 'grid') return new Float32Array(gridValues(stored.k, stored.step));
  return stored.form === 'scaled' ? scaledValues(stored) : product(stored.factors);
}

/** Blocks that are compressed as one matrix. */
function matricesOf(blocks: Block[], stacked: boolean): Block[][] {
  if (!stacked) return blocks.map((block) => [block]);
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const key = `${block.transition} ${block.gate}`;
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  return [...groups.values()];
}

function onGrid(
  blocks: Block[],
  values: Float32Array,
  spec: CompressionSpec & { kind: 'round' | 'round-clip' },
  variant: CompressionVariant,
  clipsAtOne: boolean,
): StoredBlock & { form: 'grid' } {
  const { step } = spec;
  const numbers = gridNumbers(values, step, variant === 'code' ? 'reciprocal' : 'divide');
  let most = Number.POSITIVE_INFINITY;
  if (spec.kind === 'round-clip') most = Math.round(spec.clip / step);
  else if (clipsAtOne) most = roundHalfEven(1 / step); // paper.DEPARTURES, row 12
  if (most === Number.POSITIVE_INFINITY) {
    most = 0;
    for (let i = 0; i < numbers.length; i++) most = Math.max(most, Math.abs(numbers[i]!));
  }
  if (bitsFor(most) > MOST_BITS)
    throw new UserError(
      `a grid of step ${step} up to ${(most * step).toPrecision(3)} is finer than float32 weights are: there is nothing to compress`,
    );
  const k = new Int32Array(numbers.length);
  for (let i = 0; i < k.length; i++) k[i] = Math.max(-most, Math.min(most, numbers[i]!));
  return { form: 'grid', blocks, step, most, k };
}

type BlockFacts = Pick<BlockReport, 'bits' | 'values' | 'rank' | 'energyKept' | 'bytesAfter'>;

function squares(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}

function reportOf(
  blocks: Block[],
  before: Float32Array,
  after: Float32Array,
  facts: BlockFacts,
): BlockReport {
  let changed = 0;
  let lost = 0;
  const whole = squares(before);
  for (let i = 0; i < before.length; i++) {
    const difference = after[i]! - before[i]!;
    if (difference !== 0) changed++;
    lost += difference * difference;
  }
  return {
    parameters: blocks.map((b) => b.parameter),
    gate: blocks[0]!.gate,
    roles: blocks.map((b) => b.role),
    rows: blocks.reduce((n, b) => n + b.rows, 0),
    columns: blocks[0]!.columns,
    changed,
    norm: Math.sqrt(whole),
    error: lost === 0 ? 0 : Math.sqrt(lost / whole),
    bytesBefore: 4 * before.length,
    ...facts,
  };
}

/** Values of one block, or of a stack, in their new form; null where they stay as they are. */
function compressMatrix(
  blocks: Block[],
  values: Float32Array,
  spec: CompressionSpec,
  variant: CompressionVariant,
  clipsAtOne: boolean,
  method: SvdMethod | undefined,
): { form: StoredBlock | null } & BlockFacts {
  const n = blocks[0]!.columns;
  const m = values.length / n;
  if (spec.kind === 'round' || spec.kind === 'round-clip') {
    const form = onGrid(blocks, values, spec, variant, clipsAtOne);
    const bits = bitsFor(form.most);
    const bytesAfter = Math.ceil((values.length * bits) / 8) + 4;
    return { form, bits, values: new Set(form.k).size, bytesAfter };
  }
  if (spec.kind === 'int8' || spec.kind === 'int8-unit' || spec.kind === 'sign') {
    const scaled =
      spec.kind === 'sign' ? signs(values) : int8(values, n, spec.kind === 'int8-unit');
    const { bits, k, scales } = scaled;
    const bytesAfter = Math.ceil((values.length * bits) / 8) + 4 * scales.length;
    // Columns of different scales have no common values to be counted.
    const different = scales.length === 1 ? { values: new Set(k).size } : {};
    return { form: { form: 'scaled', blocks, ...scaled }, bits, ...different, bytesAfter };
  }
  if (spec.rank >= Math.min(m, n)) return { form: null, bytesAfter: 4 * values.length };
  const { rank, a, b, energyKept } = lowRank(values, m, n, spec.rank, method);
  const form: StoredBlock = { form: 'factors', blocks, factors: { rank, m, n, a, b } };
  return { form, rank, energyKept, bytesAfter: 4 * factorSize(m, n, rank) };
}

/**
 * Compresses the gate parameters of a model (`paper.COMPRESSION`, Tables 3 to 5), in place and block by
 * block: the weights become exactly what a saved compressed model holds. Biases never change, the output
 * gate and the candidate only when `gates` names them. A rank that is not below a block's smaller side
 * leaves that block as it is. When it fails, also by an interruption, the model is as before.
 * @param spec as data, or as text for `parseCompression`
 * @throws UsageError for stacked blocks of the `code` variant, which that code does not know
 * @throws UserError for weights that are not finite, and for a grid finer than float32
 */
export async function compressModel(
  model: CompressibleModel,
  spec: CompressionSpec | string,
  options: CompressOptions = {},
): Promise<Compression> {
  const plan = typeof spec === 'string' ? parseCompression(spec) : spec;
  const { variant = 'paper', gates = 'fi', svd, onProgress } = options;
  const stacked = plan.kind === 'svd-stacked';
  if (stacked && variant === 'code')
    throw new UsageError(
      'svd-stacked: the published code takes every block by itself; use svd:K, or the variant paper',
    );
  const clipsAtOne = variant === 'code' && model.parameters.has('encoder.embedding.weight');
  const matrices = matricesOf(compressionBlocks(model.parameters, { variant, gates }), stacked);
  const packed = new Map<string, Float32Array>();
  for (const { parameter } of matrices.flat())
    if (!packed.has(parameter)) packed.set(parameter, valuesOf(model, parameter));
  const width = (block: Block) => model.parameters.get(block.parameter)!.shape[1]!;
  const reports: BlockReport[] = [];
  const stored: StoredBlock[] = [];
  for (const [done, blocks] of matrices.entries()) {
    await breathe();
    const before = concatenated(
      blocks.map((b) => readBlock(packed.get(b.parameter)!, width(b), b)),
    );
    const { form, ...facts } = compressMatrix(blocks, before, plan, variant, clipsAtOne, svd);
    const after = form ? storedValues(form) : before;
    if (form) {
      stored.push(form);
      putBlocks(form, after, (name) => packed.get(name)!, width);
    }
    reports.push(reportOf(blocks, before, after, facts));
    onProgress?.((done + 1) / matrices.length);
  }
  assign(model, packed);
  const report = compressionReport(plan, { variant, gates }, model.parameters, reports);
  return { spec: plan, report, stored };
}

/** Puts the values of a stored block into the parameters it is of. */
export function putBlocks(
  stored: StoredBlock,
  values: Float32Array,
  parameter: (name: string) => Float32Array,
  width: (block: Block) => number,
): void {
  let at = 0;
  for (const block of stored.blocks) {
    const size = block.rows * block.columns;
    const part = values.subarray(at, at + size);
    writeBlock(parameter(block.parameter), width(block), block, part);
    at += size;
  }
}

/** A copy of a parameter's values. */
function valuesOf(model: CompressibleModel, name: string): Float32Array {
  const values = new Float32Array(model.parameters.get(name)!.dataSync());
  if (!values.every(Number.isFinite))
    throw new UserError(`"${name}" holds values that are no finite numbers: nothing to compress`);
  return values;
}

function assign(model: CompressibleModel, values: ReadonlyMap<string, Float32Array>): void {
  for (const [name, data] of values) {
    const variable = model.parameters.get(name)!;
    const value = tf.tensor(data, variable.shape);
    variable.assign(value);
    value.dispose();
  }
}

/**
 * Does `work` while the model is compressed, then puts back the old weights bit for bit, also when the
 * work fails: for sweeps over many compressions of one model.
 */
export async function withCompression<T>(
  model: CompressibleModel,
  spec: CompressionSpec | string,
  options: CompressOptions,
  work: (compression: Compression) => Promise<T> | T,
): Promise<T> {
  const before = new Map<string, Float32Array>();
  for (const { parameter } of compressionBlocks(model.parameters, options))
    if (!before.has(parameter)) before.set(parameter, valuesOf(model, parameter));
  try {
    return await work(await compressModel(model, spec, options));
  } finally {
    assign(model, before);
  }
}
