import type { Rank } from '../ranks.js';
import { type Factor, packColumns, packRows, rowsProduct } from './panels.js';

// The decoder layer with attention over a whole target sentence. Once the weights are given, every
// sentence goes its own way, so the ranks share the rows of the batch for the whole loop over time and
// meet only where weights are packed or their gradients summed.

/**
 * Sizes and addresses of both programs, in the order of their arguments; 0 where unused. N = T * B;
 * `first` is the transition that reads the word, `second` (conditional form) the one that reads the
 * context. Row block 0 of hs and cs [N + B, H] is the initial state.
 */
export const ATTENTION_ARGUMENTS = [
  ...['T', 'B', 'S', 'M', 'H', 'D', 'A', 'conditional', 'block'],
  // inputs: words [N, 4H], memory, weights
  ...['input', 'annotations', 'keys', 'lengths', 'columns'],
  ...['wh', 'b', 'wc', 'query', 'score', 'wh2', 'b2', 'params1', 'params2'],
  // kept for the gradient: gates [N, 4H]; h1, c1, tanh1 [N, H] of the first transition where there are
  // two; q [N, A], weights [N, S], context [N, D]
  ...['gates1', 'gates2', 'h1', 'c1', 'tanh1', 'hs', 'cs', 'tanhC', 'q', 'weights', 'context'],
  // workspaces: panels of all weights, recurrent [B, 4H]
  ...['panels', 'recurrent'],
  // gradients: dh [N, H] and dContext [N, D] start as what comes from above, dc [B, H] as 0
  ...['dh', 'dContext', 'dc', 'dh0', 'dGates1', 'dGates2', 'dh1', 'dq', 'energies'],
  ...['dAnnotations', 'dKeys', 'dwh', 'db', 'dwc', 'dQuery', 'dScore', 'dwh2', 'db2'],
  // parts of the bias gradients [blocks, 4H], of the score's [B, A]
  ...['dbParts', 'db2Parts', 'dScoreParts'],
] as const;

export type AttentionArguments = Record<(typeof ATTENTION_ARGUMENTS)[number], number>;

function named(values: readonly number[]): AttentionArguments {
  const entries = ATTENTION_ARGUMENTS.map((name, i) => [name, values[i] as number]);
  return Object.fromEntries(entries) as AttentionArguments;
}

/** Weights that the loop multiplies by, packed by all ranks together; a barrier must follow. */
function factors(r: Rank, p: AttentionArguments, transposed: boolean): Record<string, Factor> {
  const { H, D, A } = p;
  let panels = p.panels;
  const make = (at: number, rows: number, columns: number): Factor => {
    const [k, n] = transposed ? [columns, rows] : [rows, columns];
    const own = panels;
    panels += k * n * 4;
    const [from, to] = r.part(n, r.skinny.width);
    if (to > from) {
      const panel = own + from * k * 4;
      if (transposed) packRows(r, at, panel, columns, from, to);
      else packColumns(r, at, panel, k, n, from, to);
    }
    return { at: own, k, n };
  };
  return {
    wh: make(p.wh, H, 4 * H),
    wc: make(p.wc, D, 4 * H),
    query: make(p.query, H, A),
    ...(p.conditional ? { wh2: make(p.wh2, H, 4 * H) } : {}),
  };
}

/** The whole sentence forward: fills gates, states, q, weights and context. */
export function attentionForward(r: Rank, ...values: number[]): void {
  const p = named(values);
  const { T, B, S, M, H, D, A, block } = p;
  const { wh, wc, query, wh2 } = factors(r, p, false) as Record<string, Factor>;
  const [from, to] = r.part(B, block);
  r.barrier();
  if (to <= from) return;
  const state = B * H * 4;
  const product = (w: Factor, a: number, beta: number, c: number): void =>
    rowsProduct(r, from, to, w, a, beta, c, block);
  const { recurrent } = p;
  for (let t = 0; t < T; t++) {
    const [h, c] = [p.hs + t * state, p.cs + t * state];
    const [gates1, gates2] = [p.gates1 + t * 4 * state, p.gates2 + t * 4 * state];
    const [h1, c1] = [p.h1 + t * state, p.c1 + t * state];
    const [q, context] = [p.q + t * B * A * 4, p.context + t * B * D * 4];
    const attend = (state: number): void => {
      product(query!, state, 0, q);
      r.kernels.attentionForward(
        ...[p.keys, p.annotations, p.lengths, p.columns, p.score],
        ...[q, p.weights + t * B * S * 4, context, from, to, S, M, A, D],
      );
    };
    /** One transition: its gates from `recurrent` and `input`, its states behind c0. */
    const step = (params: number, input: number, gates: number, b: number, states: number[]) =>
      r.kernels.gatesForward(
        ...[params, input, gates, recurrent, b, ...states],
        ...[B, H, from, to, 0, H, t, r.scratch],
      );
    const input = p.input + t * 4 * state;
    const last = [p.tanhC + t * state, h + state];
    if (p.conditional) {
      product(wh!, h, 0, recurrent);
      step(p.params1, input, gates1, p.b, [c, c1, p.tanh1 + t * state, h1]);
      attend(h1);
      product(wc!, context, 0, gates2);
      product(wh2!, h1, 0, recurrent);
      step(p.params2, gates2, gates2, p.b2, [c1, c + state, ...last]);
    } else {
      attend(h);
      product(wc!, context, 0, recurrent);
      product(wh!, h, 1, recurrent);
      step(p.params1, input, gates1, p.b, [c, c + state, ...last]);
    }
  }
}

/** out [n] = column sums of a [rows, n], shared by columns. */
function columnSums(r: Rank, a: number, out: number, rows: number, n: number): void {
  const [from, to] = r.part(n, 16);
  if (to > from) r.kernels.reduce(0, a, out, 1, rows, n, from, to, 1);
}

/** out [m, n] = a^T b over `rows` rows, a [rows, m], b [rows, n], shared by rows of out. */
function outerSum(
  r: Rank,
  rows: number,
  [a, m]: [number, number],
  [b, n]: [number, number],
  out: number,
): void {
  const [from, to] = r.part(m, 16);
  if (to > from) r.gemm(1, 0, to - from, n, rows, a + from * 4, m, b, n, 0, out + from * n * 4, n);
}

/** The whole sentence backward; dGates1 is the words' gradient. Sentences of their own (M = B) only. */
export function attentionBackward(r: Rank, ...values: number[]): void {
  const p = named(values);
  const { T, B, S, M, H, D, A, block } = p;
  const { wh, wc, query, wh2 } = factors(r, p, true) as Record<string, Factor>;
  const [from, to] = r.part(B, block);
  const [s0, s1] = r.part(S, 1);
  const zero = (at: number, row: number, a: number, b: number): void => {
    if (b > a) r.kernels.zeroBytes(at + a * row * 4, (b - a) * row * 4);
  };
  zero(p.dKeys, M * A, s0, s1);
  zero(p.dc, H, from, to);
  zero(p.dScoreParts, A, from, to);
  zero(p.dbParts, 4 * H, from / block, Math.ceil(to / block));
  if (p.conditional) zero(p.db2Parts, 4 * H, from / block, Math.ceil(to / block));
  r.barrier();
  const state = B * H * 4;
  const product = (w: Factor, a: number, beta: number, c: number): void =>
    rowsProduct(r, from, to, w, a, beta, c, block);
  for (let t = T - 1; t >= 0 && to > from; t--) {
    const [dGates1, dGates2] = [p.dGates1 + t * 4 * state, p.dGates2 + t * 4 * state];
    const dh = p.dh + t * state;
    const before: [number, number] = t > 0 ? [1, dh - state] : [0, p.dh0];
    /** The transition's gates: dL/dh -> dL/dpre-activations, and dc one transition back. */
    const step = (
      params: number,
      gates: number,
      dGates: number,
      cPrev: number,
      tanhC: number,
      dH: number,
      parts: number,
    ): void => {
      for (let row = from; row < to; row += block) {
        const [at, wide] = [row * H * 4, row * H * 16];
        r.kernels.gatesBackward(
          ...[params, gates + t * 4 * state + wide, dGates + wide, cPrev + t * state + at],
          ...[tanhC + t * state + at, dH + at, p.dc + at, parts + (row / block) * H * 16],
          ...[Math.min(block, to - row), H, 0, H],
        );
      }
    };
    const dContext = p.dContext + t * B * D * 4;
    const [q, dq, weights] = [p.q + t * B * A * 4, p.dq + t * B * A * 4, p.weights + t * B * S * 4];
    const attend = (): void =>
      r.kernels.attentionBackward(
        ...[p.keys, p.annotations, p.lengths, p.score, q, weights, dContext, dq, p.dKeys],
        ...[p.dScoreParts, p.energies, from, to, S, M, A, D],
      );
    if (p.conditional) {
      step(p.params2, p.gates2, dGates2, p.c1, p.tanhC, dh, p.db2Parts);
      product(wh2!, dGates2, 0, p.dh1);
      product(wc!, dGates2, 1, dContext);
      attend();
      product(query!, dq, 1, p.dh1);
      step(p.params1, p.gates1, dGates1, p.cs, p.tanh1, p.dh1, p.dbParts);
      product(wh!, dGates1, ...before);
    } else {
      step(p.params1, p.gates1, dGates1, p.cs, p.tanhC, dh, p.dbParts);
      product(wc!, dGates1, 1, dContext);
      attend();
      product(wh!, dGates1, ...before);
      product(query!, dq, 1, before[1]);
    }
  }
  // annotations [S, D] of a sentence: its weights [T, S] by its contexts' gradients [T, D]
  for (let b = from; b < to; b++)
    r.gemm(
      ...([1, 0, S, D, T, p.weights + b * S * 4, B * S] as const),
      ...([p.dContext + b * D * 4, B * D, 0, p.dAnnotations + b * D * 4, M * D] as const),
    );
  r.barrier();
  const N = T * B;
  const asked: [number, number] = [p.conditional ? p.h1 : p.hs, H];
  outerSum(r, N, [p.hs, H], [p.dGates1, 4 * H], p.dwh);
  outerSum(r, N, [p.context, D], [p.conditional ? p.dGates2 : p.dGates1, 4 * H], p.dwc);
  outerSum(r, N, asked, [p.dq, A], p.dQuery);
  if (p.conditional) outerSum(r, N, [p.h1, H], [p.dGates2, 4 * H], p.dwh2);
  const blocks = Math.ceil(B / block);
  columnSums(r, p.dbParts, p.db, blocks, 4 * H);
  if (p.conditional) columnSums(r, p.db2Parts, p.db2, blocks, 4 * H);
  columnSums(r, p.dScoreParts, p.dScore, B, A);
}
