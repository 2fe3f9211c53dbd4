import type { Translation } from '../../nmt/translate.js';
import type { TranslationUnits } from '../../nmt/units.js';

/** Where the model looked while it wrote each unit. */
export interface AttentionMap {
  /** Units of the source and its end mark. */
  source: string[];
  /** Units of the translation, and its end mark where it ended. */
  target: string[];
  /** A row for each unit of the target; a row's weights over the source sum to 1. */
  weights: number[][];
}

/**
 * Attention of the best translation of a line.
 *
 * @param translation from `translate(..., { attention: true })`
 * @throws RangeError if it was translated without attention, or is empty
 */
export function attentionMap(
  { hypotheses, sourceUnits }: Translation,
  units: Pick<TranslationUnits, 'target'>,
): AttentionMap {
  const best = hypotheses[0];
  if (!best?.attention) throw new RangeError('translate the line with { attention: true } first');
  const target = units.target.decode(best.ids);
  return {
    source: [...sourceUnits, '</s>'],
    target: best.ended ? [...target, '</s>'] : target,
    weights: best.attention.map((row) => [...row]),
  };
}
