import type { GatePlan } from '#src/cell/gates.js';

/** Inputs of one LSTM layer as flat float64 arrays, time-major. */
export interface Float64Lstm {
  T: number;
  B: number;
  I: number;
  H: number;
  x: Float64Array;
  wx: Float64Array;
  wh: Float64Array;
  b: Float64Array;
  h0: Float64Array;
  c0: Float64Array;
  /** [T, B, 3H] or null. */
  noise: Float64Array | null;
}

/** Forward pass in float64, equation by equation: an independent check of the fused kernels. */
export function lstmFloat64(p: Float64Lstm, plan: GatePlan): { y: Float64Array; c: Float64Array } {
  const { T, B, I, H } = p;
  const y = new Float64Array(T * B * H);
  const c = Float64Array.from(p.c0);
  let h = Float64Array.from(p.h0);
  const gate = (a: number, g: number): number =>
    plan.hard & (1 << g) ? Number(a > 0) : 1 / (1 + Math.exp(-a * plan.inverseTau[g as 0]!));
  for (let t = 0; t < T; t++) {
    const next = new Float64Array(B * H);
    for (let n = 0; n < B; n++)
      for (let j = 0; j < H; j++) {
        const a = [0, 1, 2, 3].map((q) => {
          const column = q * H + j;
          let sum = p.b[column]!;
          for (let k = 0; k < I; k++) sum += p.x[(t * B + n) * I + k]! * p.wx[k * 4 * H + column]!;
          for (let k = 0; k < H; k++) sum += h[n * H + k]! * p.wh[k * 4 * H + column]!;
          return q < 3 && p.noise ? sum + p.noise[((t * B + n) * 3 + q) * H + j]! : sum;
        }) as [number, number, number, number];
        const at = n * H + j;
        c[at] = gate(a[0], 0) * c[at]! + gate(a[1], 1) * Math.tanh(a[3]);
        next[at] = gate(a[2], 2) * Math.tanh(c[at]!);
      }
    y.set(next, t * B * H);
    h = next;
  }
  return { y, c };
}
