import type { Rank } from '../ranks.js';
import { packBackward, packColumns, packForward, skinnyProduct } from './panels.js';

// The LSTM over a whole sequence. Input projections and weight gradients are one GEMM over all
// T * B rows; only h W_hh runs step by step. There the ranks share the hidden units: each owns the
// columns j0..j1 of every gate, so one barrier a step is enough.

const UNIT_ALIGN = 8;

/** Where rank r keeps a panel of its own: panels lie one behind the other, 4 * H * H numbers in all. */
const panelAt = (panels: number, h: number, j0: number): number => panels + j0 * 16 * h;

/**
 * Forward. x [N, I], wx [I, 4H], wh [H, 4H], b [4H]; workspaces gates [N, 4H], hs and cs [N + B, H]
 * (row block 0 = initial state), tanhC [N, H], panels [H, 4H], recurrent [B, 4H]; N = T * B.
 */
export function lstmForward(
  r: Rank,
  T: number,
  B: number,
  I: number,
  H: number,
  x: number,
  wx: number,
  wh: number,
  b: number,
  gates: number,
  hs: number,
  cs: number,
  tanhC: number,
  panels: number,
  recurrent: number,
  params: number,
): void {
  const [n0, n1] = r.part(T * B, 1);
  const [j0, j1] = r.part(H, UNIT_ALIGN);
  const hj = j1 - j0;
  const state = B * H * 4;
  const panel = panelAt(panels, H, j0);
  const mine = recurrent + j0 * B * 16;
  if (n1 > n0)
    r.gemm(0, 0, n1 - n0, 4 * H, I, x + n0 * I * 4, I, wx, 4 * H, 0, gates + n0 * 16 * H, 4 * H);
  if (hj > 0) packForward(r, wh, panel, H, j0, j1);
  r.barrier();
  for (let t = 0; t < T; t++) {
    if (hj > 0) {
      skinnyProduct(r, B, 4 * hj, H, hs + t * state, H, panel, 0, mine, 4 * hj);
      r.kernels.gatesForward(
        params,
        gates + t * 4 * state,
        gates + t * 4 * state,
        mine,
        b,
        cs + t * state,
        cs + (t + 1) * state,
        tanhC + t * state,
        hs + (t + 1) * state,
        B,
        H,
        0,
        B,
        j0,
        j1,
        t,
        r.scratch,
      );
    }
    r.barrier();
  }
}

/**
 * Forward in evaluation, recurrent matrices of low rank as factors: a gate of rank k > 0 takes h A B, one of
 * rank 0 its columns of wh. shares [N, 4H] what the gates read besides h, a [H, K] and b [K, H] the factors
 * of all gates side by side and one below the other, K = kf + ki + ko + kg; workspaces gates [B, 4H],
 * cs [B, H] (starts as the initial state, ends as the last), tanhC [B, H], thin [B, K], panels
 * [2 K H + 4 H H], recurrent [B, 4H]; hs [N + B, H] as in lstmForward.
 */
export function lstmFactored(
  r: Rank,
  T: number,
  B: number,
  H: number,
  kf: number,
  ki: number,
  ko: number,
  kg: number,
  shares: number,
  a: number,
  b: number,
  wh: number,
  bias: number,
  gates: number,
  hs: number,
  cs: number,
  tanhC: number,
  thin: number,
  panels: number,
  recurrent: number,
  params: number,
): void {
  const ranks = [kf, ki, ko, kg];
  const K = kf + ki + ko + kg;
  const [j0, j1] = r.part(H, UNIT_ALIGN);
  const [k0, k1] = r.part(K, UNIT_ALIGN);
  const hj = j1 - j0;
  const state = B * H * 4;
  const first = panels + k0 * H * 4;
  // Behind the panels of a: of each gate those of its rows of b, or of its columns of wh.
  let at = panels + K * H * 4;
  let row = 0;
  const second = ranks.map((k) => {
    const height = k || H;
    const own = { panel: at + j0 * height * 4, k, row };
    at += height * H * 4;
    row += k;
    return own;
  });
  const mine = recurrent + j0 * B * 16;
  if (k1 > k0) packColumns(r, a, first, H, K, k0, k1);
  if (hj > 0)
    second.forEach(({ panel, k, row }, q) => {
      if (k > 0) packColumns(r, b + row * H * 4, panel, k, H, j0, j1);
      else packColumns(r, wh + q * H * 4, panel, H, 4 * H, j0, j1);
    });
  for (let t = 0; t < T; t++) {
    const h = hs + t * state;
    if (k1 > k0) skinnyProduct(r, B, k1 - k0, H, h, H, first, 0, thin + k0 * 4, K);
    r.barrier();
    if (hj > 0) {
      second.forEach(({ panel, k, row }, q) => {
        const out = mine + q * hj * 4;
        if (k > 0) skinnyProduct(r, B, hj, k, thin + row * 4, K, panel, 0, out, 4 * hj);
        else skinnyProduct(r, B, hj, H, h, H, panel, 0, out, 4 * hj);
      });
      r.kernels.gatesForward(
        params,
        shares + t * 4 * state,
        gates,
        mine,
        bias,
        cs,
        cs,
        tanhC,
        hs + (t + 1) * state,
        B,
        H,
        0,
        B,
        j0,
        j1,
        t,
        r.scratch,
      );
    }
    r.barrier();
  }
}

/**
 * Backward. Adds to dh [N, H], which starts as dL/dy; turns dc [B, H] into dL/dc0. Writes dx, dwx, dwh,
 * db, dh0; workspaces dGates [N, 4H], panels [4H, H].
 */
export function lstmBackward(
  r: Rank,
  T: number,
  B: number,
  I: number,
  H: number,
  x: number,
  wx: number,
  wh: number,
  panels: number,
  gates: number,
  dGates: number,
  hs: number,
  cs: number,
  tanhC: number,
  dh: number,
  dc: number,
  dx: number,
  dwx: number,
  dwh: number,
  db: number,
  dh0: number,
  params: number,
): void {
  const N = T * B;
  const state = B * H * 4;
  const [n0, n1] = r.part(N, 1);
  const [j0, j1] = r.part(H, UNIT_ALIGN);
  const hj = j1 - j0;
  const panel = panelAt(panels, H, j0);
  if (hj > 0) {
    for (let q = 0; q < 4; q++) r.kernels.zeroBytes(db + (q * H + j0) * 4, hj * 4);
    packBackward(r, wh, panel, H, j0, j1);
  }
  for (let t = T - 1; t >= 0; t--) {
    const dA = dGates + t * 4 * state;
    if (hj > 0)
      r.kernels.gatesBackward(
        params,
        gates + t * 4 * state,
        dA,
        cs + t * state,
        tanhC + t * state,
        dh + t * state,
        dc,
        db,
        B,
        H,
        j0,
        j1,
      );
    r.barrier();
    if (hj > 0) {
      const [beta, out] = t > 0 ? [1, dh + (t - 1) * state] : [0, dh0];
      skinnyProduct(r, B, hj, 4 * H, dA, 4 * H, panel, beta, out + j0 * 4, H);
    }
  }
  if (n1 > n0)
    r.gemm(0, 1, n1 - n0, I, 4 * H, dGates + n0 * 16 * H, 4 * H, wx, 4 * H, 0, dx + n0 * I * 4, I);
  const [a, c] = r.part(H, 16);
  if (c > a)
    r.gemm(1, 0, c - a, 4 * H, N, hs + a * 4, H, dGates, 4 * H, 0, dwh + a * 16 * H, 4 * H);
  const [d, e] = r.part(I, 16);
  if (e > d) r.gemm(1, 0, e - d, 4 * H, N, x + d * 4, I, dGates, 4 * H, 0, dwx + d * 16 * H, 4 * H);
}

/** The noise that lstmForward would draw: out [T * B, 3H]. */
export function gateNoise(
  r: Rank,
  params: number,
  out: number,
  T: number,
  B: number,
  H: number,
): void {
  const [from, to] = r.part(T, 1);
  for (let t = from; t < to; t++)
    r.kernels.gateNoise(params, out + t * B * 12 * H, B, H, t, r.scratch);
}
