/** What perturbed gate parameters cost, variant by variant. */
import { type Figure, figure, significant, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE } from '../../figures/theme.js';
import type { ToyVariant } from './flat-toy.js';
import { type Robustness, type RobustnessSummary, summarise } from './robustness.js';

const SIZE_TITLE = {
  relative: 'size σ of the noise, as a share of each parameter',
  block: 'size σ of the noise, in units of the block’s root mean square',
  round: 'grid width r, Eq 17',
} as const;

/** Mean rise of the loss over seeds against the size of the perturbation; bars: one standard deviation. */
export function flatRobustness(result: Robustness): Figure {
  const summaries = summarise(result);
  const data = result.variants.map((variant): Trace => {
    const own = summaries.filter((s) => s.variant === variant);
    const { color, dash, symbol } = variantStyle(variant);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: variant.label,
      x: own.map((s) => s.size),
      y: significant(own.map((s) => s.mean)),
      error_y: { type: 'data', array: significant(own.map((s) => s.deviation)), thickness: 1.2 },
      line: { color, dash, width: 2.5 },
      marker: { symbol, size: 9 },
    };
  });
  const { kind, sizes } = result;
  const largest = sizes.at(-1)!;
  const last = (s: RobustnessSummary) => `${s.variant.label} ${s.mean.toFixed(3)}`;
  const end = summaries.filter((s) => s.size === largest).map(last);
  return figure({
    data,
    layout: {
      title: { text: `Gate parameters perturbed: ${kind.formula}` },
      xaxis: { title: { text: SIZE_TITLE[kind.id] } },
      yaxis: { title: { text: 'rise of the loss (nats a token)' }, rangemode: 'tozero' },
    },
    alt: `Rise of the evaluation loss against ${kind.symbol}, means over seeds with standard deviations. At ${kind.symbol} = ${largest}: ${end.join(', ')} nats a token.`,
    height: 420,
  });
}

// How the variants of the toy experiment look: their algorithm's style, G2-LSTM twice.

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
