/** Which parameters a language model has, how wide its layers are and where its weights start. */
import type { LanguageModelConfig } from './config.js';

/** What the sizes depend on. */
export type LayoutConfig = Pick<
  LanguageModelConfig,
  'layers' | 'hidden' | 'embedding' | 'tied' | 'initialisation' | 'initRange'
> &
  Partial<Pick<LanguageModelConfig, 'forgetBias'>>;

/** One parameter before the model is built. */
export interface ParameterPlan {
  name: string;
  shape: number[];
  /** Starts Uniform(-range, range); 0 = all zero. */
  range: number;
  /** Added to its first quarter, the forget gates' part of a bias; absent: nothing. */
  forget?: number;
}

/** Width of the word embedding. */
export const embeddingSize = (c: LayoutConfig): number => c.embedding || c.hidden;

/** Units of LSTM layer l (from 0); the last is as wide as the embedding where the softmax is tied. */
export const layerSize = (c: LayoutConfig, l: number): number =>
  c.tied && l === c.layers - 1 ? embeddingSize(c) : c.hidden;

/** Width of what layer l reads. */
export const inputSize = (c: LayoutConfig, l: number): number =>
  l === 0 ? embeddingSize(c) : layerSize(c, l - 1);

/** All parameters in the order in which models and checkpoints list them. */
export function parameterPlans(c: LayoutConfig, vocabulary: number): ParameterPlan[] {
  const awd = c.initialisation === 'awd';
  const r = c.initRange;
  const plans: ParameterPlan[] = [
    { name: 'embedding.weight', shape: [vocabulary, embeddingSize(c)], range: r },
  ];
  for (let l = 0; l < c.layers; l++) {
    const [I, H] = [inputSize(c, l), layerSize(c, l)];
    const range = awd ? 1 / Math.sqrt(H) : r; // paper.DEPARTURES, row 6
    plans.push({ name: `lstm.${l}.weight_ih`, shape: [I, 4 * H], range });
    plans.push({ name: `lstm.${l}.weight_hh`, shape: [H, 4 * H], range });
    plans.push({ name: `lstm.${l}.bias`, shape: [4 * H], range, forget: c.forgetBias });
  }
  if (!c.tied)
    plans.push({
      name: 'decoder.weight',
      shape: [layerSize(c, c.layers - 1), vocabulary],
      range: r,
    });
  plans.push({ name: 'decoder.bias', shape: [vocabulary], range: awd ? 0 : r });
  return plans;
}

/** Number of weights of a configuration, without building it. */
export function parameterCount(c: LayoutConfig, vocabulary: number): number {
  return parameterPlans(c, vocabulary).reduce(
    (sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1),
    0,
  );
}
