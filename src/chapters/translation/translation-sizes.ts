import type { TranslationConfig } from '../../nmt/config.js';
import { parameterPlans } from '../../nmt/layout.js';

/** Weights of one piece of a translation model. */
export interface TranslationPiece {
  piece: string;
  parameters: number;
  /** Of them, those that make input and forget gates: what noise reaches and compression changes. */
  gates: number;
}

const PIECES: readonly (readonly [string, RegExp])[] = [
  ['embeddings, both sides', /embedding/],
  ['encoder LSTMs', /^encoder\.\d/],
  ['attention', /^attention/],
  ['initial state', /^decoder\.initial/],
  ['decoder LSTMs', /^decoder\.\d/],
  ['readout', /^readout/],
  ['output layer', /^output/],
];

/** Where the parameters of a model sit. @param source, target units of the two vocabularies */
export function translationSizes(
  config: TranslationConfig,
  source: number,
  target: number,
): TranslationPiece[] {
  const plans = parameterPlans(config, source, target);
  return PIECES.map(([piece, pattern]) => {
    const parameters = plans
      .filter(({ name }) => pattern.test(name))
      .reduce((sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1), 0);
    // every LSTM tensor is [.., 4H]: blocks f, i, o, g
    return { piece, parameters, gates: /LSTMs/.test(piece) ? parameters / 2 : 0 };
  });
}
