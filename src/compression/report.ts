/** What a compression did, counted. */
import { type Block, type BlockOptions, compressionBlocks, type Shapes } from './gate-blocks.js';
import { factorSize } from './low-rank.js';
import { type CompressionSpec, formatCompression } from './spec.js';

/** One block, or one stack of blocks. */
export interface BlockReport {
  /** Names of its parameters, one unless stacked. */
  parameters: string[];
  /** `f`, `i`, ...; null for the part of the attention. */
  gate: Block['gate'];
  roles: Block['role'][];
  rows: number;
  columns: number;
  /** Values that are not what they were. */
  changed: number;
  /** Frobenius norm of the values before. */
  norm: number;
  /** Frobenius norm of the change over it; 0 where both are 0. */
  error: number;
  /** Low precision: bits a value, and how many different values there are. */
  bits?: number;
  values?: number;
  /** Low rank; absent where the block's smaller side is no larger, and the block was left as it is. */
  rank?: number;
  /** Share of the squared singular values that the rank keeps. */
  energyKept?: number;
  /** As float32. */
  bytesBefore: number;
  /** Packed whole numbers and their scales (4 bytes each), or the two factors as float32. */
  bytesAfter: number;
}

/** Bytes before and after, and before / after. */
export interface Sizes {
  bytesBefore: number;
  bytesAfter: number;
  ratio: number;
}

/** A ratio that the paper states. */
export interface PaperRatio {
  ratio: number;
  table: string;
  /** Units of the model it is for. */
  units: number;
}

export interface CompressionReport {
  /** As `parseCompression` reads it. */
  spec: string;
  variant: NonNullable<BlockOptions['variant']>;
  gates: string;
  blocks: BlockReport[];
  /** What was compressed. */
  compressed: Sizes;
  /** All parameters of the gates named, those matrices and biases that stay as they are included. */
  gateParameters: Sizes;
  /** The whole model. */
  model: Sizes;
  /** What the paper states for this rank; null where it states nothing. */
  paper: PaperRatio | null;
}

/** Before / after; 1 of nothing. */
export function sizes(bytesBefore: number, bytesAfter: number): Sizes {
  return { bytesBefore, bytesAfter, ratio: bytesBefore === 0 ? 1 : bytesBefore / bytesAfter };
}

const count = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/**
 * 12x, 8x and 32x: rank 64 of [W_x; W_h] at 1150 units, rank 16 of square blocks of 256 and of 1024.
 */
export function paperRatio(spec: CompressionSpec, shapes: Shapes): PaperRatio | null {
  if (spec.kind !== 'svd' && spec.kind !== 'svd-stacked') return null;
  const all = new Map([...shapes].map(([name, { shape }]) => [name, shape]));
  if (!all.has('encoder.embedding.weight'))
    return spec.rank === 64 ? { ratio: 12, table: 'Table 3', units: 1150 } : null;
  if (spec.rank !== 16) return null;
  return all.get('decoder.0.weight_hh')?.[0] === 1024
    ? { ratio: 32, table: 'Table 5', units: 1024 }
    : { ratio: 8, table: 'Table 4', units: 256 };
}

/** The whole report from those of the blocks. */
export function compressionReport(
  spec: CompressionSpec,
  options: Required<BlockOptions>,
  shapes: Shapes,
  blocks: BlockReport[],
): CompressionReport {
  const named = [...shapes];
  const sum = (list: readonly BlockReport[], key: 'bytesBefore' | 'bytesAfter') =>
    list.reduce((total, block) => total + block[key], 0);
  const saved = (list: readonly BlockReport[]) =>
    sum(list, 'bytesBefore') - sum(list, 'bytesAfter');
  const model = 4 * named.reduce((n, [, { shape }]) => n + count(shape), 0);
  const matrices = compressionBlocks(named, { gates: options.gates });
  // One bias a transition, [4H].
  const biases = named.filter(([name]) => /^(lstm|encoder|decoder)\.\d.*\.bias$/.test(name));
  const gates =
    matrices.reduce((n, { rows, columns }) => n + 4 * rows * columns, 0) +
    biases.reduce((n, [, { shape }]) => n + count(shape) * options.gates.length, 0);
  return {
    spec: formatCompression(spec),
    ...options,
    blocks,
    compressed: sizes(sum(blocks, 'bytesBefore'), sum(blocks, 'bytesAfter')),
    gateParameters: sizes(gates, gates - saved(blocks.filter(({ gate }) => gate !== null))),
    model: sizes(model, model - saved(blocks)),
    paper: paperRatio(spec, named),
  };
}

// How many numbers a low rank saves, by arithmetic on shapes alone: where the paper's 12x, 8x, 32x come from.

/** One matrix that is replaced by two factors; several of one shape count together. */
export interface LowRankRatio {
  /** What it is: `[W_x; W_h] of lstm.1`, or `weight_hh of lstm.1`. */
  name: string;
  rows: number;
  columns: number;
  /** How many matrices there are of it: one for each gate. */
  count: number;
  /** Numbers of all of them, before and after. */
  before: number;
  after: number;
  ratio: number;
}

/** Ratios of a model, matrix by matrix and together. */
export interface LowRankRatios {
  rank: number;
  stacked: boolean;
  matrices: LowRankRatio[];
  /** Over all of them, biases left out. */
  ratio: number;
}

/**
 * What rank k saves in the gate matrices of a model of these shapes; a matrix that is no larger than its
 * rank stays. `parameterPlans()` gives the shapes of a model that need not exist.
 */
export function lowRankRatios(
  shapes: Shapes,
  rank: number,
  options: BlockOptions & { stacked?: boolean } = {},
): LowRankRatios {
  const { stacked = false, ...which } = options;
  const found = new Map<string, LowRankRatio>();
  const gates = which.gates ?? 'fi';
  for (const block of compressionBlocks(shapes, { ...which, gates: gates[0]! })) {
    const kind = block.parameter.split('.').at(-1)!;
    const name = stacked ? `[W_x; W_h] of ${block.transition}` : `${kind} of ${block.transition}`;
    const { columns } = block;
    const known = found.get(name);
    const rows = (known?.rows ?? 0) + block.rows;
    const count = gates.length;
    const before = count * rows * columns;
    const after = rank < Math.min(rows, columns) ? count * factorSize(rows, columns, rank) : before;
    found.set(name, { name, rows, columns, count, before, after, ratio: before / after });
  }
  const matrices = [...found.values()];
  const sum = (key: 'before' | 'after') => matrices.reduce((n, m) => n + m[key], 0);
  return { rank, stacked, matrices, ratio: sum('before') / sum('after') };
}
