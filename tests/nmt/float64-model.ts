/** The translation model once more, sentence by sentence in float64, without padding or batches. */

import type { GatePlan } from '#src/cell/gates.js';
import { type EncodedPair, SENTENCE_END, SENTENCE_START } from '#src/nmt/batches.js';
import type { TranslationConfig } from '#src/nmt/config.js';

export type Weights = Record<string, { shape: number[]; data: Float64Array }>;
/** Noise added to the gates f, i, o of unit j at a step, by layer; 0 where there is none. */
export type Noise = (stream: number, step: number, gate: number, unit: number) => number;
/** Places of dropout, as the streams of the gates that they stand behind, and three more. */
export const DROPPED = { readout: 128, source: 130, target: 131 } as const;
/**
 * What dropout multiplies unit j of word s by: 0, or 1/(1 - p); 1 where there is none. `turned`: of the
 * embedded words that the backward layer reads, counted from the end.
 */
export type Kept = (stream: number, s: number, unit: number, turned?: boolean) => number;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
type Vector = number[];

export function float64Loss(
  config: TranslationConfig,
  weights: Weights,
  plan: GatePlan,
  { source, target }: EncodedPair,
  noise: Noise,
  kept: Kept = () => 1,
): number {
  const row = (name: string, r: number): Vector => {
    const { shape, data } = weights[name]!;
    const n = shape.at(-1)!;
    return Array.from(data.subarray(r * n, (r + 1) * n));
  };
  const times = (x: Vector, name: string): Vector => {
    const { shape, data } = weights[name]!;
    const [rows, n] = shape as [number, number];
    if (rows !== x.length) throw new Error(`${name} has ${rows} rows, ${x.length} needed`);
    const out = new Array<number>(n).fill(0);
    for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) out[j]! += x[i]! * data[i * n + j]!;
    return out;
  };
  const bias = (name: string): Vector => Array.from(weights[name]!.data);
  const add = (...xs: Vector[]): Vector => xs[0]!.map((_, i) => xs.reduce((s, x) => s + x[i]!, 0));
  const cell = (a: Vector, c: Vector, stream: number, step: number): [Vector, Vector] => {
    const H = c.length;
    const gate = (g: number, j: number) =>
      sigmoid((a[g * H + j]! + noise(stream, step, g, j)) * plan.inverseTau[g]!);
    const cNew = c.map((old, j) => gate(0, j) * old + gate(1, j) * Math.tanh(a[3 * H + j]!));
    return [cNew.map((x, j) => gate(2, j) * Math.tanh(x)), cNew];
  };
  const layer = (name: string, stream: number, xs: Vector[], h0: Vector): Vector[] => {
    let [h, c]: [Vector, Vector] = [h0, h0.map(() => 0)];
    return xs.map((x, t) => {
      const a = add(
        times(x, `${name}.weight_ih`),
        times(h, `${name}.weight_hh`),
        bias(`${name}.bias`),
      );
      [h, c] = cell(a, c, stream, t);
      return h;
    });
  };
  const drop = (xs: Vector[], stream: number, turned?: boolean): Vector[] =>
    xs.map((x, s) => x.map((value, j) => value * kept(stream, s, j, turned)));
  const zeros = (n: number): Vector => new Array<number>(n).fill(0);
  const H = config.hidden;
  const words = [...source, SENTENCE_END].map((id) => row('encoder.embedding.weight', id));
  const there = layer('encoder.0.forward', 0, drop(words, DROPPED.source), zeros(H));
  const mirrored = drop([...words].reverse(), DROPPED.source, true);
  const back = layer('encoder.0.backward', 1, mirrored, zeros(H)).reverse();
  let input = drop(
    there.map((h, s) => [...h, ...back[s]!]),
    0,
  );
  let output = input;
  for (let l = 1; l < config.layers; l++) {
    if (config.residual === 'layer-wise' && l > 1 && input[0]!.length === output[0]!.length)
      input = output.map((x, s) => add(x, input[s]!));
    else input = output;
    const width = weights[`encoder.${l}.weight_hh`]!.shape[0]!;
    const turn = (xs: Vector[]) => (config.zigzag && l % 2 === 1 ? [...xs].reverse() : xs);
    const read = layer(`encoder.${l}`, 1 + l, turn(input), zeros(width));
    output = drop(turn(read), 1 + l);
  }
  const annotations = output;
  const keys = annotations.map((a) =>
    add(times(a, 'attention.key.weight'), bias('attention.key.bias')),
  );
  const mean = zeros(annotations[0]!.length).map(
    (_, j) => annotations.reduce((s, a) => s + a[j]!, 0) / annotations.length,
  );
  const initial = add(times(mean, 'decoder.initial.weight'), bias('decoder.initial.bias')).map(
    Math.tanh,
  );
  const score = bias('attention.score.weight');
  const attend = (h: Vector): Vector => {
    const q = times(h, 'attention.query.weight');
    const e = keys.map((k) => k.reduce((s, x, j) => s + score[j]! * Math.tanh(x + q[j]!), 0));
    const top = Math.max(...e);
    const z = e.reduce((s, x) => s + Math.exp(x - top), 0);
    return zeros(annotations[0]!.length).map((_, j) =>
      annotations.reduce((s, a, i) => s + (Math.exp(e[i]! - top) / z) * a[j]!, 0),
    );
  };
  let h = initial;
  let c = zeros(H);
  const inputs = drop(
    [SENTENCE_START, ...target].map((id) => row('decoder.embedding.weight', id)),
    DROPPED.target,
  );
  const contexts: Vector[] = [];
  const first = inputs.map((x, t) => {
    const own = add(
      times(x, 'decoder.0.weight_ih'),
      times(h, 'decoder.0.weight_hh'),
      bias('decoder.0.bias'),
    );
    let context: Vector;
    if (config.attentionLayer === 'conditional') {
      const [ha, ca] = cell(own, c, 64, t);
      context = attend(ha);
      const a = add(
        times(context, 'decoder.0.weight_ctx'),
        times(ha, 'decoder.0.second.weight_hh'),
        bias('decoder.0.second.bias'),
      );
      [h, c] = cell(a, ca, 65, t);
    } else {
      context = attend(h);
      [h, c] = cell(add(own, times(context, 'decoder.0.weight_ctx')), c, 64, t);
    }
    contexts.push(context);
    return h;
  });
  input = drop(first, 64);
  output = input;
  for (let l = 1; l < config.layers; l++) {
    if (config.residual === 'layer-wise' && l > 1) input = output.map((x, t) => add(x, input[t]!));
    else input = output;
    const read = input.map((x, t) => (config.upperContext ? [...x, ...contexts[t]!] : x));
    output = drop(layer(`decoder.${l}`, 65 + l, read, initial), 65 + l);
  }
  const labels = [...target, SENTENCE_END];
  return output.reduce((sum, y, t) => {
    const deep = add(
      times([...y, ...contexts[t]!, ...inputs[t]!], 'readout.weight'),
      bias('readout.bias'),
    );
    const rows = deep.map((x, j) => Math.tanh(x) * kept(DROPPED.readout, t, j));
    const logits = add(times(rows, 'output.weight'), bias('output.bias'));
    const top = Math.max(...logits);
    const z = logits.reduce((s, x) => s + Math.exp(x - top), 0);
    return sum + top + Math.log(z) - logits[labels[t]!]!;
  }, 0);
}
