import type { Rank } from '../ranks.js';
import { type Factor, rowsProduct } from './panels.js';

// A program of the caller's own making that treats every row of a batch alike: one instruction behind
// the other on a few rows at a time, which stay in the cache. The ranks share the rows and meet only at
// the end, however many instructions there are; for decoding, whose steps are many and small.

/** Numbers of one instruction: its code and its arguments. */
export const INSTRUCTION_LENGTH = 24;

/** Codes of the instructions; their arguments are named beside each. */
export const INSTRUCTION = {
  /** out [., width] = table [rows, width] at ids; ids, out are row operands. */
  gather: 0,
  /** c [., n] = a [., k] W + beta c, W in panels. */
  product: 1,
  /** One LSTM transition in evaluation; see asm/lstm.ts. */
  gates: 2,
  /** Attention of every row over its sentence; see asm/attention.ts. */
  attend: 3,
  /** x [., width] += y. */
  add: 4,
  /** x [., width] = tanh(x + bias). */
  tanh: 5,
  /** Best k of every row of softmax(logits + bias). */
  top: 6,
  /** out [., width] = x. */
  copy: 7,
} as const;

/** Codes of asm/elementwise.ts. */
const [ADD, TANH] = [0, 6];

/**
 * Runs the instructions on rows 0..n, `block` rows at a time. Each rank has its own list, since each
 * has its own workspaces: rank q's begins at code + q * bytes. A row operand is two numbers: the
 * address of row 0 and the bytes from row to row, 0 for a workspace that holds the rows of one block.
 */
export function rows(
  r: Rank,
  n: number,
  block: number,
  code: number,
  bytes: number,
  count: number,
): void {
  const [from, to] = r.part(n, block);
  if (to <= from) return;
  const list = new Float64Array(
    r.memory.wasm.buffer,
    code + r.rank * bytes,
    count * INSTRUCTION_LENGTH,
  );
  for (let row = from; row < to; row += block) {
    const m = Math.min(block, to - row);
    for (let i = 0; i < count; i++) {
      const at = i * INSTRUCTION_LENGTH;
      EXECUTE[list[at] as number]!(r, row, m, list.subarray(at + 1, at + INSTRUCTION_LENGTH));
    }
  }
}

type Execute = (r: Rank, row: number, m: number, p: Float64Array) => void;

/** Address of operand i, i + 1 at a row. */
const at = (p: Float64Array, i: number, row: number): number => p[i]! + row * p[i + 1]!;

const EXECUTE: Execute[] = [
  (r, row, m, p) => {
    // table, ids, out, width, rows
    r.kernels.gatherRows(p[0]!, at(p, 1, row), at(p, 3, row), m, p[5]!, p[6]!);
  },
  (r, row, m, p) => {
    // panels, k, n, a, beta, c, rows of a call
    const factor: Factor = { at: p[0]!, k: p[1]!, n: p[2]! };
    rowsProduct(r, 0, m, factor, at(p, 3, row), p[5]!, at(p, 6, row), p[8]!);
  },
  (r, row, m, p) => {
    // parameters, input, recurrent, bias, c before, c, h, workspace for tanh(c), H
    const H = p[13]!;
    const input = at(p, 1, row);
    r.kernels.gatesForward(
      ...[p[0]!, input, input, at(p, 3, row), p[5]!, at(p, 6, row), at(p, 8, row), p[12]!],
      ...[at(p, 10, row), m, H, 0, m, 0, H, 0, r.scratch],
    );
  },
  (r, row, m, p) => {
    // keys, annotations, lengths, columns, score, query, weights, context, S, M, A, D
    r.kernels.attentionForward(
      ...[p[0]!, p[1]!, p[2]!, at(p, 3, row), p[5]!, at(p, 6, row), at(p, 8, row)],
      ...[at(p, 10, row), 0, m, p[12]!, p[13]!, p[14]!, p[15]!],
    );
  },
  // x, y, width
  (r, row, m, p) => r.kernels.axpy(at(p, 0, row), at(p, 2, row), m * p[4]!, 1),
  (r, row, m, p) => {
    // x, bias, width
    const [x, width] = [at(p, 0, row), p[3]!];
    r.kernels.binary(ADD, x, p[2]!, x, m, width, width, 1, 0, 1);
    r.kernels.unary(TANH, x, x, m * width);
  },
  (r, row, m, p) => {
    // logits, bias, values, ids, V, k
    r.kernels.topLogProbabilities(
      ...[at(p, 0, row), p[2]!, at(p, 3, row), at(p, 5, row), m, p[7]!, p[8]!],
    );
  },
  (r, row, m, p) => {
    // x, out, width
    r.kernels.copyRows(at(p, 0, row), at(p, 2, row), 1, m * p[4]! * 4, 0, 0);
  },
];
