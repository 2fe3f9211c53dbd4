/** The two numbers of the neural cache. */

import { type Figure, figure, significant } from '../../figures/figure.js';
import { COLORS, SEQUENCE } from '../../figures/theme.js';
import type { CacheSearch } from '../../lm/evaluate-cache.js';

const DASHES = ['solid', 'dash', 'dot', 'dashdot'];
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up'];
/** Grey is the line without cache. */
const LINES = SEQUENCE.slice(0, 4);

/** Perplexity against lambda, one line for each theta; and the model alone. */
export function lmCache({
  perplexities,
  thetas,
  lambdas,
  withoutCache,
  best,
  perplexity,
}: Pick<
  CacheSearch,
  'perplexities' | 'thetas' | 'lambdas' | 'withoutCache' | 'best' | 'perplexity'
>): Figure {
  const alone = withoutCache.perplexity;
  return figure({
    data: [
      ...thetas.map((theta, t) => ({
        type: 'scatter',
        mode: 'lines+markers',
        name: `θ = ${theta}`,
        x: [...lambdas],
        y: significant(perplexities[t]!),
        line: { color: LINES[t % LINES.length], dash: DASHES[t % DASHES.length], width: 2 },
        marker: { symbol: SYMBOLS[t % SYMBOLS.length], size: 8 },
      })),
      {
        type: 'scatter',
        mode: 'lines',
        name: 'without cache',
        x: [0, Math.max(...lambdas)],
        y: significant([alone, alone]),
        line: { color: COLORS.grey, width: 3 },
      },
    ],
    layout: {
      title: { text: 'The neural cache on the validation text' },
      xaxis: { title: { text: 'weight λ of the cache' }, rangemode: 'tozero' },
      yaxis: { title: { text: 'perplexity' } },
    },
    alt: `Perplexity against λ for ${thetas.length} values of θ. Without cache ${alone.toFixed(2)}; lowest ${perplexity.toFixed(2)} at θ ${best.theta}, λ ${best.lambda}.`,
    height: 380,
  });
}
