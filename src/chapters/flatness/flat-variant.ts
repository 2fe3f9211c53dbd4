/** How the variants of the toy experiment look: their algorithm's style, G2-LSTM twice. */

import { ALGORITHM_STYLE } from '../../figures/theme.js';
import type { ToyVariant } from './flat-toy.js';

/** Colour, dash and marker of a variant. G2-LSTM with less noise than p = 1 gets an open marker. */
export function variantStyle(variant: ToyVariant): {
  color: string;
  dash: string;
  symbol: string;
} {
  const { color, dash, symbol } = ALGORITHM_STYLE[variant.algorithm];
  const weak = variant.algorithm === 'g2' && !variant.sets.includes('noiseProbability=1');
  return weak ? { color, dash: 'dashdot', symbol: `${symbol}-open` } : { color, dash, symbol };
}
