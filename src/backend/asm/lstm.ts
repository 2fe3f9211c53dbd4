// One time step of the LSTM with binary-valued gates, for a block of hidden units j0..j1.
// Gate order f, i, o, g: a row of gates is [f | i | o | g], 4 * H numbers. The recurrent part of the
// pre-activation comes as a panel [rows, 4 * (j1 - j0)], the same order for this block of units alone.
import { madd } from './madd';
import { loadLanes, logFast, sigmoidFast, splat, storeLanes, tanhFast } from './math';
import { philoxPair, toUniform } from './philox';

// The gate parameters, written by the host (cell/gate-options.ts has the meaning):
//   0 f32 1/tau of f   4 f32 1/tau of i   8 f32 1/tau of o   12 f32 p   16 f32 epsilon
//  20 i32 noisy gates (1 f, 2 i, 4 o)    24 i32 hard gates  28 i32 schedule (0 step, 1 window-mask, 2 window)
//  32 i32 key0  36 i32 key1  40 i32 step  44 i32 stream
//  48 u32 given noise [T * B, 3 * H] or 0
const WHOLE_WINDOW: i32 = -1; // in place of t where a draw is kept for the window
const OUTPUT_GATE: i32 = 0x40000000; // stream bit: the output gate draws from blocks of its own

// @ts-ignore: decorator
@inline
function logisticNoise(uniformBits: v128, maskBits: v128, p: v128, epsilon: v128): v128 {
  const kept = f32x4.lt(toUniform(maskBits), p);
  const u = toUniform(uniformBits);
  // paper.DEPARTURES, row 3: log(U + e) - log(1 + e - U), as the log of the quotient; e = 0 is the paper's
  const noise = logFast(f32x4.div(f32x4.add(u, epsilon), f32x4.add(f32x4.sub(splat(1), u), epsilon)));
  return v128.and(noise, kept);
}

/**
 * Leaves at `scratch` the words U_f, U_i, mask_f, mask_i (or U_o, -, mask_o, -) of units j..j+3, and at
 * scratch + 64 those of j+4..j+7. `scratch` holds 256 bytes.
 */
// @ts-ignore: decorator
@inline
function drawGates(P: usize, unit: i32, t: i32, streamBit: i32, scratch: usize): void {
  const schedule = load<i32>(P, 28), key0 = load<i32>(P, 32), key1 = load<i32>(P, 36);
  const step = i32x4.splat(load<i32>(P, 40)), stream = i32x4.splat(load<i32>(P, 44) | streamBit);
  const element = i32x4.add(i32x4.splat(unit), i32x4(0, 1, 2, 3)), next = i32x4.add(element, i32x4.splat(4));
  philoxPair(element, next, i32x4.splat(schedule == 2 ? WHOLE_WINDOW : t), step, stream, key0, key1, scratch);
  if (schedule == 1) {
    philoxPair(element, next, i32x4.splat(WHOLE_WINDOW), step, stream, key0, key1, scratch + 128);
    v128.store(scratch, v128.load(scratch, 160), 32);
    v128.store(scratch, v128.load(scratch, 176), 48);
    v128.store(scratch, v128.load(scratch, 224), 96);
    v128.store(scratch, v128.load(scratch, 240), 112);
  }
}

/** The noise itself, [rows, 3 * H] (f, i, o; 0 where a gate gets none), as the forward step draws it. */
export function gateNoise(P: usize, out: usize, rows: i32, H: i32, t: i32, scratch: usize): void {
  const p = splat(load<f32>(P, 12)), e = splat(load<f32>(P, 16)), noisy = load<i32>(P, 20);
  const width: usize = (<usize>H) << 2, outputs = scratch + 256;
  memory.fill(out, 0, 3 * width * <usize>rows);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < H; j += 4) {
      const q = out + 3 * <usize>r * width + ((<usize>j) << 2), n = H - j, half: usize = j & 4 ? 64 : 0;
      if (!half) {
        drawGates(P, r * H + j, t, 0, scratch);
        if (noisy & 4) drawGates(P, r * H + j, t, OUTPUT_GATE, outputs);
      }
      const w = scratch + half, v = outputs + half;
      if (noisy & 1) storeLanes(q, logisticNoise(v128.load(w), v128.load(w, 32), p, e), n);
      if (noisy & 2) storeLanes(q + width, logisticNoise(v128.load(w, 16), v128.load(w, 48), p, e), n);
      if (noisy & 4) storeLanes(q + 2 * width, logisticNoise(v128.load(v), v128.load(v, 32), p, e), n);
    }
  }
}

// @ts-ignore: decorator
@inline
function preactivation(input: usize, recurrent: usize, bias: usize, n: i32): v128 {
  return f32x4.add(f32x4.add(loadLanes(input, n), loadLanes(recurrent, n)), loadLanes(bias, n));
}

// @ts-ignore: decorator
@inline
function hardOr(hard: i32, preactivation: v128, soft: v128): v128 {
  return hard ? v128.and(f32x4.gt(preactivation, splat(0)), splat(1)) : soft;
}

/**
 * Eq 2-7 (baseline) and Eq 11-16 (G2), rows r0..r1 of a batch of `rows`. `input` [rows, 4H] holds the
 * input projections, `gates` [rows, 4H] (may be the same) receives the gate values; c, tanh(c) and h
 * are [rows, H].
 */
export function gatesForward(P: usize, input: usize, gates: usize, recurrent: usize, bias: usize, cPrev: usize, c: usize, tanhC: usize, h: usize, rows: i32, H: i32, r0: i32, r1: i32, j0: i32, j1: i32, t: i32, scratch: usize): void {
  const tf = splat(load<f32>(P)), ti = splat(load<f32>(P, 4)), to = splat(load<f32>(P, 8));
  const p = splat(load<f32>(P, 12)), e = splat(load<f32>(P, 16));
  const noisy = load<i32>(P, 20), hard = load<i32>(P, 24), given = <usize>load<u32>(P, 48);
  const width: usize = (<usize>H) << 2, panel: usize = (<usize>(j1 - j0)) << 2, outputs = scratch + 256;
  for (let r = r0; r < r1; r++) {
    const row = gates + 4 * <usize>r * width, read = input + 4 * <usize>r * width, state = <usize>r * width, rec = recurrent + 4 * <usize>r * panel;
    const noiseRow = given ? given + 3 * width * <usize>(t * rows + r) : 0;
    for (let j = j0; j < j1; j += 4) {
      const n = j1 - j, o: usize = (<usize>j) << 2, q = row + o, x = read + o, s = rec + ((<usize>(j - j0)) << 2);
      let f = preactivation(x, s, bias + o, n);
      let i = preactivation(x + width, s + panel, bias + width + o, n);
      let og = preactivation(x + 2 * width, s + 2 * panel, bias + 2 * width + o, n);
      const g = tanhFast(preactivation(x + 3 * width, s + 3 * panel, bias + 3 * width + o, n)); // Eq 5, 14
      if (given) {
        f = f32x4.add(f, loadLanes(noiseRow + o, n));
        i = f32x4.add(i, loadLanes(noiseRow + width + o, n));
        og = f32x4.add(og, loadLanes(noiseRow + 2 * width + o, n));
      } else if (noisy) {
        const half: usize = (j - j0) & 4 ? 64 : 0;
        if (!half) {
          drawGates(P, r * H + j, t, 0, scratch);
          if (noisy & 4) drawGates(P, r * H + j, t, OUTPUT_GATE, outputs);
        }
        const w = scratch + half, v = outputs + half;
        if (noisy & 1) f = f32x4.add(f, logisticNoise(v128.load(w), v128.load(w, 32), p, e));
        if (noisy & 2) i = f32x4.add(i, logisticNoise(v128.load(w, 16), v128.load(w, 48), p, e));
        if (noisy & 4) og = f32x4.add(og, logisticNoise(v128.load(v), v128.load(v, 32), p, e));
      }
      f = hardOr(hard & 1, f, sigmoidFast(f32x4.mul(f, tf))); // Eq 2, 12
      i = hardOr(hard & 2, i, sigmoidFast(f32x4.mul(i, ti))); // Eq 3, 11
      og = hardOr(hard & 4, og, sigmoidFast(f32x4.mul(og, to))); // Eq 4, 13
      const cNew = madd(f, loadLanes(cPrev + state + o, n), f32x4.mul(i, g)); // Eq 6, 15
      const tc = tanhFast(cNew);
      storeLanes(q, f, n);
      storeLanes(q + width, i, n);
      storeLanes(q + 2 * width, og, n);
      storeLanes(q + 3 * width, g, n);
      storeLanes(c + state + o, cNew, n);
      storeLanes(tanhC + state + o, tc, n);
      storeLanes(h + state + o, f32x4.mul(og, tc), n); // Eq 7, 16
    }
  }
}

/**
 * Gradient of the step: gate values in `gates`, dL/dh in `dH`; writes dL/dpre-activation to `dGates`
 * [rows, 4H], turns `dC` into the gradient for the step before, adds to the bias gradient [4H].
 */
export function gatesBackward(P: usize, gates: usize, dGates: usize, cPrev: usize, tanhC: usize, dH: usize, dC: usize, dBias: usize, rows: i32, H: i32, j0: i32, j1: i32): void {
  const one = splat(1), tf = splat(load<f32>(P)), ti = splat(load<f32>(P, 4)), to = splat(load<f32>(P, 8));
  const width: usize = (<usize>H) << 2;
  for (let r = 0; r < rows; r++) {
    const state = <usize>r * width;
    for (let j = j0; j < j1; j += 4) {
      const n = j1 - j, o: usize = (<usize>j) << 2, q = gates + 4 * state + o, d = dGates + 4 * state + o;
      const f = loadLanes(q, n), i = loadLanes(q + width, n), og = loadLanes(q + 2 * width, n), g = loadLanes(q + 3 * width, n);
      const tc = loadLanes(tanhC + state + o, n), dh = loadLanes(dH + state + o, n);
      const dc = madd(f32x4.mul(dh, og), f32x4.sub(one, f32x4.mul(tc, tc)), loadLanes(dC + state + o, n));
      // dG/da = G (1 - G) / tau
      const df = f32x4.mul(f32x4.mul(f32x4.mul(dc, loadLanes(cPrev + state + o, n)), f32x4.mul(f, f32x4.sub(one, f))), tf);
      const di = f32x4.mul(f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i))), ti);
      const dog = f32x4.mul(f32x4.mul(f32x4.mul(dh, tc), f32x4.mul(og, f32x4.sub(one, og))), to);
      const dg = f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g)));
      storeLanes(dC + state + o, f32x4.mul(dc, f), n);
      storeLanes(d, df, n);
      storeLanes(d + width, di, n);
      storeLanes(d + 2 * width, dog, n);
      storeLanes(d + 3 * width, dg, n);
      const b = dBias + o;
      storeLanes(b, f32x4.add(loadLanes(b, n), df), n);
      storeLanes(b + width, f32x4.add(loadLanes(b + width, n), di), n);
      storeLanes(b + 2 * width, f32x4.add(loadLanes(b + 2 * width, n), dog), n);
      storeLanes(b + 3 * width, f32x4.add(loadLanes(b + 3 * width, n), dg), n);
    }
  }
}
