/** The parameters of a model's gates, read out and put in block by block. */
import { tf } from '#tfjs';
import { LanguageModel } from '../lm/model.js';
import { GATE_ORDER, type GateLetter } from './gate-blocks.js';

export type GateName = GateLetter;

/** Any model with named parameters: a LanguageModel or a TranslationModel. */
export interface ModelWithGates {
  readonly parameters: ReadonlyMap<string, tf.Variable>;
}

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

/** Packed tensors of LSTM layers, those of translation models too; group 1 is the layer. */
const PACKED =
  /^(lstm\.\d+|encoder\.\d+(?:\.forward|\.backward)?|decoder\.\d+(?:\.second)?)\.(weight_ih|weight_hh|weight_ctx|bias)$/;

/** LSTM tensors of a model in order: per layer `weight_ih`, `weight_hh`, `bias`. */
export const packedNames = (model: ModelWithGates): string[] =>
  [...model.parameters.keys()].filter((name) => PACKED.test(name));

/** The layer that a packed tensor belongs to: `lstm.0`, `encoder.0.forward`. */
export const layerOf = (tensor: string): string => PACKED.exec(tensor)?.[1] ?? tensor;

/** First place of a block's row in the packed tensor [rows, 4H]. */
const rowStart = (block: Omit<GateBlock, 'values'>, row: number): number =>
  (4 * row + GATE_ORDER.indexOf(block.gate)) * block.columns;

/** The blocks of packed values by tensor name (parameters, or their gradients), by default of f and i. */
export function blocksOf(
  model: ModelWithGates,
  packed: (name: string) => Float32Array,
  gates = 'fi',
): GateBlock[] {
  const wanted = GATE_ORDER.filter((gate) => gates.includes(gate));
  return packedNames(model).flatMap((tensor) => {
    const from = packed(tensor);
    const shape = model.parameters.get(tensor)!.shape;
    const H = shape.at(-1)! / 4; // layers may differ in width
    const rows = from.length / (4 * H);
    return wanted.map((gate) => {
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
 * All parameters of some gates, letters of `fiog`: the matrices and the bias of every layer. By default
 * of the forget and input gates, six blocks a layer of a language model. The values are copies.
 */
export function gateBlocks(model: ModelWithGates, gates = 'fi'): GateBlock[] {
  return blocksOf(model, (name) => model.parameters.get(name)!.dataSync() as Float32Array, gates);
}

/** Puts values into a model; blocks that are not named keep theirs. */
export function setGateBlocks(model: ModelWithGates, blocks: readonly GateBlock[]): void {
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
 * Does `work` while the parameters of some gates are changed, then puts back the old ones bit for bit, also
 * when the work fails.
 */
export async function withGateChange<T>(
  model: ModelWithGates,
  change: GateChange,
  work: () => Promise<T> | T,
  gates = 'fi',
): Promise<T> {
  const before = gateBlocks(model, gates);
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
