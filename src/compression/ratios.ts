/** How many numbers a low rank saves, by arithmetic on shapes alone: where the paper's 12x, 8x, 32x come from. */
import { type BlockOptions, compressionBlocks, type Shapes } from './gate-blocks.js';
import { factorSize } from './low-rank.js';

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
