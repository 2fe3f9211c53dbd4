/** The loss of a small language model in float64, written step by step from Eq 2-7. */
import type { LanguageModel } from '#src/lm/model.js';

export type Weights64 = Map<string, Float64Array>;

export const weights64 = (model: LanguageModel): Weights64 =>
  new Map([...model.parameters].map(([name, v]) => [name, Float64Array.from(v.dataSync())]));

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

/** Mean loss over segments that begin with a zero state. @param tau of f and i */
export function loss64(
  w: Weights64,
  { layers, hidden: H }: { layers: number; hidden: number },
  segments: { x: Int32Array[]; y: Int32Array[] },
  tau = 1,
): number {
  const V = w.get('decoder.bias')!.length;
  let [sum, count] = [0, 0];
  segments.x.forEach((words, s) => {
    const h = Array.from({ length: layers }, () => new Float64Array(H));
    const c = Array.from({ length: layers }, () => new Float64Array(H));
    words.forEach((word, t) => {
      let input = w.get('embedding.weight')!.slice(word * H, (word + 1) * H);
      for (let l = 0; l < layers; l++) {
        const [wx, wh, b] = ['weight_ih', 'weight_hh', 'bias'].map((p) => w.get(`lstm.${l}.${p}`)!);
        const a = Float64Array.from(b!);
        for (let r = 0; r < H; r++)
          for (let k = 0; k < 4 * H; k++)
            a[k]! += input[r]! * wx![r * 4 * H + k]! + h[l]![r]! * wh![r * 4 * H + k]!;
        const [hn, cn] = [new Float64Array(H), new Float64Array(H)];
        for (let j = 0; j < H; j++) {
          const [f, i] = [sigmoid(a[j]! / tau), sigmoid(a[H + j]! / tau)];
          cn[j] = f * c[l]![j]! + i * Math.tanh(a[3 * H + j]!);
          hn[j] = sigmoid(a[2 * H + j]!) * Math.tanh(cn[j]!);
        }
        h[l] = hn;
        c[l] = cn;
        input = hn;
      }
      const logits = Float64Array.from(w.get('decoder.bias')!);
      for (let r = 0; r < H; r++)
        for (let v = 0; v < V; v++) logits[v]! += input[r]! * w.get('decoder.weight')![r * V + v]!;
      const total = Math.log(logits.reduce((z, a) => z + Math.exp(a), 0));
      sum += total - logits[segments.y[s]![t]!]!;
      count++;
    });
  });
  return sum / count;
}
