/** Which blocks of which parameters a compression changes. Works on names and shapes alone. */

/** Column blocks of a packed LSTM tensor, in order (paper.DEPARTURES, row 6). */
export const GATE_ORDER = ['f', 'i', 'o', 'g'] as const;

export type GateLetter = (typeof GATE_ORDER)[number];

/**
 * `paper`: the gates' parameters of every LSTM layer, all matrices. `code`: what the published code
 * changes; of language models the same (paper.DEPARTURES, row 11), of translation models only
 * hidden-to-hidden and context matrices, and half of the attention's key projection (row 12).
 */
export type CompressionVariant = 'paper' | 'code';

export const COMPRESSION_VARIANTS = ['paper', 'code'] as const;

export interface BlockOptions {
  /** Default `paper`. */
  variant?: CompressionVariant;
  /** Letters of the gates, of `fiog`. Default `fi`. */
  gates?: string;
}

/** A rectangle of one parameter, [rows, columns] from (firstRow, firstColumn). */
export interface Block {
  /** Name of the parameter, such as `lstm.0.weight_hh`. */
  parameter: string;
  /** Null for the part of the attention that the published code changes. */
  gate: GateLetter | null;
  /** What the rows are read from. */
  role: 'input' | 'hidden' | 'context' | 'attention';
  /** The transition whose pre-activation it is part of; what `svd-stacked` puts on top of each other. */
  transition: string;
  firstRow: number;
  rows: number;
  firstColumn: number;
  columns: number;
}

/** Names and shapes of parameters: a model's `parameters`, or `parameterPlans()` by name. */
export type Shapes = Iterable<readonly [string, { readonly shape: readonly number[] }]>;

const MATRIX =
  /^((?:lstm\.\d+|encoder\.\d+(?:\.forward|\.backward)?|decoder\.\d+(?:\.second)?))\.weight_(ih|hh|ctx)$/;
const ROLES = { ih: 'input', hh: 'hidden', ctx: 'context' } as const;

/** Every gate block of an LSTM parameter; the context's rows of an upper decoder layer apart. */
function gateBlocksOf(
  name: string,
  shape: readonly number[],
  gates: string,
  conditional: boolean,
): Block[] {
  const match = MATRIX.exec(name);
  if (!match) return [];
  const [, layer, kind] = match as unknown as [string, string, keyof typeof ROLES];
  const columns = shape[1]! / 4;
  // In a conditional LSTM the second transition reads the context (paper.DEPARTURES, row 14).
  const transition = kind === 'ctx' && conditional ? `${layer}.second` : layer;
  // An upper decoder layer reads [output below; context]: H rows, then the context's.
  const above = kind === 'ih' && /^decoder\.[1-9]/.test(layer) ? columns : shape[0]!;
  const parts = [
    { role: ROLES[kind], firstRow: 0, rows: above },
    { role: 'context' as const, firstRow: above, rows: shape[0]! - above },
  ].filter(({ rows }) => rows > 0);
  return parts.flatMap((part) =>
    GATE_ORDER.flatMap((gate, at) =>
      gates.includes(gate)
        ? [{ parameter: name, gate, transition, ...part, firstColumn: at * columns, columns }]
        : [],
    ),
  );
}

/** The name match of the published code takes the key projection for a packed [.., 4H] matrix. */
function attentionBlocks(shape: readonly number[]): Block[] {
  const columns = Math.floor(shape[1]! / 4);
  const whole = { parameter: 'attention.key.weight', gate: null, role: 'attention' as const };
  return columns === 0
    ? []
    : [0, columns].map((firstColumn) => ({
        ...whole,
        transition: 'attention',
        firstRow: 0,
        rows: shape[0]!,
        firstColumn,
        columns,
      }));
}

/** The blocks that a compression changes, in the order of the parameters. Biases are never among them. */
export function compressionBlocks(shapes: Shapes, options: BlockOptions = {}): Block[] {
  const { variant = 'paper', gates = 'fi' } = options;
  if (gates === '' || [...gates].some((g) => !(GATE_ORDER as readonly string[]).includes(g)))
    throw new RangeError(`gates '${gates}': letters of ${GATE_ORDER.join('')}`);
  const all = new Map([...shapes].map(([name, { shape }]) => [name, shape]));
  const conditional = all.has('decoder.0.second.weight_hh');
  const translation = all.has('encoder.embedding.weight');
  return [...all].flatMap(([name, shape]) => {
    if (variant === 'paper' || !translation) return gateBlocksOf(name, shape, gates, conditional);
    if (name === 'attention.key.weight') return attentionBlocks(shape);
    return gateBlocksOf(name, shape, gates, conditional).filter(({ role }) => role !== 'input');
  });
}

/** The blocks of a parameter [rows, width], row-major, read out. */
export function readBlock(values: Float32Array, width: number, block: Block): Float32Array {
  const { firstRow, rows, firstColumn, columns } = block;
  const read = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const from = (firstRow + r) * width + firstColumn;
    read.set(values.subarray(from, from + columns), r * columns);
  }
  return read;
}

/** Puts a block's values in their place. */
export function writeBlock(
  values: Float32Array,
  width: number,
  block: Block,
  from: Float32Array,
): void {
  const { firstRow, rows, firstColumn, columns } = block;
  for (let r = 0; r < rows; r++) {
    const row = from.subarray(r * columns, (r + 1) * columns);
    values.set(row, (firstRow + r) * width + firstColumn);
  }
}

/** Lists of values, one behind the other. */
export function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
