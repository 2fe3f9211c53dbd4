import type * as tf from '@tensorflow/tfjs';
import type { BlasBackend } from './backend.js';
import { type GateParameters, writeParameters } from './kernels/fused.js';
import { packColumns } from './programs/panels.js';
import { INSTRUCTION, INSTRUCTION_LENGTH } from './programs/rows.js';
import type { Storage } from './storage.js';

/** A weight matrix [k, n], copied into the panels that products with few rows want. */
export interface PackedWeights {
  k: number;
  n: number;
  storage: Storage;
}

/** Numbers with one row for every row of the batch; its memory is the program's. */
export interface RowBuffer {
  kind: 'rows';
  width: number;
  storage: Storage;
}

/** Numbers that live only while a block of rows goes through the program; every rank has its own. */
export interface BlockBuffer {
  kind: 'block';
  width: number;
  /** Bytes from the start of a rank's workspace. */
  offset: number;
}

export type RowOperand = RowBuffer | BlockBuffer;

/** Rows from..to of a matrix [., n], packed. Drop its storage when done. */
export function packWeights(
  be: BlasBackend,
  matrix: tf.Tensor2D,
  from = 0,
  to = matrix.shape[0],
): PackedWeights {
  const n = matrix.shape[1];
  const k = to - from;
  const storage = be.workspace(k * n);
  // Packed once for a whole text: not worth waking the other ranks.
  packColumns(be.team.main, be.address(matrix) + from * n * 4, storage.base, k, n, 0, n);
  return { k, n, storage };
}

/** Blocks of so many times `SkinnyForm.rows`: long enough that a call costs little, short for the cache. */
const BLOCK_TIMES = 3;

/**
 * A program for the ranks that treats every row of a batch alike: see programs/rows.ts. Describe it
 * instruction by instruction, then run() it on the first n rows; dispose() of it in the end.
 */
export class RowProgram {
  private readonly owned: Storage[] = [];
  private workspace = 0;
  private readonly instructions: ((rank: number) => number[])[] = [];
  private code: Storage | null = null;
  private local: Storage | null = null;

  constructor(
    private readonly be: BlasBackend,
    /** Most rows of a run. */
    readonly capacity: number,
  ) {}

  private get smallBlock(): number {
    return this.be.team.main.skinny.rows;
  }

  private get largeBlock(): number {
    return BLOCK_TIMES * this.smallBlock;
  }

  private own(bytes: number): Storage {
    const storage = this.be.allocate(bytes).hold();
    this.owned.push(storage);
    return storage;
  }

  /** Room for `width` numbers of every row. */
  rows(width: number): RowBuffer {
    return { kind: 'rows', width, storage: this.own(this.capacity * width * 4) };
  }

  /** Room for `width` numbers of the rows under way. */
  block(width: number): BlockBuffer {
    const offset = this.workspace;
    this.workspace += Math.ceil((this.largeBlock * width) / 16) * 64;
    return { kind: 'block', width, offset };
  }

  /** The rows as int32 to write before a run or to read after it. */
  ints({ storage, width }: RowBuffer): Int32Array {
    return new Int32Array(this.be.memoryOf.buffer, storage.base, this.capacity * width);
  }

  /** The rows as float32. */
  floats({ storage, width }: RowBuffer): Float32Array {
    return new Float32Array(this.be.memoryOf.buffer, storage.base, this.capacity * width);
  }

  /** Gate parameters of evaluation in shared memory, for `gates`. */
  gateParameters(parameters: GateParameters): number {
    if (parameters.noisyGates !== 0)
      throw new Error('RowProgram: noise belongs to training, which has fused ops of its own');
    const storage = writeParameters(this.be, parameters, undefined);
    this.owned.push(storage);
    return storage.base;
  }

  private operand(o: RowOperand, rank: number): [number, number] {
    if (o.kind === 'rows') return [o.storage.base, o.width * 4];
    return [this.local!.base + rank * this.workspace + o.offset, 0];
  }

  private add(code: number, args: (at: (o: RowOperand) => [number, number]) => number[]): void {
    this.instructions.push((rank) => [code, ...args((o) => this.operand(o, rank))]);
  }

  /** out = rows of `table` [words, width] at `ids`. */
  gather(table: tf.Tensor2D | RowBuffer, ids: RowBuffer, out: RowOperand): void {
    const [base, count] =
      'kind' in table
        ? [table.storage.base, this.capacity]
        : [this.be.address(table), table.shape[0]];
    this.add(INSTRUCTION.gather, (at) => [base, ...at(ids), ...at(out), out.width, count]);
  }

  /** c = a W, or c += a W. */
  product(a: RowOperand, w: PackedWeights, c: RowOperand, plus = false): void {
    if (a.width !== w.k || c.width !== w.n)
      throw new Error(`RowProgram: [${a.width}] by [${w.k}, ${w.n}] is no [${c.width}]`);
    const head = [w.storage.base, w.k, w.n];
    this.add(INSTRUCTION.product, (at) => [
      ...[...head, ...at(a), plus ? 1 : 0, ...at(c), this.largeBlock],
    ]);
  }

  /** One LSTM transition (Eq 2-7): `input` and `recurrent` [4H] -> c and h; `input` is overwritten. */
  gates(
    parameters: number,
    input: RowOperand,
    recurrent: RowOperand,
    bias: tf.Tensor1D,
    cBefore: RowOperand,
    c: RowOperand,
    h: RowOperand,
    tanhC: BlockBuffer,
  ): void {
    const b = this.be.address(bias);
    this.add(INSTRUCTION.gates, (at) => [
      ...[parameters, ...at(input), ...at(recurrent), b, ...at(cBefore), ...at(c), ...at(h)],
      ...[at(tanhC)[0], h.width],
    ]);
  }

  /** Additive attention of each row over the sentence `columns` names; see cell/attention-decoder.ts. */
  attend(
    memory: { keys: tf.Tensor3D; annotations: tf.Tensor3D; lengths: tf.Tensor1D },
    score: tf.Tensor1D,
    columns: RowBuffer,
    query: RowOperand,
    weights: RowOperand,
    context: RowOperand,
  ): void {
    const { keys, annotations, lengths } = memory;
    const [S, M, A] = keys.shape;
    const [k, a, l, v] = [keys, annotations, lengths, score].map((t) => this.be.address(t));
    this.add(INSTRUCTION.attend, (at) => [
      ...[k!, a!, l!, ...at(columns), v!, ...at(query), ...at(weights), ...at(context)],
      ...[S, M, A, annotations.shape[2]],
    ]);
  }

  /** x += y. */
  plus(x: RowOperand, y: RowOperand): void {
    this.add(INSTRUCTION.add, (at) => [...at(x), ...at(y), x.width]);
  }

  /** out = x. */
  copy(x: RowOperand, out: RowOperand): void {
    this.add(INSTRUCTION.copy, (at) => [...at(x), ...at(out), x.width]);
  }

  /** x = tanh(x + bias). */
  tanh(x: RowOperand, bias: tf.Tensor1D): void {
    const b = this.be.address(bias);
    this.add(INSTRUCTION.tanh, (at) => [...at(x), b, x.width]);
  }

  /** The k best of softmax(logits + bias), as topLogProbabilities gives them. */
  top(logits: RowOperand, bias: tf.Tensor1D, values: RowBuffer, ids: RowBuffer): void {
    const b = this.be.address(bias);
    const [V, k] = [logits.width, values.width];
    this.add(INSTRUCTION.top, (at) => [...at(logits), b, ...at(values), ...at(ids), V, k]);
  }

  /** Writes the instructions down; none can be added afterwards. */
  private assemble(): Storage {
    const { team } = this.be;
    this.local = this.own(this.workspace * team.threads);
    const bytes = this.instructions.length * INSTRUCTION_LENGTH * 8;
    const code = this.own(bytes * team.threads);
    for (let rank = 0; rank < team.threads; rank++) {
      const list = new Float64Array(this.be.memoryOf.buffer, code.base + rank * bytes, bytes / 8);
      this.instructions.forEach((instruction, i) => {
        list.set(instruction(rank), i * INSTRUCTION_LENGTH);
      });
    }
    return code;
  }

  /** Runs the program on rows 0..n. */
  run(n: number): void {
    this.code ??= this.assemble();
    // Rows depend on nothing but themselves, so the size of a block is free to follow their number.
    const { threads } = this.be.team;
    const block = n >= this.largeBlock * 2 * threads ? this.largeBlock : this.smallBlock;
    const count = this.instructions.length;
    const bytes = count * INSTRUCTION_LENGTH * 8;
    const few = n <= block;
    const args = [n, block, this.code.base, bytes, count];
    if (few) this.be.team.runSolo('rows', ...args);
    else this.be.team.run('rows', ...args);
  }

  dispose(): void {
    for (const storage of this.owned) storage.drop();
    this.owned.length = 0;
  }
}
