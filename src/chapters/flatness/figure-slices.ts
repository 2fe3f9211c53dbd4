/** Slices through the loss landscape of the gate parameters. */
import { type Figure, figure, short, significant, type Trace } from '../../figures/figure.js';
import { mean } from '../../results/statistics.js';
import { variantStyle } from './figure-robustness.js';
import type { ToyVariant } from './flat-toy.js';
import type { LossSlices, SlopePoint } from './robustness.js';

// Saturation is not flatness: how steep the gates of a model are, against how sensitive it is.

const QUANTITIES = {
  saturated: 'share of saturated gate values',
  mean: 'mean slope |dσ/da| of the gates',
} as const;

/** Two panels with one point a model: rise of the loss against saturation, and against mean slope. */
export function flatSlopes(points: readonly SlopePoint[], perturbation: string): Figure {
  const variants = [...new Set(points.map((p) => p.variant))];
  const traces = (x: keyof typeof QUANTITIES, axis: string) =>
    variants.map((variant): Trace => {
      const own = points.filter((p) => p.variant === variant);
      const { color, symbol } = variantStyle(variant);
      return {
        type: 'scatter',
        mode: 'markers',
        name: variant.label,
        legendgroup: variant.id,
        showlegend: axis === 'x',
        xaxis: axis,
        x: significant(own.map((p) => p[x])),
        y: significant(own.map((p) => p.rise)),
        marker: { color, symbol, size: 10, line: { width: 1.5, color } },
      };
    });
  const average = (variant: ToyVariant, key: 'saturated' | 'mean' | 'rise') => {
    const own = points.filter((p) => p.variant === variant);
    return own.reduce((sum, p) => sum + p[key], 0) / own.length;
  };
  const words = variants.map(
    (v) =>
      `${v.label} saturated ${(100 * average(v, 'saturated')).toFixed(0)} %, slope ${average(v, 'mean').toFixed(2)}, rise ${average(v, 'rise').toFixed(3)}`,
  );
  return figure({
    data: [...traces('saturated', 'x'), ...traces('mean', 'x2')],
    layout: {
      title: { text: 'Saturated gates can still be steep' },
      xaxis: { title: { text: QUANTITIES.saturated }, domain: [0, 0.47], rangemode: 'tozero' },
      xaxis2: { title: { text: QUANTITIES.mean }, domain: [0.53, 1], rangemode: 'tozero' },
      yaxis: {
        title: { text: `rise of the loss, ${perturbation} (nats a token)` },
        rangemode: 'tozero',
      },
    },
    alt: `One point a model. Means: ${words.join('; ')}.`,
    height: 420,
  });
}

/** Rise of the loss at every size along one direction. */
const along = ({ sizes, losses }: LossSlices, direction: number): number[] => {
  const at = losses[direction]![sizes.indexOf(0)]!;
  return losses[direction]!.map((loss) => loss - at);
};

/** The same, averaged over all directions. */
const averaged = (slice: LossSlices): number[] =>
  slice.sizes.map((_, k) => mean(slice.losses.map((_, d) => along(slice, d)[k]!)));

/** Rise of each model's loss: the mean over the directions, and by a slider along each of them. */
export function flatSlices(slices: readonly LossSlices[]): Figure {
  const count = Math.min(...slices.map((s) => s.losses.length));
  const views = [
    slices.map(averaged),
    ...Array.from({ length: count }, (_, d) => slices.map((s) => along(s, d))),
  ].map((curves) => curves.map((curve) => curve.map(short)));
  const data = slices.map((slice, k): Trace => {
    const { color, dash, symbol } = variantStyle(slice.variant);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: slice.variant.label,
      x: [...slice.sizes],
      y: views[0]![k],
      line: { color, dash, width: 2.5 },
      marker: { symbol, size: 7 },
    };
  });
  // Every view has an axis of its own: directions differ tenfold.
  const range = (curves: number[][]) => {
    const top = Math.max(...curves.flat());
    return [-0.06 * top, 1.06 * top];
  };
  const steps = views.map((curves, v) => ({
    label: v === 0 ? 'mean' : `${v}`,
    method: 'update',
    args: [{ y: curves }, { 'yaxis.range': range(curves) }],
  }));
  const highest = slices.map(
    (s, k) => `${s.variant.label} ${Math.max(...views[0]![k]!).toFixed(3)}`,
  );
  return figure({
    data,
    layout: {
      title: { text: 'The loss along random directions' },
      xaxis: { title: { text: 'signed size σ of the relative noise' } },
      yaxis: { title: { text: 'rise of the loss (nats a token)' }, range: range(views[0]!) },
      sliders: [{ active: 0, currentvalue: { prefix: 'direction: ' }, steps }],
    },
    alt: `Valleys of the loss around trained models, mean of ${count} random directions. Highest point of each curve: ${highest.join(', ')} nats a token.`,
    height: 480,
  });
}
