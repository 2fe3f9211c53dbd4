/** Lengths of training windows. */
import { type Figure, figure } from '../../figures/figure.js';
import { significant } from '../../figures/numbers.js';
import { COLORS } from '../../figures/theme.js';

/** Share of windows of each length. @param bptt the length aimed at */
export function lmWindows(lengths: readonly number[], bptt: number): Figure {
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const counts = new Array<number>(most - least + 1).fill(0);
  for (const length of lengths) counts[length - least]!++;
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const short = lengths.filter((length) => length < 0.75 * bptt).length / lengths.length;
  return figure({
    data: [
      {
        type: 'bar',
        name: 'windows',
        x: counts.map((_, i) => least + i),
        y: significant(counts.map((count) => (100 * count) / lengths.length)),
        marker: { color: COLORS.blue },
      },
    ],
    layout: {
      title: { text: `Lengths of ${lengths.length.toLocaleString('en-US')} random windows` },
      xaxis: { title: { text: 'length of the window (words)' } },
      yaxis: { title: { text: 'share of windows (%)' } },
    },
    alt: `Lengths of windows between ${least} and ${most} words, mean ${mean.toFixed(1)}: a bell around ${bptt}, and a small one around ${bptt / 2} with ${(100 * short).toFixed(1)} % of the windows.`,
    height: 320,
  });
}
