/** What the gate parameters look like before they are compressed: how large, and of what rank. */
import type { CompressibleModel } from './compress.js';
import {
  type Block,
  type BlockOptions,
  compressionBlocks,
  concatenated,
  readBlock,
} from './gate-blocks.js';
import { type SvdMethod, svd } from './svd.js';

/** Singular values of one block, largest first. */
export interface BlockSpectrum {
  parameter: string;
  gate: Block['gate'];
  role: Block['role'];
  values: number[];
}

/** The values that a compression changes. */
export interface GateWeights {
  count: number;
  rootMeanSquare: number;
  /** Largest magnitude. */
  largest: number;
  /** Share of the values in bins of `width` from -`limit` to `limit`; the outer ones hold all beyond. */
  histogram: { limit: number; width: number; shares: number[] };
  spectra: BlockSpectrum[];
}

/** The values of one block of a model. */
export function blockValues(model: CompressibleModel, block: Block): Float32Array {
  const variable = model.parameters.get(block.parameter)!;
  return readBlock(variable.dataSync() as Float32Array, variable.shape[1]!, block);
}

/** All values of all blocks, one after the other. */
export function gateValues(model: CompressibleModel, options: BlockOptions = {}): Float32Array {
  const blocks = compressionBlocks(model.parameters, options);
  return concatenated(blocks.map((b) => blockValues(model, b)));
}

/** Shares of values in bins of `width` from -`limit` to `limit`; values beyond count in the outer bins. */
export function weightHistogram(
  values: Float32Array,
  { limit = 2, width = 0.05 }: { limit?: number; width?: number } = {},
): GateWeights['histogram'] {
  const bins = Math.round((2 * limit) / width);
  const shares = new Array<number>(bins).fill(0);
  for (const x of values) {
    const bin = Math.floor((x + limit) / width);
    shares[Math.max(0, Math.min(bins - 1, bin))]! += 1 / values.length;
  }
  return { limit, width, shares };
}

/** Singular values of every block that `svd:K` would cut. */
export function gateSpectra(
  model: CompressibleModel,
  options: BlockOptions & { method?: SvdMethod } = {},
): BlockSpectrum[] {
  return compressionBlocks(model.parameters, options).map((block) => {
    const { s } = svd(blockValues(model, block), block.rows, block.columns, options.method);
    const { parameter, gate, role } = block;
    return { parameter, gate, role, values: Array.from(s) };
  });
}

/** Share of the squared singular values that the first k hold, k = 0, 1, ...; all 1 where all are 0. */
export function energyKept(values: readonly number[]): number[] {
  const total = values.reduce((sum, s) => sum + s * s, 0);
  let kept = 0;
  return [0, ...values].map((s) => {
    kept += s * s;
    return total === 0 ? 1 : Math.min(1, kept / total);
  });
}

/** Size, distribution and rank of the values that a compression changes. */
export function gateWeights(model: CompressibleModel, options: BlockOptions = {}): GateWeights {
  const values = gateValues(model, options);
  return {
    count: values.length,
    rootMeanSquare: Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length),
    largest: values.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    histogram: weightHistogram(values),
    spectra: gateSpectra(model, options),
  };
}
