/** Gradients at the gates' pre-activations: backpropagation against central differences. */

import { type Figure, figure, short, type Trace } from '../../figures/figure.js';
import { ALGORITHM_STYLE, type Algorithm, COLORS } from '../../figures/theme.js';
import type { PreactivationGradient } from './cell-gradient.js';

/** Both gradients of one algorithm. */
export interface GradientPair {
  automatic: PreactivationGradient;
  numeric: PreactivationGradient;
}

const flat = ({ f, i }: PreactivationGradient): number[] => [...f, ...i].flat();

/** One mark for every forget and input gate of the sentence; on the diagonal both agree. */
export function gradientAgreement(
  pairs: Readonly<Partial<Record<Algorithm, GradientPair>>>,
): Figure {
  const known = (Object.keys(ALGORITHM_STYLE) as Algorithm[]).filter((name) => pairs[name]);
  const all = known.flatMap((name) => flat(pairs[name]!.numeric));
  const ends = [Math.min(...all), Math.max(...all)].map(short);
  const data: Trace[] = [
    {
      type: 'scatter',
      mode: 'lines',
      name: 'equal',
      x: ends,
      y: ends,
      line: { color: COLORS.grey, width: 1 },
    },
    ...known.map((name) => {
      const { color, symbol, label } = ALGORITHM_STYLE[name];
      return {
        type: 'scatter',
        mode: 'markers',
        name: label,
        x: flat(pairs[name]!.numeric).map(short),
        y: flat(pairs[name]!.automatic).map(short),
        marker: { color, symbol, size: 8, opacity: 0.75 },
      };
    }),
  ];
  const layout = {
    title: { text: 'The gradient at the forget and input gates’ pre-activations' },
    xaxis: { title: { text: 'central differences, loss per unit of pre-activation' } },
    yaxis: { title: { text: 'backpropagation, same unit' } },
    margin: { t: 84 },
  };
  const most = known.map((name) => {
    const size = Math.max(...flat(pairs[name]!.numeric).map(Math.abs));
    return `${ALGORITHM_STYLE[name].label} ${size.toFixed(3)}`;
  });
  const alt = `Gradients by backpropagation against gradients by central differences; all marks lie on the diagonal. Largest absolute gradient: ${most.join(', ')}.`;
  return figure({ data, layout, alt, height: 440 });
}
