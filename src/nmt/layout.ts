/** Which parameters a translation model has, how wide its layers are and how its weights start. */
import type { TranslationConfig } from './config.js';

/** What the sizes depend on. */
export type LayoutConfig = Pick<
  TranslationConfig,
  | 'layers'
  | 'hidden'
  | 'embedding'
  | 'attention'
  | 'upperEncoder'
  | 'attentionLayer'
  | 'upperContext'
  | 'initialisation'
>;

/** How a parameter's values are drawn. */
export type Start =
  | { kind: 'zero' }
  | { kind: 'uniform'; range: number }
  | { kind: 'normal'; deviation: number }
  | ({ kind: 'orthonormal' } & Blocks);

/** Parts of a matrix that are drawn by themselves; the whole matrix where nothing is said. */
export interface Blocks {
  /** Rows of the parts that lie one below the other. */
  heights?: readonly number[];
  /** Columns of the parts that stand side by side. */
  width?: number;
}

/** One parameter before the model is built. */
export interface ParameterPlan {
  name: string;
  shape: number[];
  start: Start;
}

/** Width of the word embeddings and of the readout. */
export const embeddingSize = (c: LayoutConfig): number => c.embedding || c.hidden;

/** Units of encoder layer l (from 0); the first has as many in each direction. */
export const encoderSize = (c: LayoutConfig, l: number): number =>
  l > 0 && c.upperEncoder === 'wide' ? 2 * c.hidden : c.hidden;

/** Whether encoder layer l > 0 reads its sentences from the end. */
export const readsFromEnd = (c: Pick<TranslationConfig, 'zigzag'>, l: number): boolean =>
  c.zigzag && l % 2 === 1;

/** Width of what encoder layer l gives on. */
export const encoderOutput = (c: LayoutConfig, l: number): number =>
  l === 0 ? 2 * c.hidden : encoderSize(c, l);

/** Width of the annotations the decoder attends to. */
export const annotationSize = (c: LayoutConfig): number => encoderOutput(c, c.layers - 1);

/** Width of the attention. */
export const attentionSize = (c: LayoutConfig): number => c.attention || annotationSize(c);

/** All parameters in the order in which models and checkpoints list them. */
export function parameterPlans(
  c: LayoutConfig,
  sourceVocabulary: number,
  targetVocabulary: number,
): ParameterPlan[] {
  const start = (starts: Record<LayoutConfig['initialisation'], Start>) => starts[c.initialisation];
  const [E, H, D, A] = [embeddingSize(c), c.hidden, annotationSize(c), attentionSize(c)];
  const plans: ParameterPlan[] = [];
  const zero = (name: string, shape: number[]) =>
    plans.push({ name, shape, start: { kind: 'zero' } });
  const dense = (
    name: string,
    shape: [number, ...number[]],
    { range = 1 / Math.sqrt(shape[0]), ...blocks }: { range?: number } & Blocks = {},
  ) =>
    plans.push({
      name,
      shape,
      start: start({
        uniform: { kind: 'uniform', range },
        orthogonal: { kind: 'normal', deviation: 0.01 },
        orthonormal: { kind: 'orthonormal', ...blocks },
      }),
    });
  const embedding = (name: string, words: number) =>
    plans.push({
      name,
      shape: [words, E],
      start: start({
        uniform: { kind: 'normal', deviation: 0.1 },
        orthogonal: { kind: 'normal', deviation: 0.01 },
        orthonormal: { kind: 'orthonormal' },
      }),
    });
  const recurrent = (name: string, units: number) => {
    const square: Start = { kind: 'orthonormal', width: units };
    plans.push({
      name,
      shape: [units, 4 * units],
      start: start({
        uniform: { kind: 'uniform', range: 1 / Math.sqrt(units) },
        orthogonal: square,
        orthonormal: square,
      }),
    });
  };
  /** `inputs`: widths of what the layer reads, one matrix each in the published code. */
  const layer = (name: string, inputs: readonly number[], units: number) => {
    const input = inputs.reduce((sum, n) => sum + n, 0);
    const blocks = { heights: inputs, width: units };
    dense(`${name}.weight_ih`, [input, 4 * units], { range: 1 / Math.sqrt(units), ...blocks });
    recurrent(`${name}.weight_hh`, units);
    zero(`${name}.bias`, [4 * units]);
  };

  embedding('encoder.embedding.weight', sourceVocabulary);
  layer('encoder.0.forward', [E], H);
  layer('encoder.0.backward', [E], H);
  for (let l = 1; l < c.layers; l++)
    layer(`encoder.${l}`, [encoderOutput(c, l - 1)], encoderSize(c, l));
  embedding('decoder.embedding.weight', targetVocabulary);
  dense('decoder.initial.weight', [D, H]);
  zero('decoder.initial.bias', [H]);
  dense('attention.key.weight', [D, A]);
  zero('attention.key.bias', [A]);
  dense('attention.query.weight', [H, A]);
  dense('attention.score.weight', [A]);
  layer('decoder.0', [E], H);
  dense('decoder.0.weight_ctx', [D, 4 * H], { range: 1 / Math.sqrt(H) });
  if (c.attentionLayer === 'conditional') {
    recurrent('decoder.0.second.weight_hh', H);
    zero('decoder.0.second.bias', [4 * H]);
  }
  for (let l = 1; l < c.layers; l++) layer(`decoder.${l}`, c.upperContext ? [H, D] : [H], H);
  dense('readout.weight', [H + D + E, E], { heights: [H, D, E] });
  zero('readout.bias', [E]);
  dense('output.weight', [E, targetVocabulary]);
  zero('output.bias', [targetVocabulary]);
  return plans;
}

/** Number of weights of a configuration, without building it. */
export function parameterCount(c: LayoutConfig, source: number, target: number): number {
  return parameterPlans(c, source, target).reduce(
    (sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1),
    0,
  );
}
