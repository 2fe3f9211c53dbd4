/** The parameters of the input and forget gates of a language model, read out and put in block by block. */
import * as tf from '@tensorflow/tfjs';
import { LanguageModel } from '../lm/model.js';

/** Column blocks of a packed LSTM tensor, in order (paper.md section 5, row 6). */
const PACKED = ['f', 'i', 'o', 'g'] as const;

export type GateName = 'f' | 'i';

/** One gate's columns of one packed tensor. */
export interface GateBlock {
  /** Tensor it belongs to, such as `lstm.0.weight_hh`. */
  tensor: string;
  gate: GateName;
  /** Rows: inputs of the matrix, 1 for a bias. */
  rows: number;
  /** Columns: hidden units H. */
  columns: number;
  /** Copy of the values, row-major [rows, columns]. */
  values: Float32Array;
}

/** LSTM tensors of a model in order: per layer `weight_ih`, `weight_hh`, `bias`. */
function packedNames(model: LanguageModel): string[] {
  return [...model.parameters.keys()].filter((name) => name.startsWith('lstm.'));
}

/** First place of a block's row in the packed tensor [rows, 4H]. */
const rowStart = (block: Omit<GateBlock, 'values'>, row: number): number =>
  (4 * row + PACKED.indexOf(block.gate)) * block.columns;

/** The forget and input blocks of packed values by tensor name (parameters, or their gradients). */
export function blocksOf(
  model: LanguageModel,
  packed: (name: string) => Float32Array,
): GateBlock[] {
  return packedNames(model).flatMap((tensor) => {
    const from = packed(tensor);
    const shape = model.parameters.get(tensor)!.shape;
    const H = shape.at(-1)! / 4; // layers may differ in width
    const rows = from.length / (4 * H);
    return (['f', 'i'] as const).map((gate) => {
      const block = { tensor, gate, rows, columns: H, values: new Float32Array(rows * H) };
      for (let row = 0; row < rows; row++) {
        const at = rowStart(block, row);
        block.values.set(from.subarray(at, at + H), row * H);
      }
      return block;
    });
  });
}

/**
 * All parameters of the forget and input gates, both matrices and the bias of every layer; six blocks
 * a layer. The values are copies.
 */
export function gateBlocks(model: LanguageModel): GateBlock[] {
  return blocksOf(model, (name) => model.parameters.get(name)!.dataSync() as Float32Array);
}

/** Puts values into a model; blocks that are not named keep theirs, output gate and candidate always do. */
export function setGateBlocks(model: LanguageModel, blocks: readonly GateBlock[]): void {
  for (const name of new Set(blocks.map((b) => b.tensor))) {
    const variable = model.parameters.get(name)!;
    const packed = Float32Array.from(variable.dataSync());
    for (const block of blocks.filter((b) => b.tensor === name))
      for (let row = 0; row < block.rows; row++)
        packed.set(
          block.values.subarray(row * block.columns, (row + 1) * block.columns),
          rowStart(block, row),
        );
    const value = tf.tensor(packed, variable.shape);
    variable.assign(value);
    value.dispose();
  }
}

/** New values of a block; must not write into it. */
export type GateChange = (block: GateBlock) => Float32Array;

/**
 * Does `work` while the gate parameters are changed, then puts back the old ones bit for bit, also
 * when the work fails.
 */
export async function withGateChange<T>(
  model: LanguageModel,
  change: GateChange,
  work: () => Promise<T> | T,
): Promise<T> {
  const before = gateBlocks(model);
  setGateBlocks(
    model,
    before.map((block) => ({ ...block, values: change(block) })),
  );
  try {
    return await work();
  } finally {
    setGateBlocks(model, before);
  }
}

/** A model of its own with the same parameters; `overrides` may change how its gates are computed. */
export function copyModel(
  model: LanguageModel,
  overrides: Partial<LanguageModel['config']> = {},
): LanguageModel {
  const copy = new LanguageModel({ ...model.config, ...overrides }, model.vocabularySize);
  for (const [name, variable] of model.parameters) {
    const value = tf.tensor(Float32Array.from(variable.dataSync()), variable.shape);
    copy.parameters.get(name)!.assign(value);
    value.dispose();
  }
  return copy;
}
