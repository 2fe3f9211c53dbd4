import type { GatePlan } from '#src/cell/gates.js';
import type { Name, Size } from './attention-support.js';

export type Float64Arrays = Record<Name, Float64Array>;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** y[n] += x[k] W[k, n] */
function addProduct(y: Float64Array, x: Float64Array, w: Float64Array): void {
  const n = y.length;
  for (let k = 0; k < x.length; k++) for (let j = 0; j < n; j++) y[j]! += x[k]! * w[k * n + j]!;
}

/**
 * The decoder layer in float64, one sentence after the other, written from the formulas. `noise` of
 * each transition is [T, B, 3H] or null.
 */
export function attentionFloat64(
  { T, B, S, E, H, D, A, conditional }: Size,
  p: Float64Arrays,
  lengths: Int32Array,
  plan: GatePlan,
  noise: readonly (Float64Array | null)[],
): { h: Float64Array; context: Float64Array } {
  const hs = new Float64Array(T * B * H);
  const contexts = new Float64Array(T * B * D);
  for (let b = 0; b < B; b++) {
    let h = p.h0.slice(b * H, (b + 1) * H);
    let c = p.c0.slice(b * H, (b + 1) * H);
    const cell = (z: Float64Array, k: number, t: number): void => {
      const [hNew, cNew] = [new Float64Array(H), new Float64Array(H)];
      for (let j = 0; j < H; j++) {
        const gate = (g: number): number => {
          const a = z[g * H + j]! + (noise[k]?.[(t * B + b) * 3 * H + g * H + j] ?? 0);
          if (plan.hard & (1 << g)) return a > 0 ? 1 : 0;
          return sigmoid(a * plan.inverseTau[g as 0 | 1 | 2]);
        };
        cNew[j] = gate(0) * c[j]! + gate(1) * Math.tanh(z[3 * H + j]!);
        hNew[j] = gate(2) * Math.tanh(cNew[j]!);
      }
      [h, c] = [hNew, cNew];
    };
    for (let t = 0; t < T; t++) {
      const word = p.x.slice((t * B + b) * E, (t * B + b + 1) * E);
      const context = contexts.subarray((t * B + b) * D, (t * B + b + 1) * D);
      const attend = (): void => {
        const q = new Float64Array(A);
        addProduct(q, h, p.query);
        const energies = Array.from({ length: lengths[b]! }, (_, s) =>
          q.reduce((e, v, a) => e + p.score[a]! * Math.tanh(p.keys[(s * B + b) * A + a]! + v), 0),
        );
        const powers = energies.map(Math.exp);
        const total = powers.reduce((x, y) => x + y, 0);
        for (let s = 0; s < powers.length && s < S; s++)
          for (let d = 0; d < D; d++)
            context[d]! += (powers[s]! / total) * p.annotations[(s * B + b) * D + d]!;
      };
      const z = p.b.slice();
      addProduct(z, word, p.wx);
      addProduct(z, h, p.wh);
      if (conditional) {
        cell(z, 0, t);
        attend();
        const y = p.b2.slice();
        addProduct(y, context, p.wc);
        addProduct(y, h, p.wh2);
        cell(y, 1, t);
      } else {
        attend();
        addProduct(z, context, p.wc);
        cell(z, 0, t);
      }
      hs.set(h, (t * B + b) * H);
    }
  }
  return { h: hs, context: contexts };
}
